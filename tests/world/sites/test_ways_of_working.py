"""In which order people with shifts work, what they share, and who else needs them: every time by arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.chance.tape import Tape
from sim.contract.messages import Parcel, Plan
from sim.contract.news import Refusal
from sim.ledger.accounts import Account
from sim.ledger.audit import audit
from sim.money.posting import journal_of
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import tiny
from tests.world.hand_made import BOSTON, CABLE, HandMadeTape, ObedientRouter, all_from, at, give_up, shopper, stocked
from tests.world.sites.working import labour, picked, sheet, world

if TYPE_CHECKING:
    from pathlib import Path

    from sim.contract.messages import Order


def test_orders_on_one_walk_share_it_and_are_picked_when_it_is_over(tmp_path: Path) -> None:
    batch = labour(batch={"walk": "10 min", "orders": 3})
    ledger = world(tmp_path, [at(0, 7)] * 4, batch, site_kinds__dc__pick_time="5 min")
    assert picked(ledger) == [at(0, 8, 25)] * 3 + [at(0, 8, 40)]
    assert sheet(ledger, "worked_min")[0] == (25 + 15,)


def test_orders_wait_for_the_next_wave(tmp_path: Path) -> None:
    ledger = world(tmp_path, [at(0, 8), at(0, 9, 1), at(0, 12, 1)], labour(waves=["09:00", "12:00"]))
    assert picked(ledger) == [at(0, 10), at(0, 13), at(1, 10)]
    assert sheet(ledger, "parcels", "waited_min", "longest_min")[:2] == [(2, 60 + 179, 179), (1, 1259, 1259)]


def test_what_is_due_first_is_picked_first(tmp_path: Path) -> None:
    # asked at once, due the later the earlier asked; the first is in hand already
    def due(order: Order) -> Plan:
        return Plan((Parcel(0, order.lines, 0, 9000.0 - order.id, 9999.0, (0.0,) * 5),))

    block = labour(queue="due_time")
    own = {"pickers": ..., "labour": block, "pick_time": "1 h", "pack_time": "0 min", "message_delay": "0 min"}
    scenario = stocked(tmp_path, {(CABLE, 0): 9}, **{f"site_kinds__dc__{key}": value for key, value in own.items()})
    tape = HandMadeTape(scenario, [shopper(k, at(0, 9, k), {CABLE: 1}) for k in range(3)])
    parcels = simulate(scenario, tape, ObedientRouter(due)).parcels.columns()
    assert parcels["order"].tolist() == [0, 2, 1]


def test_a_busy_site_says_no(tmp_path: Path) -> None:
    plans = (all_from(0), all_from(0), all_from(0), give_up)
    ledger = world(tmp_path, [at(0, 9)] * 3, labour(declines_beyond=1), *plans)
    assert ledger.declines.columns()["order"].tolist() == [2]
    assert picked(ledger) == [at(0, 10), at(0, 11)]


def test_the_router_hears_until_when_a_busy_site_takes_nothing(tmp_path: Path) -> None:
    own = {
        "pickers": ..., "pick_time": "1 h", "pack_time": "0 min", "message_delay": "0 min",
        "labour": labour(declines_beyond=1, pause="90 min"),
    }  # fmt: skip
    scenario = stocked(tmp_path, {(CABLE, 0): 9}, **{f"site_kinds__dc__{key}": value for key, value in own.items()})
    tape = HandMadeTape(scenario, [shopper(k, at(0, 9), {CABLE: 1}) for k in range(3)])
    router = ObedientRouter(all_from(0), all_from(0), all_from(0), give_up)
    audit(simulate(scenario, tape, router))
    assert [news for news in router.told if isinstance(news, Refusal)] == [
        Refusal(at(0, 9), 2, 0, CABLE, 1, busy_until=at(0, 10, 30))
    ]


def test_our_engine_asks_a_busy_site_again_when_its_pause_is_over_though_no_news_of_stock_has_come(
    tmp_path: Path,
) -> None:
    """One at work, one waiting; the third goes far away, the fourth within the pause too, the fifth comes back."""
    own = {
        "pickers": ..., "pick_time": "1 h", "pack_time": "0 min", "message_delay": "0 min",
        "labour": labour(declines_beyond=1, pause="2 h", shifts={"day": {"hours": "00:00-24:00", "people": 1}}),
        "feed": {"kind": "batch", "at": "02:00"},
    }  # fmt: skip
    scenario = stocked(
        tmp_path, {(CABLE, 0): 9, (CABLE, 1): 9}, **{f"site_kinds__dc__{key}": value for key, value in own.items()}
    )
    moments = [at(1, 9), at(1, 9, 1), at(1, 9, 2), at(1, 10, 1), at(1, 11, 3)]
    tape = HandMadeTape(scenario, [shopper(k, when, {CABLE: 1}) for k, when in enumerate(moments)])
    engine = build_engine(routing_of(scenario), "nearest", scenario.network)
    ledger = simulate(scenario, tape, engine)
    audit(ledger)
    parcels = ledger.parcels.columns()
    sites = dict(zip(parcels["order"].tolist(), parcels["site"].tolist(), strict=True))
    assert ledger.declines.columns()["order"].tolist() == [2]
    assert [sites[k] for k in range(5)] == [0, 0, 1, 1, 0]


def test_stations_pack_one_parcel_after_the_other_while_people_go_on_picking(tmp_path: Path) -> None:
    block = labour(packing={"stations": 1})
    ledger = world(tmp_path, [at(0, 8)] * 2, block, site_kinds__dc__pack_time="90 min")
    assert picked(ledger) == [at(0, 9), at(0, 10)]
    assert ledger.parcels.columns()["packed_at"].tolist() == [at(0, 10, 30), at(0, 12)]
    # the picker for 8 h, the packer for the 24 that the site is open
    assert sheet(ledger, "paid_min", "worked_min", "cents")[0] == (480 + 1440, 120 + 180, 32 * 2000)


def test_goods_are_on_sale_when_somebody_has_received_them(tmp_path: Path) -> None:
    shifts = {"all": {"hours": "00:00-24:00", "people": 50}}

    def receipts(name: str, **changes: Any) -> list[tuple[float, int, int, int]]:
        own = {"pickers": ..., "labour": labour(shifts=shifts, **changes)}
        scenario = tiny(tmp_path / name, **{f"site_kinds__dc__{key}": value for key, value in own.items()})
        engine = build_engine(routing_of(scenario), "balanced", scenario.network)
        ledger = simulate(scenario, Tape(scenario, 1, 0), engine)
        audit(ledger)
        rows = ledger.receipts.columns()
        return [row for row in zip(*(rows[name].tolist() for name in ("at", "site", "sku", "quantity")), strict=True)]

    came = set(receipts("a"))
    on_sale = [row for row in receipts("b", receiving={"units_per_hour": 60}) if row[1] < 2][:6]
    for when, site, sku, quantity in on_sale:  # a minute for each unit of what came together
        units = sum(q for moment, j, _, q in on_sale if (moment, j) == (when, site))
        assert (when - units, site, sku, quantity) in came


def test_in_a_store_customers_are_served_first_and_their_share_of_wages_is_not_the_orders(tmp_path: Path) -> None:
    # from 9 two customers take half an hour each; the order that came at 9:10 is picked from 10 to 11
    own = {
        "pickers": ..., "pick_time": "1 h", "pack_time": "0 min", "message_delay": "0 min",
        "labour": labour(walk_ins={"takes": "30 min", "wait_per_minute": "0.10 USD"}),
    }  # fmt: skip
    scenario = stocked(
        tmp_path, {(CABLE, BOSTON): 9}, **{f"site_kinds__store__{key}": value for key, value in own.items()}
    )
    wants = [(at(0, 9), CABLE, BOSTON)] * 2
    tape = HandMadeTape(scenario, [shopper(1, at(0, 9, 10), {CABLE: 1})], wants)
    ledger = simulate(scenario, tape, ObedientRouter(all_from(BOSTON)))
    audit(ledger)
    assert picked(ledger) == [at(0, 11)]
    day = {
        name: values[ledger.labour.columns()["site"] == BOSTON][0] for name, values in ledger.labour.columns().items()
    }
    assert (day["customers"], day["served_min"], day["customers_waited_min"], day["worked_min"]) == (2, 60, 30, 120)
    assert (day["cents"], day["in_store_cents"], day["wait_cents"]) == (8000, 8000, 300)
    assert journal_of(ledger).balances()[Account.WALK_IN_WAITS] == 300


def test_a_parcel_found_wrong_is_picked_again_and_its_goods_are_taken_once(tmp_path: Path) -> None:
    right = world(tmp_path / "a", [at(0, 8)] * 40, labour(), site_kinds__dc__pick_time="1 min")
    again = world(tmp_path / "b", [at(0, 8)] * 40, labour(rework="50 %"), site_kinds__dc__pick_time="1 min")
    assert sheet(right, "worked_min")[0] == (40,)
    tries = int(sheet(again, "worked_min")[0][0])
    assert 40 + 4 < tries < 40 + 76  # 40 more on average, 4 standard deviations of 9
    assert again.picks.columns()["picked"].sum() == 40


def test_an_order_that_nobody_sends_takes_nobodys_time(tmp_path: Path) -> None:
    scenario = stocked(
        tmp_path, {(CABLE, 0): 9}, site_kinds__dc__pickers=..., site_kinds__dc__labour=labour(), walk_ins=...
    )
    tape = HandMadeTape(scenario, [shopper(1, at(0, 9), {CABLE: 1})])
    assert simulate(scenario, tape, ObedientRouter(give_up)).labour.columns()["worked_min"].sum() == 0
