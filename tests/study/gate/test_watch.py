"""Engines that are slow, fail, talk nonsense or lie: each is found out, counted, and the run goes on to its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.contract.http_router import HttpRouter
from sim.errors import FulfillSimError
from sim.routing.build import build_engine
from sim.scenario.load import Scenario
from sim.study.experiment import routing_of, run_router
from sim.study.gate.faults import Fault, Policy, StoppedError, read_policy
from sim.study.gate.margins import USUAL, read_margins
from sim.study.gate.run import Gate, run_pair
from sim.study.gate.sides import Configured, Served
from sim.study.gate.watch import GIVEN_UP_AFTER, Watched
from tests.study.gate.mischief import Tamper, serving
from tests.tiny import tiny


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """A day's orders in a world whose stores have nothing, and the router knows."""
    changes: dict[str, Any] = {"site_kinds__store__stock__carried_from": 1000, "clock__warm_up": "0 days"}
    return tiny(tmp_path_factory.mktemp("world"), **changes).with_measured_days(1)


def parcel_of(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the first parcel of an answer; where there is none, an empty one that makes the plan a wrong one."""
    parcels: list[dict[str, Any]] = answer["plan"]["parcels"]
    return parcels[0]


def other(**changes: Any) -> Tamper:
    def tamper(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        parcel_of(answer).update(changes)
        return answer

    return tamper


def one_more(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    parcel_of(answer)["lines"][0]["quantity"] += 1
    return answer


def of_another_order(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    ordered = {line["sku"] for line in asked["order"]["lines"]}
    foreign = next(sku for sku in "ABCD" if sku not in ordered)
    parcel_of(answer)["lines"] = [{"sku": foreign, "quantity": 1}]
    return answer


def not_a_number(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    parcel_of(answer)["cents"]["label"] = float("nan")
    return answer


def held_until_yesterday(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    return {"hold": {"until": asked["now"] - 1440}, "next_wake": answer["next_wake"]}


WRONG: dict[str, tuple[Tamper, Fault]] = {
    "fails": (lambda asked, answer: b"", Fault.FAILED),
    "no JSON": (lambda asked, answer: b"<html>", Fault.FAILED),
    "no plan": (lambda asked, answer: {"next_wake": None}, Fault.FAILED),
    "unknown site": (other(site="store_atlantis"), Fault.FAILED),
    "unknown service": (other(service="pigeon"), Fault.FAILED),
    "not a number": (not_a_number, Fault.FAILED),
    "below zero": (other(cents={"picking": -1, "packing": 0, "packaging": 0, "label": 0, "fees": 0}), Fault.COSTS),
    "one unit more": (one_more, Fault.WRONG),
    "of another order": (of_another_order, Fault.WRONG),
    "stock that is not there": (other(site="store_oakland"), Fault.OVERSOLD),
    "in the past": (other(ship_at=-5.0), Fault.DATES),
    "held until yesterday": (held_until_yesterday, Fault.OVERDUE),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("then", ["fallback:cheapest", "cancel"])
def test_what_cannot_be_is_counted_and_the_run_goes_on_without_accusing_anybody_falsely(
    world: Scenario, kind: str, then: str
) -> None:
    tamper, fault = WRONG[kind]
    with serving(world, tamper) as (url, engine), HttpRouter(url, world.network) as router:
        watched = Watched(router, world, read_policy(then, 5.0, 0))
        run = run_router(world, Tape(world, 1, 0), watched)  # audits what has happened
    assert engine.tampered > 5
    assert watched.faults.count == {fault: engine.tampered}
    assert run.routed == len(watched.seconds) - run.sums.pairs["reroutes_per_order"][0]
    cancelled = run.sums.pairs["cancel_rate"][0]
    assert (cancelled > 0) == (then == "cancel")


def test_a_sound_engine_over_http_is_the_same_to_the_last_bit_and_has_no_fault(world: Scenario) -> None:
    sides = Configured("ours", "cheapest"), Configured("ours again", "cheapest")
    with serving(world, lambda asked, answer: answer) as (url, _):
        gate = Gate((sides[0], Served(url)), world, read_margins(USUAL), Policy())
        _, (ours, theirs) = run_pair(gate, 0)
    assert ours.run is not None
    assert theirs.run is not None
    assert ours.run.sums.pairs == theirs.run.sums.pairs
    assert theirs.faults.total == 0


def test_one_that_hangs_is_given_up_after_three_answers_that_do_not_come(world: Scenario) -> None:
    with serving(world, lambda asked, answer: None, every=1) as (url, engine):
        router = HttpRouter(url, world.network, timeout_s=0.1)
        watched = Watched(router, world, Policy(seconds=0.1))
        run = run_router(world, Tape(world, 1, 0), watched)
        router.hang_up()
    assert engine.tampered == GIVEN_UP_AFTER
    assert watched.faults.count == {Fault.LATE: GIVEN_UP_AFTER}
    assert run.sums.pairs["order_fill_rate"][0] > 0


def test_another_answer_to_the_same_question_is_a_fault_once(world: Scenario) -> None:
    first: list[bool] = []

    def fickle(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        first.append(asked["order"]["id"] in seen)
        seen.add(asked["order"]["id"])
        if first[-1]:
            answer["plan"]["reason"] = "a whim"
        return answer

    seen: set[int] = set()
    with serving(world, fickle, every=1) as (url, _):
        gate = Gate((Configured("ours", "cheapest"), Served(url)), world, read_margins(USUAL), Policy())
        _, (_, theirs) = run_pair(gate, 0)
    assert theirs.faults.count == {Fault.OTHERWISE: 1}
    assert "asked again in a fresh run" in theirs.faults.first[Fault.OTHERWISE]


def test_where_the_policy_is_to_stop_the_first_fault_ends_the_run(world: Scenario) -> None:
    tamper, fault = WRONG["one unit more"]
    with serving(world, tamper) as (url, _), HttpRouter(url, world.network) as router:
        watched = Watched(router, world, Policy("stop"))
        with pytest.raises(StoppedError):
            run_router(world, Tape(world, 1, 0), watched)
    assert watched.faults.count == {fault: 1}


class Oddity:
    """Our engine, but one of its verbs answers something odd."""

    def __init__(self, world: Scenario, verb: str, answer: Any) -> None:
        self._engine = build_engine(routing_of(world), "cheapest", world.network)
        self._verb, self._answer = verb, answer

    def __getattr__(self, verb: str) -> Any:
        if verb == self._verb:
            return lambda *_: self._answer
        return getattr(self._engine, verb)


@pytest.mark.parametrize(
    ("verb", "answer", "fault"),
    [
        ("available", np.array([10**6] * 4), Fault.AVAILABLE),
        ("available", np.array([-1] * 4), Fault.AVAILABLE),
        ("available", np.array([1.0] * 4), Fault.FAILED),
        ("next_wake", float("nan"), Fault.SLEEPLESS),
        ("next_wake", -5.0, Fault.SLEEPLESS),
    ],
)
def test_other_verbs_are_held_against_what_can_be(world: Scenario, verb: str, answer: Any, fault: Fault) -> None:
    router: Any = Oddity(world, verb, answer)
    watched = Watched(router, world, Policy())
    run_router(world, Tape(world, 1, 0), watched)
    assert set(watched.faults.count) == {fault}


@pytest.mark.parametrize("text", ["fallback", "fallback:", "cancel:it", "shrug"])
def test_a_policy_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(FulfillSimError, match="--on-fault"):
        read_policy(text, 1.0, 0)


def test_a_stand_in_that_the_scenario_does_not_know_is_refused_at_once(world: Scenario, tmp_path: Path) -> None:
    router = build_engine(routing_of(world), "cheapest", world.network)
    with pytest.raises(FulfillSimError, match="did you mean nearest"):
        Watched(router, world, Policy(strategy="neerest"))
