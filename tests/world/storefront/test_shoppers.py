"""What shoppers do beside ordering: they switch, take another product, leave at the promise, fill carts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.shopper import BUYS, CART_MINUTES, CHOICES, COMES, LEAVES, SWITCHES, TAKES_ANOTHER
from sim.contract.messages import Quote
from sim.ledger.audit import audit
from sim.ledger.fates import Fate
from sim.world.simulate import simulate
from tests.tiny import TABLES
from tests.world.hand_made import (
    CABLE,
    HEADPHONES,
    MONITOR,
    HandMadeTape,
    ObedientRouter,
    at,
    give_up,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.chance.tape import Shopper
    from sim.contract.messages import Order
    from sim.ledger.ledger import Ledger

SHARES = {"web": {"share": "50 %"}, "app": {"share": "50 %"}}
WEB, APP = range(2)
LEAVING = {"storefront__share_who_wait": 0}


class Shop(ObedientRouter):
    """Has so many of each product, and promises delivery after some days."""

    def __init__(self, *shown: int, days: float = 2) -> None:
        super().__init__(give_up)
        self._shown, self._days = shown, days
        self.quoted: list[Order] = []

    def available(self) -> NDArray[np.int64]:
        """Return them."""
        return np.array(self._shown)

    def quote(self, order: Order, now: float) -> Quote:
        """Promise."""
        self.quoted.append(order)
        return Quote(now, now + 1440 * self._days, 0.0)


def comes(number: int, when: float, lines: dict[int, int], channel: int = WEB, **choices: float) -> Shopper:
    names = {"LEAVES": LEAVES, "COMES": COMES, "TAKES": TAKES_ANOTHER, "SWITCHES": SWITCHES, "MINUTES": CART_MINUTES,
             "BUYS": BUYS}  # fmt: skip
    uniforms = [0.5] * CHOICES
    for name, value in choices.items():
        uniforms[names[name]] = value
    return shopper(number, when, lines)._replace(channel=channel, choices=uniforms)


def ledger_of(folder: Path, router: Shop, *shoppers: Shopper, **changes: Any) -> Ledger:
    header, *rows = TABLES["products.csv"]
    alike = {"products.csv": [header, *([*row[:2], "things", *row[3:]] for row in rows)]}
    scenario = stocked(folder, {}, alike, demand__channels=SHARES, **LEAVING | changes)
    ledger = simulate(scenario, HandMadeTape(scenario, shoppers), router)
    audit(ledger)
    return ledger


def fates(ledger: Ledger) -> list[Fate]:
    return [Fate(fate) for fate in ledger.shoppers.columns()["fate"].tolist()]


def test_an_order_says_by_which_channel_it_came(tmp_path: Path) -> None:
    router = Shop(9, 9, 9, 9)
    ledger = ledger_of(tmp_path, router, comes(1, 60, {CABLE: 1}, APP), comes(2, 61, {CABLE: 1}, WEB))
    assert [order.channel for _, order in router.asked] == ["app", "web"]
    assert ledger.shoppers.columns()["channel"].tolist() == [APP, WEB]


def test_each_channel_shows_its_own(tmp_path: Path) -> None:
    buffers = {"app": {"buffer": 2}}
    both = [comes(k, 60 + k, {CABLE: 1}, channel) for k, channel in enumerate((WEB, APP))]
    assert fates(ledger_of(tmp_path, Shop(2, 0, 0, 0), *both, storefront__channels=buffers)) == [
        Fate.ORDERED, Fate.TURNED_AWAY,
    ]  # fmt: skip


@pytest.mark.parametrize(("u", "fate", "channel"), [(0.29, Fate.ORDERED, WEB), (0.31, Fate.TURNED_AWAY, APP)])
def test_some_shoppers_of_a_closed_channel_come_by_the_open_one(
    tmp_path: Path, u: float, fate: Fate, channel: int
) -> None:
    changes = {"storefront__open_channels": ["web"], "storefront__share_who_switch": "30 %"}
    ledger = ledger_of(tmp_path, Shop(9, 9, 9, 9), comes(1, 60, {CABLE: 1}, APP, SWITCHES=u), **changes)
    assert (fates(ledger), ledger.shoppers.columns()["channel"].tolist()) == ([fate], [channel])


@pytest.mark.parametrize(
    ("days", "u", "fate"),
    [(2, 0.0, Fate.ORDERED), (4, 0.149, Fate.ABANDONED), (4, 0.151, Fate.ORDERED), (9, 0.299, Fate.ABANDONED)],
)
def test_as_many_leave_at_a_promise_as_the_curve_says(tmp_path: Path, days: float, u: float, fate: Fate) -> None:
    router = Shop(9, 9, 9, 9, days=days)
    curve = {2: "0 %", 6: "30 %"}
    ledger = ledger_of(tmp_path, router, comes(1, 60, {CABLE: 1}, LEAVES=u), storefront__abandonment=curve)
    assert fates(ledger) == [fate]
    assert ledger.shoppers.columns()["quoted"].tolist() == [1]
    assert len(router.asked) == (fate is Fate.ORDERED)


def test_nobody_is_quoted_where_nobody_would_leave(tmp_path: Path) -> None:
    router = Shop(9, 9, 9, 9)
    ledger_of(tmp_path, router, comes(1, 60, {CABLE: 1}))
    assert router.quoted == []


@pytest.mark.parametrize(("days", "u", "came"), [(1, 0.99, 1), (3, 0.76, 0), (3, 0.74, 1), (9, 0.49, 1), (9, 0.51, 0)])
def test_faster_promises_bring_more_of_those_who_might_come(tmp_path: Path, days: float, u: float, came: int) -> None:
    # drawn at 1.2 times the usual rate: 1.2 of 1.2 come for a day, 0.9 for three, 0.6 for nine
    response = {1: 1.2, 5: 0.6}
    ledger = ledger_of(
        tmp_path, Shop(9, 9, 9, 9, days=days), comes(1, 60, {CABLE: 1}, COMES=u), storefront__response=response
    )
    assert len(ledger.shoppers.columns()["order"]) == came


@pytest.mark.parametrize(
    ("u", "ordered"), [(0.24, {HEADPHONES: 2}), (0.27, {MONITOR: 2}), (0.41, None)]
)  # of those shown, headphones are wanted twice as often as monitors; printers are too few
def test_some_take_another_product_of_the_category_the_popular_more_often(
    tmp_path: Path, u: float, ordered: dict[int, int] | None
) -> None:
    ledger = ledger_of(tmp_path, Shop(0, 9, 9, 1), comes(1, 60, {CABLE: 2}, TAKES=u), storefront__substitution="40 %")
    lines, taken = ledger.order_lines.columns(), ledger.substitutions.columns()
    shoppers = ledger.shoppers.columns()
    assert dict(zip(lines["sku"].tolist(), lines["quantity"].tolist(), strict=True)) == (ordered or {})
    assert taken["wanted"].tolist() == ([CABLE] if ordered else [])
    assert (shoppers["looked"].tolist(), shoppers["substituted"].tolist()) == ([2], [2 if ordered else 0])


CARTS = {"minutes": {"law": "uniform", "low": "10 min", "high": "30 min"}, "bought": "60 %"}


def test_a_cart_becomes_an_order_at_checkout_or_is_given_up(tmp_path: Path) -> None:
    router = Shop(9, 9, 9, 9)
    ledger = ledger_of(
        tmp_path, router, comes(1, 60, {CABLE: 1}, MINUTES=0.5, BUYS=0.59), comes(2, 61, {CABLE: 1}, MINUTES=0.25,
        BUYS=0.61), storefront__carts=CARTS,
    )  # fmt: skip
    shoppers = ledger.shoppers.columns()
    assert shoppers["order"].tolist() == [2, 1]
    assert shoppers["at"].tolist() == [76, 80]
    assert fates(ledger) == [Fate.CART_GIVEN_UP, Fate.ORDERED]
    assert [(now, order.placed_at) for now, order in router.asked] == [(80, 80)]


def test_what_lies_in_a_cart_is_not_shown_to_others_until_it_is_given_up(tmp_path: Path) -> None:
    # one cable: the first has it from 1:00 to 1:20 and does not buy it
    arrivals = [
        comes(1, 60, {CABLE: 1}, MINUTES=0.5, BUYS=0.9), comes(2, 79, {CABLE: 1}), comes(3, 81, {CABLE: 1}),
    ]  # fmt: skip
    ledger = ledger_of(tmp_path, Shop(1, 0, 0, 0), *arrivals, storefront__carts=CARTS)
    shoppers = ledger.shoppers.columns()
    assert dict(zip(shoppers["order"].tolist(), fates(ledger), strict=True)) == {
        1: Fate.CART_GIVEN_UP, 2: Fate.TURNED_AWAY, 3: Fate.ORDERED,
    }  # fmt: skip


def test_a_shopper_who_is_not_shown_enough_has_no_cart(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, Shop(1, 0, 0, 0), comes(1, at(0, 8), {CABLE: 2}), storefront__carts=CARTS)
    assert fates(ledger) == [Fate.TURNED_AWAY]
    assert ledger.shoppers.columns()["carted"].tolist() == [0]
