"""A batch of 2,000 lines over 200 sites, decided with a proven gap: with all the stock of a day, and with less.

The limits are those of a simulation: they count, and know no clock.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.contract.messages import Order
from sim.routing.cost import ParcelCosts
from sim.routing.joint.batch import Limits, solve_batch
from sim.routing.joint.entry import Entry
from sim.routing.offers.filters import of_kind
from sim.routing.offers.offers import Request
from sim.routing.strategies.cheapest import Cheapest
from sim.scenario.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.scenario.load import Scenario

LINES, SITES, SECONDS, GAP = 2000, 200, 10.0, 0.01


def orders_of(scenario: Scenario, tape: Tape) -> Iterator[Order]:
    """Yield the tape's orders until they have enough lines."""
    lines, day = 0, 0
    while lines < LINES:
        for shopper in tape.shoppers(day):
            lines += len(shopper.lines)
            yield Order(shopper.id, shopper.at, shopper.place, shopper.lines)
            if lines >= LINES:
                return
        day += 1


def with_more_stores(network: Network, stock: NDArray[np.int32]) -> tuple[Network, NDArray[np.int32]]:
    """Return the network with as many stores more as it takes, each with the stock of another one."""
    more = SITES - len(network.sites)
    like, places = network.sites[-more:], network.places[:: len(network.places) // more]
    sites = [replace(s, id=f"more_{s.id}", lat=p.lat, lon=p.lon) for s, p in zip(like, places, strict=False)]
    return replace(network, sites=(*network.sites, *sites)), np.hstack((stock, stock[:, -more:]))


@pytest.mark.benchmark
@pytest.mark.parametrize("share", [1.0, 0.2, 0.05])
def test_2000_lines_are_decided_in_10_seconds_with_a_gap_of_at_most_1_per_cent(
    share: float, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = load("us_electronics")
    tape = Tape(scenario, 1, 0)
    network, stock = with_more_stores(scenario.network, (tape.opening.on_hand * share).astype(np.int32))
    objective = Cheapest(ParcelCosts(network, of_kind(network, None)))
    orders = list(orders_of(scenario, tape))
    start = time.process_time()
    entries = [Entry(Request(order, stock, 0.0), objective, 3, 100_000.0) for order in orders]
    solved = solve_batch(entries, stock, Limits())
    seconds = time.process_time() - start
    unserved = sum(entry.unserved(offer) for entry, offer in zip(entries, solved.offers, strict=True))
    with capsys.disabled():
        print(
            f"\n{len(orders)} orders, {len(network.sites)} sites, {share:.0%} of the stock: {seconds:.1f} s, "
            f"gap {solved.gap:.3%}, {solved.way}, {unserved} units not served"
        )
    assert solved.gap <= GAP
    assert seconds <= SECONDS
