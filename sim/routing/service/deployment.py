"""What a service is started with: a network, a routing configuration, one strategy of it, and limits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import Field

from sim.contract.wire import Wire
from sim.errors import expected_one_of
from sim.fields import Model, PositiveCount, PositiveMinutes, Text
from sim.files import read_yaml, validate
from sim.network.file import digest, read_network
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.files import version
from sim.version import VERSION

if TYPE_CHECKING:
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
    """A name from `routing`; the first if absent."""
    routing: RoutingConfig
    limits: Limits = Field(default_factory=Limits)


@dataclass(frozen=True)
class Deployment:
    """Everything engines of one service have in common."""

    network: Network
    config: RoutingConfig
    strategy: str
    limits: Limits

    @cached_property
    def wire(self) -> Wire:
        """The wire format of this network."""
        return Wire(self.network)

    @cached_property
    def version(self) -> str:
        """Fingerprint of all that a decision depends on besides its input: two of the same decide alike."""
        parts = (VERSION, digest(self.network), version(self.config), self.strategy)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def engine(self) -> Engine:
        """Return a fresh engine, without any limit of time."""
        return build_engine(self.config, self.strategy, self.network)

    def guarded_engine(self) -> Engine:
        """Return a fresh engine whose decisions are limited in time."""
        engine = self.engine()
        engine.time_limit_s = self.limits.decision_time * 60
        return engine


def read_deployment(path: Path) -> Deployment:
    """Read a service's configuration and the network it points to.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    from sim.errors import ScenarioError

    source = read_yaml(path)
    file = validate(ServiceFile, source)
    names = list(file.routing.strategies)
    strategy = file.strategy or names[0]
    if strategy not in names:
        raise ScenarioError([source.problem(("strategy",), f"unknown strategy {expected_one_of(strategy, names)}")])
    return Deployment(read_network(path.parent / file.network), file.routing, strategy, file.limits)
