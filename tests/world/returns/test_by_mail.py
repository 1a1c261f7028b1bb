"""Returns by mail, followed by hand: one cable from the East to Boston, delivered on day 2 at 14:30."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.messages import Order
from sim.contract.news import StockNews
from sim.errors import RoutingError
from sim.ledger.returned import State, Way
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from tests.tiny import TABLES
from tests.world.hand_made import (
    CABLE,
    DC_EAST,
    DC_WEST,
    HEADPHONES,
    IN_BOSTON,
    IN_SAN_FRANCISCO,
    ObedientRouter,
    all_from,
    at,
    shopper,
)  # fmt: skip
from tests.world.returning import block, came_back, lived, returning

if TYPE_CHECKING:
    from pathlib import Path

DELIVERED = at(2, 14, 30)
POSTED = at(4, 14, 30)
RECEIVED = at(7, 14, 30)
GRADES: dict[str, Any] = {"A": {"share": 0, "then": "restock"}, "B": {"share": 1, "then": "restock"}}


def test_a_return_goes_through_its_stages_and_ends_on_a_shelf(tmp_path: Path) -> None:
    ledger = lived(returning(tmp_path, block(by_mail__inspection__cost_per_unit="2.50 USD")))
    (row,) = came_back(ledger)
    assert (row.order, row.parcel, row.sku, row.way, row.state) == (1, 0, CABLE, Way.BY_MAIL, State.ON_SALE)
    assert (row.delivered_at, row.handed_at, row.received_at) == (DELIVERED, POSTED, RECEIVED)
    assert row.inspected_at == row.settled_at == row.refunded_at == RECEIVED + 1440
    # a cable costs 12 USD; 0.1 kg from coast to coast is zone 4, 10 USD and 10 % fuel
    assert (row.refund_cents, row.label_cents, row.handling_cents) == (1200, 1100, 250)
    assert (row.site, row.shelf) == (DC_WEST, DC_WEST)
    assert ledger.closing_stock[CABLE].tolist() == [8, 1, 0, 0]


@pytest.mark.parametrize(
    ("changes", "refunded_at", "cents"),
    [
        ({"refund": "received"}, RECEIVED, 1200),
        ({"refund_takes": "2 days"}, RECEIVED + 3 * 1440, 1200),
        ({"refund": "received", "refund_takes": "2 days"}, RECEIVED + 2 * 1440, 1200),
        ({"kept_back": "4.50 USD"}, RECEIVED + 1440, 750),
        ({"kept_back": "20 USD"}, RECEIVED + 1440, 0),
    ],
)
def test_the_refund_is_made_when_and_as_the_scenario_says(
    tmp_path: Path, changes: dict[str, Any], refunded_at: float, cents: int
) -> None:
    scenario = returning(tmp_path, block(**{f"by_mail__{key}": value for key, value in changes.items()}))
    (row,) = came_back(lived(scenario))
    assert (row.refunded_at, row.refund_cents) == (refunded_at, cents)


def test_a_label_is_paid_once_for_all_that_comes_in_a_parcel(tmp_path: Path) -> None:
    on_hand = {(CABLE, DC_EAST): 9, (HEADPHONES, DC_EAST): 9}
    scenario = returning(tmp_path, block(by_mail__rate=0.5), on_hand=on_hand)
    rows = came_back(lived(scenario, [shopper(1, at(0, 10), {CABLE: 2, HEADPHONES: 1})]))
    # 0.2 + 0.6 kg are 1.8 lb, the pair's box is more: 5 lb by weight or size is 15 USD in zone 4, 10 % fuel, half price
    assert sorted(row.label_cents for row in rows) == [0, 0, 825]


def test_the_carrier_takes_as_long_for_the_way_back_if_nothing_else_is_said(tmp_path: Path) -> None:
    (row,) = came_back(lived(returning(tmp_path, block(by_mail__transit=..., by_mail__to="dc_east"))))
    # posted on day 4, two working days in zone 2, or more if the carrier is late
    assert row.received_at >= at(6, 9)
    assert row.received_at % 1440 <= 20 * 60


def test_inspectors_take_one_unit_after_the_other_in_working_hours(tmp_path: Path) -> None:
    work = {"takes": "60 min", "people": 1, "per_hour": "24 USD", "cost_per_unit": "1 USD"}
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-15:00")
    returns = block(by_mail__inspection=work, by_mail__to="dc_east")
    scenario = returning(tmp_path, returns, site_kinds__dc__hours=hours, site_kinds__dc__pick_up="15:00")
    rows = came_back(lived(scenario, [shopper(1, at(0, 10), {CABLE: 2})]))
    assert {row.received_at for row in rows} == {RECEIVED}  # a Monday, half an hour before work ends
    assert sorted(row.inspected_at for row in rows) == [at(8, 9, 30), at(8, 10, 30)]
    assert {row.handling_cents for row in rows} == {2500}


def test_several_inspectors_work_side_by_side(tmp_path: Path) -> None:
    work = {"takes": "60 min", "people": 2}
    rows = came_back(lived(returning(tmp_path, block(by_mail__inspection=work)), [shopper(1, at(0, 10), {CABLE: 3})]))
    assert sorted(row.inspected_at - RECEIVED for row in rows) == [60, 60, 120]


@pytest.mark.parametrize(
    ("grade", "state", "shelf", "days", "work", "loss"),
    [
        ({"then": "restock"}, State.ON_SALE, DC_WEST, 0, 0, 0),
        ({"then": "restock", "at": "dc_east", "takes": "4 days", "cost": "1 USD"}, State.ON_SALE, DC_EAST, 4, 100, 0),
        ({"then": "refurbish", "takes": "2 days", "cost": "3 USD"}, State.ON_SALE, DC_WEST, 2, 300, 0),
        ({"then": "liquidate", "recovers": "25 %", "cost": "0.40 USD"}, State.LIQUIDATED, -1, 0, 40, 525),
        ({"then": "destroy", "cost": "0.60 USD"}, State.DESTROYED, -1, 0, 60, 700),
    ],
)
def test_what_is_done_with_a_unit_goes_by_its_grade(
    tmp_path: Path, grade: dict[str, Any], state: State, shelf: int, days: int, work: int, loss: int
) -> None:
    grades = {"A": {"share": 0, "then": "restock"}, "B": {"share": 1, **grade}}
    ledger = lived(returning(tmp_path, block(grades=grades)))
    (row,) = came_back(ledger)
    assert (row.grade, row.state, row.shelf) == (1, state, shelf)
    assert (row.settled_at - row.inspected_at) / 1440 == days
    assert (row.work_cents, row.loss_cents) == (work, loss)  # a cable has cost 7 USD
    assert ledger.closing_stock[CABLE].sum() == 8 + (shelf >= 0)


def test_the_routers_own_rules_say_where_goods_go_back_to(tmp_path: Path) -> None:
    class KnowsWhere(ObedientRouter):
        def goes_back_to(self, order: Order, now: float) -> int:
            self.asked.append((now, order))
            return DC_EAST

    router = KnowsWhere(all_from(DC_EAST))
    scenario = returning(tmp_path, block(by_mail__to="router"), routing__returns={"steps": [{}]})
    (row,) = came_back(lived(scenario, [shopper(1, at(0, 10), {CABLE: 1})], router))
    now, order = router.asked[-1]
    assert (row.site, now, order.id, order.place, order.lines) == (DC_EAST, POSTED, 1, IN_BOSTON, ((CABLE, 1),))


def test_a_router_that_does_not_say_is_refused_at_the_start(tmp_path: Path) -> None:
    scenario = returning(tmp_path, block(by_mail__to="router"), routing__returns={"steps": [{}]})
    with pytest.raises(RoutingError, match="does not say where goods go back to - expected a verb goes_back_to"):
        lived(scenario)


def test_the_router_hears_of_a_unit_back_on_sale_by_the_sites_feed(tmp_path: Path) -> None:
    router = ObedientRouter(all_from(DC_EAST))
    feed = {"kind": "poll", "every": "11 min"}
    lived(returning(tmp_path, block(), site_kinds__dc__feed=feed), router=router)
    cell = CABLE * 4 + DC_WEST
    told = [
        (news.observed_at, int(news.on_hand[news.cells.tolist().index(cell)]))
        for news in router.told
        if isinstance(news, StockNews) and cell in news.cells
    ]
    assert told == [(0, 0), (1127 * 11, 1)]
    assert 1126 * 11 < RECEIVED + 1440 < 1127 * 11


def test_a_unit_waits_to_be_put_away_where_goods_do(tmp_path: Path) -> None:
    scenario = returning(tmp_path, block(), site_kinds__dc__records={"put_away": "3 h"})
    (row,) = came_back(lived(scenario))
    assert row.settled_at == RECEIVED + 1440 + 180


def test_a_unit_may_be_put_in_the_wrong_place(tmp_path: Path) -> None:
    errors = {"put_away": {"scanned": 0, "unscanned": 1}}
    ledger = lived(returning(tmp_path, block(), site_kinds__dc__records={"errors": errors}))
    assert ledger.closing_stock[CABLE, DC_WEST] == 0
    assert ledger.records["closing"][CABLE, DC_WEST] == 1
    assert ledger.closing_aside["misplaced"][CABLE * 4 + DC_WEST] == 1


def test_our_own_engine_sends_goods_back_by_its_rules(tmp_path: Path) -> None:
    header, *sites = TABLES["sites.csv"]
    tables = {"sites.csv": [[*header, "takes_returns"], *([*row, row[2] == "dc"] for row in sites)]}
    nearest = {"steps": [{"rank": [{"by": "distance"}]}]}
    scenario = returning(
        tmp_path,
        block(by_mail__to="router"),
        tables=tables,
        network__site_attributes=["takes_returns"],
        routing__returns=nearest,
    )
    shoppers = [shopper(1, at(0, 10), {CABLE: 1}, IN_BOSTON), shopper(2, at(0, 11), {CABLE: 1}, IN_SAN_FRANCISCO)]
    engine = build_engine(routing_of(scenario), "cheapest", scenario.network)
    rows = came_back(lived(scenario, shoppers, engine))
    assert {row.order: row.site for row in rows} == {1: DC_EAST, 2: DC_WEST}
