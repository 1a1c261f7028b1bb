"""A warehouse with one person from 8 to 16 whose pick of an order takes an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.ledger.audit import audit
from sim.world.simulate import simulate
from tests.world.hand_made import CABLE, DC_EAST, HandMadeTape, ObedientRouter, all_from, shopper, stocked

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

DAY_SHIFT = {"hours": "08:00-16:00", "people": 1}


def labour(**changes: Any) -> dict[str, Any]:
    return {"per_hour": "20 USD", "shifts": {"day": DAY_SHIFT}, **changes}


def world(folder: Path, when: list[float], block: dict[str, Any], *plans: Any, **changes: Any) -> Ledger:
    """Return what becomes of one cable ordered at each moment; a pick takes an hour, packing none, messages none."""
    own: dict[str, Any] = {
        "pickers": ..., "labour": block, "pick_time": "1 h", "pack_time": "0 min", "message_delay": "0 min",
    }  # fmt: skip
    changes = {f"site_kinds__dc__{key}": value for key, value in own.items()} | {"walk_ins": ...} | changes
    scenario = stocked(folder, {(CABLE, DC_EAST): 99}, **changes)
    tape = HandMadeTape(scenario, [shopper(k, minute, {CABLE: 1}) for k, minute in enumerate(when)])
    ledger = simulate(scenario, tape, ObedientRouter(*(plans or (all_from(DC_EAST),))))
    audit(ledger)
    return ledger


def picked(ledger: Ledger) -> list[float]:
    return [float(each) for each in ledger.parcels.columns()["picked_at"]]


def sheet(ledger: Ledger, *columns: str) -> list[tuple[float, ...]]:
    """Return the rows of the tables of labour at the warehouse that gets the orders."""
    rows = ledger.labour.columns()
    return [row[1:] for row in zip(rows["site"], *(rows[name] for name in columns), strict=True) if row[0] == DC_EAST]
