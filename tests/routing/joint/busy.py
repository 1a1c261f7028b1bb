"""A busy day with an engine that decides jointly: orders of two channels, priorities, news, refusals, revisions."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from sim.contract.messages import Hold, Line, Order, Plan, Revision
from sim.contract.news import StockNews, TooLate
from sim.routing.config import RoutingConfig
from sim.routing.decision_log import DecisionLog
from sim.routing.engine import Engine
from sim.routing.service.deployment import Deployment, Limits
from tests.tiny import tiny

ROUTING: dict[str, Any] = {
    "max_parcels": 3,
    "backorders": {"retry_every": "2 h", "give_up_after": "1 day"},
    "ring_fences": [{"units": 1, "channels": ["market"], "kinds": ["store"]}],
}
JOINT: dict[str, Any] = {
    "choose": "batch", "window": "20 min", "reevaluate_every": "1 h", "revise_for": "0.10 USD", "scarcity": 0.2,
}  # fmt: skip


def deployment(folder: Path, **how: Any) -> Deployment:
    """Return the tiny network with one joint strategy."""
    routing = ROUTING | {"strategies": {"joint": JOINT | how, "alone": {"choose": "cheapest"}}}
    return Deployment(tiny(folder).network, RoutingConfig.model_validate(routing), "joint", Limits())


def busy_day(engine: Engine, orders: int = 80, seed: int = 1) -> list[Plan]:
    """Send orders, pick some parcels, fill shelves now and then; return all plans that were made."""
    draw = np.random.default_rng(seed)
    shelf = draw.integers(0, 4, (4, 4)).astype(np.int32)
    every = np.arange(4)
    plans: list[Plan] = []
    now = 1440.0 + 480
    for number in range(orders):
        cells = np.arange(16)
        engine.observe(StockNews(now, every, cells, shelf.reshape(-1).copy(), np.zeros(16, dtype=np.int32)))
        now += float(draw.exponential(6.0))
        while (wake := engine.next_wake()) is not None and wake <= now:
            for answer in engine.tick(wake):
                plans.append(answer.plan)
                if isinstance(answer, Revision) and draw.random() < 0.3:
                    engine.observe(TooLate(wake, answer))
        skus = draw.choice(4, int(draw.integers(1, 4)), replace=False).tolist()
        lines = tuple([Line(sku, int(draw.integers(1, 3))) for sku in skus])
        order = Order(number, now, int(draw.integers(3)), lines, priority=int(draw.integers(3) == 0))
        assert isinstance(engine.route(order._replace(channel="market" if draw.random() < 0.4 else "web"), now), Hold)
        if draw.random() < 0.6:
            shelf[int(draw.integers(4)), int(draw.integers(4))] += int(draw.integers(1, 4))
    return plans


def log_of(folder: Path) -> bytes:
    """Return the log of the day."""
    file, here = BytesIO(), deployment(folder)
    engine = here.engine()
    DecisionLog(file, here.wire, here.version).attach(engine, "busy")
    busy_day(engine)
    return file.getvalue()
