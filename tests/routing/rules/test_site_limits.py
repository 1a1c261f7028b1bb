"""Rules of several steps, each with its own limit of sites: none is exceeded, whatever steps before have used up."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.routing.rules.config import Rules
from sim.routing.rules.decide import decide
from sim.routing.rules.situation import Situation
from tests.routing.rules.plainly import Gives, Plainly, worked_out
from tests.routing.rules.situations import situation, situations
from tests.routing.rules.test_optimiser import priced

WAYS = ("greedy", "one_site", "whole_lines", "fewest_sites")
NEAR = {"keep": "max_distance", "limit": "10 km"}


def steps(*ways: str) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a step that allocates in one of some ways."""
    return st.fixed_dictionaries(
        {
            "allocate": st.sampled_from(ways),
            "max_sites": st.sampled_from([None, 1, 2, 3]),
            "filters": st.sampled_from([(), (NEAR,)]),
            "rank": st.sampled_from([(), ({"by": "distance"},), ({"by": "units_covered"},)]),
        }
    )


SOME_STEPS = st.lists(steps(*WAYS), min_size=1, max_size=3)
LARGE = situations(most_units=12).map(priced)  # beyond what every split can be tried of
SMALL = situations(most_sites=4, most_units=3).map(priced)


def rules(blocks: list[dict[str, Any]]) -> Rules:
    return Rules.model_validate({"steps": blocks})


def step_by_step(blocks: list[dict[str, Any]], asked_for: Situation) -> list[Gives]:
    """Return what is given after each step, nothing first."""
    return [{}, *(decide(rules(blocks[: k + 1]), asked_for).gives for k in range(len(blocks)))]


@given(LARGE, st.lists(steps(*WAYS, "least_cost"), min_size=1, max_size=4))
def test_no_step_adds_a_site_beyond_its_limit(asked_for: Situation, blocks: list[dict[str, Any]]) -> None:
    drafts = step_by_step(blocks, asked_for)
    for block, before, after in zip(blocks, drafts, drafts[1:], strict=False):
        most = block["max_sites"] or len(asked_for.columns)
        assert before.keys() <= after.keys()
        assert after.keys() == before.keys() or len(after) <= most


@given(SMALL, st.lists(steps(*WAYS, "least_cost"), min_size=1, max_size=4))
def test_steps_only_add_to_what_is_given_and_never_more_than_is_wanted(
    asked_for: Situation, blocks: list[dict[str, Any]]
) -> None:
    drafts = step_by_step(blocks, asked_for)
    for before, after in pairwise(drafts):
        assert all(n >= m for site in before for n, m in zip(after[site], before[site], strict=True))
    answer = decide(rules(blocks), asked_for)
    given_and_open = [*answer.gives.values(), answer.unfilled]
    assert tuple(sum(units) for units in zip(*given_and_open, strict=True)) == asked_for.wanted


@given(SMALL, SOME_STEPS)
def test_steps_come_to_what_is_worked_out_plainly(asked_for: Situation, blocks: list[dict[str, Any]]) -> None:
    plain, answer = worked_out(rules(blocks), asked_for), decide(rules(blocks), asked_for)
    assert (answer.gives, answer.unfilled) == (plain.gives, plain.left)


@given(SMALL, st.lists(steps(*WAYS), max_size=2), steps("least_cost"))
def test_the_least_cost_choice_of_what_is_left_is_that_of_every_split(
    asked_for: Situation, before: list[dict[str, Any]], last: dict[str, Any]
) -> None:
    plain = Plainly(asked_for) if not before else worked_out(rules(before), asked_for)
    step = rules([last]).steps[0]
    units, price = plain.best_offer(step, step.max_sites or len(asked_for.columns))
    after = decide(rules([*before, last]), asked_for).gives
    assert asked_for.cost is not None
    more = {site: [n - m for n, m in zip(basket, plain.gives.get(site, [0] * len(basket)), strict=True)]
            for site, basket in after.items()}  # fmt: skip
    spent = sum(float(asked_for.cost(tuple(basket))[site]) for site, basket in more.items() if any(basket))
    assert (sum(map(sum, more.values())), pytest.approx(spent)) == (units, price)  # type: ignore[comparison-overlap]


def test_who_gives_already_may_give_more_beside_a_new_site() -> None:
    asked_for = priced(situation([[0, 3, 0, 1, 1]], [2, 3], [0, 0]))
    answer = decide(rules([{"allocate": "whole_lines"}, {"allocate": "least_cost", "max_sites": 2}]), asked_for)
    assert answer.gives == {1: [2, 1], 3: [0, 1]}


@pytest.mark.parametrize("last", [*WAYS, "least_cost"])
def test_where_the_limit_is_used_up_no_step_adds_a_site(last: str) -> None:
    first = {"filters": [{"keep": "attribute", "name": "first", "one_of": [True]}]}
    stock = [[2, 9, 9], [0, 9, 9], [2, 1, 1]]
    asked_for = priced(situation(stock, [2, 2, 2], attributes=[{"first": True}, {}, {}]))
    answer = decide(rules([first, {"allocate": last, "max_sites": 1}]), asked_for)
    assert (answer.gives, answer.unfilled) == ({0: [2, 0, 2]}, [0, 2, 0])
