"""Virtual pools: parts of the stock that some channels may draw from, and what is so held back from the others.

A channel listed under `channels:` draws from its pools alone; all others draw from everything but what pools keep. All
of it comes down to units held back from a channel, as ring fences do: where several apply the largest counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from pydantic import model_validator

from sim.fields import Count, Share
from sim.routing.belief.ring_fences import safety_stock
from sim.routing.cells import Cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.network.site import SiteKind
    from sim.routing.belief.belief import Belief
    from sim.routing.belief.ring_fences import RingFence

# A share of a count must not go over a whole number by how it is kept in binary.
DIGITS = 6


class Pool(Cells):
    """A part of the stock."""

    share: Share = 1.0
    """Of what was last heard to be on hand: the rest of it is left to other channels."""
    keep: Count = 0
    """Units of each product at each site that are kept from channels that may not draw from the pool."""

    @model_validator(mode="after")
    def _is_a_part(self) -> Pool:
        if not self.model_dump(exclude_defaults=True):
            raise ValueError("a pool of everything - expected kinds, sites, categories, products, share or keep")
        return self


@dataclass(frozen=True, slots=True)
class Held:
    """What is held back from one channel, on top of what is held back from all.

    Parameters
    ----------
    units
        Of each product at each site, whatever is there, shape (products, sites).
    withheld
        Share of what is on hand that is held back at least; None: nothing by share.
    """

    units: NDArray[np.int32]
    withheld: NDArray[np.float64] | None = None

    def of(self, belief: Belief, skus: list[int] | slice) -> NDArray[np.int32]:
        """Return the units held back now, shape (skus, sites)."""
        if self.withheld is None:
            return self.units[skus]
        on_hand, _, from_all = belief.terms(skus)
        by_share = np.ceil(np.round(np.maximum(on_hand, 0) * self.withheld[skus], DIGITS)).astype(np.int32)
        held: NDArray[np.int32] = np.maximum(self.units[skus], by_share - from_all)
        return held


@dataclass(frozen=True, slots=True)
class HeldFrom:
    """What is held back from each channel.

    Parameters
    ----------
    others
        From those that are not named; None: nothing.
    """

    channels: Mapping[str, Held] = field(default_factory=dict)
    others: Held | None = None

    def get(self, channel: str) -> Held | None:
        """Return what is held back from a channel, None if nothing is."""
        return self.channels.get(channel, self.others)

    def now(self, belief: Belief) -> HeldNow:
        """Return the units that are held back now."""
        return HeldNow(self, belief)


class HeldNow:
    """The same in units of this moment."""

    def __init__(self, held_from: HeldFrom, belief: Belief) -> None:
        self._held_from, self._belief = held_from, belief
        self._found: dict[str, NDArray[np.int32] | None] = {}

    def get(self, channel: str) -> NDArray[np.int32] | None:
        """Return the units held back from a channel, shape (products, sites); None if nothing is."""
        if channel not in self._found:
            held = self._held_from.get(channel)
            self._found[channel] = None if held is None else held.of(self._belief, slice(None))
        return self._found[channel]


def held_from_channels(
    by_kind: Mapping[SiteKind, int],
    fences: tuple[RingFence, ...],
    pools: Mapping[str, Pool],
    channels: Mapping[str, Iterable[str]],
    network: Network,
) -> HeldFrom:
    """Return what fences and pools hold back from channels, on top of what is held back from all.

    Raises
    ------
    RoutingError
        If a pool names what the network does not have.
    """
    for name, pool in pools.items():
        pool.check(network, f"pools.{name}")
    masks = {name: pool.mask(network) for name, pool in pools.items()}
    from_all = safety_stock(by_kind, fences, network)

    def held(channel: str) -> Held:
        mine = channels.get(channel)
        total = safety_stock(by_kind, fences, network, channel)
        for name, pool in pools.items():
            if mine is None or name not in mine:
                total = np.maximum(total, np.where(masks[name], pool.keep, 0).astype(np.int32))
        if mine is None:
            return Held(total - from_all)
        open_to = [np.where(masks[name], pools[name].share, 0.0) for name in mine]
        return Held(total - from_all, 1.0 - np.maximum.reduce(open_to))

    named = dict.fromkeys([*(name for fence in fences for name in fence.channels or ()), *channels])
    kept = any(pool.keep for pool in pools.values())
    return HeldFrom({name: held(name) for name in named}, held("") if kept and "" not in named else None)
