"""Worlds small enough to be followed by hand whose records drift by mishaps written row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.chance.mishaps import Mishaps
from sim.ledger.audit import audit
from sim.world.simulate import simulate
from tests.world.hand_made import SITES, HandMadeTape, ObedientRouter, give_up, stocked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.chance.tape import Shopper
    from sim.contract.router import Router
    from sim.ledger.ledger import Ledger
    from sim.ledger.movements import Why
    from sim.scenario.load import Scenario

Row = tuple[float, int, int, "Why", int]


class ByHand:
    """These mishaps (minute, product, site, why, detail) and no others."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = sorted(rows)

    def on(self, day: int) -> Mishaps:
        """Return those of a day."""
        today = [row for row in self._rows if row[0] // 1440 == day]
        return Mishaps(
            np.array([row[0] for row in today], dtype=np.float64),
            np.array([sku * len(SITES) + site for _, sku, site, _, _ in today], dtype=np.int64),
            np.array([row[3] for row in today], dtype=np.int8),
            np.array([row[4] for row in today], dtype=np.int32),
        )

    def before(self) -> Iterator[tuple[Why, NDArray[np.int64], NDArray[np.int32]]]:
        """Start with records that are right."""
        return iter(())


def drifting(folder: Path, on_hand: dict[tuple[int, int], int], records: dict[str, Any], **changes: Any) -> Scenario:
    """Return the tiny scenario with these units on hand, whose warehouses and stores keep records of their own."""
    own: dict[str, Any] = {f"site_kinds__{kind}__records": records for kind in ("dc", "store")}
    return stocked(folder, on_hand, **own | changes)


def lived(
    scenario: Scenario,
    mishaps: Iterable[Row] = (),
    shoppers: Iterable[Shopper] = (),
    walk_ins: Iterable[tuple[float, int, int]] = (),
    router: Router | None = None,
) -> Ledger:
    """Run a world with what is written by hand, and audit it."""
    tape = HandMadeTape(scenario, shoppers, walk_ins)
    tape.unseen = ByHand(mishaps)  # type: ignore[assignment]
    ledger = simulate(scenario, tape, router or ObedientRouter(give_up))
    audit(ledger)
    return ledger


def moved(ledger: Ledger) -> list[tuple[float, int, int, int]]:
    """Return minute, reason, change of the shelf and of the record of every movement out of turn."""
    columns = ledger.movements.columns()
    return list(zip(*(columns[name].tolist() for name in ("at", "why", "shelf", "record")), strict=True))
