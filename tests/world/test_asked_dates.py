"""The world carries out what an order asks of its dates: it is held, or its parcel waits at the dock for its day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.chance.tape import Tape
from sim.errors import ScenarioError
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.chance.test_replay import HEADER, replayed
from tests.world.hand_made import CABLE, DC_EAST, HandMadeTape, at, shopper, stocked

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger


def run(folder: Path, **asks: float) -> Ledger:
    """Have one cable ordered on Monday at nine: it could leave at six and be there on Tuesday."""
    scenario = stocked(folder, {(CABLE, DC_EAST): 9}, clock__measure="7 days")
    router = build_engine(routing_of(scenario), "cheapest", scenario.network)
    tape = HandMadeTape(scenario, [shopper(1, at(0, 9), {CABLE: 1})._replace(**asks)])
    ledger = simulate(scenario, tape, router)
    audit(ledger)
    return ledger


@pytest.mark.parametrize(
    ("asks", "decided", "picked_by", "handed"),
    [
        ({}, at(0, 9), at(0, 10), at(0, 18)),
        ({"hold_until": at(2, 12)}, at(2, 12), at(2, 13), at(2, 18)),
        # goods are picked at once, and wait where they are packed; to Boston it takes two days
        ({"deliver_from": at(4, 0)}, at(0, 9), at(0, 10), at(2, 18)),
        ({"hold_until": at(1, 12), "deliver_from": at(5, 0)}, at(1, 12), at(1, 13), at(3, 18)),
    ],
)
def test_an_order_leaves_on_its_day(
    tmp_path: Path, asks: dict[str, float], decided: float, picked_by: float, handed: float
) -> None:
    ledger = run(tmp_path, **asks)
    parcels, decisions = ledger.parcels.columns(), ledger.decisions.columns()
    assert (decisions["asked_at"].tolist(), decisions["at"].tolist()) == ([at(0, 9)], [decided])
    assert decided <= parcels["picked_at"][0] <= picked_by
    assert parcels["handed_at"].tolist() == [handed]
    assert parcels["delivered_at"][0] >= asks.get("deliver_from", 0)


def test_a_table_of_orders_may_ask_for_dates(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["2026-02-03T10:15", "941", "web", "A", 1, "1", "2026-02-04T08:00", ""],
        ["2026-02-03T11:15", "021", "web", "A", 1, "2", "", "2026-02-06T00:00-05:00"],
    ]
    scenario = replayed(tmp_path, *rows, header=[*HEADER, "hold_until", "deliver_from"])
    one, other = sorted(Tape(scenario, 1, 0).shoppers(1), key=lambda row: row.id, reverse=True)
    # the scenario's clock is that of New York, San Francisco three hours behind it
    assert (one.hold_until, one.deliver_from) == (2 * 1440 + 11 * 60, -float("inf"))
    assert (other.hold_until, other.deliver_from) == (-float("inf"), 4 * 1440)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["2026-02-03T10:00"], r"hold_until.*expected a moment after the order was placed"),
        (["tomorrow"], r"hold_until.*'tomorrow' - expected a date and time"),
        (["2026-02-04T10:00", ""], r"hold_until.*nothing - expected the 2026-02-04 10:00 of the same order in line 2"),
    ],
)
def test_a_date_that_cannot_be_is_told_with_its_line(tmp_path: Path, cells: list[str], said: str) -> None:
    rows = [["2026-02-03T10:15", "941", "web", "AB"[k], 1, "1", cell] for k, cell in enumerate(cells)]
    with pytest.raises(ScenarioError, match=said):
        replayed(tmp_path, *rows, header=[*HEADER, "hold_until"])
