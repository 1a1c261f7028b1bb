"""A total of stock, and how it is shared among kinds of sites: the same units in all, wherever they stand.

stock_total:
  shares: {dc: 60 %, third_party: 15 %, store: 25 %}

Of each product there are as many units as the blocks `stock:` (or the table of the opening stock) come to, or as many
as its part of `units`. A kind of site gets its share of them, and its sites part that in proportion to what they would
have had; what rounding leaves over in one product is made good in the next, so that no unit comes or goes. Vendors are
left alone: what they have is not ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import AfterValidator, Field

from sim.errors import Problem, ScenarioError, expected_one_of
from sim.fields import Between, Model, Share, whole
from sim.network.site import SiteKind
from sim.scenario.owners import parted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.files import YamlFile
    from sim.scenario.blocks.stocking import StockPlan

    Units = NDArray[np.int32]


def _all_of_it(shares: dict[SiteKind, float]) -> dict[SiteKind, float]:
    if abs(sum(shares.values()) - 1) > 1e-6:
        raise ValueError(f"the shares add up to {100 * sum(shares.values()):.6g} % - expected 100 %")
    return shares


class StockTotalBlock(Model):
    """All stock and its shares by kind of site."""

    units: Annotated[int, Between(whole, 1, 1_000_000_000)] | None = None
    """In all. Absent: as many as there would be without this block."""
    shares: Annotated[dict[SiteKind, Share], Field(min_length=1), AfterValidator(_all_of_it)]
    """Of each kind of site of ours; together 100 %."""


def strange_shares(source: YamlFile, block: StockTotalBlock | None, kinds: Sequence[SiteKind]) -> list[Problem]:
    """Tell every kind of site that has a share and no open site of ours, and the other way round."""
    if block is None:
        return []
    there = list(dict.fromkeys(kind.value for kind in kinds if kind is not SiteKind.VENDOR))
    stands = ("stock_total", "shares")
    nowhere = [
        source.problem((*stands, kind.value), f"no such site of ours is open: {expected_one_of(kind.value, there)}")
        for kind, share in block.shares.items()
        if share and kind.value not in there
    ]
    missing = [kind for kind in there if SiteKind(kind) not in block.shares]
    return nowhere + [source.problem(stands, f"no share for {kind} - expected one, if only 0 %") for kind in missing]


def shared(units: Units, block: StockTotalBlock, kinds: Sequence[SiteKind], people: NDArray[np.float64]) -> Units:
    """Share units among kinds of sites.

    Parameters
    ----------
    units
        As they would be, shape (products, sites).
    kinds
        Of each site.
    people
        Share of each site in the people that are nearest to it: what a product is parted by among sites of a kind none
        of which would have had it.

    Returns
    -------
    NDArray
        As many of each product, and in all exactly as many.

    Raises
    ------
    ScenarioError
        If there is nothing to be shared.
    """
    ours = np.array([kind is not SiteKind.VENDOR for kind in kinds])
    totals = units[:, ours].sum(axis=1, dtype=np.int64)
    if block.units is not None:
        if not totals.any():
            raise ScenarioError([Problem("stock_total", "units", "nothing is stocked anywhere - expected some stock")])
        totals = parted(np.array([[block.units]]), (totals / totals.sum())[np.newaxis, :, np.newaxis])[:, 0]
    of_kinds = _diffused(totals, np.array(list(block.shares.values())))
    found = np.where(ours, 0, units)
    for kind, part in zip(block.shares, of_kinds.T, strict=True):
        columns = np.flatnonzero([each is kind for each in kinds])
        if not len(columns):
            continue
        usual = units[:, columns].astype(np.float64)
        nobody = np.maximum(people[columns], 1e-12)
        weights = np.where(usual.sum(axis=1, keepdims=True) > 0, usual, nobody)
        weights /= weights.sum(axis=1, keepdims=True)
        found[:, columns] = parted(part[:, np.newaxis], weights[:, :, np.newaxis]).reshape(len(units), -1)
    return found


def _diffused(totals: NDArray[np.int64], shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Part each total by the same shares, shape (totals, shares); what is rounded off one is owed in the next."""
    found = np.zeros((len(totals), len(shares)), dtype=np.int64)
    owed = np.zeros(len(shares))
    for row, total in zip(found, totals.tolist(), strict=True):
        wanted = total * shares + owed
        row[:] = np.maximum(np.floor(wanted + 1e-9), 0)
        while (left := total - int(row.sum())) != 0:  # at most as often as there are shares
            k = int(np.argmax(wanted - row)) if left > 0 else int(np.argmin(np.where(row > 0, wanted - row, np.inf)))
            row[k] += 1 if left > 0 else -1
        owed = wanted - row
    return found


def shared_plan(
    plan: StockPlan, block: StockTotalBlock, kinds: Sequence[SiteKind], people: NDArray[np.float64]
) -> StockPlan:
    """Share the levels of a plan; each reorder point stays as far up its level as it was."""
    level = shared(plan.order_up_to, block, kinds, people)
    of_product = plan.reorder_point.sum(axis=1) / np.maximum(plan.order_up_to.sum(axis=1), 1)
    usual = plan.reorder_point / np.maximum(plan.order_up_to, 1)
    height = np.where(plan.order_up_to > 0, usual, of_product[:, np.newaxis])
    point = np.minimum(np.rint(level * height), np.maximum(level - 1, 0)).astype(np.int32)
    return plan.with_levels(point, level)
