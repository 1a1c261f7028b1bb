"""Optimisation where the truth is known: outputs are made up, all else is the machinery that real worlds go through."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.search.tried import front
from sim.study.search.variables import Candidate
from tests.study.made_up import World, asked

if TYPE_CHECKING:
    from sim.study.search.optimize import Optimum

SEARCH: dict[str, Any] = {"runs": 120, "replications": 3}
FINAL: dict[str, Any] = {"finalists": 3, "runs": 120, "matters": "0.05USD", "proof": 5}
BASE_COST = 12.0


def bowl(candidate: Candidate) -> dict[str, float]:
    """Return a cost that is least, 10 USD, at x = 3 and y = 4, and a fill that rises with y: 97 % at y = 4."""
    if not candidate.number:
        return {"cost_per_order": BASE_COST, "order_fill_rate": 0.99}
    x, y = candidate.values["a.x"], candidate.values["a.y"]
    return {"cost_per_order": 10 + 0.1 * (x - 3) ** 2 + 0.1 * (y - 4) ** 2, "order_fill_rate": 0.95 + 0.005 * y}


def won(found: Optimum) -> Candidate:
    assert found.winner is not None
    return found.winner


def test_the_search_comes_near_an_optimum_that_is_known_and_proves_what_it_is_worth() -> None:
    question = asked(minimise="cost_per_order", vary={"a.x": "0.0..10.0", "a.y": "0..9"}, search=SEARCH, final=FINAL)
    found = World(bowl, own=0.02).optimum(question)
    assert math.isinf(found.space)
    assert len(found.tried) == question.asked.candidates == 39
    assert abs(won(found).values["a.x"] - 3) < 1
    assert won(found).values["a.y"] == 4
    assert found.proof is not None
    base, winner = found.proof
    truth = bowl(winner.candidate)["cost_per_order"] - BASE_COST
    less = winner.against(base, "cost_per_order")
    assert less.low < truth < less.high < -1.5
    # what all have in common is gone: the luck of a replication is 25 times that of a candidate
    assert less.half_width < winner.kpi("cost_per_order").half_width / 4


@pytest.mark.parametrize(("least", "edge"), [(96.8, 4), (97.2, 5), (97.7, 6)])
def test_a_constraint_that_binds_moves_the_optimum_to_its_edge(least: float, edge: int) -> None:
    question = asked(
        minimise="cost_per_order", vary={"a.x": "1..5", "a.y": "0..9"}, search={"runs": 160, "replications": 3},
        subject_to={"order_fill_rate": f"at least {least} %"}, final=FINAL,
    )  # fmt: skip
    found = World(bowl, own=0.01).optimum(question)
    brute = [
        (bowl(each.candidate)["cost_per_order"], each.candidate.name)
        for each in found.tried
        if bowl(each.candidate)["order_fill_rate"] >= least / 100
    ]
    assert len(found.tried) == found.space == 50  # few enough to try all
    assert won(found).values == {"a.x": 3, "a.y": edge}
    assert won(found).name == min(brute)[1]
    assert all(each.outcome == ("met" if each.candidate.values["a.y"] >= edge else "missed") for each in found.tried)


def test_nobody_wins_where_nobody_keeps_to_what_has_to_hold() -> None:
    question = asked(
        minimise="cost_per_order", vary={"a.x": [1, 2], "a.y": [0, 1]}, search=SEARCH, final=FINAL,
        subject_to={"order_fill_rate": "at least 99.9 %"},
    )  # fmt: skip
    found = World(bowl).optimum(question)
    assert (found.winner, found.fresh, found.feasible) == (None, (), [])


def test_what_has_to_hold_may_be_relative_to_the_scenario_as_it_stands() -> None:
    question = asked(
        minimise="delivery_hours_mean", vary={"a.x": [1, 2, 3], "a.y": [4]}, search=SEARCH,
        final=FINAL | {"matters": "1h"},
        subject_to={"cost_per_order": "15 % lower than the baseline"},
    )  # fmt: skip

    def truth(candidate: Candidate) -> dict[str, float]:
        return {**bowl(candidate), "delivery_hours_mean": 50.0 + 3 * candidate.values.get("a.x", 0)}

    found = World(truth, common=0.05, own=0.02).optimum(question)
    # x = 1 costs 10.40, 13 % less than 12 USD; x = 2 costs 10.10, 16 % less
    assert won(found).values["a.x"] == 2
    assert {each.candidate.values["a.x"]: each.outcome for each in found.tried} == {1: "missed", 2: "met", 3: "met"}


def test_a_kpi_that_is_to_be_high_is_maximised() -> None:
    question = asked(maximise="order_fill_rate", vary={"a.x": [3], "a.y": "0..9"}, search=SEARCH,
                     final=FINAL | {"matters": "0.1pp"})  # fmt: skip
    assert won(World(bowl).optimum(question)).values["a.y"] == 9


def test_search_selection_and_proof_look_at_luck_of_their_own_and_run_nothing_twice() -> None:
    question = asked(minimise="cost_per_order", vary={"a.x": [1, 2, 3], "a.y": [3, 4]}, search=SEARCH, final=FINAL)
    world = World(bowl, own=0.2)
    found = world.optimum(question)
    assert len(set(world.runs)) == len(world.runs)
    assert len(world.runs) <= 120 + 120 + 2 * 5
    by_stage = [range(3), range(3, 33), range(33, 38)]
    of_winner = {number for name, number in world.runs if name == won(found).name}
    assert of_winner <= {n for stage in by_stage for n in stage}
    assert {n for n in of_winner if n >= 33} == set(by_stage[2])
    not_finalists = {each.candidate.name for each in found.tried} - {each.candidate.name for each in found.fresh}
    assert all(number < 3 for name, number in world.runs if name in not_finalists)


def test_the_same_seed_makes_the_same_search_and_another_seed_another() -> None:
    question = asked(minimise="cost_per_order", vary={"a.x": "0.0..10.0", "a.y": "0..9"}, search=SEARCH, final=FINAL)
    first, again, other = (World(bowl).optimum(question, seed) for seed in (1, 1, 2))
    assert [each.candidate for each in first.tried] == [each.candidate for each in again.tried]
    assert [each.kpi("cost_per_order") for each in first.fresh] == [each.kpi("cost_per_order") for each in again.fresh]
    assert [each.candidate for each in first.tried] != [each.candidate for each in other.tried]


def test_the_front_is_that_of_brute_force_and_comes_with_fresh_luck() -> None:
    def truth(candidate: Candidate) -> dict[str, float]:
        x, y = candidate.values.get("a.x", 0), candidate.values.get("a.y", 0)
        return {"cost_per_order": 10.0 + x + 0.5 * y, "delivery_hours_mean": 90.0 - 8 * x + 3 * y}

    question = asked(minimise=["cost_per_order", "delivery_hours_mean"], vary={"a.x": "0..4", "a.y": "1..4"},
                     search=SEARCH, final={"finalists": 5, "runs": 120})  # fmt: skip
    found = World(truth, common=0.0, own=0.001).optimum(question)
    points = {
        each.candidate.name: (truth(each.candidate)["cost_per_order"], truth(each.candidate)["delivery_hours_mean"])
        for each in (found.base, *found.tried)
    }
    brute = {
        name
        for name, (cost, hours) in points.items()
        if not any(c <= cost and h <= hours and (c, h) != (cost, hours) for c, h in points.values())
    }
    assert {each.candidate.name for each in found.front} == brute
    assert len(brute) == 5  # y = 1 and any x above 0, and the scenario as it stands
    assert found.winner is None
    assert {each.candidate.name for each in found.fresh} == brute
    assert {each.count for each in found.fresh} == {20}


def test_of_random_points_the_front_is_that_of_brute_force() -> None:
    draw = np.random.default_rng(3)
    question = asked(
        minimise="cost_per_order", maximise="order_fill_rate", vary={"a.x": list(range(40))}, search=SEARCH
    )
    outputs = draw.integers(1, 8, (41, 2))

    def truth(candidate: Candidate) -> dict[str, float]:
        cost, fill = outputs[candidate.number].tolist()
        return {"cost_per_order": float(10 + cost), "order_fill_rate": fill / 100}

    found = World(truth, common=0.0, own=0.0).optimum(
        asked(minimise="cost_per_order", maximise="order_fill_rate", vary={"a.x": list(range(40))},
              search={"runs": 123, "replications": 3}, final={"finalists": 2, "runs": 30})
    )  # fmt: skip
    ours = {each.candidate.number for each in front([found.base, *found.tried], question)}
    beaten = (outputs[:, None, 0] >= outputs[None, :, 0]) & (outputs[:, None, 1] <= outputs[None, :, 1])
    strictly = beaten & (outputs[:, None, :] != outputs[None, :, :]).any(axis=2)
    assert ours == set(np.flatnonzero(~strictly.any(axis=1)).tolist())


def equal(_: Candidate) -> dict[str, float]:
    return {"cost_per_order": 10.0}


def test_among_equal_candidates_no_more_is_claimed_than_was_promised() -> None:
    question = asked(
        minimise="cost_per_order", vary={"a.x": list(range(10))}, search={"runs": 44, "replications": 2},
        final={"finalists": 3, "runs": 60, "matters": "0.50USD", "proof": 5},
    )  # fmt: skip
    trials, sure, believed_sure, believed, proved = 150, 0, 0, [], []
    for seed in range(trials):
        found = World(equal, common=3.0, own=0.5, seed=seed).optimum(question)
        best = min(found.tried, key=lambda each: each.kpis["cost_per_order"].value)
        believed.append(best.less["cost_per_order"].value)
        believed_sure += best.less["cost_per_order"].value < -0.5
        assert found.proof is not None
        base, winner = found.proof
        if winner.candidate.number:
            less = winner.against(base, "cost_per_order")
            proved.append(less.mean)
            sure += less.high < 0
    # one side of a 95 % interval: 2.5 % of the trials, and three standard errors
    assert sure <= 0.025 * trials + 3 * math.sqrt(0.025 * 0.975 * trials)
    assert abs(np.mean(proved)) < 3 * np.std(proved) / math.sqrt(len(proved))
    # whoever believed the search would have thought that something was won, most of the time
    assert np.mean(believed) < -0.4
    assert believed_sure > trials / 3


def test_the_best_is_selected_as_often_as_was_promised() -> None:
    def ladder(candidate: Candidate) -> dict[str, float]:
        return {"cost_per_order": 10.0 + 0.3 * (candidate.values["a.x"] != 2 if candidate.number else 2)}

    question = asked(
        minimise="cost_per_order", vary={"a.x": [0, 1, 2, 3]}, search={"runs": 10, "replications": 2},
        final={"finalists": 4, "runs": 4000, "matters": "0.30USD", "proof": 2},
    )  # fmt: skip
    trials = 60
    found = [World(ladder, common=2.0, own=0.4, seed=seed).optimum(question) for seed in range(trials)]
    assert all(each.selection is not None and each.selection.settled for each in found)
    right = sum(won(each).values.get("a.x") == 2 for each in found)
    assert right >= 0.95 * trials - 3 * math.sqrt(0.95 * 0.05 * trials)


def test_whoever_comes_out_as_the_scenario_as_it_stands_is_no_finalist_and_nothing_is_won() -> None:
    question = asked(
        minimise="cost_per_order", vary={"a.x": [1, 2]}, search={"runs": 6, "replications": 2}, final=FINAL
    )
    found = World(equal, common=1.0, own=0.0).optimum(question)
    assert found.fresh == ()
    assert found.winner is None


def test_a_kpi_that_the_scenario_has_not_is_told() -> None:
    question = asked(minimise="cost_per_order", vary={"a.x": [1, 2]}, search=SEARCH, final=FINAL)
    with pytest.raises(FulfillSimError, match="cost_per_order cannot be told in this scenario"):
        World(lambda _: {"cost_per_order": math.nan}).optimum(question)


def test_a_candidate_whose_objective_cannot_be_told_is_refused_by_name() -> None:
    question = asked(minimise="cost_per_order", vary={"a.x": [1, 2]}, search=SEARCH, final=FINAL)

    def truth(candidate: Candidate) -> dict[str, float]:
        return {"cost_per_order": math.nan if candidate.values.get("a.x") == 2 else 10.0 - candidate.number}

    found = World(truth).optimum(question)
    assert found.refused == {"c2": "cost_per_order cannot be told"}
    assert won(found).name == "c1"


def test_ocba_keeps_to_the_budget_and_its_luck_apart_from_that_of_the_proof() -> None:
    def ladder(candidate: Candidate) -> dict[str, float]:
        return {"cost_per_order": 10.0 + 0.15 * (candidate.values["a.x"] if candidate.number else 2)}

    question = asked(
        minimise="cost_per_order", vary={"a.x": [0, 1, 2, 3]}, search={"runs": 10, "replications": 2},
        final={"by": "ocba", "finalists": 4, "runs": 140, "matters": "0.10USD", "proof": 4},
    )  # fmt: skip
    world = World(ladder, common=0.0, own=0.4)
    found = world.optimum(question)
    assert found.selection is not None
    assert found.selection.chance is not None
    assert len(set(world.runs)) == len(world.runs)
    final = [number for _, number in world.runs if 2 <= number < 142]
    assert 50 < len(final) <= 140
    assert {number for _, number in world.runs if number >= 142} == {142, 143, 144, 145}
    taken = found.selection.replications
    assert taken[found.selection.best] == taken.max() > taken.min()
    assert won(found).values == {"a.x": 0}
    assert all(each.count <= found.fresh[0].count for each in found.fresh)  # held against the scenario as it stands
