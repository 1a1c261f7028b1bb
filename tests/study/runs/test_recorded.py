"""A comparison read back from its files says what it said when it was run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import FulfillSimError
from sim.report.comparison.cautions import cautions
from sim.report.runs.compare import run_compare
from sim.report.words import goals_told, verdicts, winners
from sim.scenario.load import load
from sim.study.compare import Comparison
from sim.study.experiment import design
from sim.study.kpis.catalogue import KPIS
from sim.study.runs.recorded import Recorded, read_comparison
from sim.study.runs.results import Run, find
from tests.tiny import write

GOALS = {"order_fill_rate": "at least 60 %", "cost_per_order": "5 % lower than the baseline"}
Both = tuple[Comparison, Recorded]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    folder = tmp_path_factory.mktemp("run")
    scenario = load(write(folder / "tiny", goals=GOALS)).with_measured_days(1)
    comparison = run_compare(
        design(scenario, ["nearest", "cheapest", "balanced"], 3, 1), 1, folder / "out", as_json=True
    )
    return comparison, read_comparison(find(folder / "out", "latest"))


def test_it_says_the_same_in_words(both: Both) -> None:
    ran, read = both
    assert [*winners(read), *verdicts(read), *goals_told(read)] == [*winners(ran), *verdicts(ran), *goals_told(ran)]
    assert cautions(read) == cautions(ran)


def test_every_kpi_has_the_same_interval_and_difference(both: Both) -> None:
    ran, read = both
    for kpi in KPIS:
        assert repr(read.kpi("cheapest", kpi.name)) == repr(ran.kpi("cheapest", kpi.name))
        assert repr(read.difference("cheapest", kpi.name)) == repr(ran.difference("cheapest", kpi.name))
        assert repr(read.pairing("balanced", kpi.name)) == repr(ran.pairing("balanced", kpi.name))


@pytest.mark.parametrize("name", ["cost_per_order", "order_fill_rate", "delivery_hours_mean"])
def test_two_options_are_compared_from_the_sums_of_each_replication(both: Both, name: str) -> None:
    ran, read = both
    expected, found = (each.between("balanced", "cheapest", name).interval for each in (ran, read))
    assert (found.mean, found.low, found.high) == pytest.approx((expected.mean, expected.low, expected.high))


def test_totals_are_those_of_the_replications(both: Both) -> None:
    ran, read = both
    assert read.totals("cheapest", "cost_per_order").tolist() == [
        run["cheapest"].sums.pairs["cost_per_order"][0] for run in ran.replications
    ]


def test_a_run_whose_tables_are_gone_is_told(both: Both, tmp_path: Path) -> None:
    _, read = both
    (tmp_path / "comparison.json").write_text((read.run.folder / "comparison.json").read_text())
    with pytest.raises(FulfillSimError, match="cannot be read as the folder of a comparison"):
        read_comparison(Run(tmp_path, read.manifest))
