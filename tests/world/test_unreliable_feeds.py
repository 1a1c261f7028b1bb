"""Feeds that lose, double and overtake their messages, tell everything, or are dead for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.world.hand_made import BOSTON, CABLE, DC_EAST, DC_WEST, OAKLAND
from tests.world.news.test_feeds import EVENT, POLL, Bench

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING_EAST = [(sku, DC_EAST, 10, 0) for sku in range(4)]


def dead(bench: Bench, site: int, since: float, until: float, tell: Any) -> None:
    """Let a site's feed be dead for a time."""

    def outage() -> Any:
        yield bench.env.timeout(since)
        bench.feeds.die(site, bench.walk_ins)
        yield bench.env.timeout(until - since)
        bench.feeds.revive(site, bench.walk_ins, tell)

    bench.env.process(outage())


def test_a_feed_that_loses_everything_tells_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path, site_kinds__dc__feed=POLL | {"loss": "100 %"})
    bench.pick(10, CABLE, DC_EAST, 1)
    assert bench.hear(60) == []
    assert bench.feeds.observed_at[DC_EAST] == 0


def test_every_copy_of_a_doubled_message_says_the_same(tmp_path: Path) -> None:
    bench = Bench(tmp_path, site_kinds__dc__feed=EVENT | {"duplicates": "100 %"})
    bench.pick(10, CABLE, DC_EAST, 2)
    assert bench.hear(20) == [(20, 10, [(CABLE, DC_EAST, 8, 2)])] * 2


def test_news_that_is_overtaken_arrives_but_is_not_what_was_told_last(tmp_path: Path) -> None:
    law = {"law": "uniform", "low": "0 min", "high": "1 h"}
    bench = Bench(tmp_path, site_kinds__dc__feed={"kind": "event", "latency": law})
    for k in range(8):
        bench.pick(10 + k, CABLE, DC_EAST, 1)
    told = [on_hand for _, _, [(_, _, on_hand, _)] in bench.hear(100)]
    assert told != sorted(told, reverse=True)
    assert sorted(told) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert bench.feeds.told[CABLE, DC_EAST] == 2
    assert bench.feeds.observed_at[DC_EAST] == 17


def test_a_full_snapshot_names_every_product_changed_or_not(tmp_path: Path) -> None:
    bench = Bench(tmp_path, site_kinds__dc__feed=POLL | {"snapshot": "full"})
    bench.pick(10, CABLE, DC_EAST, 1)
    [(arrived, read, cells)] = bench.hear(20)
    assert (arrived, read) == (17, 15)
    assert sorted(cells) == [(k, j, 9 if (k, j) == (CABLE, DC_EAST) else 10, int((k, j) == (CABLE, DC_EAST)))
                             for k in range(4) for j in (DC_EAST, DC_WEST)]  # fmt: skip


def test_a_snapshot_is_sent_beside_the_changes_every_so_often(tmp_path: Path) -> None:
    bench = Bench(tmp_path, site_kinds__dc__feed=EVENT | {"full_every": "1 h"})
    assert [(told[0], told[1], len(told[2])) for told in bench.hear(130)] == [(63, 60, 8), (123, 120, 8)]


@pytest.mark.parametrize(
    ("tell", "heard"),
    [
        ("full", [(43, 40, [(CABLE, DC_EAST, 9, 1), *EVERYTHING_EAST[1:]])]),
        ("delta", [(43, 40, [(CABLE, DC_EAST, 9, 1)])]),
        ("nothing", []),
    ],
)
def test_what_was_missed_while_a_feed_was_dead_is_told_at_its_recovery(
    tmp_path: Path, tell: str, heard: list[Any]
) -> None:
    bench = Bench(tmp_path, site_kinds__dc__feed=EVENT)
    dead(bench, DC_EAST, 5, 40, tell)
    bench.pick(10, CABLE, DC_EAST, 1)
    bench.pick(10, CABLE, DC_WEST, 1)
    assert bench.hear(30) == [(30, 10, [(CABLE, DC_WEST, 9, 1)])]
    assert bench.feeds.age_of(DC_EAST, 30) == 28
    assert bench.hear(60)[1:] == heard


def test_a_dead_poll_reads_nothing_and_its_neighbour_does(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [(6, CABLE, BOSTON), (20, CABLE, BOSTON)], site_kinds__store__feed=POLL)
    dead(bench, BOSTON, 10, 50, "delta")
    bench.hear(70)
    told = [(at, read, sites) for (at, read, _), sites in zip(bench.router.heard, bench.router.sites, strict=True)]
    stores = [(at, read, sites) for at, read, sites in told if OAKLAND in sites or BOSTON in sites]
    assert stores[1:] == [
        (17, 15, [OAKLAND]), (32, 30, [OAKLAND]), (47, 45, [OAKLAND]), (52, 50, [BOSTON]), (62, 60, [BOSTON, OAKLAND]),
    ]  # fmt: skip


def test_walk_in_sales_before_an_outage_are_told_and_those_in_it_are_not(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [(6, CABLE, BOSTON), (20, CABLE, BOSTON)], site_kinds__store__feed=EVENT)
    dead(bench, BOSTON, 10, 50, "nothing")
    assert bench.hear(70) == [(70, 6, [(CABLE, BOSTON, 9, 0)])]
