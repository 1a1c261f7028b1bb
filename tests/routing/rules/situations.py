"""Small random situations and rules, for properties that must hold for all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.routing.rules.columns import Columns
from sim.routing.rules.config import Rules
from sim.routing.rules.situation import Situation


def situation(
    stock: list[list[int]], wanted: list[int], skus: list[int] | None = None, km: list[float] | None = None, **more: Any
) -> Situation:
    """Build a situation: `stock` by product and site, `wanted` by line; sites are named a, b, c, ..."""
    sites = len(stock[0])
    attributes = more.pop("attributes", [{} for _ in range(sites)])
    lines = list(range(len(wanted))) if skus is None else skus
    return Situation(
        Columns(tuple("abcdefghij"[:sites]), attributes),
        tuple(wanted),
        tuple(lines),
        [np.array(stock[sku]) for sku in lines],
        distance_km=None if km is None else np.array(km, dtype=float),
        unit_value=tuple(10.0 for _ in wanted),
        order_value=10.0 * sum(wanted),
        **more,
    )


@st.composite
def situations(draw: st.DrawFn, most_sites: int = 5, most_units: int = 6) -> Situation:
    """Draw up to four lines of up to three products, some asked for twice, over a few sites, some without distance."""
    sites = draw(st.integers(1, most_sites))
    stock = draw(st.lists(st.lists(st.integers(0, 5), min_size=sites, max_size=sites), min_size=3, max_size=3))
    lines = draw(st.lists(st.tuples(st.integers(0, 2), st.integers(1, most_units)), min_size=1, max_size=4))
    km = draw(st.lists(st.sampled_from([0.0, 5.0, 5.0, 80.0, 900.0, np.nan]), min_size=sites, max_size=sites))
    takes_backorders = draw(st.lists(st.booleans(), min_size=sites, max_size=sites))
    attributes = [
        {"priority": p, "default": d}
        for p, d in draw(
            st.lists(st.tuples(st.sampled_from([None, 1, 2]), st.booleans()), min_size=sites, max_size=sites)
        )
    ]
    skus = [sku for sku, _ in lines]
    return situation(
        stock,
        [units for _, units in lines],
        skus,
        km,
        attributes=attributes,
        backorderable=[np.array(takes_backorders)] * len(lines),
    )


RANKINGS: tuple[list[dict[str, Any]], ...] = (
    [],
    [{"by": "distance", "band": "50 km"}, {"by": "inventory_balance"}],
    [{"by": "lines_covered"}, {"by": "default_location"}, {"by": "distance"}],
    [{"by": "skus_covered"}, {"by": "units_covered"}],
)


@st.composite
def rules(draw: st.DrawFn, /, **fixed: Any) -> Rules:
    """Draw rules of one to three steps."""
    step = st.fixed_dictionaries(
        {
            "rank": st.sampled_from(RANKINGS),
            "allocate": st.sampled_from(["greedy", "one_site", "whole_lines", "fewest_sites"]),
            "filters": st.sampled_from(
                [
                    (),
                    ({"keep": "max_distance", "limit": "100 km"},),
                    ({"keep": "max_distance", "limit": "9 km", "soft": 1},),
                ]
            ),
            "max_sites": st.sampled_from([None, 1, 2, 3]),
            "max_sites_per_line": st.sampled_from([None, 1, 2]),
            "shipment_threshold": st.sampled_from([None, "30 cents"]),
        }
    )
    drawn = {
        "steps": draw(st.lists(step, min_size=1, max_size=3)),
        "backorder": draw(st.booleans()),
        "when_incomplete": draw(st.sampled_from(["keep_part", "place_nothing", "refuse"])),
    }
    return Rules.model_validate({**drawn, **fixed})


def without_site(given: Situation, site: int) -> Situation:
    """Return the same situation without one of its sites."""
    keep = [k for k in range(len(given.columns)) if k != site]
    columns = Columns(tuple(given.columns.ids[k] for k in keep), [given.columns.attributes[k] for k in keep])
    return replace(
        given,
        columns=columns,
        available=[row[keep] for row in given.available],
        backorderable=None if given.backorderable is None else [row[keep] for row in given.backorderable],
        distance_km=None if given.distance_km is None else given.distance_km[keep],
    )


def named(given: Situation, gives: dict[int, list[int]]) -> dict[str, list[int]]:
    """Return a plan by the names of its sites."""
    return {given.columns.ids[site]: basket for site, basket in gives.items()}
