"""The run of the synthetic multi-item experiment: bounds below policies, shares by arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study.published.choosing import equal_intervals, shrinking_intervals
from sim.study.published.spec_a import Shape
from sim.study.published.spec_a_published import PUBLISHED, Published
from sim.study.published.spec_a_run import BOUNDS, Design, Sums, run_instance, run_instances
from sim.study.published.spec_a_table import as_json, rows_of

DESIGN = Design(
    instances=2,
    sequences=1,
    seed=3,
    solves=(1, 3),
    planned=(1, 3),
    sampled=2,
    futures=2,
    shape=Shape(items=8, most_items=3, types_per_size=2, periods=200),
)


@pytest.fixture(scope="module")
def sums() -> dict[str, Sums]:
    return run_instance(DESIGN, 0)


def test_no_policy_costs_less_than_hindsight_and_configurations_bound_tighter(sums: dict[str, Sums]) -> None:
    aggregated, configuration = (sums[bound].cost for bound in BOUNDS)
    assert aggregated <= configuration <= min(row.cost for name, row in sums.items() if name not in BOUNDS)


def test_every_policy_serves_every_unit(sums: dict[str, Sums]) -> None:
    assert len({(row.orders, row.units) for name, row in sums.items() if name not in BOUNDS}) == 1


def test_every_published_row_is_run(sums: dict[str, Sums]) -> None:
    assert set(PUBLISHED) <= set(sums)


def test_numbers_do_not_depend_on_which_instances_are_run(sums: dict[str, Sums]) -> None:
    number, again = next(run_instances(DESIGN, workers=1))
    assert (number, again) == (0, sums)


def test_rows_give_shares_of_summed_gaps_and_differences_in_combined_errors() -> None:
    def instance(myopic: float, option: float, hindsight: float) -> dict[str, Sums]:
        cost = {"myopic": myopic, "option": option, "hindsight": hindsight, "hindsight_configuration": hindsight + 2}
        return {name: Sums(value, value / 100, 10, 15, 20, 1) for name, value in cost.items()}

    rows = rows_of([instance(110, 104, 100), instance(120, 112, 104)], {"option": Published(1.10, 0.03)})
    option = rows[1]
    assert option.share.mean == pytest.approx(14 / 26)
    assert option.share_configuration.mean == pytest.approx(14 / 22)
    assert (option.ratio, option.standard_error) == pytest.approx((1.08, 0.04))
    assert option.standard_errors_off == pytest.approx(-0.02 / 0.05)
    assert (option.boxes, option.dropped_percent) == (1.5, 5.0)
    assert as_json(rows)[1]["published"]["ratio"] == 1.10


def test_solves_start_at_once_and_come_more_often_as_less_is_left() -> None:
    assert equal_intervals(1000, 4) == (0, 250, 500, 750)
    late = shrinking_intervals(1000, 4)
    assert late == (0, 438, 750, 938)
    assert (np.diff((*late, 1000), n=2) < 0).all()
