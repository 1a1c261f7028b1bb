"""Whatever is compared meets the same luck: the same shoppers, the same walk-in wants, and equals differ by nothing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.routing.build import build_engine
from sim.study.compare import Comparison
from sim.study.experiment import design, routing_of, run_all
from sim.study.kpis.carriers import CARRIER_KPIS
from sim.study.kpis.catalogue import KPIS
from sim.study.kpis.cohort import cohort_of
from sim.study.kpis.fulfilment import FULFILMENT_KPIS
from sim.study.kpis.labour import LABOUR_KPIS
from sim.study.kpis.messages import MESSAGE_KPIS
from sim.study.kpis.money import MONEY_KPIS
from sim.study.kpis.records import RECORD_KPIS
from sim.study.kpis.returns import RETURN_KPIS
from sim.study.kpis.shoppers import SHOPPER_KPIS
from sim.study.kpis.transfers import TRANSFER_KPIS
from sim.world.simulate import simulate
from tests.tiny import tiny
from tests.world.collecting import PICK_UP, with_counters

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.study.experiment import Replication
    from sim.study.kpis.catalogue import Sums

OFF_BY_TABLE = [kpi for kpi in FULFILMENT_KPIS if kpi.table in ("legs", "declines", "purchases")]
SWITCHED_OFF = (
    {
        kpi.name
        for kpi in (
            *SHOPPER_KPIS,
            *RECORD_KPIS,
            *MESSAGE_KPIS,
            *RETURN_KPIS,
            *TRANSFER_KPIS,
            *CARRIER_KPIS,
            *OFF_BY_TABLE,
        )
    }
    | {kpi.name for kpi in (*MONEY_KPIS, *LABOUR_KPIS) if kpi.table in ("charges", "labour")}
    | {"backorder_days"}
)
STRATEGIES = ("nearest", "cheapest", "fewest_parcels", "dc_first", "balanced", "siloed")
FEEDS: list[dict[str, Any]] = [
    {"kind": "poll", "every": "4 h", "latency": "7 min"},
    {"kind": "batch", "at": "02:00"},
    {"kind": "event", "latency": "5 min"},
]


def run(scenario: Scenario, strategy: str) -> Ledger:
    return simulate(scenario, Tape(scenario, 1, 0), build_engine(routing_of(scenario), strategy, scenario.network))


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed["kind"])
def test_every_strategy_and_feed_meets_the_same_walk_in_wants_in_the_measured_days(
    tmp_path: Path, feed: dict[str, Any]
) -> None:
    scenario = tiny(tmp_path, site_kinds__store__feed=feed)
    tape = Tape(scenario, 1, 0)
    measured = np.zeros(16, dtype=np.int64)
    for day in range(1, 4):
        measured += np.bincount(tape.walk_ins(day).cells, minlength=16)
    for strategy in STRATEGIES:
        rows = cohort_of(run(scenario, strategy)).walk_ins
        assert np.bincount(rows["cell"], rows["wanted"], minlength=16).tolist() == measured.tolist(), strategy


def test_every_strategy_meets_the_same_shoppers(tmp_path: Path) -> None:
    scenario = tiny(tmp_path)
    cohorts = [cohort_of(run(scenario, strategy)).shoppers for strategy in STRATEGIES]
    for name in ("order", "at", "place", "units", "value_cents"):
        assert len({tuple(cohort[name].tolist()) for cohort in cohorts}) == 1, name


def results(scenario: Scenario, workers: int) -> tuple[Replication, ...]:
    experiment = design(scenario, ["nearest", "cheapest", "siloed"], 3, seed=5)
    found = dict(run_all(experiment, workers))
    return tuple(found[number] for number in sorted(found))


def samples_of(sums: Sums) -> dict[str, list[float]]:
    return {name: values.tolist() for name, values in sums.samples.items()}


def as_plain(replications: tuple[Replication, ...]) -> list[object]:
    """Return everything a KPI is made of, to the last bit."""
    return [
        (
            number,
            arm,
            run.sums.pairs,
            samples_of(run.sums),
            run.sums.open_orders,
            run.routed,
        )
        for number, replication in enumerate(replications)
        for arm, run in replication.items()
    ]


def test_one_worker_and_two_give_the_same_numbers_to_the_last_bit(tmp_path: Path) -> None:
    scenario = tiny(tmp_path, demand__day_cv=0.3)
    one, two = results(scenario, 1), results(scenario, 2)
    assert as_plain(one) == as_plain(two)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(tmp_path: Path) -> None:
    scenario = tiny(tmp_path)
    assert as_plain(results(scenario, 1)) == as_plain(results(scenario, 1))
    experiment = design(scenario, ["nearest", "cheapest", "siloed"], 3, seed=6)
    assert as_plain(results(scenario, 1)) != as_plain(tuple(found for _, found in run_all(experiment, 1)))


def test_a_strategy_under_two_names_differs_from_itself_by_exactly_nothing(tmp_path: Path) -> None:
    scenario = tiny(
        tmp_path, with_counters(("store_boston", "store_oakland")), network__site_attributes=["pickup"],
        routing__pickup={}, pick_up={**PICK_UP, "added": "20 %", "no_show": "20 %"},
        routing__strategies={"one": {"choose": "cheapest"}, "other": {"choose": "cheapest"}},
        site_kinds__store__feed={"kind": "poll", "every": "4 h"},
        site_kinds__store__records={
            "shrink": {"of_demand": "5 %"}, "errors": {"pick": {"scanned": 0, "unscanned": "2 %"}},
        },
        order_messages={
            "called_off": {"share": "9 %", "after": "1 min"}, "labels": {"fail": "9 %", "retry_after": "5 min"},
        },
    )  # fmt: skip
    experiment = design(scenario, None, 3, seed=1)
    comparison = Comparison(experiment, tuple(found for _, found in run_all(experiment, 1)))
    for kpi in KPIS:
        if math.isnan(comparison.kpi("one", kpi.name).mean):
            assert kpi.name in SWITCHED_OFF
            continue
        interval = comparison.difference("other", kpi.name).interval
        assert (interval.mean, interval.low, interval.high) == (0.0, 0.0, 0.0), kpi.name


def test_with_one_warehouse_all_strategies_are_one(tmp_path: Path) -> None:
    sites: list[list[object]] = [
        ["id", "name", "kind", "state", "lat", "lon", "time_zone", "walk_in_size"],
        ["dc", "Chicago", "dc", "IL", 41.84, -87.68, "America/Chicago", 0],
    ]
    # scarce, so that some orders wait and some are given up
    scenario = tiny(
        tmp_path, {"sites.csv": sites}, site_kinds__dc__stock__days_of_cover=2, site_kinds__dc__stock__online_share=1
    )
    experiment = design(scenario, None, 2, seed=1)
    comparison = Comparison(experiment, tuple(found for _, found in run_all(experiment, 1)))
    for replication in comparison.replications:
        sums = [(run.sums.pairs, samples_of(run.sums), run.sums.open_orders) for run in replication.values()]
        assert all(other == sums[0] for other in sums[1:])
    fill = comparison.kpi("nearest", "unit_fill_rate").mean
    assert 0.5 < fill < 1


def test_measuring_more_days_changes_nothing_in_the_days_before(tmp_path: Path) -> None:
    # the run goes on while the last orders are followed: a longer one must not reach back
    scenario = tiny(tmp_path)
    longer = scenario.with_measured_days(6)
    short, long = run(scenario, "cheapest"), run(longer, "cheapest")
    end = short.measured[1]
    for table, time in (("shoppers", "at"), ("decisions", "at"), ("picks", "at"), ("receipts", "at")):
        one, other = getattr(short, table).columns(), getattr(long, table).columns()
        for name in one:
            assert one[name][one[time] < end].tolist() == other[name][other[time] < end].tolist(), (table, name)
