"""What moves a shelf, what moves its record, and who goes by which: followed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.contract.news import StockNews
from sim.ledger.movements import Why
from sim.ledger.orders import orders_of
from sim.world.simulate import simulate
from tests.theory.one_site import one_site
from tests.world.drifting import drifting, lived, moved
from tests.world.hand_made import (
    BOSTON,
    CABLE,
    DC_EAST,
    HEADPHONES,
    ObedientRouter,
    all_from,
    at,
    give_up,
    shopper,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.contract.news import News


class Listener(ObedientRouter):
    """Counts the news that name a cell, and gives every order up."""

    def __init__(self) -> None:
        super().__init__(give_up)
        self.heard = 0

    def observe(self, news: News) -> None:
        """Count."""
        self.heard += isinstance(news, StockNews) and news.cells.size > 0

    def available(self) -> NDArray[np.int64]:
        """Show none of the one product."""
        return np.zeros(1, dtype=np.int64)


HERE = CABLE, DC_EAST
NOON = at(1, 12)
AFTER = at(1, 13)


def left(ledger: Any, sku: int = CABLE, site: int = DC_EAST) -> tuple[int, int]:
    """Return what is on a shelf and on its record at the end."""
    return int(ledger.closing_stock[sku, site]), int(ledger.records["closing"][sku, site])


@pytest.mark.parametrize(
    ("why", "detail", "shelf", "record"),
    [
        (Why.LOST, 0, 2, 3),
        (Why.STOLEN, 0, 2, 3),
        (Why.MISPLACED, 0, 2, 3),
        (Why.DAMAGED, 0, 2, 3),
        (Why.SPOILT, 0, 2, 3),
        (Why.MISKEYED, 1, 3, 4),
        (Why.MISKEYED, -1, 3, 2),
        (Why.LOST, 2, 2, 3),  # happens to the third unit, which is there
        (Why.LOST, 3, 3, 3),  # happens to a fourth unit, which is not
    ],
)
def test_a_mishap_moves_the_shelf_or_the_record_but_never_both(
    tmp_path: Path, why: Why, detail: int, shelf: int, record: int
) -> None:
    scenario = drifting(tmp_path, {HERE: 3}, {})
    assert left(lived(scenario, [(NOON, *HERE, why, detail)])) == (shelf, record)


def test_damage_that_is_noticed_comes_off_the_record_and_goes_into_quarantine(tmp_path: Path) -> None:
    scenario = drifting(tmp_path, {HERE: 3}, {})
    mishaps = [(NOON, *HERE, Why.DAMAGED, 0), (AFTER, *HERE, Why.DAMAGE_NOTICED, 0)]
    ledger = lived(scenario, mishaps)
    assert left(ledger) == (2, 2)
    assert ledger.closing_aside["quarantined"].sum() == 1
    assert ledger.closing_aside["damaged"].sum() == 0


def test_damage_to_a_unit_that_was_never_there_is_never_noticed(tmp_path: Path) -> None:
    scenario = drifting(tmp_path, {HERE: 1}, {})
    mishaps = [(NOON, *HERE, Why.DAMAGED, 1), (AFTER, *HERE, Why.DAMAGE_NOTICED, 0)]
    assert moved(lived(scenario, mishaps)) == []


def test_from_an_empty_shelf_nothing_is_lost(tmp_path: Path) -> None:
    scenario = drifting(tmp_path, {HERE: 2}, {})
    ledger = lived(scenario, [(NOON + k, *HERE, Why.LOST, 0) for k in range(5)])
    assert left(ledger) == (0, 2)
    assert moved(ledger) == [(NOON, Why.LOST, -1, 0), (NOON + 1, Why.LOST, -1, 0)]


@pytest.mark.parametrize(("lost_at", "sold"), [(NOON - 1, 0), (NOON + 1, 1)])
def test_the_last_unit_goes_to_whoever_comes_first_a_customer_or_a_thief(
    tmp_path: Path, lost_at: float, sold: int
) -> None:
    scenario = drifting(tmp_path, {(CABLE, BOSTON): 1}, {}, site_kinds__store__feed={"kind": "batch", "at": "02:00"})
    ledger = lived(scenario, [(lost_at, CABLE, BOSTON, Why.STOLEN, 0)], walk_ins=[(NOON, CABLE, BOSTON)])
    assert ledger.walk_ins.columns()["sold"].tolist() == [sold]
    assert left(ledger, CABLE, BOSTON) == (0, 1 - sold)


def test_a_sale_moves_both_so_that_the_record_keeps_its_error(tmp_path: Path) -> None:
    scenario = drifting(tmp_path, {(CABLE, BOSTON): 5}, {})
    ledger = lived(scenario, [(at(1, 9), CABLE, BOSTON, Why.LOST, 0)], walk_ins=[(NOON, CABLE, BOSTON)] * 2)
    assert left(ledger, CABLE, BOSTON) == (2, 3)


def test_the_router_is_told_the_record(tmp_path: Path) -> None:
    router = ObedientRouter(give_up)
    scenario = drifting(tmp_path, {HERE: 5}, {})
    lived(scenario, [(NOON, *HERE, Why.LOST, 0), (AFTER, *HERE, Why.MISKEYED, -1)], router=router)
    cell = CABLE * 4 + DC_EAST
    told = [
        (news.observed_at, int(units))
        for news in router.told
        if isinstance(news, StockNews)
        for told_cell, units in zip(news.cells.tolist(), news.on_hand.tolist(), strict=True)
        if told_cell == cell
    ]
    # the loss is heard of by nobody; the booking at the next poll
    assert told == [(0.0, 5), (AFTER, 4)] or told == [(0.0, 5), (AFTER + 15, 4)]


def test_nobody_is_told_of_less_than_nothing(tmp_path: Path) -> None:
    router = ObedientRouter(give_up)
    scenario = drifting(tmp_path, {}, {})
    ledger = lived(scenario, [(NOON, *HERE, Why.MISKEYED, -1)], router=router)
    assert left(ledger) == (0, -1)
    assert min(news.on_hand.min() for news in router.told if isinstance(news, StockNews) and news.cells.size) == 0


def test_a_pick_meets_the_shelf_and_not_the_record(tmp_path: Path) -> None:
    scenario = drifting(tmp_path, {HERE: 1}, {})
    router = ObedientRouter(all_from(DC_EAST), give_up)
    ledger = lived(scenario, [(NOON - 60, *HERE, Why.LOST, 0)], [shopper(1, NOON, {CABLE: 1})], router=router)
    assert orders_of(ledger)["units_short"].tolist() == [1]
    assert left(ledger) == (0, 1)  # a phantom that is offered again and again


def test_a_shelf_found_empty_may_be_booked_empty(tmp_path: Path) -> None:
    scenario = drifting(tmp_path, {HERE: 3}, {"on_short_pick": "set_to_zero"})
    router = ObedientRouter(all_from(DC_EAST), give_up)
    mishaps = [(NOON - 60 + k, *HERE, Why.LOST, 0) for k in range(2)]
    ledger = lived(scenario, mishaps, [shopper(1, NOON, {CABLE: 2})], router=router)
    assert left(ledger) == (0, 0)
    assert [row[1:] for row in moved(ledger)][-1] == (Why.SHORT_PICK, 0, -2)


def test_goods_at_the_dock_are_on_no_shelf_and_no_record_before_they_are_put_away(tmp_path: Path) -> None:
    records = {"put_away": "6 h"}
    scenario = drifting(tmp_path, {}, records, replenishment="rules")
    ledger = lived(scenario)
    receipts = ledger.receipts.columns()
    assert set(receipts["at"].tolist()) == {at(3, 4)}  # ordered on the first day at 4:00, three days on the way
    rows = moved(ledger)
    assert [row[0] for row in rows if row[1] == Why.PUT_AWAY] == [at(3, 10)] * len(receipts["at"])
    assert [row[2] for row in rows if row[1] == Why.RECEIVED] == [-units for units in receipts["quantity"].tolist()]
    assert ledger.closing_stock.sum() == receipts["quantity"].sum()


def test_orders_go_by_the_record_so_that_what_is_lost_is_never_replaced(tmp_path: Path) -> None:
    plan = drifting(tmp_path / "plan", {}, {}).stock_plan.order_up_to
    full = {(sku, site): int(plan[sku, site]) for sku in range(4) for site in range(4)}
    scenario = drifting(tmp_path / "run", full, {}, replenishment="rules")
    everything = [(at(0, 1) + k / 100, HEADPHONES, DC_EAST, Why.LOST, 0) for k in range(full[HEADPHONES, DC_EAST])]
    ledger = lived(scenario, everything)
    assert left(ledger, HEADPHONES) == (0, full[HEADPHONES, DC_EAST])
    assert ledger.receipts.columns()["at"].size == 0


def test_half_of_receiving_errors_book_too_much_and_half_too_little(tmp_path: Path) -> None:
    records = {"errors": {"receive": {"scanned": 0, "unscanned": 1}}}
    ledger = lived(drifting(tmp_path, {}, records, replenishment="rules"))
    errors = [record for _, why, shelf, record in moved(ledger) if why == Why.MISCOUNTED and shelf == 0]
    assert len(errors) == len(ledger.receipts.columns()["at"])
    assert set(errors) == {-1, 1}


def test_a_unit_put_in_the_wrong_place_is_misplaced_from_the_first(tmp_path: Path) -> None:
    records = {"errors": {"put_away": {"scanned": 0, "unscanned": 1}}}
    ledger = lived(drifting(tmp_path, {}, records, replenishment="rules"))
    lines = len(ledger.receipts.columns()["at"])
    assert [row[1:] for row in moved(ledger)] == [(Why.MISPLACED, -1, 0)] * lines
    assert ledger.closing_aside["misplaced"].sum() == lines
    assert ledger.records["closing"].sum() == ledger.closing_stock.sum() + lines


def test_with_scanning_nothing_is_miscounted(tmp_path: Path) -> None:
    records = {"errors": {"receive": {"scanned": 0, "unscanned": 1}}, "scanning": {"receive": True}}
    assert moved(lived(drifting(tmp_path, {}, records, replenishment="rules"))) == []


def test_the_till_takes_one_product_for_another(tmp_path: Path) -> None:
    records = {"errors": {"till": {"scanned": 0, "unscanned": 1}}}
    scenario = drifting(tmp_path, {(CABLE, BOSTON): 5}, records)
    ledger = lived(scenario, walk_ins=[(NOON, CABLE, BOSTON)])
    assert left(ledger, CABLE, BOSTON) == (4, 5)
    assert ledger.records["closing"][:, BOSTON].sum() == 4  # some other product is one unit short on record
    assert ledger.records["closing"][:, BOSTON].min() == -1


def test_a_unit_of_another_product_is_sent_and_its_record_does_not_know(tmp_path: Path) -> None:
    records = {"errors": {"pick": {"scanned": 0, "unscanned": 1}}}
    scenario = drifting(tmp_path, {HERE: 5, (HEADPHONES, DC_EAST): 5}, records)
    router = ObedientRouter(all_from(DC_EAST))
    ledger = lived(scenario, (), [shopper(1, NOON, {CABLE: 2})], router=router)
    assert left(ledger) == (4, 3)
    assert left(ledger, HEADPHONES) == (4, 5)
    assert orders_of(ledger)["units_picked"].tolist() == [2]  # as far as anybody in the house knows


def test_a_check_before_the_parcel_leaves_catches_what_was_picked_wrongly(tmp_path: Path) -> None:
    wrong = {"scanned": 0, "unscanned": 1}
    records = {"errors": {"pick": wrong, "ship": wrong}, "scanning": {"ship": True}}
    scenario = drifting(tmp_path, {HERE: 5, (HEADPHONES, DC_EAST): 5}, records)
    ledger = lived(scenario, (), [shopper(1, NOON, {CABLE: 2})], router=ObedientRouter(all_from(DC_EAST)))
    assert moved(ledger) == []


def test_a_record_that_falls_is_reviewed_at_once_where_review_is_continuous(tmp_path: Path) -> None:
    stock = {
        "online_share": 0.5, "days_of_cover": 6, "safety_factor": 1, "order_days": 4, "carried_from": 0,
        "policy": "order_up_to", "review": "continuous", "supply_lead": "1 day",
    }  # fmt: skip
    changes: dict[str, Any] = {"replenishment": "rules", "site_kinds__dc__stock": stock, "walk_ins": ...}
    plan = drifting(tmp_path / "plan", {}, {}, **changes).stock_plan.order_up_to
    full = {(sku, site): int(plan[sku, site]) for sku in range(4) for site in range(4)}
    ledger = lived(drifting(tmp_path / "run", full, {}, **changes), [(NOON, *HERE, Why.MISKEYED, -1)])
    receipts = ledger.receipts.columns()
    here = (receipts["sku"] == CABLE) & (receipts["site"] == DC_EAST)
    assert receipts["quantity"][here].tolist() == [1]
    assert NOON + 1440 <= receipts["at"][here][0] <= NOON + 1440 + 15  # the mishap is met at the next look


@pytest.mark.parametrize("feed", [{"kind": "poll", "every": "15 min"}, {"kind": "event", "latency": "1 min"}], ids=str)
def test_a_wrong_booking_is_told_though_no_customer_ever_looks_at_the_shelf(
    tmp_path: Path, feed: dict[str, Any]
) -> None:
    records = {"miskeyed": {"per_product_day": 24}}
    scenario = one_site(
        tmp_path, 1, 100, "dc", site_kinds__dc__records=records, site_kinds__dc__feed=feed, walk_ins=...,
        clock__measure="3 days",
    )  # fmt: skip
    router = Listener()
    ledger = simulate(scenario, Tape(scenario, 1, 0), router)
    wrong = int(np.count_nonzero(ledger.movements.columns()["at"] < 3 * 1440))
    assert abs(wrong - 72) < 4 * 72**0.5
    # once at the start, and soon after each booking; some fall into one poll
    assert wrong * 0.8 < router.heard < wrong * 1.3
