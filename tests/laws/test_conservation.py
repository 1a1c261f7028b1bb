"""Nothing appears and nothing is lost, whatever the world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.ledger.fates import Fate
from sim.ledger.orders import orders_of
from sim.money.charges import charge
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import KPIS, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.study.kpis.reconcile import reconcile
from sim.world.simulate import simulate
from tests.laws.random_ways import AT_COUNTERS, worlds_of_every_way
from tests.laws.random_worlds import ALIKE, STRATEGIES, few, worlds
from tests.tiny import ALWAYS, tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


def run(folder: Path, strategy: str, **changes: Any) -> Ledger:
    scenario = tiny(folder, ALIKE, **changes)
    return simulate(scenario, Tape(scenario, 1, 0), build_engine(routing_of(scenario), strategy, scenario.network))


@few
@given(changes=worlds(), strategy=st.sampled_from(STRATEGIES))
def test_the_ledger_of_any_world_keeps_its_laws(folder: Path, changes: dict[str, Any], strategy: str) -> None:
    ledger = run(folder, strategy, **changes)
    audit(ledger)
    shoppers, orders = ledger.shoppers.columns(), orders_of(ledger)
    # every unit that was ordered is picked, cancelled or open, and every shopper ordered or left
    still_open = orders["units"] - orders["units_picked"] - orders["units_cancelled"]
    assert (still_open >= 0).all()
    left = np.isin(shoppers["fate"], [Fate.TURNED_AWAY, Fate.ABANDONED, Fate.CART_GIVEN_UP])
    assert len(orders["order"]) + int(left.sum()) == len(shoppers["order"])
    # stock leaves only by a pick, over the counter or to another site, and never below zero
    ways = (ledger.picks, "picked"), (ledger.walk_ins, "sold"), (ledger.transfers, "quantity")
    out = sum(table.columns()[units].sum() for table, units in ways)
    came = ledger.receipts.columns()["quantity"].sum()
    assert ledger.opening_stock.sum() + came - out == ledger.closing_stock.sum()
    # KPIs that are shares are shares
    sums = sums_of(cohort_of(ledger, orders))
    for kpi in KPIS:
        if kpi.unit == "share":
            numerator, denominator = sums.pairs[kpi.name]
            assert 0 <= numerator <= denominator, kpi.name
    open_of_cohort = int(np.count_nonzero(still_open[orders["measured"]]))
    assert sums.open_orders == open_of_cohort


@settings(few, max_examples=10)
@given(changes=worlds_of_every_way(), strategy=st.sampled_from(STRATEGIES))
def test_whoever_works_and_whatever_carriers_do_units_and_cents_add_up(
    folder: Path, changes: dict[str, Any], strategy: str
) -> None:
    scenario = tiny(folder / "ways", ALIKE | AT_COUNTERS, **changes)
    engine = build_engine(routing_of(scenario), strategy, scenario.network)
    ledger = simulate(scenario, Tape(scenario, 1, 0), engine)
    charge(ledger, scenario, orders_of(ledger))
    found = reconcile(ledger)
    assert not found.broken
    assert not [check for check in found.checks if not check.holds]
    shares = [kpi for kpi in KPIS if kpi.unit == "share" and kpi.better == "low"]
    assert found.sums is not None
    for kpi in shares:
        numerator, denominator = found.sums.pairs[kpi.name]
        assert 0 <= numerator <= denominator, kpi.name


@few
@given(changes=worlds(walk_ins=...), strategy=st.sampled_from(STRATEGIES))
def test_without_walk_in_customers_no_shelf_is_ever_short(folder: Path, changes: dict[str, Any], strategy: str) -> None:
    # the engine reserves what it promises, and nobody else takes anything: old news can only be too low
    del changes["walk_ins__units_per_store_day"]
    ledger = run(folder, strategy, **changes)
    orders = orders_of(ledger)
    assert orders["units_short"].sum() == 0
    assert orders["reroutes"].sum() == 0


@few
@given(changes=worlds(), strategy=st.sampled_from(STRATEGIES))
def test_without_delay_anywhere_what_is_believed_is_what_is_there(
    folder: Path, changes: dict[str, Any], strategy: str
) -> None:
    at_once: dict[str, Any] = {
        "feed": {"kind": "event", "latency": "0 min"}, "message_delay": "0 min", "pick_time": "0 min", "hours": ALWAYS,
    }  # fmt: skip
    changes |= {f"site_kinds__{kind}__{key}": value for kind in ("dc", "store") for key, value in at_once.items()}
    ledger = run(folder, strategy, **changes)
    orders, snapshots = orders_of(ledger), ledger.snapshots.columns()
    # picked in the minute it was promised, so that even walk-in customers cannot come between
    assert orders["units_short"].sum() == 0
    assert snapshots["equal"].tolist() == snapshots["pairs"].tolist()
    assert ledger.decisions.columns()["stock_age_min"].max(initial=0) == 0


@pytest.mark.parametrize("feed", [{"kind": "poll", "every": "8 h"}, {"kind": "event", "latency": "8 h"}])
def test_with_walk_in_customers_and_old_news_shelves_are_short(folder: Path, feed: dict[str, Any]) -> None:
    changes = {"site_kinds__store__feed": feed, "site_kinds__store__stock__days_of_cover": 1}
    assert orders_of(run(folder, "nearest", **changes))["units_short"].sum() > 0
