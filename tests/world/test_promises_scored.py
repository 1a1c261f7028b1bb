"""Which promise an order is held to: that of goods still to come, and that after a change of address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.messages import Decision, Later, Order, Plan
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.study.kpis.catalogue import BY_NAME, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.world.simulate import simulate
from tests.world.hand_made import (
    CABLE,
    DC_EAST,
    HEADPHONES,
    IN_BOSTON,
    HandMadeTape,
    ObedientRouter,
    all_from,
    at,
    parcel,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sim.ledger.ledger import Ledger

EIGHT = at(0, 8)
DATED = Later(at(1, 12), at(1, 18), at(5, 20))


class KeepsHeadphones(ObedientRouter):
    """Sends what is not a headphone, keeps headphones for a date, or for none, and sends them at a minute."""

    def __init__(self, date: Later | None, sent_at: float) -> None:
        super().__init__(all_from(DC_EAST))
        self._date = date
        self._sent_at: float | None = sent_at
        self._kept: Order | None = None

    def route(self, order: Order, now: float) -> Plan:
        """Keep the headphones."""
        kept = tuple(line for line in order.lines if line.sku == HEADPHONES)
        rest = {line.sku: line.quantity for line in order.lines if line.sku != HEADPHONES}
        self._kept = order._replace(lines=kept)
        parcels = (parcel(DC_EAST, rest, at(0, 18), at(2, 20)),) if rest else ()
        return Plan(parcels, kept, backordered_dates=(self._date,))

    def next_wake(self) -> float | None:
        """Ask to be woken once."""
        return self._sent_at if self._kept else None

    def tick(self, now: float) -> list[Decision]:
        """Send the headphones, for a date that the order is not held to."""
        assert self._kept is not None
        kept, self._kept = self._kept, None
        return [Decision(kept, Plan((parcel(DC_EAST, {HEADPHONES: 1}, at(9, 18), at(9, 20)),)))]


def happened(folder: Path, router: ObedientRouter, lines: dict[int, int], **changes: Any) -> Ledger:
    """Return what happens to one order of the first morning."""
    scenario = stocked(folder, {(CABLE, DC_EAST): 5, (HEADPHONES, DC_EAST): 5}, clock__measure="1 day", **changes)
    ledger = simulate(scenario, HandMadeTape(scenario, [shopper(1, EIGHT, lines)]), router)
    audit(ledger)
    return ledger


def kpi(ledger: Ledger, name: str) -> float:
    """Return a KPI of one run; NaN if no order is held to a promise."""
    return estimate(BY_NAME[name], [sums_of(cohort_of(ledger))]).value


def promised(ledger: Ledger) -> tuple[float, float]:
    """Return the dates that the order is held to."""
    orders = orders_of(ledger)
    return float(orders["promised_ship"][0]), float(orders["promised_delivery"][0])


@pytest.mark.parametrize("lines", [{HEADPHONES: 1}, {CABLE: 1, HEADPHONES: 1}], ids=["alone", "with_a_parcel_now"])
def test_an_order_of_goods_still_to_come_is_held_to_the_date_it_was_told(tmp_path: Path, lines: dict[int, int]) -> None:
    ledger = happened(tmp_path, KeepsHeadphones(DATED, at(1, 12)), lines)
    assert promised(ledger) == (DATED.ship_at, DATED.deliver_at)
    assert kpi(ledger, "on_time_ship_rate") == kpi(ledger, "on_time_delivery_rate") == 1
    assert kpi(ledger, "order_fill_rate") == 0  # on time, and backordered all the same


def test_goods_that_come_a_day_late_miss_their_date(tmp_path: Path) -> None:
    # picked up at 18:00 on the third day, a day after the date; the journey to Boston is still in time
    ledger = happened(tmp_path, KeepsHeadphones(DATED, at(2, 12)), {HEADPHONES: 1})
    assert kpi(ledger, "on_time_ship_rate") == 0
    assert kpi(ledger, "on_time_delivery_rate") == 1


def test_an_order_with_units_that_have_no_date_is_held_to_none(tmp_path: Path) -> None:
    ledger = happened(tmp_path, KeepsHeadphones(None, at(1, 12)), {CABLE: 1, HEADPHONES: 1})
    assert kpi(ledger, "on_time_ship_rate") != kpi(ledger, "on_time_ship_rate")  # a ratio of nothing to nothing


def near_and_far(order: Order) -> Plan:
    """Return a plan that promises places other than Boston three days more, and earlier hand-over to nobody."""
    near = order.place == IN_BOSTON
    promise = (at(0, 18), at(2, 20)) if near else (at(1, 18), at(5, 20))
    return Plan((parcel(DC_EAST, {line.sku: line.quantity for line in order.lines}, *promise),))


@pytest.mark.parametrize(
    ("changes", "dates"),
    [
        ({}, (at(0, 18), at(2, 20))),
        ({"promise": "first"}, (at(0, 18), at(2, 20))),
        ({"promise": "anew"}, (at(1, 18), at(5, 20))),
    ],
    ids=["by_default", "first", "anew"],
)
def test_a_change_of_address_leaves_the_first_promise_unless_it_is_made_anew(
    tmp_path: Path, changes: dict[str, str], dates: tuple[float, float]
) -> None:
    plans: Callable[[Order], Plan] = near_and_far
    moved = {"share": "100 %", "after": "5 min", **changes}
    ledger = happened(
        tmp_path, ObedientRouter(plans), {CABLE: 1}, order_messages={"moved": moved},
        site_kinds__dc__message_delay="10 min",
    )  # fmt: skip
    assert ledger.changes.columns()["done"].tolist() == [1]
    assert promised(ledger) == dates


def test_an_address_changed_too_late_changes_no_promise(tmp_path: Path) -> None:
    # its pick takes from 8:01 to 8:05
    moved = {"share": "100 %", "after": "3 min", "promise": "anew"}
    ledger = happened(tmp_path, ObedientRouter(near_and_far), {CABLE: 1}, order_messages={"moved": moved})
    assert ledger.changes.columns()["done"].tolist() == [0]
    assert promised(ledger) == (at(0, 18), at(2, 20))
