"""Whatever is sent, the service answers, or refuses it by name: never does a call fail, and never does one stand."""

from __future__ import annotations

import copy
import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.wire_values import dumps, loads
from sim.errors import RoutingError, WireError
from sim.routing.config import RoutingConfig
from sim.routing.quantities import SkuSpelling
from sim.routing.service.deployment import Deployment, Limits
from sim.routing.service.sessions import Session
from sim.routing.service.stateless import Stateless
from tests.routing.ruled import with_attributes
from tests.serving import post, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOPS = with_attributes({"takes_returns": True}, {"backorderable": 1}, {"pickup": True}, {"pickup": True})
SHOPS = replace(SHOPS, products=(*SHOPS.products[:3], replace(SHOPS.products[3], unit_step=0.5)))
COVER = {"filters": [{"keep": "not_refused_within", "period": "1 day"}], "rank": [{"by": "weeks_of_supply"}]}
STRATEGIES: dict[str, Any] = {
    "cheapest": {"choose": "cheapest"},
    "rules": {"choose": "rules", "steps": [COVER], "backorder": True, "velocity": {"memory": "2 h"}},
    "batch": {"choose": "batch", "window": "10 min", "reevaluate_every": "30 min"},
    "claims": {"choose": "nearest", "claims": {"candidates": 2, "timeout": "10 min"}},
}
MORE: dict[str, Any] = {
    "pickup": {"transfer": "missing_lines", "hold_for": "2 days"},
    "returns": {"steps": [{"rank": [{"by": "distance"}]}]},
    "merge": {"when": "split"},
    "backorders": {"retry_every": "1 h", "give_up_after": "3 days", "against_supply": {}},
    "capacity": [{"counts": "units", "limit": 400, "per": "week", "backlog": True}],
}
SITES = ["dc_east", "dc_west", "store_boston", "store_oakland"]
STOCK = {"sites": SITES, "on_hand": {"A": [5, 5, 3, 0], "B": [5, 5, 0, 0], "D": [1.5, 0, 2, 0]}, "observed_at": 0}
LINES = [{"sku": "A", "quantity": 2}, {"sku": "D", "quantity": 1.5}]
ORDER = {"id": 1, "placed_at": 0, "place": "021", "lines": LINES}
EVERYTHING = {
    **ORDER, "refused_by": ["dc_west"], "channel": "web", "preferred": "dc_east", "pinned": [["A", "dc_east"]],
    "groups": [["A", "D"]], "max_packages": 2, "priority": 3, "wanted_by": 5000, "cart": "c", "deliver_from": 3000,
}  # fmt: skip
AT_EAST = {"at": 1, "order": 1, "site": "dc_east"}
ONE_A = {**AT_EAST, "sku": "A", "quantity": 1}
NEWS: list[dict[str, Any]] = [
    {"kind": "stock", **STOCK, "picked": {"A": [1, 0, 0, 0]}, "at": {"B": [0, 1, 2, 3]}, "whole": True},
    {"kind": "receipts", "observed_at": 15, "sites": SITES, "at": {"A": [0, 1]}, "units": {"A": [4, 6]},
     "due": {"A": [2880, 5760]}},
    {"kind": "refusal", **ONE_A, "busy_until": 100},
    {"kind": "closed", "at": 0, "site": "store_boston", "until": 100},
    {"kind": "cart_held", "at": 0, "cart": "c", "lines": LINES, "until": 50, "site": "dc_east"},
]  # fmt: skip
NASTY: list[Any] = [
    None, True, 0, -1, 0.1, 1e300, 2**31, 2**53, 10**400, "", "A", "dc_east", "x" * 1000, "\ud800", "\0", "💣", [], {},
    [[]], ["A", "A"], [["A", "dc_east"], ["A", "dc_west"]], "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "2026-02-02T10:30:00", -(2**52), [1e9] * 4, [-(10**9)] * 4, {"A": [1, 1, 1, 1]},
]  # fmt: skip


def bodies(draw: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    order = draw.choice([
        ORDER, EVERYTHING, {**ORDER, "collect_at": "store_boston"}, {**ORDER, "kits": [LINES]},
        {**ORDER, "deliver_together": True}, {**ORDER, "hold_until": "2026-02-03T10:00:00-05:00"},
    ])  # fmt: skip
    news = draw.sample(NEWS, draw.randint(0, 3))
    for verb in ("route", "quote"):
        yield verb, {"order": order, "now": draw.choice([0, 100, 50_000]), "news": news}
    yield "observe", {"news": news}
    yield "available", {"news": news, "channel": "web"}
    yield "tick", {"now": 200, "news": news}
    yield from (("release", ONE_A), ("refuse", {**ONE_A, "busy_until": 9}), ("claim", AT_EAST), ("unclaim", AT_EAST))
    yield "cancel", {"at": 1, "order": 1, "parcels": [{"site": "dc_east", "lines": LINES}]}
    yield "pickup", {"order": order, "now": 10, "radius_km": 100, "whole": True}
    for verb in ("route", "candidates", "explain", "return", "pickup"):
        yield verb, {"order": order, "now": 10, "stock": STOCK}
    yield "route_batch", {"orders": [order, {**order, "id": 2}], "now": 10, "stock": STOCK}


def places(tree: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value within."""
    within = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in within:
        yield (*before, key)
        yield from places(value, (*before, key))


def spoilt(tree: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """Return a body in which something is left out, of another kind, or there besides."""
    tree = copy.deepcopy(tree)
    for _ in range(draw.choice((1, 1, 2))):
        *path, key = draw.choice(list(places(tree)) or [("now",)])
        parent: Any = tree
        for step in path:
            parent = parent[step]
        how = draw.random()
        if how < 0.8:
            parent[key] = copy.deepcopy(draw.choice(NASTY))
        elif how < 0.9 and parent:
            parent.pop(key)
        elif isinstance(parent, dict):
            parent[draw.choice(["stok", "Sku", "id ", "a"])] = 1
    return tree


def deployment(strategy: str = "cheapest", spelling: SkuSpelling | None = None) -> Deployment:
    config = {"max_parcels": 3, "strategies": {strategy: STRATEGIES[strategy]}, **MORE}
    return Deployment(SHOPS, RoutingConfig.model_validate(config), strategy, Limits(), spelling)


@pytest.mark.parametrize("strategy", list(STRATEGIES))
def test_every_call_is_answered_or_refused_by_name(strategy: str) -> None:
    draw, deployed = random.Random(strategy), deployment(strategy, SkuSpelling(ignore_case=True))
    stateless, answered, refused = Stateless(deployed, deployed.engine()), 0, 0
    for _ in range(8):
        session = Session(deployed, deployed.engine())
        session.call("observe", dumps({"news": [{"kind": "stock", **STOCK}]}))
        for _ in range(8):
            for verb, sound in bodies(draw):
                body = dumps(spoilt(sound, draw) if draw.random() < 0.6 else sound)
                try:
                    loads((stateless if "stock" in sound else session).call(verb, body))
                    answered += 1
                except RoutingError:
                    refused += 1
    assert answered > 200 < refused


REFUSED: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "a count of the far future, after which all true ones would be old": (
        {"stock": {**STOCK, "observed_at": 1e15}}, ("stock.observed_at", "minute 1e+15 is outside the calendar"),
    ),
    "a count of the year 1": (
        {"stock": {**STOCK, "observed_at": "0001-01-01T00:00:00+14:00"}},
        ("stock.observed_at", "minute -1.06506e+09 is outside the calendar"),
    ),
    "two columns of one product": (
        {"stock": {"sites": ["dc_east"], "on_hand": {"A": [1], "a": [2]}}},
        ("stock.on_hand", "'A' and 'a' are one product"),
    ),
    "a kit of nothing": (
        {"order": {**ORDER, "kits": [[]]}}, ("", "order 1: kits[0]: no products - expected at least one"),
    ),
    "a circle of less than nothing": ({"radius_km": -1}, ("radius_km", "-1")),
}  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused(change: dict[str, Any], expected: tuple[str, str]) -> None:
    deployed = deployment("rules", SkuSpelling(ignore_case=True))
    order = {**ORDER, "lines": LINES[:1], "collect_at": "store_boston"}
    with pytest.raises(RoutingError) as refused:
        Stateless(deployed, deployed.engine()).call(
            "pickup", dumps({"order": order, "now": 0, "stock": STOCK, **change})
        )
    error = refused.value
    assert (error.where, error.what) if isinstance(error, WireError) else ("", str(error)) == expected


def test_another_kind_of_news_than_the_verb_is_refused() -> None:
    deployed = deployment()
    with pytest.raises(WireError, match="kind 'closed' - expected 'refusal', or none"):
        Session(deployed, deployed.engine()).call("refuse", dumps({**ONE_A, "kind": "closed"}))


def test_what_is_refused_and_released_is_measured_as_lines_are() -> None:
    deployed = deployment()
    session = Session(deployed, deployed.engine())
    session.call("observe", dumps({"news": [{"kind": "stock", **STOCK}]}))
    order = {**ORDER, "lines": [{"sku": "D", "quantity": 1.5}]}
    (parcel,) = loads(session.call("route", dumps({"order": order, "now": 0})))["plan"]["parcels"]
    assert parcel["site"] == "store_boston"
    half_a_unit = {**AT_EAST, "site": "store_boston", "sku": "D", "quantity": 0.5}
    session.call("release", dumps(half_a_unit))
    assert loads(session.call("available", dumps({})))["available"]["D"] == 2.5  # 1.5 east, 2 - 1.5 + 0.5 in Boston
    for wrong, found in ((0.3, "0.3 of D"), (-1, "-1"), (0, "0"), (2e6, "2000000.0")):
        with pytest.raises(WireError, match=f"quantity: {found}"):
            session.call("release", dumps({**half_a_unit, "quantity": wrong}))


def test_sales_are_known_when_news_is_ahead_of_an_order() -> None:
    deployed = deployment("rules")
    session = Session(deployed, deployed.engine())
    for at in (0, 50_000):  # over a month, and sales are remembered for two hours: e to the 417th
        session.call("observe", dumps({"news": [{"kind": "stock", **STOCK, "observed_at": at}]}))
    assert loads(session.call("route", dumps({"order": ORDER, "now": 10})))["plan"]["parcels"]


def test_a_date_that_no_calendar_has_is_told_as_a_minute() -> None:
    deployed = deployment()
    body = {"order": {**ORDER, "deliver_from": "0001-01-01T00:00:00+14:00"}, "now": 10, "stock": STOCK}
    told = loads(Stateless(deployed, deployed.engine()).call("explain", dumps(body)))["text"]
    assert "not to be delivered before minute -1.06509e+09" in told


def test_a_site_without_coordinates_is_offered_last_and_its_distance_is_null() -> None:
    lost = replace(SHOPS.sites[2], lat=float("nan"), lon=float("nan"))
    shops = replace(SHOPS, sites=(*SHOPS.sites[:2], lost, SHOPS.sites[3]))
    deployed = replace(deployment(), network=shops)
    stock = {"sites": SITES, "on_hand": {"A": [5, 5, 3, 3]}}
    body = {"order": {**ORDER, "lines": LINES[:1], "collect_at": "store_boston"}, "now": 0, "stock": stock}
    stateless = Stateless(deployed, deployed.engine())
    far, unknown = loads(stateless.call("pickup", dumps(body)))["options"]
    assert (far["site"], unknown["site"], unknown["distance_km"]) == ("store_oakland", "store_boston", None)
    assert far["distance_km"] > 4000
    near = loads(stateless.call("pickup", dumps({**body, "radius_km": 9000})))["options"]
    assert [option["site"] for option in near] == ["store_oakland"]


def test_a_name_that_stands_twice_among_many_is_found_at_once() -> None:
    names = [f'"{k}":1' for k in range(100_000)]
    start = time.process_time()
    with pytest.raises(WireError, match="'99999' stands twice in an object"):
        loads(f"{{{','.join([*names, names[-1]])}}}".encode())
    assert time.process_time() - start < 30  # each name against each other: 4 minutes


def test_paths_and_sessions_are_refused_by_what_would_be_right() -> None:
    with serving(deployment()) as url:
        status, answer = post(f"{url}/route/", {})
        assert (status, loads(answer)["error"]["expected"][-22:]) == (404, "(did you mean /route?)")
        status, answer = post(f"{url}/health", {})
        assert (status, loads(answer)["error"]["expected"]) == (405, "method GET")
        status, answer = post(f"{url}/sessions", {"strategy": "cheapest"})
        assert (status, loads(answer)["error"]["what"]) == (422, "unknown key 'strategy'")
        assert post(f"{url}/sessions", b"")[0] == 201
