"""What a sizing says, and that its parts agree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import numpy as np
import pytest

from sim.study.pilot.designs.names import design_of
from sim.study.pilot.grid import grid
from sim.study.pilot.laid import Histories, drawn, mixed
from sim.study.pilot.layout import Values, Weeks
from sim.study.pilot.null import rejections
from sim.study.pilot.plan import DesignName, Plan
from sim.study.pilot.shares import by_history, wilson
from tests.study.pilot.test_analysis import alike

if TYPE_CHECKING:
    from sim.study.pilot.sizing import Sizing
    from sim.study.pilot.worlds import Study


def test_the_effect_of_the_whole_roll_out_is_that_of_the_comparison(sizing: Sizing) -> None:
    # by store and not by order, so not the same number, but stores near their shoppers save the long way
    found = sizing.whole.difference("all_send/cheapest", "cost_per_order").interval
    assert sizing.effect.mean < -5
    assert found.mean == pytest.approx(sizing.effect.mean, rel=0.15)


def test_a_design_says_the_truth_and_its_bias(sizing: Sizing) -> None:
    for each in sizing.judged:
        assert each.found.of == 2
        assert each.cells == grid(sizing.study, each.design, each.noise, sizing.wanted)
        truth = each.says.mean - each.bias.mean
        assert truth == pytest.approx(sizing.effect.mean, rel=0.1)  # over this design's own weeks
        # treated stores serve the markets of others, so the difference is less than the roll-out's effect
        assert abs(each.says.mean) < abs(truth)


def test_a_wrong_design_is_not_chosen(sizing: Sizing) -> None:
    assert all(abs(each.bias.mean) > 0.25 * abs(sizing.effect.mean) for each in sizing.judged)
    assert sizing.chosen is None
    assert sizing.shown.name == "change"  # never the naive one
    assert sizing.apart == 0


def test_more_stores_and_weeks_have_more_power_and_cost_more(sizing: Sizing) -> None:
    cells = {(cell.count, cell.after): cell for cell in sizing.shown.cells}
    assert set(cells) == {(3, 1), (3, 2), (5, 1), (5, 2)}
    for less, more in (((3, 1), (3, 2)), ((3, 1), (5, 1)), ((5, 1), (5, 2))):
        assert cells[less].power < cells[more].power
        assert cells[less].smallest > cells[more].smallest
        assert cells[less].cost < cells[more].cost
    # three stores for 1,000, two weeks (one to settle) at 500
    assert cells[3, 1].cost == 4000


def test_what_is_asked_of_people_is_told_store_by_store(sizing: Sizing) -> None:
    assert {each.store for each in sizing.asked} == {
        sizing.study.stores.ids[j] for j in np.flatnonzero(sizing.proposal.ever)
    }
    first = sizing.asked[0]
    assert first.before == 0
    assert first.lines > 0
    assert first.can == 30  # two people, four minutes a line
    assert any("what its people can pick" in line for line in first.warnings(0.01))


def test_laid_on_a_history_only_what_is_treated_is_changed() -> None:
    stores, design = alike(10), design_of("parallel", Plan(begins="sends"))
    base, full = (Values(np.full((10, 5), value), np.ones((10, 5))) for value in (1.0, 3.0))
    weeks = Weeks(2, 0, 3)
    layout = drawn(design, "laid", stores, 4, weeks, 5, 1, 0)
    assert np.array_equal(mixed(base, full, layout).over == 3, layout.treated)
    assert Histories((base,), (full,), 1).effects(weeks).tolist() == [2.0]
    again = drawn(design, "laid", stores, 4, weeks, 5, 1, 0)
    assert np.array_equal(layout.treated, again.treated)


def test_where_nothing_is_done_no_design_finds_more_than_its_level_allows(study: Study) -> None:
    # the part of `fulfillsim pilot --no-effect 100` that a test has time for: made weeks instead of simulated ones
    rng = np.random.default_rng(11)
    histories = [
        Values(rng.normal(0, 2, (12, 1)) + rng.normal(0, 1, (12, 5)) + rng.normal(0, 1, (1, 5)), np.ones((12, 5)))
        for _ in range(400)
    ]
    plan = study.plan.model_copy(update={"designs": get_args(DesignName)})
    found = rejections(replace(study, plan=plan), histories)
    for name, share in found.items():
        assert share.of == 400
        assert share.value <= 0.05 + 0.033 or name == "naive", name  # three standard errors
    # before and after takes a good or a bad week for the treatment's doing
    assert found["naive"].value > 0.05


def test_shares_have_their_limits() -> None:
    # Newcombe (1998): 15 of 148 and 0 of 20
    assert wilson(15, 148)[2:] == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20)[2:] == pytest.approx((0, 0.1611), abs=5e-5)
    found = by_history([[True, False], [True, True], [False, False]])
    assert (found.of, found.value) == (6, 0.5)
    assert (found.low, found.high) == (0.0, 1.0)  # three histories that differ so much tell next to nothing
