"""Messages survive the wire exactly, by name; what is wrong is refused by name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.contract.messages import Decision, Line, Order, Parcel, Plan
from sim.contract.news import Cancellation, News, Refusal, Release, StockNews
from sim.contract.refused import ONE_PLACE
from sim.contract.wire import Wire
from sim.contract.wire_values import dumps, loads
from sim.errors import WireError

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

PARCEL = Parcel(2, (Line(0, 2), Line(3, 1)), 0, 100.1, 1 / 3 + 2000, (0.1, 0.2, 0.30000000000000004, 1e-17, 7.0))


@pytest.fixture(scope="module")
def wire(scenario: Scenario) -> Wire:
    return Wire(scenario.network)


def test_an_order_is_written_with_names(wire: Wire) -> None:
    plain = wire.plain(Order(7, 12.5, 1, (Line(0, 2),), (3,)))
    assert plain == {
        "id": 7,
        "placed_at": 12.5,
        "place": "606",
        "lines": [{"sku": "A", "quantity": 2}],
        "refused_by": ["store_oakland"],
    }


def test_pins_groups_and_wishes_are_written_with_names(wire: Wire) -> None:
    order = Order(7, 12.5, 1, (Line(0, 2),), preferred=3, pinned=((0, 1),), groups=((0, 2),))
    plain = wire.plain(order)
    assert {key: plain[key] for key in ("preferred", "pinned", "groups")} == {
        "preferred": "store_oakland",
        "pinned": [["A", "dc_west"]],
        "groups": [["A", "C"]],
    }


def test_what_has_its_default_is_left_out(wire: Wire) -> None:
    assert set(wire.plain(Order(7, 12.5, 1, (Line(0, 2),)))) == {"id", "placed_at", "place", "lines"}


@pytest.mark.parametrize(
    "order",
    [
        Order(7, 12.5, 1, (Line(0, 2), Line(2, 1))),
        Order(2**53, -0.1, 0, (Line(3, 1_000_000),), (0, 2), "web", 1, ((3, 0),), ((3, 1), (2,))),
    ],
)
def test_an_order_survives_exactly(wire: Wire, order: Order) -> None:
    assert wire.order(loads(dumps(wire.plain(order)))) == order


@pytest.mark.parametrize(
    "plan",
    [
        Plan((PARCEL,), reason="whole"),
        Plan((PARCEL, PARCEL._replace(site=1)), (Line(1, 4),), (Line(2, 1),), "part", (3,), "hold", (1,), True),
        Plan((PARCEL._replace(ship_at=float("inf"), deliver_at=float("inf")),)),
        Plan((), (Line(0, 1), Line(1, 1)), backordered_at=(2, -1)),
        Plan(()),
    ],
)
def test_a_plan_survives_exactly(wire: Wire, plan: Plan) -> None:
    assert wire.plan(loads(dumps(wire.plain(plan)))) == plan


def test_who_is_busy_says_until_when_and_an_empty_shelf_says_nothing_of_it(wire: Wire) -> None:
    empty = Refusal(3.5, 7, 2, 0, 1)
    assert "busy_until" not in wire.plain(empty)
    for refusal in (empty, empty._replace(busy_until=63.5)):
        assert wire.news(loads(dumps(wire.plain(refusal)))) == refusal
    moment = {**wire.plain(empty), "busy_until": "2026-02-02T01:03:30-05:00"}
    assert wire.news(moment) == empty._replace(busy_until=63.5)


def test_a_decision_survives_exactly(wire: Wire) -> None:
    decision = Decision(Order(7, 12.5, 1, (Line(0, 2),)), Plan((PARCEL,), reason="whole"))
    assert wire.decision(loads(dumps(wire.plain(decision)))) == decision


@pytest.mark.parametrize(
    "news", [Refusal(5.5, 7, 2, 1, 3), Release(5.5, 7, 2, 1, 3), Cancellation(5.5, 7)], ids=lambda n: type(n).__name__
)
def test_news_of_an_order_survives_exactly(wire: Wire, news: News) -> None:
    assert wire.news(loads(dumps(wire.plain(news)))) == news


def stock(sites: list[int], cells: list[int], on_hand: list[int], picked: list[int]) -> StockNews:
    return StockNews(
        15.0, np.array(sites), np.array(cells, dtype=np.int64), np.array(on_hand, np.int32), np.array(picked, np.int32)
    )


STOCK = {
    "all": stock([0, 1, 2, 3], list(range(16)), list(range(16)), [0] * 16),
    "some cells of some sites": stock([1, 3], [1, 7, 9, 11], [5, 0, 2, -1], [1, 0, 0, 2]),
    "nothing has changed": stock([2], [], [], []),
}


@pytest.mark.parametrize("news", STOCK.values(), ids=STOCK)
def test_stock_survives_exactly(wire: Wire, news: StockNews) -> None:
    read = wire.news(loads(dumps(wire.plain(news))))
    assert isinstance(read, StockNews)
    assert read.observed_at == news.observed_at
    for column in ("sites", "cells", "on_hand", "picked"):
        assert np.array_equal(getattr(read, column), getattr(news, column))
        assert getattr(read, column).dtype == getattr(news, column).dtype


def test_a_whole_column_needs_no_positions(wire: Wire) -> None:
    assert wire.plain(STOCK["all"]) == {
        "kind": "stock",
        "observed_at": 15.0,
        "sites": ["dc_east", "dc_west", "store_boston", "store_oakland"],
        "on_hand": {"A": [0, 1, 2, 3], "B": [4, 5, 6, 7], "C": [8, 9, 10, 11], "D": [12, 13, 14, 15]},
    }


def test_a_moment_may_be_a_date_and_time_with_its_offset(wire: Wire) -> None:
    assert wire.now("2026-02-03T10:30:00-05:00") == wire.now("2026-02-03T15:30:00Z") == 1440 + 630


@pytest.mark.parametrize(("step", "quantity", "steps"), [(0.5, 1.5, 3), (0.1, 0.3, 3), (0.25, 2, 8), (12.0, 36, 3)])
def test_fractions_are_scaled_exactly(scenario: Scenario, step: float, quantity: float, steps: int) -> None:
    products = (replace(scenario.network.products[0], unit_step=step), *scenario.network.products[1:])
    wire = Wire(replace(scenario.network, products=products))
    plain = {"id": 1, "placed_at": 0.0, "place": "021", "lines": [{"sku": "A", "quantity": quantity}]}
    order = wire.order(plain)
    assert order.lines == (Line(0, steps),)
    assert wire.plain(order) == plain


def of(quantity: object) -> dict[str, Any]:
    return {"lines": [{"sku": "A", "quantity": quantity}]}


LINE = {"sku": "A", "quantity": 1}
QUANTITY, NUMBER, RANGE = "order.lines[0].quantity", "a finite number of units", "1 to 1000000"
SITES, PLACES = "one of dc_east, dc_west, store_boston, store_oakland", "one of 021, 606, 941"
KEYS = f"one of {', '.join(sorted(Order._fields))} (did you mean refused_by?)"
REFUSED: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "unknown product": (
        {"lines": [{"sku": "Q", "quantity": 1}]}, "unknown product 'Q'", "order.lines[0].sku", "one of A, B, C, D",
    ),
    "unknown site": (
        {"refused_by": ["dc_eat"]}, "unknown site 'dc_eat'", "order.refused_by[0]", f"{SITES} (did you mean dc_east?)",
    ),
    "unknown place": ({"place": "94"}, "unknown place '94'", "order.place", f"{PLACES} (did you mean 941?)"),
    "nowhere": ({"place": None}, "unknown place None", "order.place", PLACES),
    "refused by nobody": ({"refused_by": [None]}, "unknown site None", "order.refused_by[0]", SITES),
    "index for a name": ({"place": 1}, "unknown place 1", "order.place", PLACES),
    "fraction": (of(1.5), "1.5 of A", QUANTITY, "a whole multiple of its unit_step 1"),
    "negative": (of(-1), "-1", QUANTITY, RANGE),
    "zero": (of(0), "0", QUANTITY, RANGE),
    "huge": (of(1_000_001), "1000001", QUANTITY, RANGE),
    "huger": (of(10**400), f"1{'0' * 76}...", QUANTITY, NUMBER),
    "infinite": (of(float("inf")), "inf", QUANTITY, NUMBER),
    "not a number": (of(float("nan")), "nan", QUANTITY, NUMBER),
    "truth for a number": (of(True), "True", QUANTITY, NUMBER),
    "text for a number": (of("1"), "'1'", QUANTITY, NUMBER),
    "no lines": ({"lines": []}, "0 lines", "order.lines", "1 to 500"),
    "lines of another kind": ({"lines": {"A": 1}}, "{'A': 1}", "order.lines", "a list"),
    "several addresses": ({"places": ["021", "606"]}, "several addresses", "order.places", ONE_PLACE),
    "an address a line": (
        {"lines": [{**LINE, "place": "606"}]}, "several addresses", "order.lines[0].place", ONE_PLACE,
    ),
    "unknown key": ({"refusedby": []}, "unknown key 'refusedby'", "order.refusedby", KEYS),
    "fractional id": ({"id": 1.5}, "1.5", "order.id", "a whole number of at most 9007199254740992"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "what", "where", "expected"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_order_is_refused_by_name(
    wire: Wire, change: dict[str, Any], what: str, where: str, expected: str
) -> None:
    with pytest.raises(WireError) as caught:
        wire.order({"id": 1, "placed_at": 0, "place": "021", "lines": [LINE], **change})
    assert caught.value.plain() == {"what": what, "where": where, "expected": expected}


STOCK_REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "column too short": ({"on_hand": {"A": [1]}}, "stock.on_hand.A: 1 counts - expected a list of 2: one a site"),
    "fraction": ({"on_hand": {"A": [1, 0.5]}}, "stock.on_hand.A[1]: 0.5 of A - expected a whole multiple"),
    "huge": ({"on_hand": {"A": [1, 2**31]}}, "stock.on_hand.A[1]: 2147483648 - expected -1000000000 to 1000000000"),
    "unknown product": ({"on_hand": {"Z": [1, 2]}}, "stock.on_hand: unknown product 'Z' - expected one of A, B, C, D"),
    "a site twice": ({"sites": ["dc_east", "dc_east"]}, "stock.sites: a site stands twice"),
    "position outside": ({"at": {"A": [0, 2]}}, "stock.at.A: [0, 2] - expected distinct positions"),
    "position twice": ({"at": {"A": [1, 1]}}, "stock.at.A: [1, 1] - expected distinct positions"),
    "picked below zero": ({"picked": {"A": [0, -1]}}, "stock.picked.A[1]: -1 - expected 0 to"),
    "picked without count": ({"picked": {"B": [0, 1]}}, "stock.picked: product 'B' has no column on_hand"),
    "unknown key": ({"onhand": {}}, "stock.onhand: unknown key 'onhand' - expected one of"),
}


@pytest.mark.parametrize(("change", "message"), STOCK_REFUSED.values(), ids=STOCK_REFUSED)
def test_wrong_stock_is_refused_by_name(wire: Wire, change: dict[str, Any], message: str) -> None:
    with pytest.raises(WireError) as caught:
        wire.stock({"sites": ["dc_east", "dc_west"], "on_hand": {"A": [1, 2]}, **change})
    assert message in str(caught.value)


@pytest.mark.parametrize("text", [b"NaN", b'{"a": Infinity}', b"{", b"\xff", b"[" * 100_000, b""])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(WireError):
        loads(text)


def test_a_name_that_stands_twice_is_refused_for_one_of_the_two_would_be_dropped() -> None:
    with pytest.raises(WireError, match="'id' stands twice"):
        loads(b'{"order": {"id": 1, "place": "021", "id": 2}}')


def test_a_refusal_names_its_site(wire: Wire) -> None:
    news = wire.plain(Refusal(1.0, 1, 0, 0, 1))
    with pytest.raises(WireError, match=r"news\.site: unknown site None"):
        wire.news({**news, "site": None})
    assert wire.order({"id": 1, "placed_at": 0, "place": "021", "lines": [LINE], "preferred": None}).preferred == -1


@pytest.mark.parametrize("now", [1e9, -1e9, float("nan"), "2026-02-03T10:30:00", "soon", None])
def test_a_moment_outside_the_calendar_or_without_offset_is_refused(wire: Wire, now: object) -> None:
    with pytest.raises(WireError):
        wire.now(now)
