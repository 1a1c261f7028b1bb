"""A real pilot is read as registered, and a table that is not whole is refused."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from sim.errors import ScenarioError
from sim.files import write_yaml
from sim.report.pilot.read import in_words
from sim.study.pilot.reading import read_pilot, read_registered
from sim.study.pilot.registered import registered

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.pilot.sizing import Sizing

UNITS = {f"s{k}": {"group": 0, "treated": [[4, 8]] if k < 4 else []} for k in range(10)}
PLAN: dict[str, Any] = {
    "scenario": "chain", "treatment": "all_send", "begins": "sends", "outcome": "cost_per_order", "expected": -1.0,
    "design": "change", "alpha": "5 %", "before": 3, "settle": 1, "after": 4, "waves": 4, "block": 1, "naive": 3,
    "looks": [{"week": 6, "level": 0.003}, {"week": 8, "level": 0.049}], "units": UNITS,
}  # fmt: skip


def values(effect: float = -1.0, weeks: int = 8) -> np.ndarray:
    rng = np.random.default_rng(3)
    found = rng.normal(15, 1, (10, 1)) + rng.normal(0, 0.3, (10, 8))
    found[:4, 3:] += effect
    return found[:, :weeks]


def written(folder: Path, rows: list[list[object]], plan: dict[str, Any] | None = None) -> tuple[Path, Path]:
    data, registered_as = folder / "data.csv", folder / "registered.yaml"
    with data.open("w", newline="") as file:
        csv.writer(file).writerows([["store", "week", "value"], *rows])
    write_yaml(registered_as, {**PLAN, **(plan or {})})
    return data, registered_as


def rows(of: np.ndarray) -> list[list[object]]:
    return [[f"s{j}", week + 1, round(float(value), 6)] for (j, week), value in np.ndenumerate(of)]


def test_it_is_the_analysis_that_was_planned(tmp_path: Path) -> None:
    seen = np.round(values(), 6)
    data, plan = written(tmp_path, rows(seen))
    reading = read_pilot(data, read_registered(plan))
    change = seen[:, 4:].mean(axis=1) - seen[:, :3].mean(axis=1)
    expected = stats.ttest_ind(change[:4], change[4:])
    assert reading.found.p == pytest.approx(expected.pvalue)
    assert reading.last
    assert reading.stops
    assert "An effect is shown: it is better than without" in "\n".join(in_words(reading))


def test_an_early_look_has_its_own_level(tmp_path: Path) -> None:
    data, plan = written(tmp_path, rows(values(-0.35, 6)))
    reading = read_pilot(data, read_registered(plan))
    assert (reading.look.week, reading.look.level, reading.last) == (6, 0.003, False)
    assert 0.003 < reading.found.p < 0.05
    assert not reading.stops
    assert in_words(reading)[-1] == "Not shown yet: go on to the next look that was planned."


def test_nothing_shown_is_not_nothing_there(tmp_path: Path) -> None:
    data, plan = written(tmp_path, rows(values(0.0)))
    assert in_words(read_pilot(data, read_registered(plan)))[-1].startswith("No effect is shown. That is not none: ")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda r: r.__setitem__(4, ["s0", 5, "n/a"]), r"data.csv:6: value: 'n/a' - expected a number"),
        (lambda r: r.__setitem__(0, ["t0", 1, 3]), r"data.csv:2: store: not registered: 't0' - expected one of s0"),
        (lambda r: r.__setitem__(1, ["s0", 1, 3]), r"data.csv:3: week: s0 in week 1 stands already in line 2"),
        (lambda r: r.__setitem__(1, ["s0", 9, 3]), r"data.csv:3: week: 9 - expected a week of the pilot, from 1 to 8"),
        (lambda r: r.__setitem__(1, ["s0", "2.5", 3]), r"data.csv:3: week: '2.5' - expected a week's number"),
        (lambda r: r.__setitem__(1, ["s0", 2, "inf"]), r"data.csv:3: value: 'inf' - expected a number"),
        (lambda r: r.__setitem__(1, ["s0", 2, "1_0"]), r"data.csv:3: value: '1_0' - expected a number"),
        (lambda r: r.__setitem__(1, ["s0", 2, "1e300"]), r"data.csv:3: value: '1e300' - expected a number of at most"),
        (lambda r: r.__setitem__(1, ["s0", "2026-01-12", 3]), r"data.csv:3: week: '2026-01-12' - expected a week's"),
        (lambda r: r.__setitem__(1, [2, "s0", 3]), r"data.csv:3: week: 's0' - expected a week's number"),
        (lambda r: r.pop(9), r"data.csv: value: s1 in week 2 is missing - expected every unit in every week"),
        (lambda r: r.__delitem__(slice(0, 8)), r"s0 in week 5 is missing.*\n.*3 more values are missing"),
    ],
)
def test_bad_data_are_refused_by_line(tmp_path: Path, change: Any, told: str) -> None:
    all_rows = rows(values())
    change(all_rows)
    data, plan = written(tmp_path, all_rows)
    with pytest.raises(ScenarioError, match=told):
        read_pilot(data, read_registered(plan))


@pytest.mark.parametrize("design", ["parallel", "change", "adjusted", "naive"])
@pytest.mark.parametrize("value", [5.0, 0.1])
def test_values_without_any_spread_are_refused(tmp_path: Path, design: str, value: float) -> None:
    data, plan = written(tmp_path, rows(np.full((10, 8), value)), {"design": design})
    with pytest.raises(ScenarioError, match=r"data.csv: value: says nothing of an effect - expected units that differ"):
        read_pilot(data, read_registered(plan))


def test_an_effect_that_is_the_same_to_the_cent_everywhere_is_refused_too(tmp_path: Path) -> None:
    treated = np.outer(np.arange(10) < 4, np.arange(8) > 2)
    data, plan = written(tmp_path, rows(0.1 + 0.2 * treated))
    with pytest.raises(ScenarioError, match="expected units that differ"):
        read_pilot(data, read_registered(plan))


@pytest.mark.parametrize("unit", [1e-12, 1e12])
def test_the_verdict_hangs_on_no_unit(tmp_path: Path, unit: float) -> None:
    seen = values()
    data, plan = written(tmp_path, [[f"s{j}", week + 1, float(value)] for (j, week), value in np.ndenumerate(seen)])
    one = read_pilot(data, read_registered(plan)).found
    data, plan = written(
        tmp_path, [[f"s{j}", week + 1, float(value) * unit] for (j, week), value in np.ndenumerate(seen)]
    )
    other = read_pilot(data, read_registered(plan)).found
    assert (other.effect, other.error, other.p) == pytest.approx((one.effect * unit, one.error * unit, one.p))


def test_a_look_that_was_not_planned_is_refused(tmp_path: Path) -> None:
    data, plan = written(tmp_path, rows(values(weeks=7)))
    with pytest.raises(ScenarioError, match=r"ends in week 7, when no look was planned - expected .*week 6, week 8"):
        read_pilot(data, read_registered(plan))


def test_what_was_not_registered_is_no_plan_to_read_by(tmp_path: Path) -> None:
    data, plan = written(tmp_path, rows(values()), {"units": {"s0": {"group": 0, "treated": [[4, 9]]}}})
    with pytest.raises(ScenarioError, match=r"units\.s0: weeks 4 to 9 - expected weeks from 1 to 8"):
        read_registered(plan)
    plan.write_text("begins: sends\nstores: {treated: [4]}\n")
    with pytest.raises(ScenarioError, match=r"not registered - expected registered\.yaml"):
        read_registered(plan)
    assert data.exists()


def test_what_a_sizing_registers_can_be_read(sizing: Sizing, tmp_path: Path) -> None:
    path = tmp_path / "registered.yaml"
    write_yaml(path, registered(sizing))
    found = read_registered(path)
    layout, weeks = found.layout, found.weeks
    assert weeks == sizing.weeks(sizing.shown)
    assert np.array_equal(layout.treated, sizing.proposal.treated[:, : weeks.all])
    assert list(found.units) == list(sizing.study.stores.names)
    assert found.looks[-1].week == weeks.all
    assert all(look.level < 0.05 or look is found.looks[-1] for look in found.looks)
