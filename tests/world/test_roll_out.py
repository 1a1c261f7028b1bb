"""Sites that begin on a day: before it the world is that without them, from then on that with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.chance.tape import Tape
from sim.ledger.orders import orders_of
from sim.routing.build import build_engine
from sim.scenario.load import load
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import write
from tests.world.collecting import PICK_UP, with_counters

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

STORES: dict[str, Any] = {"of": {"kinds": ["store"]}}
ONLY_DCS = {"routing__strategies": {"cheapest": {"choose": "cheapest", "only": ["dc"]}}}
DAY = 1440.0


def ran(folder: Path, tables: Any = None, **changes: Any) -> Ledger:
    changes = {"clock__measure": "4 days", "routing__strategies": {"cheapest": {"choose": "cheapest"}}} | changes
    scenario = load(write(folder, tables, **changes) if tables else write(folder, **changes))
    return simulate(scenario, Tape(scenario, 1, 0), build_engine(routing_of(scenario), "cheapest", scenario.network))


def test_stores_that_never_begin_send_as_if_the_strategy_did_not_know_them(tmp_path: Path) -> None:
    never = orders_of(ran(tmp_path / "never", roll_out={"sends": STORES}))
    without = orders_of(ran(tmp_path / "without", **ONLY_DCS))
    for name, column in without.items():
        assert np.array_equal(never[name], column, equal_nan=True), name


def test_stores_that_begin_at_once_are_no_different_from_others(tmp_path: Path) -> None:
    at_once = orders_of(ran(tmp_path / "at_once", roll_out={"sends": {**STORES, "on": [{}]}}))
    usual = orders_of(ran(tmp_path / "usual"))
    for name, column in usual.items():
        assert np.array_equal(at_once[name], column, equal_nan=True), name


def test_a_store_sends_on_its_days_only(tmp_path: Path) -> None:
    days = {"where": {"sites": ["store_boston"]}, "first": "2026-02-03", "last": "2026-02-04"}
    ledger = ran(tmp_path, roll_out={"sends": {**STORES, "on": [days]}}, site_kinds__store__message_delay="0 min")
    decisions, parcels = ledger.decisions.columns(), ledger.parcels.columns()
    kinds, ids = ledger.sites.columns()["kind"], ledger.sites.columns()["id"]
    from_stores = parcels["order"][kinds[parcels["site"]] == "store"]
    assert len(from_stores)
    assert set(ids[parcels["site"][kinds[parcels["site"]] == "store"]]) == {"store_boston"}
    decided = decisions["at"][np.isin(decisions["order"], from_stores)]
    assert decided.min() >= DAY
    assert decided.min() < 2 * DAY
    first = orders_of(ran(tmp_path / "without", **ONLY_DCS))
    mine = orders_of(ledger)
    before = mine["at"] < DAY
    assert np.array_equal(mine["cost_cents"][before], first["cost_cents"][: before.sum()])


def test_nobody_collects_before_his_store_offers_it(tmp_path: Path) -> None:
    counters: dict[str, Any] = {
        "network__site_attributes": ["pickup"], "pick_up": {**PICK_UP, "added": "20 %"},
        "routing__pickup": {"attribute": "pickup"},
    }  # fmt: skip
    on = [{"where": {"sites": ["store_boston"]}, "first": "2026-02-04"}]
    tables = with_counters()
    late = orders_of(ran(tmp_path / "late", tables, roll_out={"collects": {**STORES, "on": on}}, **counters))
    usual = orders_of(ran(tmp_path / "usual", tables, **counters))
    begun = late["at"] >= 2 * DAY
    assert (late["collect_at"][~begun] < 0).all()
    assert (late["collect_at"][begun] >= 0).any()
    # the same people come from then on, and want to collect
    assert set(late["order"][late["collect_at"] >= 0]) <= set(usual["order"][usual["collect_at"] >= 0])
    assert len(late["order"]) < len(usual["order"])  # nobody comes only to collect before
