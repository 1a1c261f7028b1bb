"""Routers that take their time are examined too: what they hold, whom they offer it to, what they revise."""

from __future__ import annotations

from typing import Any

import pytest

from sim.contract.check_router import check_router
from sim.contract.http_router import HttpRouter
from sim.contract.messages import Decision, Hold, OnOffer, Order, Plan, Revision
from sim.contract.news import Claim, News
from sim.routing.config import RoutingConfig
from sim.routing.service.deployment import Deployment, Limits
from sim.scenario.load import Scenario
from tests.contract.test_check_router import Sound
from tests.serving import serving
from tests.tiny import tree

CLAIMS = {"candidates": 2, "timeout": "10 min", "rounds": 2}
SLOW: dict[str, dict[str, Any]] = {
    "claims": {"choose": "cheapest", "claims": CLAIMS},
    "claims_by_rules": {"choose": "rules", "steps": [{"rank": [{"by": "distance"}]}], "claims": CLAIMS},
    "claims_ahead": {"choose": "primal_dual", "worth": "2 USD", "claims": CLAIMS},
    "batch": {"choose": "batch", "window": "30 min"},
    "second_thoughts": {"choose": "batch", "window": "20 min", "reevaluate_every": "1 h", "revise_for": "0 USD"},
}


def deployment(scenario: Scenario, strategy: str) -> Deployment:
    config = RoutingConfig.model_validate(tree()["routing"] | {"strategies": SLOW})
    return Deployment(scenario.network, config, strategy, Limits())


@pytest.mark.parametrize("strategy", SLOW)
def test_our_engines_that_hold_orders_keep_every_law(scenario: Scenario, strategy: str) -> None:
    report = check_router(deployment(scenario, strategy).engine, scenario.network, steps=40)
    assert report.ok, str(report)


def test_they_do_so_over_http(scenario: Scenario) -> None:
    with serving(deployment(scenario, "claims")) as url:
        report = check_router(lambda: HttpRouter(url, scenario.network), scenario.network, steps=30)
    assert report.ok, str(report)


class ForgetsWhatItHolds(Sound):
    def route(self, order: Order, now: float) -> Hold:  # type: ignore[override]
        return Hold(now + 1)

    def next_wake(self) -> float | None:
        return None


class OffersToEverybody(Sound):
    def route(self, order: Order, now: float) -> Plan | Hold:  # type: ignore[override]
        answer = self.engine.route(order, now)
        return answer._replace(offered_to=(0, 1, 2, 3)) if isinstance(answer, Hold) else answer


class OffersWhatItDoesNotHold(Sound):
    def tick(self, now: float) -> list[Decision | Revision | OnOffer]:  # type: ignore[override]
        return [OnOffer(999_999, (0,), now + 5), *self.engine.tick(now)]


class DeafToClaims(Sound):
    def observe(self, news: News) -> None:
        if not isinstance(news, Claim):
            self.engine.observe(news)


class RevisesWhatIsGone(Sound):
    def tick(self, now: float) -> list[Decision | Revision | OnOffer]:  # type: ignore[override]
        answers = self.engine.tick(now)
        return answers + [answer for answer in answers if isinstance(answer, Revision)]


MUTANTS: dict[type[Sound], tuple[str, str]] = {
    ForgetsWhatItHolds: ("claims", "held"),
    OffersToEverybody: ("claims", "offered"),
    OffersWhatItDoesNotHold: ("claims", "offered"),
    DeafToClaims: ("claims", "claimed"),
    RevisesWhatIsGone: ("second_thoughts", "kept"),
}


@pytest.mark.parametrize(("mutant", "what"), MUTANTS.items(), ids=[mutant.__name__ for mutant in MUTANTS])
def test_a_slow_router_that_is_broken_is_caught_by_the_law_it_breaks(
    scenario: Scenario, mutant: type[Sound], what: tuple[str, str]
) -> None:
    strategy, law = what
    report = check_router(lambda: mutant(deployment(scenario, strategy).engine()), scenario.network)
    assert law in [violation.law for violation in report.violations], str(report)
