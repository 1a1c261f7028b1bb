"""Which stores: each as likely as any other, spread over what they are like, paired with their like."""

from dataclasses import replace

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.scenario.load import load
from sim.study.pilot.plan import Plan
from sim.study.pilot.stores import balance, stores_of
from tests.study.pilot.chain import PLAN, chain
from tests.study.pilot.test_analysis import alike


def test_every_store_is_as_likely_as_any_other():
    stores = replace(alike(12), strata=np.repeat([0, 1, 2], 4))
    rng = np.random.default_rng(3)
    drawn = np.bincount(np.concatenate([stores.spread(5, rng) for _ in range(4000)]), minlength=12) / 4000
    assert drawn == pytest.approx([5 / 12] * 12, abs=0.03)  # nearly four standard errors


def test_every_stratum_gives_its_share():
    stores = replace(alike(12), strata=np.repeat([0, 1, 2], 4))
    for seed in range(20):
        chosen = stores.spread(6, np.random.default_rng(seed))
        assert np.bincount(stores.strata[chosen]).tolist() == [2, 2, 2]


def test_the_like_are_paired():
    stores = replace(alike(6), measures={"people": np.array([1.0, 50, 1.1, 9, 51, 9.5])})
    assert {frozenset(pair) for pair in stores.paired()} == {frozenset(p) for p in ((1, 4), (3, 5), (0, 2))}


def test_measures_of_a_scenario_and_whole_states(tmp_path):
    scenario = load(chain(tmp_path))
    plan = Plan.model_validate(PLAN)
    stores = stores_of(scenario, plan)
    assert stores.names[:2] == ("store_0", "store_1")
    assert stores.measures["people"].tolist() == [100 * (1 + k % 4) for k in range(12)]
    together = plan.model_copy(update={"stores": plan.stores.model_copy(update={"together": "state"})})
    states = stores_of(scenario, together)
    assert states.names == ("CA", "TX", "NY", "MA")
    assert states.measures["people"].tolist() == [600, 700, 800, 900]
    assert states.treated_in(np.array([True, False, False, True])).nonzero()[0].tolist() == [0, 1, 2, 9, 10, 11]


def test_a_store_that_cannot_take_part_is_never_treated(tmp_path):
    scenario, plan = load(chain(tmp_path)), Plan.model_validate(PLAN)
    without = plan.model_copy(update={"stores": plan.stores.model_copy(update={"leave_out": ("store_3",)})})
    stores = stores_of(scenario, without)
    assert not stores.fit[3]
    assert all(3 not in stores.spread(11, np.random.default_rng(seed)) for seed in range(5))
    wrong = plan.model_copy(update={"stores": plan.stores.model_copy(update={"leave_out": ("store_33",)})})
    with pytest.raises(FulfillSimError, match=r"leave_out: unknown 'store_33'.*did you mean store_3"):
        stores_of(scenario, wrong)


def test_balance_is_in_standard_deviations():
    measures = {"people": np.array([1.0, 2.0, 3.0, 6.0])}
    (found,) = balance(measures, np.array([1, 1, 0, 0], dtype=bool), np.array([0, 0, 1, 1], dtype=bool))
    assert (found.treated, found.compared, found.all) == (1.5, 4.5, 3.0)
    assert found.apart == pytest.approx(-3 / np.std([1, 2, 3, 6], ddof=1))
