"""What a service is started with: a network, a routing configuration, one strategy of it, and limits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import Field

from sim.contract.wire import Wire
from sim.contract.wire_values import Values
from sim.errors import ScenarioError, WireError, expected_one_of, one_of
from sim.fields import Model, PositiveCount, PositiveMinutes, Text
from sim.files import read_yaml, validate
from sim.network.file import digest, read_network
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.files import version
from sim.routing.quantities import SkuSpelling
from sim.units import MINUTES_PER_DAY
from sim.version import VERSION

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sim.network.network import Network
    from sim.routing.engine import Engine


class Limits(Model):
    """What one caller may ask for."""

    body_bytes: PositiveCount = 32_000_000
    """Largest body of a request."""
    body_time: PositiveMinutes = 10 / 60
    """Longest a body may take to arrive."""
    decision_time: PositiveMinutes = 0.5 / 60
    """Longest search for a plan: then the best found so far is taken, and marked `limited`."""
    batch_orders: PositiveCount = 1000
    """Most orders in one `route_batch`."""
    sessions: PositiveCount = 100
    """Most sessions open at a time."""
    session_idle: PositiveMinutes = 1440
    """A session that nobody has called for so long makes room for a new one when all are taken."""
    remembered_answers: PositiveCount = 10_000
    """Idempotency keys a session remembers."""


class ServiceFile(Model):
    """The file given to `fulfillsim serve --config`."""

    network: Text
    """A file written by `fulfillsim export-network`, relative to this one."""
    strategy: Text | None = None
    """A name from `routing`; if absent the first that is active and in effect on the day."""
    routing: RoutingConfig
    limits: Limits = Field(default_factory=Limits)
    sku_spelling: SkuSpelling | None = None
    """How far the spelling of a product may differ from its own; None: not at all."""


@dataclass(frozen=True)
class Deployment:
    """Everything engines of one service have in common."""

    network: Network
    config: RoutingConfig
    strategy: str
    limits: Limits
    sku_spelling: SkuSpelling | None = None

    @cached_property
    def wire(self) -> Wire:
        """The wire format of this network."""
        return Wire(self.network, self.sku_spelling)

    @cached_property
    def version(self) -> str:
        """Fingerprint of all that a decision depends on besides its input: two of the same decide alike."""
        parts = (VERSION, digest(self.network), version(self.config), self.strategy)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def now(self, value: object) -> float:
        """Read the moment of a decision.

        Raises
        ------
        WireError
            If it is none, or the strategy is not in effect that day.
        """
        now = self.wire.now(value)
        effective = self.config.strategies[self.strategy].effective
        if effective.first or effective.last:
            day = day_of(self.network, now)
            if not effective.on(day):
                span = f"{effective.first or 'ever'} to {effective.last or 'ever'}"
                raise WireError(f"strategy {self.strategy!r} is not in effect on {day}", "now", f"a day from {span}")
        return now

    def engine(self) -> Engine:
        """Return a fresh engine, without any limit of time."""
        return build_engine(self.config, self.strategy, self.network)

    def guarded_engine(self) -> Engine:
        """Return a fresh engine whose decisions are limited in time."""
        engine = self.engine()
        engine.time_limit_s = self.limits.decision_time * 60
        return engine


def day_of(network: Network, now: float) -> date:
    """Return the day of a minute where the network's clock stands."""
    day = int(now // MINUTES_PER_DAY)
    if now >= network.clock.day_start(day + 1, network.clock.time_zone):  # a day of 23 hours was behind it
        day += 1
    elif now < network.clock.day_start(day, network.clock.time_zone):
        day -= 1
    return network.clock.date_of(day)


def read_deployment(path: Path, on: date | None = None, now: object = None) -> Deployment:
    """Read a service's configuration and the network it points to.

    A strategy that is named is taken, even a draft, unless a day is given: on that day it must be live.

    Parameters
    ----------
    on
        The day on which it is to decide.
    now
        A moment of that day, as a request has it, for a file that names no strategy.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    source = read_yaml(path)
    file = validate(ServiceFile, source)
    if not (path.parent / file.network).is_file():
        expected = "expected the name of a file that `fulfillsim export-network` writes"
        raise ScenarioError([source.problem(("network",), f"no file {file.network!r} beside this one - {expected}")])
    network = read_network(path.parent / file.network)
    if now is not None and file.strategy is None:
        on = day_of(network, Values(network).now(now))
    every = file.routing.strategies
    live = [name for name, each in every.items() if each.status == "active" and (on is None or each.effective.on(on))]
    when = "active" if on is None else f"active and in effect on {on}"
    if file.strategy is None and not live:
        raise ScenarioError([source.problem(("routing", "strategies"), f"none is {when} - expected at least one")])
    strategy = file.strategy or live[0]
    if strategy not in every:
        raise ScenarioError([source.problem(("strategy",), f"unknown strategy {expected_one_of(strategy, every)}")])
    if on is not None and strategy not in live:
        expected = one_of(strategy, live) if live else "one that is"
        raise ScenarioError([source.problem(("strategy",), f"{strategy!r} is not {when} - expected {expected}")])
    clash = file.sku_spelling and file.sku_spelling.clash([product.id for product in network.products])
    if clash:
        message = f"{clash[0]!r} and {clash[1]!r} are then one name - expected names that stay apart"
        raise ScenarioError([source.problem(("sku_spelling",), message)])
    return Deployment(network, file.routing, strategy, file.limits, file.sku_spelling)
