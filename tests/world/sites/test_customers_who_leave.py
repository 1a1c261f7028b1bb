"""Walk-in customers who find too long a queue leave, and what they wanted stays on the shelf."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.ledger.accounts import Account
from sim.ledger.audit import audit
from sim.money.posting import journal_of
from sim.study.kpis.reconcile import reconcile
from sim.world.simulate import simulate
from tests.tiny import tiny
from tests.world.hand_made import BOSTON, CABLE, HandMadeTape, ObedientRouter, all_from, at, shopper, stocked
from tests.world.sites.working import labour

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

TAKES = 30.0
THREE = [at(0, 9), at(0, 9, 1), at(0, 9, 2)]


def store(
    folder: Path, moments: list[float], *, orders: list[float] | None = None, people: int = 1, **service: Any
) -> Ledger:
    """Return the ledger of a store in Boston, from whose two hundred cables everybody wants one."""
    shifts = {"day": {"hours": "00:00-24:00", "people": people}}
    own: dict[str, Any] = {
        "pickers": ..., "pick_time": "1 h", "pack_time": "0 min", "message_delay": "0 min",
        "labour": labour(shifts=shifts, walk_ins={"takes": f"{TAKES:g} min", **service}),
    }  # fmt: skip
    changes = {f"site_kinds__store__{key}": value for key, value in own.items()}
    scenario = stocked(folder, {(CABLE, BOSTON): 200}, clock__measure="9 days", **changes)
    tape = HandMadeTape(
        scenario, [shopper(k, when, {CABLE: 1}) for k, when in enumerate(orders or ())],
        [(when, CABLE, BOSTON) for when in moments],
    )  # fmt: skip
    ledger = simulate(scenario, tape, ObedientRouter(all_from(BOSTON)))
    audit(ledger)
    found = reconcile(ledger)
    assert not [check for check in found.checks if not check.holds]
    return ledger


def told(ledger: Ledger, *columns: str) -> list[float]:
    rows = ledger.labour.columns()
    return [float(rows[name][rows["site"] == BOSTON].sum()) for name in columns]


def sold(ledger: Ledger) -> tuple[int, int]:
    walk_ins = ledger.walk_ins.columns()
    return int(walk_ins["wanted"].sum()), int(walk_ins["sold"].sum())


@pytest.mark.parametrize(
    ("leaves_beyond", "served", "waited"),
    # the first is served at once; with room for one behind him the second waits 29 minutes, with room for two all do
    [(0, 1, 0), (1, 2, 29), (2, 3, 29 + 58)],
)
def test_who_finds_the_queue_too_long_leaves_without_what_he_wanted(
    tmp_path: Path, leaves_beyond: int, served: int, waited: float
) -> None:
    ledger = store(tmp_path, THREE, leaves_beyond=leaves_beyond)
    assert told(ledger, "customers", "gave_up", "customers_waited_min") == [served, 3 - served, waited]
    assert sold(ledger) == (3, served)
    assert ledger.closing_stock[CABLE, BOSTON] == 200 - served


def test_who_is_not_told_when_to_leave_waits_and_nothing_changes(tmp_path: Path) -> None:
    waits, patient = store(tmp_path / "a", THREE), store(tmp_path / "b", THREE, leaves_beyond=99)
    for name in ("walk_ins", "labour", "parcels"):
        one, other = (getattr(ledger, name).columns() for ledger in (waits, patient))
        assert all(np.array_equal(one[column], other[column]) for column in one)
    assert sold(waits) == (3, 3)


def test_an_order_in_hand_drives_customers_away_and_that_is_in_the_books(tmp_path: Path) -> None:
    # the order is picked from 8:50 to 9:50: of the three, one waits for it and two leave, at 2.50 USD each
    ledger = store(tmp_path, THREE, orders=[at(0, 8, 50)], leaves_beyond=1, leaving="2.50 USD")
    assert told(ledger, "customers", "gave_up", "gave_up_cents") == [1, 2, 500]
    assert journal_of(ledger).balances()[Account.WALK_INS_LEFT] == 500
    assert sold(ledger) == (3, 1)


@pytest.mark.parametrize(("people", "lost"), [(1, 1 / 2), (2, 1 / 5), (3, 1 / 16)])
def test_as_many_leave_as_erlang_says(tmp_path: Path, people: int, lost: float) -> None:
    # nobody waits: Erlang B for a load of one, whatever the law of service: 1/2, 1/5, 1/16
    rng = np.random.default_rng(1)
    moments = np.cumsum(rng.exponential(TAKES, 400)).tolist()
    ledger = store(tmp_path, moments, people=people, leaves_beyond=0)
    customers, gave_up = told(ledger, "customers", "gave_up")
    assert customers + gave_up == 400
    assert gave_up / 400 == pytest.approx(lost, abs=4 * (lost * (1 - lost) * 2 / 400) ** 0.5)


def test_at_a_store_that_tells_each_sale_nothing_is_told_of_who_left(tmp_path: Path) -> None:
    ledger = store(tmp_path, THREE, leaves_beyond=0)
    assert told(ledger, "gave_up") == [2]
    walk_ins = ledger.walk_ins.columns()
    rows = zip(*(walk_ins[name].tolist() for name in ("at", "wanted", "sold")), strict=True)
    assert sorted(rows)[-2:] == [(at(0, 9, 1), 1, 0), (at(0, 9, 2), 1, 0)]


def test_a_cost_of_leaving_where_nobody_leaves_is_refused(tmp_path: Path) -> None:
    block = labour(walk_ins={"takes": "5 min", "leaving": "1 USD"})
    with pytest.raises(ScenarioError, match="leaving: nobody leaves - expected leaves_beyond"):
        tiny(tmp_path, site_kinds__store__pickers=..., site_kinds__store__labour=block)
