"""Several systems speak for one store: what is put together of their news, at which minute, and as of when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.chance.tape import Tape
from sim.contract.messages import Line
from sim.contract.news import Refusal
from sim.routing.build import build_engine
from sim.scenario.blocks.feeds import Movement
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import tiny
from tests.world.hand_made import BOSTON, CABLE, DC_EAST, at
from tests.world.news.test_feeds import EVENT, POLL, Bench

if TYPE_CHECKING:
    from pathlib import Path

WMS = {"tells": ["picks", "receipts", "transfers", "corrections"], "feed": {"kind": "event", "latency": "30 s"}}
POS = {"tells": ["sales"], "feed": {"kind": "poll", "every": "5 min", "latency": "1 min"}}
ERP = {"feed": {"kind": "batch", "at": "02:00", "snapshot": "full", "latency": "10 min"}}


def systems(**blocks: Any) -> dict[str, Any]:
    """Return a feed of these systems."""
    return {"kind": "systems", "systems": blocks}


def of_cable(bench: Bench, until: float, asked_at: tuple[float, ...] = ()) -> list[tuple[float, float, int, int]]:
    """Return what the router hears of the store's cables: arrival, as of when, on hand, picked."""
    return [
        (when, as_of, on_hand, picked)
        for when, as_of, cells in bench.hear(until, asked_at)
        for sku, site, on_hand, picked in cells
        if (sku, site) == (CABLE, BOSTON)
    ]


def test_sales_come_by_the_till_and_picks_by_the_warehouse_system_each_in_its_own_time(tmp_path: Path) -> None:
    sales = [(2, CABLE, BOSTON), (3, CABLE, BOSTON), (7, CABLE, BOSTON)]
    bench = Bench(tmp_path, sales, site_kinds__store__feed=systems(wms=WMS, pos=POS))
    bench.pick(4, CABLE, BOSTON, 1)
    bench.pick(12, CABLE, BOSTON, 2)
    assert of_cable(bench, 20, (4.5, 12.5)) == [
        (4.5, 0, 9, 1),  # two have been sold; nobody has said so
        (6, 5, 7, 1),  # read at 5
        (11, 10, 6, 1),
        (12.5, 10, 4, 3),
    ]


def test_a_snapshot_undoes_no_later_sale_that_was_told_before_it_came(tmp_path: Path) -> None:
    # the ERP reads at 120 and is heard at 130; the sale of minute 122 is told at 126
    bench = Bench(
        tmp_path, [(119, CABLE, BOSTON), (122, CABLE, BOSTON)],
        site_kinds__store__feed=systems(wms=WMS, pos=POS, erp=ERP),
    )  # fmt: skip
    heard = of_cable(bench, 132)
    assert heard == [(121, 120, 9, 0), (126, 125, 8, 0), (130, 125, 8, 0)]


def test_news_read_before_a_snapshot_that_comes_after_it_adds_nothing(tmp_path: Path) -> None:
    late = {"tells": ["sales"], "feed": {"kind": "poll", "every": "5 min", "latency": "30 min"}}
    erp = {"feed": {"kind": "batch", "at": "02:00", "snapshot": "full"}}
    bench = Bench(
        tmp_path, [(112, CABLE, BOSTON), (118, CABLE, BOSTON)],
        site_kinds__store__feed=systems(wms=WMS, pos=late, erp=erp),
    )  # fmt: skip
    # read at 115 one was sold, at 120 both: the snapshot knows of both at once
    assert [(when, on_hand) for when, _, on_hand, _ in of_cable(bench, 152)] == [(120, 8), (145, 8), (150, 8)]


def test_what_the_till_never_told_is_made_good_by_the_night_s_snapshot(tmp_path: Path) -> None:
    deaf = {"tells": ["sales"], "feed": POS["feed"] | {"loss": "100 %"}}  # type: ignore[operator]
    bench = Bench(
        tmp_path, [(10, CABLE, BOSTON), (20, CABLE, BOSTON), (121, CABLE, BOSTON)],
        site_kinds__store__feed=systems(wms=WMS, pos=deaf, erp=ERP),
    )  # fmt: skip
    bench.pick(50, CABLE, BOSTON, 3)
    assert of_cable(bench, 200, (50.5,)) == [(50.5, 0, 7, 3), (130, 120, 5, 3)]


def test_receipts_are_told_by_whom_they_are_told(tmp_path: Path) -> None:
    office = {"tells": ["receipts"], "feed": {"kind": "poll", "every": "1 h"}}
    rest = {"tells": ["picks", "transfers", "sales", "corrections"], "feed": EVENT}
    bench = Bench(tmp_path, site_kinds__store__feed=systems(erp=office, wms=rest))

    def receive() -> Any:
        yield bench.env.timeout(10)
        bench.stock.receive(np.array([BOSTON]), np.array([5], dtype=np.int32))
        bench.feeds.changed_many(np.array([BOSTON]), Movement.RECEIPTS)

    bench.env.process(receive())
    bench.pick(20, CABLE, BOSTON, 1)
    assert of_cable(bench, 70, (23,)) == [(23, 0, 9, 1), (60, 57, 14, 1)]


def test_what_is_put_together_is_as_old_as_its_oldest_part(tmp_path: Path) -> None:
    bench = Bench(tmp_path, site_kinds__store__feed=systems(wms=WMS, pos=POS, erp=ERP))
    bench.hear(at(0, 1, 59))
    assert bench.feeds.age_of(BOSTON, at(0, 1, 59)) == 4  # the till was read at 1:55; the ERP knows less
    bench.hear(at(0, 2, 12))
    assert bench.feeds.age_of(BOSTON, at(0, 2, 12)) == 2
    assert bench.feeds.age_of(DC_EAST, at(0, 2, 12)) == 12  # one feed every fifteen minutes


def test_a_dead_till_leaves_the_warehouse_system_speaking(tmp_path: Path) -> None:
    bench = Bench(
        tmp_path, [(12, CABLE, BOSTON), (31, CABLE, BOSTON)],
        site_kinds__store__feed=systems(wms=WMS, pos=POS),
    )  # fmt: skip

    def outage() -> Any:
        yield bench.env.timeout(11)
        bench.feeds.die(BOSTON, bench.walk_ins, "pos")
        yield bench.env.timeout(22)
        bench.feeds.revive(BOSTON, bench.walk_ins, "delta", "pos")

    bench.env.process(outage())
    bench.pick(20, CABLE, BOSTON, 1)
    assert of_cable(bench, 35, (20.5,)) == [(20.5, 10, 9, 1), (34, 33, 7, 1)]


def test_the_engine_takes_off_what_the_till_has_told_and_what_it_has_promised_each_once(tmp_path: Path) -> None:
    bench = Bench(
        tmp_path, [(8, CABLE, BOSTON)],
        site_kinds__store__feed=systems(wms=WMS | {"feed": {"kind": "poll", "every": "20 min"}}, pos=POS),
    )  # fmt: skip
    belief = bench.router.belief
    belief.promise(BOSTON, (Line(CABLE, 2),))
    bench.pick(6, CABLE, BOSTON, 2)
    told = []
    for minute in (5, 10.5, 12, 21):
        bench.env.run(until=minute)
        bench.feeds.deliver(minute)
        told.append(int(belief.available[CABLE, BOSTON]))
    # promised: 8 left; sold: 7; that the promise was picked changes nothing
    assert told == [8, 8, 7, 7]
    assert belief.promised(CABLE, BOSTON) == 0


def test_a_shelf_found_empty_is_believed_empty_until_every_system_was_read_since(tmp_path: Path) -> None:
    hourly = {"tells": ["corrections", "receipts", "transfers"], "feed": {"kind": "poll", "every": "1 h"}}
    bench = Bench(
        tmp_path, [(8, CABLE, BOSTON), (62, CABLE, BOSTON)],
        site_kinds__store__feed=systems(pos=POS, wms={"tells": ["picks"], "feed": EVENT}, erp=hourly),
    )  # fmt: skip
    belief = bench.router.belief
    belief.promise(BOSTON, (Line(CABLE, 1),))
    bench.env.run(until=7)
    belief.refused(Refusal(7, 1, BOSTON, CABLE, 1))
    found = {}
    for minute in (12, 61, 67):
        bench.env.run(until=minute)
        bench.feeds.deliver(minute)
        found[minute] = int(belief.available[CABLE, BOSTON])
    # the till's sale of minute 8 says nothing of what else has become of the shelf; by 67 all were read after 7
    assert found == {12: 0, 61: 0, 67: 8}


FEEDS = st.sampled_from([
    {"kind": "event", "latency": {"law": "uniform", "low": "0 min", "high": "3 h"}, "loss": "40 %"},
    {"kind": "poll", "every": "25 min", "latency": "40 min", "loss": "40 %", "duplicates": "40 %"},
    {"kind": "poll", "every": "2 h", "snapshot": "full", "latency": {"law": "uniform", "low": "0 min", "high": "5 h"}},
])  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=30)
@given(
    wms=FEEDS,
    pos=FEEDS,
    sales=st.lists(st.integers(1, 1400), max_size=12),
    picks=st.lists(st.integers(1, 1400), max_size=6),
)
def test_once_the_night_s_snapshot_has_come_all_is_known_whatever_was_lost_doubled_or_late(
    tmp_path_factory: pytest.TempPathFactory, wms: Any, pos: Any, sales: list[int], picks: list[int]
) -> None:
    bench = Bench(
        tmp_path_factory.mktemp("bench"), [(minute, CABLE, BOSTON) for minute in sales],
        site_kinds__store__feed=systems(wms=WMS | {"feed": wms}, pos=POS | {"feed": pos}, erp=ERP),
    )  # fmt: skip
    for minute in picks:
        bench.pick(minute + 0.5, CABLE, BOSTON, 1)
    bench.hear(at(2, 12), range(30, 3600, 30))
    assert bench.feeds.told[CABLE, BOSTON] == bench.stock.on_hand[CABLE, BOSTON]
    assert bench.stock.on_hand[CABLE, BOSTON] == max(10 - len(sales) - len(picks), 0)


@pytest.mark.parametrize("feed", [POLL, EVENT, {"kind": "poll", "every": "1 h", "snapshot": "full"}])
def test_one_system_that_tells_everything_is_the_feed_itself(tmp_path: Path, feed: dict[str, str]) -> None:
    def decisions(folder: Path, feed: Any) -> Any:
        scenario = tiny(folder, site_kinds__store__feed=feed)
        engine = build_engine(routing_of(scenario), "cheapest", scenario.network)
        return simulate(scenario, Tape(scenario, 1, 0), engine).decisions.columns()

    plain, spoken = decisions(tmp_path / "a", feed), decisions(tmp_path / "b", systems(all={"feed": feed}))
    assert len(plain["at"]) > 100
    for column, values in plain.items():
        assert np.array_equal(values, spoken[column], equal_nan=True), column
