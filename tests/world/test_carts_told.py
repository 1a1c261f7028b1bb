"""Where the router is told of carts, it keeps what lies in them; where listings show a channel's own units, they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.shopper import BUYS, CART_MINUTES, CHOICES
from sim.chance.tape import Tape
from sim.contract.messages import Line
from sim.contract.news import CartHeld
from sim.ledger.audit import audit
from sim.ledger.fates import Fate
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import tiny
from tests.world.hand_made import CABLE, DC_EAST, HandMadeTape, ObedientRouter, give_up, shopper, stocked

if TYPE_CHECKING:
    from pathlib import Path

    from sim.chance.tape import Shopper
    from sim.ledger.ledger import Ledger

CARTS = {"minutes": {"law": "uniform", "low": "10 min", "high": "30 min"}, "bought": "60 %"}
CHANNELS = {"web": {"share": "50 %"}, "app": {"share": "50 %"}}


def comes(number: int, when: float, *, minutes: float = 0.5, buys: float = 0.0, patience: float = 0.9) -> Shopper:
    """Return who wants a cable; the lower `patience`, the rather he orders what is not shown."""
    uniforms = [0.5] * CHOICES
    uniforms[CART_MINUTES], uniforms[BUYS] = minutes, buys
    return shopper(number, when, {CABLE: 1}, patience=patience)._replace(channel=0, choices=uniforms)


def ledger_of(folder: Path, *shoppers: Shopper, **changes: Any) -> Ledger:
    scenario = stocked(folder, {(CABLE, DC_EAST): 1}, demand__channels=CHANNELS, **changes)
    ledger = simulate(
        scenario, HandMadeTape(scenario, shoppers), build_engine(routing_of(scenario), "cheapest", scenario.network)
    )
    audit(ledger)
    return ledger


@pytest.mark.parametrize(
    ("kept_for", "served"), [(None, 2), ("1 h", 1), ("10 min", 2)], ids=["not told", "told", "for less than he takes"]
)
def test_who_orders_what_lies_in_a_cart_gets_it_unless_it_is_kept(
    tmp_path: Path, kept_for: str | None, served: int
) -> None:
    # the first has the only cable in his cart from 60 to 80; the second orders one at 75 though none is shown
    carts = CARTS if kept_for is None else CARTS | {"kept_for": kept_for}
    both = comes(1, 60), comes(2, 75, patience=0.0)
    ledger = ledger_of(tmp_path, *both, storefront__carts=carts, storefront__share_who_wait=0.5)
    assert ledger.parcels.columns()["order"].tolist()[:1] == [served]


def told(folder: Path, *shoppers: Shopper) -> list[CartHeld]:
    scenario = stocked(
        folder, {}, demand__channels=CHANNELS, storefront__carts=CARTS | {"kept_for": "1 h"},
        storefront__share_who_wait=0,
    )  # fmt: skip
    router = ObedientRouter(give_up)
    simulate(scenario, HandMadeTape(scenario, shoppers), router)
    return [news for news in router.told if isinstance(news, CartHeld)]


def test_the_router_is_told_when_a_cart_is_filled_and_when_it_is_given_up(tmp_path: Path) -> None:
    filled, over = told(tmp_path, comes(1, 60, buys=0.9))
    assert (filled.at, filled.until, filled.cart, filled.lines) == (60, 120, "1", ((CABLE, 1),))
    assert (over.at, over.until, over.cart) == (80, 80, "1")


def test_of_a_cart_that_is_ordered_the_order_tells_it(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {}, demand__channels=CHANNELS, storefront__carts=CARTS | {"kept_for": "1 h"})
    router = ObedientRouter(give_up)
    simulate(scenario, HandMadeTape(scenario, [comes(1, 60)]), router)
    assert [order.cart for _, order in router.asked] == ["1"]
    assert [news.at for news in router.told if isinstance(news, CartHeld)] == [60]


@pytest.mark.parametrize("when", [85, 95])
def test_what_is_shown_does_not_fall_twice_by_a_cart(tmp_path: Path, when: float) -> None:
    # two cables; one is in a cart from 70 to 100, over the publication at 90: the other is shown before and after it
    scenario = stocked(
        tmp_path, {(CABLE, DC_EAST): 2}, demand__channels=CHANNELS, storefront__share_who_wait=0,
        storefront__carts={"minutes": {"law": "constant", "value": "30 min"}, "bought": 1, "kept_for": "1 h"},
    )  # fmt: skip
    router = build_engine(routing_of(scenario), "cheapest", scenario.network)
    ledger = simulate(scenario, HandMadeTape(scenario, [comes(1, 70), comes(2, when), comes(3, when + 1)]), router)
    shoppers = ledger.shoppers.columns()
    fates = dict(zip(shoppers["order"].tolist(), shoppers["fate"].tolist(), strict=True))
    assert fates == {1: Fate.ORDERED, 2: Fate.ORDERED, 3: Fate.TURNED_AWAY}


@pytest.mark.parametrize(("own_units", "fate"), [(False, Fate.ORDERED), (True, Fate.TURNED_AWAY)])
def test_a_listing_shows_what_its_own_channel_may_be_promised(tmp_path: Path, own_units: bool, fate: Fate) -> None:
    # a quarter of four cables is open to the app
    scenario = stocked(
        tmp_path, {(CABLE, DC_EAST): 4}, demand__channels=CHANNELS, storefront__own_units=own_units,
        routing__pools={"part": {"share": "25 %"}}, routing__channels={"app": ["part"]},
        storefront__share_who_wait=0,
    )  # fmt: skip
    router = build_engine(routing_of(scenario), "cheapest", scenario.network)
    two = comes(1, 60)._replace(channel=1, lines=(Line(CABLE, 2),))
    ledger = simulate(scenario, HandMadeTape(scenario, [two]), router)
    assert ledger.shoppers.columns()["fate"].tolist() == [fate]


def test_a_world_with_carts_that_are_told_keeps_every_law(tmp_path: Path) -> None:
    changes = {"storefront__carts": CARTS | {"kept_for": "20 min"}, "storefront__own_units": True}
    scenario = tiny(tmp_path, clock__measure="2 days", demand__shoppers_per_day=150, **changes)
    ledger = simulate(scenario, Tape(scenario, 1, 0), build_engine(routing_of(scenario), "cheapest", scenario.network))
    audit(ledger)
    assert np.count_nonzero(ledger.shoppers.columns()["carted"]) > 100
