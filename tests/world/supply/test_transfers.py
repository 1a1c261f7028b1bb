"""Rebalancing by hand: who gives what to whom, when it is there, and what it costs.

Each store expects two and a half cables a day; nothing else ever moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.contract.news import Receipts, StockNews
from sim.errors import ScenarioError
from sim.ledger.audit import audit
from sim.world.simulate import simulate
from tests.tiny import TABLES, tiny
from tests.world.hand_made import (
    BOSTON,
    CABLE,
    DC_EAST,
    HEADPHONES,
    OAKLAND,
    HandMadeTape,
    ObedientRouter,
    all_from,
    at,
    give_up,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.chance.tape import Shopper
    from sim.ledger.ledger import Ledger

BLOCK = {"review_every": "2 days", "surplus_over": 8, "shortage_under": 4, "lead": "1 day"}
DENVER = ["store_denver", "Denver", "store", "CO", 39.74, -104.99, "America/Denver", 1]
THREE = {"sites.csv": [*TABLES["sites.csv"], DENVER]}
# nobody orders online, and walk-in customers are expected to want 5 units a day at each store, half of them cables
NO_ONLINE = {
    "demand__shoppers_per_day": 0.001, "walk_ins__units_per_store_day": 5, "site_kinds__store__stock__online_share": 0,
}  # fmt: skip


def world(
    folder: Path,
    on_hand: dict[tuple[int, int], int],
    block: dict[str, Any] | None = None,
    shoppers: Sequence[Shopper] = (),
    walk_ins: Sequence[tuple[float, int, int]] = (),
    router: ObedientRouter | None = None,
    **changes: Any,
) -> Ledger:
    """Return what happened in a world with these units and nothing but transfers coming in."""
    scenario = stocked(folder, on_hand, transfers=BLOCK | (block or {}), **NO_ONLINE | changes)
    ledger = simulate(scenario, HandMadeTape(scenario, shoppers, walk_ins), router or ObedientRouter(give_up))
    audit(ledger)
    return ledger


def rows(ledger: Ledger, table: str) -> list[tuple[Any, ...]]:
    """Return a table's rows."""
    return list(zip(*(column.tolist() for column in getattr(ledger, table).columns().values()), strict=True))


def test_a_store_expects_two_and_a_half_cables_a_day(tmp_path: Path) -> None:
    plan = tiny(tmp_path, **NO_ONLINE).stock_plan
    assert plan.daily_demand[CABLE, [BOSTON, OAKLAND]].tolist() == pytest.approx([2.5, 2.5])


def test_a_surplus_fills_a_shortage_up_to_its_days_of_cover_after_the_lead_time(tmp_path: Path) -> None:
    # Boston has 30 and keeps 8 * 2.5; Oakland has 3 and lacks 7 to 4 * 2.5
    ledger = world(tmp_path, {(CABLE, BOSTON): 30, (CABLE, OAKLAND): 3})
    assert rows(ledger, "transfers") == [(240, CABLE, BOSTON, OAKLAND, 7)]
    assert rows(ledger, "receipts") == [(240 + 1440, CABLE, OAKLAND, 7, BOSTON)]
    assert ledger.closing_stock[CABLE].tolist() == [0, 0, 23, 10]


def test_no_store_gives_what_it_keeps_for_itself(tmp_path: Path) -> None:
    ledger = world(tmp_path, {(CABLE, BOSTON): 22, (CABLE, OAKLAND): 0})
    assert rows(ledger, "transfers") == [(240, CABLE, BOSTON, OAKLAND, 2)]


def test_what_is_on_its_way_is_not_sent_again(tmp_path: Path) -> None:
    ledger = world(tmp_path, {(CABLE, BOSTON): 60, (CABLE, OAKLAND): 3}, {"lead": "30 days", "review_every": "1 day"})
    assert [row[4] for row in rows(ledger, "transfers")] == [7]
    assert rows(ledger, "receipts") == []  # the run is over before it comes
    assert ledger.closing_in_transit.sum() == ledger.closing_in_transit[CABLE, OAKLAND] == 7


def test_what_is_promised_from_a_shelf_is_no_surplus(tmp_path: Path) -> None:
    # 30 on the shelf, 4 promised at 3:00 and picked in the afternoon: 26 - 20
    ledger = world(
        tmp_path, {(CABLE, BOSTON): 30, (CABLE, OAKLAND): 0}, shoppers=[shopper(1, at(0, 3), {CABLE: 4})],
        router=ObedientRouter(all_from(BOSTON)), site_kinds__store__message_delay="12 h",
    )  # fmt: skip
    assert rows(ledger, "transfers")[0] == (240, CABLE, BOSTON, OAKLAND, 6)


def test_a_review_comes_every_so_many_days(tmp_path: Path) -> None:
    # Oakland is sold empty on the first day, after the first review has found nothing amiss
    sales = [(at(0, 9) + k, CABLE, OAKLAND) for k in range(10)]
    ledger = world(tmp_path, {(CABLE, BOSTON): 40, (CABLE, OAKLAND): 10}, walk_ins=sales)
    assert rows(ledger, "transfers") == [(at(2, 4), CABLE, BOSTON, OAKLAND, 10)]


def test_all_a_store_is_sent_from_one_place_is_one_journey_and_paid_once(tmp_path: Path) -> None:
    # headphones: 5 * 0.3 = 1.5 a day
    stock = {(CABLE, BOSTON): 30, (HEADPHONES, BOSTON): 30, (CABLE, OAKLAND): 3, (HEADPHONES, OAKLAND): 2}
    ledger = world(tmp_path, stock, {"cost_per_transfer": "25 USD", "cost_per_unit": "0.40 USD"})
    assert rows(ledger, "journeys") == [(240, BOSTON, OAKLAND, 2, 7 + 4, 2500 + 11 * 40, 7 * 700 + 4 * 6000)]


@pytest.mark.parametrize(("least", "sent"), [(7, 7), (8, 0)])
def test_a_journey_for_too_few_units_is_not_made(tmp_path: Path, least: int, sent: int) -> None:
    ledger = world(tmp_path, {(CABLE, BOSTON): 30, (CABLE, OAKLAND): 3}, {"least_units": least})
    assert ledger.transfers.columns()["quantity"].sum() == sent


@pytest.mark.parametrize(("within", "sent"), [("5000 km", 7), ("4000 km", 0)])
def test_nothing_goes_further_than_it_may(tmp_path: Path, within: str, sent: int) -> None:
    # Boston and Oakland are 4,326 km apart
    ledger = world(tmp_path, {(CABLE, BOSTON): 30, (CABLE, OAKLAND): 3}, {"within": within})
    assert ledger.transfers.columns()["quantity"].sum() == sent


def test_the_neediest_comes_first_and_the_nearest_gives_first(tmp_path: Path) -> None:
    # Oakland has nothing and is served first, from Denver, whose surplus is 6; then from Boston, whose surplus is 9
    scenario = stocked(tmp_path, {(CABLE, BOSTON): 29}, transfers=BLOCK, tables=THREE, **NO_ONLINE)
    stock = scenario.opening_stock
    assert stock is not None
    stock[CABLE, 4] = 26
    ledger = simulate(scenario, HandMadeTape(scenario), ObedientRouter(give_up))
    sent = {(source, site): units for _, _, source, site, units in rows(ledger, "transfers")}
    assert sent == {(4, OAKLAND): 6, (BOSTON, OAKLAND): 4}


def test_warehouses_stay_out_of_it_unless_they_are_named(tmp_path: Path) -> None:
    stock = {(CABLE, DC_EAST): 500, (CABLE, OAKLAND): 3}
    assert rows(world(tmp_path / "a", stock), "transfers") == []
    named = world(tmp_path / "b", stock, {"between": ["dc", "store"]})
    # Boston, and the other warehouse, lack as well
    assert (240, CABLE, DC_EAST, OAKLAND, 7) in rows(named, "transfers")


def test_both_shelves_are_news_and_the_router_may_be_told_of_what_is_on_its_way(tmp_path: Path) -> None:
    router = ObedientRouter(give_up)
    world(
        tmp_path, {(CABLE, BOSTON): 30, (CABLE, OAKLAND): 3}, router=router, supply_news=True, replenishment="rules",
        site_kinds__store__stock__days_of_cover=1e-9, site_kinds__dc__stock__days_of_cover=1e-9,
    )  # fmt: skip
    told = {
        (news.observed_at, int(cell), int(units))
        for news in router.told[1:]
        if isinstance(news, StockNews)
        for cell, units in zip(news.cells, news.on_hand, strict=True)
        if cell in (CABLE * 4 + BOSTON, CABLE * 4 + OAKLAND)
    }
    assert told == {(240, CABLE * 4 + BOSTON, 23), (1680, CABLE * 4 + OAKLAND, 10)}
    coming = [news for news in router.told if isinstance(news, Receipts) and CABLE * 4 + OAKLAND in news.cells]
    assert {float(news.due[news.cells == CABLE * 4 + OAKLAND][0]) for news in coming} == {240.0 + 1440}


def test_the_luck_of_a_journey_is_its_own(tmp_path: Path) -> None:
    law = {"law": "uniform", "low": "1 day", "high": "3 days"}
    first, again, other = (
        world(tmp_path / name, stock, {"lead": law})
        for name, stock in (
            ("a", {(CABLE, BOSTON): 30, (CABLE, OAKLAND): 3}),
            ("b", {(CABLE, BOSTON): 30, (CABLE, OAKLAND): 3}),
            ("c", {(CABLE, BOSTON): 30, (CABLE, OAKLAND): 5}),
        )
    )
    arrivals = [ledger.receipts.columns()["at"].tolist() for ledger in (first, again, other)]
    assert arrivals[0] == arrivals[1] == arrivals[2]  # never of what happened
    assert 1440 <= arrivals[0][0] - 240 <= 3 * 1440
    assert not np.isclose(arrivals[0][0] - 240, 1440)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"surplus_over": 3}, "surplus_over is 3 and shortage_under 4 - expected surplus from more days of cover on"),
        ({"between": ["vendor", "store"]}, "transfers.between[0]: no site is a vendor"),
        ({"between": ["shop"]}, "transfers.between[0]: 'shop' - expected one of dc, store, third_party, vendor"),
    ],
)
def test_what_cannot_be_is_told(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        tiny(tmp_path, transfers=BLOCK | change)
    assert message in str(caught.value)
