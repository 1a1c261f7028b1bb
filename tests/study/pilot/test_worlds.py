"""A pilot's world is the one without it where nobody is treated, and the roll-out's where everybody is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.ledger.orders import orders_of
from sim.routing.build import build_engine
from sim.study.experiment import lived
from sim.study.pilot.layout import Layout
from sim.study.pilot.panel import markets, panel_of
from sim.study.pilot.plan import Plan
from sim.study.pilot.worlds import World, run_world, study_of
from tests.study.pilot.chain import PLAN, chain

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.pilot.panel import Panel
    from sim.study.pilot.worlds import Study


def ran(study: Study, kept: Path, treated: np.ndarray | None, full: bool = False) -> Panel:
    layout = None if treated is None else Layout(treated, np.zeros(12, dtype=np.int64))
    variant = (study.full if full else study.base) if layout is None else study.pilot(layout)
    return run_world(study, kept, World("", variant, 0, layout)).panel


def same(one: Panel, other: Panel) -> bool:
    return all(np.array_equal(one.sums[name], other.sums[name]) for name in one.sums)


def test_with_nobody_treated_it_is_the_world_as_it_stands(study: Study, kept: Path) -> None:
    nobody = np.zeros((12, 5), dtype=np.bool_)
    assert same(ran(study, kept, nobody), ran(study, kept, None))


def test_with_some_treated_nothing_changes_before_and_then_only_they_give(study: Study, kept: Path) -> None:
    treated = np.zeros((12, 5), dtype=np.bool_)
    treated[[2, 7], 2:] = True
    treated[4, 2:4] = True
    pilot, base = ran(study, kept, treated), ran(study, kept, None)
    for name in ("orders", "cost", "picked", "sold"):
        assert np.array_equal(pilot.sums[name][:, :1], base.sums[name][:, :1]), name
    gave = pilot.sums["picked"] > 0
    assert gave[[2, 7], 2:].all()
    assert gave[4, 2:4].all()
    assert not gave[np.setdiff1d(range(12), [2, 4, 7])].any()
    assert pilot.sums["picked"][4, 4] < 0.1 * pilot.sums["picked"][4, 3]  # what was under way is finished
    assert pilot.busiest[2, :14].sum() == 0
    assert pilot.busiest[2, 14:].sum() > 0


def test_a_panel_adds_up_to_what_the_ledger_says(study: Study) -> None:
    from sim.chance.tape import Tape

    scenario, config = study.full
    engine = build_engine(config, "cheapest", scenario.network)
    ledger, orders = lived(scenario, Tape(scenario, 1, 0), engine, "cheapest")
    panel = panel_of(ledger, orders, study.full.scenario.network, study.stores.sites)
    start, end = ledger.measured
    inside = (orders["at"] >= start) & (orders["at"] < end)
    assert panel.sums["orders"].sum() == inside.sum()
    assert panel.sums["cost"].sum() == pytest.approx(orders["cost_cents"][inside].sum() / 100)
    sales = ledger.walk_ins.columns()
    assert panel.sums["sold"].sum() == sales["sold"][(sales["at"] >= start) & (sales["at"] < end)].sum()
    # every place is nearest to its own store
    assert markets(study.full.scenario.network, study.stores.sites).tolist() == list(range(12))
    by_place = np.bincount(orders_of(ledger)["place"][inside], minlength=12)
    assert panel.sums["orders"].sum(axis=1).tolist() == by_place.tolist()


def test_what_is_kept_is_not_run_again(study: Study, kept: Path) -> None:
    first = ran(study, kept, None)
    files = sorted(path.stat().st_mtime_ns for path in kept.rglob("*.npz"))
    assert same(first, ran(study, kept, None))
    assert sorted(path.stat().st_mtime_ns for path in kept.rglob("*.npz")) == files


def test_a_change_without_a_counter_begins_no_collecting(tmp_path: Path) -> None:
    plan = Plan.model_validate({**PLAN, "begins": "collects"})
    with pytest.raises(FulfillSimError, match="begins: collects - expected a change with a block `pick_up`"):
        study_of(chain(tmp_path), "all_send", plan)
    with pytest.raises(FulfillSimError, match=r"unknown change 'al_send' - expected one of all_send"):
        study_of(chain(tmp_path), "al_send", Plan.model_validate(PLAN))
