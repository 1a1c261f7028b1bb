"""Holds, cancellations, other addresses, late messages and labels that fail, followed by hand and by arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.contract.news import Cancellation, Release
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import BY_NAME, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.world.simulate import simulate
from tests.tiny import tiny
from tests.world.hand_made import (
    BOSTON,
    CABLE,
    DC_EAST,
    IN_BOSTON,
    HandMadeTape,
    ObedientRouter,
    all_from,
    at,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

EIGHT = at(0, 8)


def one_order(folder: Path, router: ObedientRouter, *, units: int = 2, **changes: Any) -> Ledger:
    """Run a world in which somebody in Boston orders two cables at eight; sites hear of it after a minute."""
    scenario = stocked(folder, {(CABLE, DC_EAST): 10, (CABLE, BOSTON): 1}, **changes)
    ledger = simulate(scenario, HandMadeTape(scenario, [shopper(1, EIGHT, {CABLE: units})]), router)
    audit(ledger)
    return ledger


def always(takes: str, **more: str) -> dict[str, Any]:
    """Return a block that happens to every order after some minutes."""
    return {"share": "100 %", "takes" if more else "after": takes, **more}


def test_an_order_held_before_routing_is_decided_when_the_hold_is_over(tmp_path: Path) -> None:
    router = ObedientRouter(all_from(DC_EAST))
    ledger = one_order(tmp_path, router, order_messages={"hold": always("30 min", before="routing")})
    assert [moment for moment, _ in router.asked] == [EIGHT + 30]
    assert ledger.parcels.columns()["reached_at"].tolist() == [EIGHT + 31]


def test_an_order_held_before_release_is_decided_at_once_and_its_site_hears_later(tmp_path: Path) -> None:
    router = ObedientRouter(all_from(DC_EAST))
    ledger = one_order(tmp_path, router, order_messages={"hold": always("30 min", before="release")})
    assert [moment for moment, _ in router.asked] == [EIGHT]
    parcels = ledger.parcels.columns()
    assert parcels["reached_at"].tolist() == [EIGHT + 31]
    assert parcels["picked_at"].tolist() == [EIGHT + 35]


def test_what_is_called_off_in_time_is_released_and_nobody_picks_it(tmp_path: Path) -> None:
    router = ObedientRouter(all_from(DC_EAST))
    ledger = one_order(
        tmp_path, router, order_messages={"called_off": always("5 min")}, site_kinds__dc__message_delay="10 min"
    )
    assert Release(EIGHT + 5, 1, DC_EAST, CABLE, 2) in router.told
    assert ledger.parcels.columns()["parcel"].size == 0
    orders = orders_of(ledger)
    assert (orders["units_cancelled"].tolist(), orders["units_called_off"].tolist()) == ([2], [2])
    assert orders["units_promised"].tolist() == [0]
    assert orders["cancelled_margin_cents"].tolist() == [0]


def test_what_is_being_picked_is_sent_although_the_shopper_wants_it_no_more(tmp_path: Path) -> None:
    router = ObedientRouter(all_from(DC_EAST))
    ledger = one_order(tmp_path, router, order_messages={"called_off": always("2 min")})
    assert orders_of(ledger)["units_picked"].tolist() == [2]
    assert ledger.changes.columns()["done"].tolist() == [0]


def test_an_order_called_off_while_the_office_holds_it_never_reaches_the_router(tmp_path: Path) -> None:
    router = ObedientRouter(all_from(DC_EAST))
    messages = {"hold": always("30 min", before="routing"), "called_off": always("5 min")}
    ledger = one_order(tmp_path, router, order_messages=messages)
    assert router.asked == []
    assert orders_of(ledger)["units_called_off"].tolist() == [2]


def test_units_refused_after_the_shopper_called_off_are_not_routed_again(tmp_path: Path) -> None:
    # picked from 8:01, found one short at 8:05, heard of at 8:06; called off at 8:03
    router = ObedientRouter(all_from(BOSTON))
    ledger = one_order(tmp_path, router, order_messages={"called_off": always("3 min")})
    assert len(router.asked) == 1
    orders = orders_of(ledger)
    assert (orders["units_picked"].tolist(), orders["units_called_off"].tolist()) == ([1], [1])


def test_an_order_sent_elsewhere_is_withdrawn_and_decided_anew(tmp_path: Path) -> None:
    router = ObedientRouter(all_from(DC_EAST), all_from(BOSTON))
    ledger = one_order(
        tmp_path, router, units=1, order_messages={"moved": always("5 min")}, site_kinds__dc__message_delay="10 min"
    )
    assert [moment for moment, _ in router.asked] == [EIGHT, EIGHT + 5]
    assert router.asked[0][1].place == IN_BOSTON
    assert router.asked[1][1].place != IN_BOSTON
    assert ledger.parcels.columns()["site"].tolist() == [BOSTON]
    assert orders_of(ledger)["units_promised"].tolist() == [1]
    assert orders_of(ledger)["reroutes"].tolist() == [0]


def test_an_order_being_picked_goes_to_its_old_address(tmp_path: Path) -> None:
    router = ObedientRouter(all_from(DC_EAST))
    ledger = one_order(tmp_path, router, order_messages={"moved": always("2 min")})
    assert len(router.asked) == 1
    assert ledger.changes.columns()["done"].tolist() == [0]


def test_confirmations_take_their_own_time(tmp_path: Path) -> None:
    # short at 8:05; the answer takes 20 minutes
    router = ObedientRouter(all_from(BOSTON), all_from(DC_EAST))
    one_order(tmp_path, router, site_kinds__store__confirm_delay="20 min")
    assert [moment for moment, _ in router.asked] == [EIGHT, EIGHT + 25]


def world(folder: Path, **changes: Any) -> Ledger:
    """Run three days of the tiny world with plenty of stock and shoppers, routed by our own engine."""
    scenario = tiny(
        folder, demand__shoppers_per_day=700, walk_ins=..., site_kinds__dc__pickers=50, site_kinds__store__pickers=50,
        site_kinds__dc__stock__days_of_cover=60, **changes,
    )  # fmt: skip
    engine = build_engine(routing_of(scenario), "cheapest", scenario.network)
    ledger = simulate(scenario, Tape(scenario, 1, 0), engine)
    audit(ledger)
    return ledger


def kpi(ledger: Ledger, name: str) -> float:
    """Return a KPI of one run."""
    return estimate(BY_NAME[name], [sums_of(cohort_of(ledger))]).value


def test_the_share_called_off_in_time_is_that_of_the_law_and_is_not_ours(tmp_path: Path) -> None:
    # 30 % want to cancel after an exponential hour; the message to the site can be recalled for half an hour
    law = {"law": "exponential", "mean": "1 h"}
    delay = {f"site_kinds__{kind}__message_delay": "30 min" for kind in ("dc", "store")}
    ledger = world(tmp_path, order_messages={"called_off": {"share": "30 %", "after": law}}, **delay)
    expected = 0.3 * (1 - np.exp(-0.5))
    count = int(orders_of(ledger)["measured"].sum())
    assert count > 1500
    # orders with a line to be backordered can be called off longer: there are none
    assert orders_of(ledger)["backordered"].sum() == 0
    assert kpi(ledger, "called_off_rate") == pytest.approx(expected, abs=4 * (expected * (1 - expected) / count) ** 0.5)
    assert kpi(ledger, "cancel_rate") == 0
    assert kpi(ledger, "order_fill_rate") == 1


def test_labels_fail_and_are_asked_for_again(tmp_path: Path) -> None:
    # fail 20 %: p / (1 - p) = 1/4 failures a parcel, variance p / (1 - p)^2
    ledger = world(tmp_path, order_messages={"labels": {"fail": "20 %", "retry_after": "5 min"}})
    parcels = cohort_of(ledger).orders["parcels"].sum()
    error = (0.2 / 0.64 / parcels) ** 0.5
    assert kpi(ledger, "label_failures_per_parcel") == pytest.approx(0.25, abs=4 * error)


def test_a_parcel_whose_label_comes_too_late_leaves_with_the_next_pick_up(tmp_path: Path) -> None:
    # packed at 17:50, collected at 18:00; a first label that fails is there at 18:05
    late = {"labels": {"fail": "99 %", "retry_after": "15 min"}}
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 10}, order_messages=late)
    tape = HandMadeTape(scenario, [shopper(1, at(0, 17, 35), {CABLE: 1})])
    ledger = simulate(scenario, tape, ObedientRouter(all_from(DC_EAST)))
    parcels, (failures,) = ledger.parcels.columns(), ledger.labels.columns()["failures"].tolist()
    assert parcels["packed_at"].tolist() == [at(0, 17, 50)]
    days = 1 + int((failures * 15 - 10) // 1440)
    assert parcels["handed_at"].tolist() == [at(days, 18)]


def test_lines_the_router_keeps_are_called_off_with_the_rest(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 1}, order_messages={"called_off": always("5 min")},
                       site_kinds__dc__message_delay="10 min")  # fmt: skip
    engine = build_engine(routing_of(scenario), "cheapest", scenario.network)
    told: list[object] = []
    observe = engine.observe
    engine.observe = lambda news: (told.append(news), observe(news))[1]  # type: ignore[method-assign]
    ledger = simulate(scenario, HandMadeTape(scenario, [shopper(1, EIGHT, {CABLE: 3}, patience=0.1)]), engine)
    audit(ledger)
    assert Cancellation(EIGHT + 5, 1) in told
    assert orders_of(ledger)["units_called_off"].tolist() == [3]
    assert engine.available()[CABLE] == 1
    assert engine.next_wake() is None
