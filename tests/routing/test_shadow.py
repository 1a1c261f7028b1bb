"""A candidate decides past decisions again, in the world the old rule made."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from sim.contract.messages import Order
from sim.errors import RoutingError
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.decision_log import DecisionLog
from sim.routing.engine import Engine
from sim.routing.rules.reasons import Reason
from sim.routing.service.deployment import Deployment, Limits
from sim.routing.shadow import Pair, read_log, redecided
from tests.routing.ruled import BOSTON, DC_EAST, A, B, heard, network, order

STRATEGIES: dict[str, Any] = {
    "cheapest": {"choose": "cheapest"},
    "nearest": {"choose": "nearest"},
    "dcs": {"choose": "cheapest", "only": ["dc"]},
    "joint": {"choose": "batch", "window": "0 min"},
    "by_use": {"choose": "rules", "steps": [{"rank": [{"by": "round_robin"}]}]},
    "busy": {"choose": "cheapest", "objective": {"busy": {"counts": "orders", "limit": 9, "at_limit": "9 USD"}}},
    "sold": {"choose": "rules", "steps": [{"rank": [{"by": "sales_velocity"}]}]},
    "prices": {
        "choose": "bid_price", "horizon": "2 days", "resolve_every": "4 h", "memory": "7 days",
    },
}  # fmt: skip
CONFIG = RoutingConfig.model_validate(
    {"max_parcels": 3, "backorders": {"retry_every": "2 h", "give_up_after": "1 day"}, "strategies": STRATEGIES}
)


def engine(strategy: str) -> Engine:
    return build_engine(CONFIG, strategy, network())


def logged(strategy: str, *orders: Order, stock: Any = 5, together: bool = False) -> list[bytes]:
    """Return the log of an engine that decides orders, one a minute, or all at once."""
    here, file = Deployment(network(), CONFIG, strategy, Limits()), BytesIO()
    deciding = heard(here.engine(), stock, network())
    DecisionLog(file, here.wire, here.version).attach(deciding, "test")
    if together:
        deciding.route_batch(orders, 1.0)
    for minute, each in enumerate(() if together else orders):
        deciding.route_now(each, float(minute))
    return file.getvalue().splitlines()


def pairs(lines: list[bytes], candidate: str) -> list[Pair]:
    here = Deployment(network(), CONFIG, candidate, Limits())
    return list(redecided(read_log(lines, here.wire), here.engine()))


MANY = [order((A, 1 + k % 3), (B, 1), id=k, place=k % 3) for k in range(12)]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_whoever_shadows_himself_agrees_with_every_decision(strategy: str) -> None:
    assert [pair.then == pair.instead for pair in pairs(logged(strategy, *MANY), strategy)] == [True] * len(MANY)


def test_who_decides_many_together_agrees_with_himself() -> None:
    found = pairs(logged("joint", *MANY, together=True), "joint")
    assert [pair.order.id for pair in found] == [each.id for each in MANY]
    assert all(pair.then == pair.instead for pair in found)


def test_each_order_is_judged_with_the_stock_that_the_old_rule_had_left() -> None:
    # the old rule empties the store; a candidate that never sends from stores would have left it as it was
    lines = logged("cheapest", order((A, 5)), order((A, 5), id=2), stock=[5, 0, 5, 0])
    first, second = pairs(lines, "dcs")
    assert [pair.then.parcels[0].site for pair in (first, second)] == [BOSTON, DC_EAST]
    assert [pair.instead.parcels[0].site for pair in (first, second)] == [DC_EAST, DC_EAST]


def test_orders_decided_together_compete_for_the_same_units_with_one_who_decides_one_by_one() -> None:
    lines = logged("joint", order((A, 4)), order((A, 4), id=2), stock=[0, 0, 5, 0], together=True)
    served = [sum(line.quantity for p in pair.instead.parcels for line in p.lines) for pair in pairs(lines, "cheapest")]
    assert sum(served) <= 5


def test_the_candidate_says_why_it_leaves_a_site_out() -> None:
    (pair,) = pairs(logged("cheapest", order((A, 1))), "dcs")
    assert pair.why == (BOSTON, Reason.MAY_NOT_SERVE)


def test_nothing_is_to_say_where_the_same_sites_serve() -> None:
    (pair,) = pairs(logged("cheapest", order((A, 1))), "nearest")
    assert pair.why is None


def test_what_the_log_does_not_tell_of_the_candidate_s_memory_is_named() -> None:
    (pair,) = pairs(logged("cheapest", order((A, 1))), "prices")
    assert pair.unlearnt == ("values",)
    (pair,) = pairs(logged("busy", order((A, 1))), "by_use")
    assert pair.unlearnt == ("refused_at",)


def test_an_order_that_a_candidate_is_not_set_up_for_stays_open() -> None:
    found = pairs([line.replace(b'"place"', b'"collect_at":"store_boston","place"', 1) for line in
                   logged("cheapest", order((A, 1)))], "cheapest")  # fmt: skip
    assert (found[0].instead.parcels, found[0].instead.reason) == ((), "not_offered")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ((b'"place":"021"', b'"place":"999"'), "line 1 of the log: order.place: unknown place '999'"),
        ((b'"usage":{', b'"usage":3,"x":{'), "line 1 of the log: its memory is damaged"),
        ((b"{", b"["), "line 1 of the log"),
    ],
)
def test_a_damaged_line_is_told_by_its_number(damage: tuple[bytes, bytes], told: str) -> None:
    lines = [logged("busy", order((A, 1)))[0].replace(*damage, 1)]
    with pytest.raises(RoutingError, match=told):
        pairs(lines, "busy")
