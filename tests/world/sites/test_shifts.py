"""People with shifts: who picks when, what they are paid, and who stays on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.chance.tape import Tape
from sim.ledger.accounts import Account
from sim.ledger.audit import audit
from sim.money.posting import journal_of
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.theory.one_site import one_site, run
from tests.tiny import tiny
from tests.world.hand_made import at
from tests.world.sites.working import DAY_SHIFT, labour, picked, sheet, world

if TYPE_CHECKING:
    from pathlib import Path


def test_a_shift_round_the_clock_picks_like_so_many_pickers(tmp_path: Path) -> None:
    change: dict[str, Any] = {
        "site_kinds__dc__pack_time": "0 min",
        "demand__shoppers_per_day": 600,
        "clock__measure": "5 days",
    }
    change["site_kinds__dc__pick_time"] = {"law": "exponential", "mean": "4 min"}
    shift = {"hours": "00:00-24:00", "people": 2}
    block: dict[str, Any] = {"site_kinds__dc__pickers": ..., "site_kinds__dc__labour": labour(shifts={"all": shift})}
    plain = run(one_site(tmp_path / "a", 5, 10_000, **change))
    shifts = run(one_site(tmp_path / "b", 5, 10_000, **change, **block))
    assert picked(shifts)[:2500] == pytest.approx(picked(plain)[:2500], abs=1e-6)


def test_work_begins_with_the_shift_and_what_is_begun_is_finished(tmp_path: Path) -> None:
    # on Monday: asked at 7, at 14:30 and 15:20; the second begins at 14:30, the third at 15:30 and runs over by 30 min
    ledger = world(tmp_path, [at(0, 7), at(0, 14, 30), at(0, 15, 20), at(0, 15, 50)], labour())
    assert picked(ledger) == [at(0, 9), at(0, 15, 30), at(0, 16, 30), at(1, 9)]
    # 8 h at 20 USD, and half an hour for the plain wage
    assert sheet(ledger, "paid_min", "worked_min", "overtime_min", "cents")[0] == (480, 180, 30, 17000)


def test_nobody_begins_anything_in_a_break_and_it_is_not_paid(tmp_path: Path) -> None:
    shift = {**DAY_SHIFT, "breaks": ["12:00-12:30"]}
    ledger = world(tmp_path, [at(0, 10, 30), at(0, 11)], labour(shifts={"day": shift}))
    assert picked(ledger) == [at(0, 11, 30), at(0, 12, 30)]
    assert sheet(ledger, "paid_min", "overtime_min", "cents")[0] == (450, 30, 16000)


def test_a_day_on_which_nobody_works_is_not_paid(tmp_path: Path) -> None:
    ledger = world(tmp_path, [at(0, 9)], labour(closed_on=["2026-02-02"]))
    assert picked(ledger) == [at(1, 9)]
    assert sheet(ledger, "at", "paid_min")[0] == (at(1, 0), 480)


@pytest.mark.parametrize(
    ("at_most", "done", "minutes"),
    [("5 h", [at(0, 17), at(0, 18), at(0, 19)], 180), ("90 min", [at(0, 17), at(0, 18), at(1, 9)], 90 + 30)],
)
def test_people_stay_on_while_too_much_is_left(tmp_path: Path, at_most: str, done: list[float], minutes: float) -> None:
    # asked at 15:00 for four picks of an hour: three are left when the shift is over
    rule = {"backlog": "2 h", "at_most": at_most, "factor": 1.5}
    ledger = world(tmp_path, [at(0, 15)] * 4, labour(overtime=rule))
    assert picked(ledger) == [at(0, 16), *done]
    cents = round((480 + 1.5 * minutes) * 2000 / 60)
    assert sheet(ledger, "overtime_min", "cents")[0] == (minutes, cents)


def test_nobody_stays_on_for_little(tmp_path: Path) -> None:
    rule = {"backlog": "2 h", "at_most": "5 h"}
    assert picked(world(tmp_path, [at(0, 15)] * 3, labour(overtime=rule))) == [at(0, 16), at(1, 9), at(1, 10)]


def test_temps_help_on_their_days_as_fast_as_they_are_for_their_own_wage(tmp_path: Path) -> None:
    temps = {
        "shift": "day", "since": "2026-02-02", "until": "2026-02-02", "people": 1, "productivity": "50 %",
        "per_hour": "15 USD",
    }  # fmt: skip
    ledger = world(tmp_path, [at(0, 9)] * 2 + [at(1, 9)] * 2, labour(temps=[temps]))
    assert picked(ledger) == [at(0, 10), at(0, 11), at(1, 10), at(1, 11)]
    assert sheet(ledger, "paid_min", "cents")[:2] == [(960, 16000 + 12000), (480, 16000)]


def test_who_stays_away_picks_nothing_and_is_not_paid(tmp_path: Path) -> None:
    shifts = {"day": {"hours": "08:00-16:00", "people": 4}}
    short = {"kind": "labour_short", "on": "2026-02-02", "lasts": "1 day", "share": "50 %"}
    ledger = world(tmp_path, [at(0, 9)] * 4, labour(shifts=shifts), disruptions=[short])
    assert picked(ledger) == [at(0, 10)] * 2 + [at(0, 11)] * 2
    assert sheet(ledger, "paid_min")[:2] == [(960,), (1920,)]


def test_who_picks_also_packs_and_is_paid_for_it_by_the_minute_not_by_the_parcel(tmp_path: Path) -> None:
    ledger = world(tmp_path, [at(0, 9)] * 2, labour(), site_kinds__dc__pack_time="10 min")
    parcels = ledger.parcels.columns()
    assert parcels["packed_at"].tolist() == pytest.approx([at(0, 10, 10), at(0, 11, 20)])
    assert parcels["picking_cents"].sum() + parcels["packing_cents"].sum() == 0
    balances = journal_of(ledger).balances()
    assert balances[Account.LABOUR] == ledger.labour.columns()["cents"].sum() > 0
    assert balances[Account.WAGES] == -balances[Account.LABOUR]


def test_every_law_holds_with_shifts_everywhere(tmp_path: Path) -> None:
    block = labour(overtime={"backlog": "10 min", "at_most": "1 h"})
    kinds: dict[str, Any] = {f"site_kinds__{kind}__pickers": ... for kind in ("dc", "store")}
    kinds |= {f"site_kinds__{kind}__labour": block for kind in ("dc", "store")}
    scenario = tiny(tmp_path, **kinds)
    engine = build_engine(routing_of(scenario), "balanced", scenario.network)
    ledger = simulate(scenario, Tape(scenario, 1, 0), engine)
    audit(ledger)
    assert len(ledger.parcels.columns()["order"]) > 100
