"""A feed that is dead for a day, on the shipped national network: what it costs while it lasts, and what stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from pydantic import TypeAdapter

from sim.chance.tape import Tape
from sim.ledger.orders import orders_of
from sim.routing.build import build_engine
from sim.scenario.blocks.disruptions import AnyDisruption, Disruption
from sim.scenario.load import Scenario
from sim.study.experiment import routing_of
from sim.study.statistics.estimate import Interval, difference, ratio_of_sums
from sim.world.simulate import simulate
from tests.laws.test_national_network import HOURLY, lean, shipped

DEAD_DAY, REPLICATIONS = 2, 4
Days = list[list[tuple[float, float]]]


def with_dead_feeds(scenario: Scenario) -> Scenario:
    """Return a scenario in which no store tells anything for one day."""
    dead: AnyDisruption = TypeAdapter(Disruption).validate_python({
        "kind": "feed_dead", "where": {"kinds": ["store"]}, "lasts": "1 day",
        "on": str(scenario.file.clock.start + timedelta(days=DEAD_DAY)),
    })  # fmt: skip
    return replace(scenario, file=scenario.file.model_copy(update={"disruptions": (dead,)}))


def oversold(scenario: Scenario) -> Days:
    """Return units short and units promised of the orders of each day, replication by replication."""
    found = []
    for k in range(REPLICATIONS):
        engine = build_engine(routing_of(scenario), "nearest", scenario.network)
        orders = orders_of(simulate(scenario, Tape(scenario, 1, k), engine))
        day = (orders["at"] // 1440).astype(int)
        short, promised = (np.bincount(day, orders[name]) for name in ("units_short", "units_promised"))
        found.append(list(zip(short.tolist(), promised.tolist(), strict=True)))
    return found


@pytest.fixture(scope="module")
def worlds() -> tuple[Days, Days]:
    """Return the world as usual, and with the feeds of all stores dead on one day."""
    usual = lean(shipped(days=4), HOURLY)
    return oversold(usual), oversold(with_dead_feeds(usual))


def more(worlds: tuple[Days, Days], day: int) -> Interval:
    """Return the share of units oversold on a day beyond the usual, paired."""
    usual, dead = (
        ratio_of_sums(np.array([run[day][0] for run in runs]), np.array([run[day][1] for run in runs]))
        for runs in worlds
    )
    return difference(dead, usual).interval()


def test_before_the_outage_both_worlds_are_the_same(worlds: tuple[Days, Days]) -> None:
    usual, dead = worlds
    assert [run[: DEAD_DAY - 1] for run in usual] == [run[: DEAD_DAY - 1] for run in dead]


def test_a_dead_feed_oversells_while_it_lasts(worlds: tuple[Days, Days]) -> None:
    assert more(worlds, DEAD_DAY).low > 0


def test_what_a_full_snapshot_tells_at_recovery_ends_it(worlds: tuple[Days, Days]) -> None:
    # the day after is worse than usual by less than a fifth of what the day itself was
    assert more(worlds, DEAD_DAY + 1).high < more(worlds, DEAD_DAY).low / 5
