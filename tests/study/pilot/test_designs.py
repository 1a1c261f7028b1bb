"""Who is treated when."""

from typing import get_args

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.pilot.analysis import levels_and_weeks
from sim.study.pilot.designs.names import design_of
from sim.study.pilot.layout import Values, Weeks
from sim.study.pilot.noise import Noise
from sim.study.pilot.plan import DesignName, Plan
from tests.study.pilot.test_analysis import alike
from tests.study.pilot.test_wedge import by_least_squares

WEEKS = Weeks(2, 1, 4)
PLAN = Plan(begins="sends", waves=3, naive=3)


def laid(name, count=6, run=9, seed=0):
    stores = alike(20)
    return stores, design_of(name, PLAN).lay(stores, count, WEEKS, run, np.random.default_rng(seed))


@pytest.mark.parametrize("name", ["parallel", "change", "adjusted"])
def test_some_begin_after_the_weeks_before_and_all_others_are_compared_with(name):
    _, layout = laid(name)
    assert layout.ever.sum() == 6
    assert not layout.treated[:, :2].any()
    assert layout.treated[layout.ever, 2:].all()
    assert (layout.unit == 0).all()


def test_of_each_pair_one_is_treated():
    _, layout = laid("matched_pairs")
    assert np.bincount(layout.unit[layout.unit >= 0]).tolist() == [2] * 6
    assert sorted(layout.unit[layout.ever]) == list(range(6))


def test_waves_begin_one_after_the_other_and_all_are_treated_in_the_end():
    _, layout = laid("stepped_wedge")
    starts = np.sort(layout.treated[layout.unit >= 0].argmax(axis=1))
    assert starts.tolist() == [2, 2, 3, 3, 4, 4]  # five weeks in three waves: a step is one week
    assert (np.diff(layout.treated.astype(int), axis=1) >= 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_back_and_forth_every_unit_is_on_half_of_its_weeks(seed):
    _, layout = laid("switchback", run=8, seed=seed)
    on = layout.treated[layout.unit >= 0][:, 2:]
    assert (on.sum(axis=1) == 3).all()
    assert not layout.treated[:, :2].any()


def test_the_best_are_those_with_most_people_near_them():
    stores, layout = laid("naive")
    assert set(np.flatnonzero(layout.ever)) == set(np.argsort(stores.measures["people"])[-3:])


def test_no_more_than_there_are():
    with pytest.raises(FulfillSimError, match="21 stores - expected at most the 20"):
        laid("parallel", 21)


def test_weeks_just_after_a_start_are_not_looked_at():
    # an effect that comes a week late is seen whole by every design but the one that goes back and forth
    for name in ("parallel", "change", "adjusted", "matched_pairs", "stepped_wedge", "naive"):
        stores, layout = laid(name)
        design = design_of(name, PLAN)
        late = layout.treated & np.roll(layout.treated, 1, axis=1)
        rng = np.random.default_rng(1)
        noise = 1e-6 * rng.normal(0, 1, late.shape)
        found = design.analyse(Values(3.0 * late + noise, np.ones(late.shape)), layout, WEEKS)
        assert found.effect == pytest.approx(3.0, abs=1e-4), name
        assert stores.count == 20


@pytest.mark.parametrize("settle", [0, 1, 2, 3])
def test_so_many_weeks_after_a_start_are_not_looked_at_and_no_more(settle):
    # a wave's first weeks, wrong by 100, must not be seen; all others must
    stores = alike(20)
    weeks, design = Weeks(2, settle, 6), design_of("stepped_wedge", PLAN)
    treated = design.lay(stores, 6, weeks, weeks.all, np.random.default_rng(0))
    since = np.cumsum(treated.treated, axis=1)
    values = np.random.default_rng(1).normal(10, 1, since.shape) + 2.0 * treated.treated
    settling = (since > 0) & (since <= settle)
    part = treated.unit >= 0
    seen = np.where(settling, np.nan, values)[part]
    expected = levels_and_weeks(seen, treated.treated[part])
    wrong = Values(np.where(settling, 100.0, values), np.ones(values.shape))
    assert design.analyse(wrong, treated, weeks) == expected


@pytest.mark.parametrize("settle", [1, 3])
def test_weeks_that_are_not_looked_at_cost_a_wedge_what_the_formula_says(settle):
    stores, count, weeks, design = alike(20), 12, Weeks(2, settle, 7), design_of("stepped_wedge", PLAN)
    said = design.precision(Noise(1.0, 1.0, 20, 9, 1, 0.5, 0, 1, 0), stores, count, weeks).error
    rng, trials, found = np.random.default_rng(3), 400, []
    for _ in range(trials):
        layout = design.lay(stores, count, weeks, weeks.all, rng)
        values = rng.normal(0, 1, (20, 1)) + rng.normal(0, 1, weeks.all) + rng.normal(0, 1, (20, weeks.all))
        found.append(design.analyse(Values(values, np.ones(values.shape)), layout, weeks).effect)
    assert np.std(found) == pytest.approx(said, rel=3.3 / np.sqrt(2 * trials))


@pytest.mark.parametrize("by", [2, 5, 8])
def test_what_is_known_at_a_look_is_known_of_the_waves_that_have_begun_by_then(by):
    stores, count, weeks, design = alike(20), 12, Weeks(2, 1, 8), design_of("stepped_wedge", PLAN)
    layout = design.lay(stores, count, weeks, weeks.all, np.random.default_rng(0))
    treated = layout.treated[layout.unit >= 0][:, : 2 + 1 + by]
    since = np.cumsum(treated, axis=1)
    expected = by_least_squares(treated.astype(int), 0.7, 1.3, (since == 0) | (since > 1))
    noise = Noise(1.3, 0.7, 20, 9, 1, 0.65, 0, 1, 0)
    assert design.precision(noise, stores, count, weeks, by).error ** 2 == pytest.approx(expected)


@pytest.mark.parametrize("name", [*get_args(DesignName)])
def test_the_longer_it_is_looked_at_the_more_is_known(name):
    stores, weeks, noise = alike(20), Weeks(2, 1, 8), Noise(1.0, 1.0, 20, 9, 1, 0.5, 0, 1, 0)
    errors = [design_of(name, PLAN).precision(noise, stores, 8, weeks, by).error for by in range(1, 9)]
    assert (np.diff(errors) < 0).all()
    assert errors[-1] == design_of(name, PLAN).precision(noise, stores, 8, weeks).error
