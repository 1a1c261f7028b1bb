"""The examiner finds what breaks the laws of collected orders, kits, dates and closed sites."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.check_router import check_router
from sim.errors import NotOfferedError
from tests.routing.ways.shops import CORNER, order, shops, told

if TYPE_CHECKING:
    from sim.contract.messages import Order, Parcel, Plan
    from sim.contract.news import News
    from sim.routing.engine import Engine

NOTHING = [[0] * 4, [0] * 4]
PICKUP = {"transfer": "missing_lines", "truck": {"cost_per_parcel": "1 USD"}}


class Bent:
    """Our own router, bent in one thing."""

    def __init__(self, router: Engine, bend: Callable[[Order, Plan], Plan], deaf: bool = False) -> None:
        self._router, self._bend, self._deaf = router, bend, deaf
        self.quote, self.available, self.tick = router.quote, router.available, router.tick
        self.next_wake = router.next_wake

    def observe(self, news: News) -> None:
        if not (self._deaf and type(news).__name__ == "Closed"):
            self._router.observe(news)

    def route(self, order: Order, now: float) -> Plan:
        return self._bend(order, self._router.route_now(order, now))


def straight(order: Order, plan: Plan) -> Plan:
    return plan


def to_the_door(order: Order, plan: Plan) -> Plan:
    return with_parcels(plan, lambda parcel: parcel._replace(via=-1, service=0))


def by_nobody(order: Order, plan: Plan) -> Plan:
    return with_parcels(plan, lambda parcel: parcel if order.collect_at >= 0 else parcel._replace(service=-1))


def with_parcels(plan: Plan, bend: Callable[[Parcel], Parcel]) -> Plan:
    return plan._replace(parcels=tuple(bend(parcel) for parcel in plan.parcels))


def forgetful(name: str, value: Any) -> Callable[[Engine], Any]:
    """Return a router that does not see one field of an order."""

    def make(router: Engine) -> Any:
        bent = Bent(router, straight)
        route = router.route_now
        bent.route = lambda order, now: route(order._replace(**{name: value}), now)  # type: ignore[method-assign]
        return bent

    return make


CASES: dict[str, tuple[Callable[[Engine], Any], str]] = {
    "to the door": (lambda router: Bent(router, to_the_door), "collected"),
    "by nobody": (lambda router: Bent(router, by_nobody), "known"),
    "deaf": (lambda router: Bent(router, straight, deaf=True), "closed"),
    "no kits": (forgetful("kits", ()), "kits"),
    "apart": (forgetful("ship_together", False), "together"),
    "no pins": (forgetful("pinned", ()), "pinned"),
    "no holds": (forgetful("hold_until", -math.inf), "dated"),
    "no days": (forgetful("deliver_from", -math.inf), "dated"),
    "no groups": (forgetful("groups", ()), "grouped"),
}


@pytest.mark.parametrize("strategy", ["cheapest", "nearest", "ruled"])
def test_our_own_router_keeps_them(strategy: str) -> None:
    report = check_router(lambda: told(NOTHING, strategy, pickup=PICKUP), shops(), steps=20, ways=True)
    assert report.ok, str(report)


@pytest.mark.parametrize(("make", "law"), CASES.values(), ids=CASES)
def test_a_router_that_is_bent_is_found(make: Callable[[Engine], Any], law: str) -> None:
    report = check_router(lambda: make(told(NOTHING, pickup=PICKUP)), shops(), steps=5, ways=True)
    assert law in {violation.law for violation in report.violations}


def test_who_does_not_offer_a_way_may_say_so() -> None:
    report = check_router(lambda: told(NOTHING), shops(), steps=5, ways=True)
    assert report.ok, str(report)
    with pytest.raises(NotOfferedError):
        told(NOTHING).quote(order((0, 1), collect_at=CORNER), 0.0)
