"""Runs that are kept: found again to the last bit, and only where nothing they depend on has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.study.experiment import Experiment, Place, design, routing_of, run_all
from sim.study.kpis.catalogue import Sums
from sim.study.runs.kept import ArmRun, Kept, key_of
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.scenario import Scenario

RUN = ArmRun(
    Sums({"cost": (1 / 3, 7.0), "fill": (0.0, 0.0)}, {"hours": np.array([0.1, 2.5])}, 3),
    11,
    0.25,
    {"model": {"3PL": [1 / 3]}},
)


def as_plain(run: ArmRun) -> tuple[object, ...]:
    return run.sums.pairs, {k: v.tolist() for k, v in run.sums.samples.items()}, run.sums.open_orders, run.routed


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def experiment(scenario: Scenario) -> Experiment:
    return design(scenario, ["nearest", "cheapest"], 2, 5)


def test_a_run_is_found_as_it_was_kept(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept")
    assert kept.find("abc") is None
    kept.keep("abc", RUN, None)
    found = kept.find("abc")
    assert found is not None
    assert as_plain(found) == as_plain(RUN)
    assert (found.seconds, found.groups) == (RUN.seconds, RUN.groups)


def test_orders_kept_later_are_found_with_the_run(tmp_path: Path) -> None:
    kept, orders = Kept(tmp_path / "kept"), tmp_path / "orders.parquet"
    orders.write_bytes(b"rows")
    kept.keep("abc", RUN, None)
    assert not kept.orders_to("abc", tmp_path / "run" / "1.parquet")
    kept.keep("abc", RUN, orders)
    assert kept.orders_to("abc", tmp_path / "run" / "1.parquet")
    assert (tmp_path / "run" / "1.parquet").read_bytes() == b"rows"
    assert sorted(path.name for path in (tmp_path / "kept" / "ab").iterdir()) == ["abc"]


def test_a_second_study_runs_only_what_the_first_has_not(tmp_path: Path, experiment: Experiment) -> None:
    kept = Kept(tmp_path / "kept")
    first = dict(run_all(experiment, 1, Place(tmp_path / "one", kept)))
    wider = design(experiment.scenario, ["nearest", "balanced"], 3, 5)
    second = dict(run_all(wider, 1, Place(tmp_path / "two", kept)))
    assert second[1]["nearest"].seconds == first[1]["nearest"].seconds  # no two runs take as long
    assert len(list(kept.root.glob("*/*"))) == 2 * 2 + 1 + 3
    for path in ("strategy=nearest/replication=1.parquet", "strategy=balanced/replication=2.parquet"):
        assert (tmp_path / "two" / "orders" / path).exists()


def test_what_is_kept_is_what_would_be_run(tmp_path: Path, experiment: Experiment) -> None:
    place = Place(tmp_path / "run", Kept(tmp_path / "kept"))
    dict(run_all(experiment, 1, place))
    again, anew = dict(run_all(experiment, 1, place)), dict(run_all(experiment, 1))
    for number, arms in anew.items():
        for arm, run in arms.items():
            assert as_plain(again[number][arm]) == as_plain(run)


def test_a_run_is_kept_under_all_that_its_numbers_depend_on(scenario: Scenario) -> None:
    config = routing_of(scenario)
    key = key_of(scenario, config, "nearest", 1, 0)
    others = {
        key_of(scenario, config, "cheapest", 1, 0),
        key_of(scenario, config, "nearest", 2, 0),
        key_of(scenario, config, "nearest", 1, 1),
        key_of(scenario.with_measured_days(17), config, "nearest", 1, 0),
        key_of(scenario, config.model_copy(update={"max_parcels": 17}), "nearest", 1, 0),
        key_of(replace(scenario, table_digests={**scenario.table_digests, "sites": "0"}), config, "nearest", 1, 0),
    }
    assert len(others | {key}) == 7


def test_a_run_does_not_depend_on_strategies_it_does_not_use(scenario: Scenario) -> None:
    config = routing_of(scenario)
    fewer = {name: each for name, each in config.strategies.items() if name != "balanced"}
    key = key_of(scenario, config, "nearest", 1, 0)
    assert key_of(scenario, config.model_copy(update={"strategies": fewer}), "nearest", 1, 0) == key
