"""Who decides in the place of a router that has failed: our own engine, on nothing but what that router was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.contract.messages import Plan, Quote
from sim.errors import FulfillSimError, expected_one_of
from sim.routing.build import build_engine
from sim.routing.offers.lines import all_given_up, quoted
from sim.study.experiment import routing_of

if TYPE_CHECKING:
    from sim.contract.messages import Order
    from sim.contract.news import Closed
    from sim.routing.engine import Engine
    from sim.scenario.load import Scenario
    from sim.study.gate.books import Books
    from sim.study.gate.faults import Policy

NEVER = float("inf")


class StandIn:
    """Decides one order at a time and remembers nothing; what nobody has is given up, not kept.

    Raises
    ------
    FulfillSimError
        If the scenario has no such strategy.
    """

    def __init__(self, scenario: Scenario, policy: Policy, books: Books) -> None:
        self._scenario, self._policy, self._books = scenario, policy, books
        self._closed: dict[int, Closed] = {}
        self._engine: Engine | None = None
        config = routing_of(scenario)
        if policy.then == "fallback" and policy.strategy not in config.strategies:
            found = expected_one_of(policy.strategy, config.strategies)
            raise FulfillSimError(f"--on-fault: unknown strategy {found}")

    def closed(self, news: Closed) -> None:
        """Hear that a site takes no orders."""
        self._closed[news.site] = news

    def plan(self, order: Order, now: float) -> Plan:
        """Return a plan by the policy; nothing is reserved."""
        if self._policy.then != "fallback":
            return Plan((), unfilled=order.lines, reason="cancelled")
        engine = self._engine = self._engine or self._built()
        news = self._books.view([sku for sku, _ in order.lines], now)
        engine.observe(news)
        for closed in self._closed.values():
            engine.observe(closed)
        plan = all_given_up(engine.plan(engine.request(order, now)))
        engine.forget(news)
        return plan

    def quote(self, order: Order, now: float) -> Quote:
        """Return dates and price of such a plan."""
        return quoted(self.plan(order, now))

    def _built(self) -> Engine:
        config = routing_of(self._scenario).model_copy(update={"backorders": None, "confirm_within": None})
        return build_engine(config, self._policy.strategy, self._scenario.network)
