"""What shoppers are shown, how stale it may be, and what they make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.contract.news import StockNews
from sim.ledger.fates import Fate
from sim.world.simulate import simulate
from tests.world.hand_made import BOSTON, CABLE, HEADPHONES, HandMadeTape, ObedientRouter, at, give_up, shopper, stocked

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.chance.tape import Shopper
    from sim.contract.news import News
    from sim.scenario.load import Scenario


class Shop(ObedientRouter):
    """Says each time it is asked that it has so many of each product; the last number stands."""

    def __init__(self, *shown: int) -> None:
        super().__init__(give_up)
        self._shown = list(shown)

    def available(self) -> NDArray[np.int64]:
        """Return the next number."""
        return np.full(4, self._shown.pop(0) if len(self._shown) > 1 else self._shown[0])


def fates(scenario: Scenario, router: Shop, *shoppers: Shopper) -> list[Fate]:
    ledger = simulate(scenario, HandMadeTape(scenario, shoppers), router)
    return [Fate(fate) for fate in ledger.shoppers.columns()["fate"].tolist()]


def test_what_is_shown_stands_until_the_next_beat(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {}, storefront__published_every="30 min", storefront__share_who_wait=0)
    # 1 is shown from the start, 0 from 0:30, 1 again from 1:00
    arrivals = [shopper(k, minute, {CABLE: 1}) for k, minute in enumerate([0.5, 29.9, 30.1, 59.9, 60.1])]
    assert fates(scenario, Shop(1, 0, 1), *arrivals) == [
        Fate.ORDERED, Fate.ORDERED, Fate.TURNED_AWAY, Fate.TURNED_AWAY, Fate.ORDERED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "fate"),
    [
        ({CABLE: 2}, Fate.ORDERED),
        ({CABLE: 3}, Fate.TURNED_AWAY),
        ({CABLE: 2, HEADPHONES: 2}, Fate.ORDERED),
        ({CABLE: 2, HEADPHONES: 3}, Fate.TURNED_AWAY),
    ],
)
def test_a_shopper_orders_when_all_he_wants_is_shown(tmp_path: Path, wanted: dict[int, int], fate: Fate) -> None:
    scenario = stocked(tmp_path, {}, storefront__share_who_wait=0)
    assert fates(scenario, Shop(2), shopper(1, at(0, 8), wanted)) == [fate]


@pytest.mark.parametrize(("patience", "fate"), [(0.64, Fate.ORDERED), (0.65, Fate.TURNED_AWAY)])
def test_some_order_although_too_little_is_shown(tmp_path: Path, patience: float, fate: Fate) -> None:
    scenario = stocked(tmp_path, {}, storefront__share_who_wait="65 %")
    assert fates(scenario, Shop(0), shopper(1, at(0, 8), {CABLE: 1}, patience=patience)) == [fate]


def test_a_shopper_who_leaves_is_written_down_and_never_becomes_an_order(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {}, storefront__share_who_wait=0)
    router = Shop(0)
    ledger = simulate(scenario, HandMadeTape(scenario, [shopper(1, at(0, 8), {CABLE: 2})]), router)
    assert ledger.shoppers.columns()["units"].tolist() == [2]
    assert len(ledger.order_lines.columns()["order"]) == 0
    assert router.asked == []


def test_event_news_is_in_what_is_shown_as_soon_as_it_has_arrived(tmp_path: Path) -> None:
    # one cable, sold over the counter at 0:10, told five minutes later: the beat at 0:15 shows it gone
    scenario = stocked(tmp_path, {(CABLE, BOSTON): 1}, storefront__share_who_wait=0,
                       storefront__published_every="5 min",
                       site_kinds__store__feed={"kind": "event", "latency": "5 min"})  # fmt: skip

    class Mirror(Shop):
        """Shows the last count it heard."""

        def observe(self, news: News) -> None:
            """Remember the count of cables at the store in Boston."""
            if isinstance(news, StockNews) and BOSTON in news.cells:
                self._shown = [int(news.on_hand[news.cells == BOSTON][0])]

    arrivals = [shopper(k, minute, {CABLE: 1}) for k, minute in enumerate([9.0, 14.9, 15.1])]
    ledger = simulate(scenario, HandMadeTape(scenario, arrivals, [(10.0, CABLE, BOSTON)]), Mirror(0))
    assert ledger.shoppers.columns()["fate"].tolist() == [Fate.ORDERED, Fate.ORDERED, Fate.TURNED_AWAY]
