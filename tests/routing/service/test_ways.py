"""What goes wrong after a decision, and ways to fulfil, through the verbs of a session and the stateless calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.http_router import HttpRouter
from sim.contract.messages import Line, Order
from sim.contract.news import Closed
from sim.contract.wire_values import dumps, loads
from sim.errors import NotOfferedError, RoutingError, WireError
from sim.routing.config import RoutingConfig
from sim.routing.service.deployment import Deployment, Limits
from sim.routing.service.sessions import Session
from sim.routing.service.stateless import Stateless
from tests.routing.ruled import with_attributes
from tests.serving import post, serving

if TYPE_CHECKING:
    from collections.abc import Callable

SHOPS = with_attributes({"takes_returns": True}, {}, {"pickup": True}, {"pickup": True})
STRATEGIES: dict[str, Any] = {
    "nearest": {"choose": "nearest"},
    "ruled": {
        "choose": "rules",
        "steps": [{"filters": [{"keep": "not_refused_within", "period": "1 day"}], "rank": [{"by": "distance"}]}],
    },
}
WAYS: dict[str, Any] = {
    "pickup": {"transfer": "missing_lines", "hold_for": "2 days"},
    "returns": {"steps": [{"rank": [{"by": "distance"}]}]},
}
SITES = ["dc_east", "dc_west", "store_boston", "store_oakland"]
STOCK = {"sites": SITES, "on_hand": {"A": [5, 5, 3, 0], "B": [5, 5, 0, 0]}}


def deployment(strategy: str = "nearest", **routing: Any) -> Deployment:
    config = {"max_parcels": 3, "strategies": STRATEGIES, **routing}
    return Deployment(SHOPS, RoutingConfig.model_validate(config), strategy, Limits())


def opened(strategy: str = "nearest", **routing: Any) -> Callable[..., dict[str, Any]]:
    """Return a session that has heard of the stock, as a function of a verb and a body."""
    deployed = deployment(strategy, **routing)
    session = Session(deployed, deployed.engine())

    def told(verb: str, **body: Any) -> dict[str, Any]:
        answer: dict[str, Any] = loads(session.call(verb, dumps(body)))
        return answer

    told("observe", news=[{"kind": "stock", "observed_at": 0, **STOCK}])
    return told


def order(a: int = 0, b: int = 0, **more: Any) -> dict[str, Any]:
    lines = [{"sku": sku, "quantity": n} for sku, n in (("A", a), ("B", b)) if n]
    return {"id": 1, "placed_at": 0, "place": "021", "lines": lines, **more}


def gives(answer: dict[str, Any]) -> dict[str, dict[str, int]]:
    parcels = answer["plan"]["parcels"]
    return {parcel["site"]: {line["sku"]: line["quantity"] for line in parcel["lines"]} for parcel in parcels}


def refuse(told: Callable[..., dict[str, Any]], site: str, units: int, at: float = 1) -> None:
    told("refuse", at=at, order=1, site=site, sku="A", quantity=units)


def test_a_partial_refusal_leaves_the_rest_promised_and_goes_elsewhere() -> None:
    told = opened()
    assert gives(told("route", order=order(a=3), now=0)) == {"store_boston": {"A": 3}}
    refuse(told, "store_boston", 1)
    assert gives(told("route", order=order(a=1, refused_by=["store_boston"]), now=1)) == {"dc_east": {"A": 1}}
    told("release", at=2, order=1, site="store_boston", sku="A", quantity=2)  # the other two were promised still
    with pytest.raises(RoutingError, match="1 units released where only 0 are promised"):
        told("release", at=2, order=1, site="store_boston", sku="A", quantity=1)


def test_a_site_that_lets_an_order_lie_is_released_and_not_asked_again() -> None:
    told = opened()
    told("route", order=order(a=3), now=0)
    told("release", at=60, order=1, site="store_boston", sku="A", quantity=3)
    again = told("route", order=order(a=3, refused_by=["store_boston"]), now=60)
    assert gives(again) == {"dc_east": {"A": 3}}
    assert told("available")["available"]["A"] == 10  # what it let lie is free for others


def test_who_gives_back_what_he_had_claimed_may_be_asked_again() -> None:
    told = opened()
    told("route", order=order(a=3), now=0)
    told("release", at=5, order=1, site="store_boston", sku="A", quantity=3)
    assert gives(told("route", order=order(a=3), now=5)) == {"store_boston": {"A": 3}}


def test_a_cancelled_order_sets_free_what_is_not_picked() -> None:
    told = opened()
    told("route", order=order(a=3, b=1), now=0)
    parcels = [{"site": "store_boston", "lines": [{"sku": "A", "quantity": 3}]}]
    told("cancel", at=1, order=1, parcels=parcels)
    assert told("available")["available"] == {"A": 13, "B": 9, "C": 0, "D": 0}


def test_a_new_address_before_the_pick_is_a_release_and_a_new_route() -> None:
    told = opened()
    assert list(gives(told("route", order=order(a=3), now=0))) == ["store_boston"]
    told("release", at=5, order=1, site="store_boston", sku="A", quantity=3)
    assert gives(told("route", order=order(a=3, place="941"), now=5)) == {"dc_west": {"A": 3}}
    assert told("available")["available"]["A"] == 10


def test_a_closed_site_is_not_asked_until_it_opens() -> None:
    told = opened()
    told("observe", news=[{"kind": "closed", "at": 0, "site": "store_boston", "until": 100}])
    assert list(gives(told("route", order=order(a=1), now=99))) == ["dc_east"]
    assert list(gives(told("route", order=order(a=1), now=100))) == ["store_boston"]


def test_who_closes_refuses_what_is_open_and_it_goes_elsewhere() -> None:
    told = opened()
    told("route", order=order(a=2), now=0)
    told("observe", news=[{"kind": "closed", "at": 1, "site": "store_boston", "until": None}])
    refuse(told, "store_boston", 2)
    assert gives(told("route", order=order(a=2, refused_by=["store_boston"]), now=1)) == {"dc_east": {"A": 2}}


@pytest.mark.parametrize(("now", "site"), [(1 + 1440 - 1, "dc_east"), (1 + 1440, "store_boston")])
def test_a_refuser_is_not_asked_within_its_period_and_is_afterwards(now: float, site: str) -> None:
    told = opened("ruled")
    told("route", order=order(a=1), now=0)
    refuse(told, "store_boston", 1)
    full = {"kind": "stock", "observed_at": 2, "sites": ["store_boston"], "on_hand": {"A": [9]}}
    asked = order(a=1, refused_by=["store_boston"])
    assert list(gives(told("route", order=asked, now=now, news=[full]))) == [site]


def test_what_has_been_shipped_stays_as_it_is_when_the_rest_is_routed_again() -> None:
    told = opened()
    assert gives(told("route", order=order(a=2, b=1), now=0)) == {"store_boston": {"A": 2}, "dc_east": {"B": 1}}
    picked = {"kind": "stock", "observed_at": 5, "sites": ["store_boston"], "on_hand": {"A": [1]}, "picked": {"A": [2]}}
    told("observe", news=[picked])
    told("refuse", at=6, order=1, site="dc_east", sku="B", quantity=1)
    assert gives(told("route", order=order(b=1, refused_by=["dc_east"]), now=6)) == {"dc_west": {"B": 1}}
    with pytest.raises(RoutingError, match="2 units released where only 0 are promised"):
        told("release", at=7, order=1, site="store_boston", sku="A", quantity=2)


def test_an_order_is_collected_through_a_session() -> None:
    answer = opened(**WAYS)("route", order=order(a=1, b=1, collect_at="store_boston"), now=0)
    shelf, brought = answer["plan"]["parcels"]
    assert (shelf["site"], shelf["service"], brought["site"], brought["via"]) == (
        "store_boston", None, "dc_east", "store_boston",
    )  # fmt: skip
    assert answer["plan"]["collect_until"] == max(shelf["deliver_at"], brought["deliver_at"]) + 2880


def test_what_is_not_offered_is_refused_and_changes_nothing() -> None:
    told = opened()
    with pytest.raises(NotOfferedError, match="expected a block pickup in the routing"):
        told("route", order=order(a=1, collect_at="store_boston"), now=0)
    assert told("available")["available"]["A"] == 13


def test_the_news_of_a_refused_call_is_not_heard_and_may_come_again() -> None:
    told = opened()
    told("route", order=order(a=2), now=0)
    picked = {"kind": "stock", "observed_at": 1, "sites": ["store_boston"], "on_hand": {"A": [1]}, "picked": {"A": [2]}}
    with pytest.raises(NotOfferedError):
        told("route", order=order(a=1, collect_at="store_boston"), now=2, news=[picked])
    told("observe", news=[picked])
    assert told("available")["available"]["A"] == 11


def test_over_http_and_in_process_every_way_gets_the_same_plan() -> None:
    deployed = deployment(**WAYS)
    kits = ((Line(0, 2), Line(1, 1)),)
    orders = [
        Order(1, 0.0, 0, (Line(0, 1), Line(1, 1)), collect_at=2),
        Order(2, 0.0, 0, (Line(0, 2), Line(1, 1)), kits=kits),
        Order(3, 0.0, 0, (Line(0, 1), Line(1, 1)), ship_together=True, max_packages=1),
    ]
    closed = Closed(0.0, 2, float("inf"))
    stock = deployed.wire.news({"kind": "stock", "observed_at": 0, **STOCK})
    here = deployed.engine()
    with serving(deployed) as url, HttpRouter(url, SHOPS) as there:
        for news in (stock, None, closed):
            for router in (here, there):
                if news is not None:
                    router.observe(news)
            for asked in orders:
                assert there.route(asked, 1.0) == here.route(asked, 1.0)
                assert there.goes_back_to(asked, 1.0) == here.goes_back_to(asked, 1.0)
        with pytest.raises(WireError, match="expected a block merge in the routing"):
            there.route(orders[0]._replace(collect_at=-1, deliver_together=True), 1.0)


def test_a_session_is_searched_for_a_place_to_collect() -> None:
    told = opened(**WAYS)
    asked = order(a=3)
    (boston, oakland) = told("pickup", order=asked, now=0)["options"]
    assert (boston["site"], boston["on_shelf"], oakland["on_shelf"]) == ("store_boston", asked["lines"], [])
    told("route", order={**asked, "collect_at": "store_boston"}, now=0)
    assert told("pickup", order=asked, now=0, radius_km=50)["options"][0]["on_shelf"] == []  # promised meanwhile


def test_a_session_says_where_goods_go_back_to() -> None:
    assert opened(**WAYS)("return", order=order(a=1), now=0)["site"] == "dc_east"
    with pytest.raises(NotOfferedError, match="expected a block returns in the routing"):
        opened()("return", order=order(a=1), now=0)


def alone(verb: str, **more: Any) -> dict[str, Any]:
    deployed = deployment(**WAYS)
    body = {"order": order(a=2, b=1), "now": 0, "stock": STOCK, **more}
    answer: dict[str, Any] = loads(Stateless(deployed, deployed.engine()).call(verb, dumps(body)))
    return answer


def test_a_call_tells_where_an_order_could_be_collected() -> None:
    boston, oakland = alone("pickup")["options"]
    assert (boston["site"], boston["on_shelf"], boston["brought"]) == (
        "store_boston", [{"sku": "A", "quantity": 2}], [{"sku": "B", "quantity": 1}],
    )  # fmt: skip
    assert (oakland["site"], oakland["on_shelf"]) == ("store_oakland", [])
    assert [option["site"] for option in alone("pickup", radius_km=100, whole=True)["options"]] == ["store_boston"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"radius_km": "far"}, "radius_km: 'far' - expected a finite number"),
        ({"whole": 1}, "whole: 1 - expected true or false"),
        ({"radius": 5}, "radius: unknown key 'radius' - expected one of .*did you mean radius_km"),
    ],
)
def test_a_wrong_search_is_refused_by_name(more: dict[str, Any], told: str) -> None:
    with pytest.raises(WireError, match=told):
        alone("pickup", **more)


def test_a_call_tells_where_goods_go_back_to() -> None:
    assert alone("return") == {"site": "dc_east"}


def test_over_http_what_is_not_offered_is_a_conflict() -> None:
    with serving(deployment()) as url:
        status, answer = post(f"{url}/return", {"order": order(a=1), "now": 0, "stock": STOCK})
    assert status == 409
    assert "expected a block returns" in loads(answer)["error"]["what"]
