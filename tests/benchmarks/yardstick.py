"""What speed is measured by: a bare hand-written SimPy model, and what the first version of ours was beside it.

The bare model (a process and a Resource request per order, no ledger, no costs by part, no calendars) does nothing but
the job: it is what Python and SimPy cost before a workbench adds anything. Machines and their moods differ: what is
compared is measured in turn in one process, and the bare model is what two versions have in common.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import simpy

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

FIRST_VERSION = 1.31  # its orders per CPU second in the world of test_floor.py over those of the bare model
ORDERS, NODES, SKUS, ZONES = 20_000, 30, 200, 10
PER_HOUR, SYNC_HOURS, REPLENISH_HOURS = 400.0, 0.25, 24.0


def bare_model(seed: int) -> int:
    """Simulate 20,000 one-line orders by hand: cheapest believed node, picker, re-route when the shelf is empty."""
    draw = random.Random(seed)
    env = simpy.Environment()
    pickers = [simpy.Resource(env, 40 if node < 3 else 2) for node in range(NODES)]
    level = [300 if node < 3 else 4 for node in range(NODES)]
    shelf = [[level[node]] * SKUS for node in range(NODES)]
    view = [row[:] for row in shelf]
    cost = [[4 + 6 * draw.random() + (0 if node < 3 else 1.5) for node in range(NODES)] for _ in range(ZONES)]
    ranks = [sorted(range(NODES), key=row.__getitem__) for row in cost]
    sums = [0, 0.0, 0.0, 0]  # delivered, cost, hours, lost

    def replenish(node: int, sku: int):
        yield env.timeout(REPLENISH_HOURS)
        shelf[node][sku] += level[node]

    def order(zone: int, sku: int):
        placed = env.now
        while True:
            node = next((n for n in ranks[zone] if view[n][sku] > 0), -1)
            if node < 0:
                sums[3] += 1
                return
            with pickers[node].request() as picker:
                yield picker
                yield env.timeout(0.05 if node < 3 else 0.15)
            if shelf[node][sku] > 0:
                break
            view[node][sku] = 0
        shelf[node][sku] -= 1
        if shelf[node][sku] == (60 if node < 3 else 1):
            env.process(replenish(node, sku))
        yield env.timeout(draw.lognormvariate(3.3, 0.4))
        sums[0] += 1
        sums[1] += cost[zone][node]
        sums[2] += env.now - placed

    def sync():
        while sums[0] + sums[3] < ORDERS:
            yield env.timeout(SYNC_HOURS)
            for node in range(NODES):
                view[node][:] = shelf[node]

    def shoppers():
        for _ in range(ORDERS):
            yield env.timeout(draw.expovariate(PER_HOUR))
            env.process(order(int(draw.random() * ZONES), int(draw.random() ** 2 * SKUS)))

    env.process(shoppers())
    env.process(sync())
    env.run()
    return ORDERS


def ours(scenario: Scenario, replication: int) -> float:
    """Return the orders of one run per CPU second."""
    tape = Tape(scenario, 1, replication)
    start = time.process_time()
    ledger = simulate(scenario, tape, build_engine(routing_of(scenario), "cheapest", scenario.network))
    seconds = time.process_time() - start
    audit(ledger)
    return int((ledger.shoppers.columns()["fate"] == 0).sum()) / seconds


def bare(seed: int) -> float:
    """Return the same of the bare model."""
    start = time.process_time()
    orders = bare_model(seed)
    return orders / (time.process_time() - start)
