"""A tiny world in which the store in Boston hands over the counter what it has been told to."""

from __future__ import annotations

import math
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from sim.chance.collectors import Collects
from sim.contract.messages import Line, Order, Parcel, Plan
from tests.tiny import TABLES
from tests.world.hand_made import BOSTON, shopper, stocked

if TYPE_CHECKING:
    from pathlib import Path

    from sim.chance.tape import Shopper
    from sim.scenario.load import Scenario

NEVER = math.inf
PICK_UP: dict[str, Any] = {"within": "60 km", "share": "100 %", "arrives": "5 h", "hold": "2 days"}


def with_counters(offered: tuple[str, ...] = ("store_boston",)) -> dict[str, list[list[object]]]:
    """Return the table of sites, with the stores where shoppers may collect."""
    header, *rows = deepcopy(TABLES["sites.csv"])
    return {"sites.csv": [[*header, "pickup"], *([*row, str(row[0] in offered).lower()] for row in rows)]}


def collecting(folder: Path, on_hand: dict[tuple[int, int], int], pick_up: Any = None, **changes: Any) -> Scenario:
    """Return a world with these units on hand, no walk-in customers, and pick-up in Boston."""
    own: dict[str, Any] = {
        "network__site_attributes": ["pickup"],
        "pick_up": {**PICK_UP, **(pick_up or {})},
        "walk_ins": ...,
        "clock__measure": "4 days",
    }
    return stocked(folder, on_hand, with_counters(), **own | changes)


def collector(number: int, when: float, lines: dict[int, int], after: float = 300.0, **more: Any) -> Shopper:
    """Return a shopper who collects his order in Boston, so long after he is told."""
    return shopper(number, when, lines)._replace(collects=Collects(BOSTON, after, **more))


def over_the_counter(order: Order) -> Plan:
    """Return a plan that hands all of it over where it is collected."""
    return Plan((Parcel(order.collect_at, order.lines, -1, 0.0, 0.0, (0.0,) * 5),))


def via_counter(site: int, lines: dict[int, int], service: int = 0) -> Parcel:
    """Return a parcel from elsewhere to the counter in Boston."""
    chosen = tuple(Line(sku, quantity) for sku, quantity in lines.items())
    return Parcel(site, chosen, service, 0.0, 0.0, (0.0,) * 5, via=BOSTON)
