"""Disruptions followed by hand: feeds that die, sites that close, suppliers that are late, records counted wrong."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.spells import spells
from sim.chance.tape import Tape
from sim.contract.news import Closed, StockNews
from sim.errors import ScenarioError
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import tiny
from tests.world.hand_made import BOSTON, CABLE, DC_EAST, HandMadeTape, ObedientRouter, all_from, at, shopper, stocked

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

EAST: dict[str, Any] = {"where": {"sites": ["dc_east"]}, "on": "2026-02-02", "at": "08:00"}
YEAR = 365


def followed(folder: Path, router: ObedientRouter, *disruptions: dict[str, Any], **changes: Any) -> Ledger:
    """Run a world with cables in the east and orders at 7:00, 9:00 and on the next days."""
    scenario = stocked(folder, {(CABLE, DC_EAST): 10, (CABLE, BOSTON): 10}, disruptions=list(disruptions), **changes)
    moments = (at(0, 7), at(0, 9), at(1, 9), at(2, 9))
    tape = HandMadeTape(scenario, [shopper(k + 1, moment, {CABLE: 1}) for k, moment in enumerate(moments)])
    ledger = simulate(scenario, tape, router)
    audit(ledger)
    return ledger


def told_of_the_east(router: ObedientRouter, since: float, until: float) -> list[tuple[float, int]]:
    """Return the moments at which the eastern warehouse was read, and the cables it told of."""
    news = [
        n for n in router.told if isinstance(n, StockNews) and DC_EAST in n.sites and since < n.observed_at <= until
    ]
    cell = CABLE * 4 + DC_EAST
    return [(n.observed_at, int(n.on_hand[n.cells == cell][0])) for n in news if cell in n.cells]


def test_a_dead_feed_says_nothing_and_tells_all_at_its_recovery(tmp_path: Path) -> None:
    router = ObedientRouter(all_from(DC_EAST))
    followed(tmp_path, router, {"kind": "feed_dead", "lasts": "1 day", **EAST})
    assert told_of_the_east(router, 0, at(0, 8)) == [(at(0, 7, 15), 9)]
    assert told_of_the_east(router, at(0, 8), at(1, 8)) == [(at(1, 8), 8)]


def test_the_age_of_news_grows_while_a_feed_is_dead(tmp_path: Path) -> None:
    dead = {"kind": "feed_dead", "lasts": "1 day", **EAST, "at": "08:05"}
    ledger = followed(tmp_path, ObedientRouter(all_from(DC_EAST)), dead)
    # read on every quarter of an hour, last at 8:00; who comes on the quarter is met before it is read
    assert ledger.decisions.columns()["stock_age_min"].tolist() == [15, 60, 15, 15]


def test_a_closed_site_works_on_when_it_opens_again(tmp_path: Path) -> None:
    router = ObedientRouter(all_from(DC_EAST))
    ledger = followed(tmp_path, router, {"kind": "site_closed", "lasts": "12 h", **EAST})
    parcels = ledger.parcels.columns()
    # heard of at 9:01 while closed; it opens at 20:00, after Monday's pick-up
    assert parcels["picked_at"].tolist() == [at(0, 7, 5), at(0, 20, 4), at(1, 9, 5), at(2, 9, 5)]
    assert parcels["handed_at"].tolist() == [at(1, 18), at(1, 18), at(1, 18), at(2, 18)]
    assert Closed(at(0, 8), DC_EAST, at(0, 20)) in router.told


def test_a_closure_that_nobody_announces_is_no_news(tmp_path: Path) -> None:
    router = ObedientRouter(all_from(DC_EAST))
    followed(tmp_path, router, {"kind": "site_closed", "lasts": "12 h", "announced": False, **EAST})
    assert not [news for news in router.told if isinstance(news, Closed)]


def test_nobody_shops_at_a_closed_store(tmp_path: Path) -> None:
    closed = {"kind": "site_closed", "lasts": "1 h", "where": {"kinds": ["store"]}, "on": "2026-02-02", "at": "08:00"}
    scenario = stocked(tmp_path, {(CABLE, BOSTON): 10}, disruptions=[closed])
    wants = [(at(0, 7, 59), CABLE, BOSTON), (at(0, 8, 30), CABLE, BOSTON), (at(0, 9), CABLE, BOSTON)]
    tape = HandMadeTape(scenario, [shopper(1, at(0, 7), {CABLE: 1})], wants)
    ledger = simulate(scenario, tape, ObedientRouter(all_from(BOSTON)))
    assert int(ledger.walk_ins.columns()["wanted"].sum()) == 2


@pytest.mark.parametrize(("factor", "days"), [(1.5, 5), (2, 6)])
def test_what_is_ordered_while_a_supplier_is_late_takes_so_many_times_as_long(
    tmp_path: Path, factor: float, days: int
) -> None:
    # reviewed every day at four; three days usually; late on Wednesday
    late = {"kind": "supplier_late", "factor": factor, "lasts": "1 day", "on": "2026-02-04", "where": {"kinds": ["dc"]}}
    ordered: dict[str, set[float]] = {}
    for name, disruptions in (("usual", []), ("late", [late])):
        scenario = tiny(tmp_path / name, disruptions=disruptions, clock__measure="8 days")
        engine = build_engine(routing_of(scenario), "cheapest", scenario.network)
        ledger = simulate(scenario, Tape(scenario, 1, 0), engine)
        audit(ledger)
        receipts = ledger.receipts.columns()
        ordered[name] = set((receipts["at"][receipts["site"] <= 1] // 1440).tolist())
    assert 2 + 3 in ordered["usual"]
    assert 2 + 3 not in ordered["late"]
    assert 2 + days in ordered["late"]


def test_a_mass_miscount_moves_the_stated_share_of_records(tmp_path: Path) -> None:
    # 4 products at each of 2 stores; all of them are wrong by 3 at noon
    wrong = {"kind": "miscount", "share": "100 %", "units": 3, "on": "2026-02-02", "at": "11:00",
             "where": {"kinds": ["store"]}}  # fmt: skip
    scenario = stocked(
        tmp_path, {(sku, site): 10 for sku in range(4) for site in range(4)}, disruptions=[wrong],
        site_kinds__store__records={"errors": {"pick": {"scanned": "0 %", "unscanned": "1 %"}}},
    )  # fmt: skip
    tape = HandMadeTape(scenario, [shopper(1, at(0, 7), {CABLE: 1})])
    ledger = simulate(scenario, tape, ObedientRouter(all_from(DC_EAST)))
    audit(ledger)
    assert np.abs(ledger.movements.columns()["record"]).tolist() == [3] * 8


def test_random_spells_come_at_their_rate_and_never_overlap_at_a_site(tmp_path: Path) -> None:
    # begins 20 times a year while no spell lasts, each half a day on average: 20 / (1 + 20 / 730) a year
    law = {"law": "exponential", "mean": "12 h"}
    scenario = tiny(
        tmp_path, clock__measure="365 days", disruptions=[{"kind": "site_closed", "per_year": 20, "lasts": law}]
    )
    found = [spell for k in range(20) for spell in spells(scenario, Tape(scenario, 1, k))]
    horizon_years = (1 + 365 + 10) / YEAR * 4 * 20
    expected = 20 / (1 + 20 * 0.5 / YEAR) * horizon_years
    assert len(found) == pytest.approx(expected, abs=4 * expected**0.5)
    lengths = np.array([spell.end - spell.start for spell in found])
    assert lengths.mean() == pytest.approx(720, abs=4 * 720 / len(found) ** 0.5)
    of_one = [spell for spell in spells(scenario, Tape(scenario, 1, 0)) if spell.site == 0]
    assert all(before.end <= after.start for before, after in itertools.pairwise(of_one))


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ({"kind": "feed_dead", "lasts": "1 day"}, "either the day it begins"),
        ({"kind": "feed_dead", "lasts": "1 day", "per_year": 1, "on": "2026-02-02"}, "either the day it begins"),
        ({"kind": "feed_dead", "lasts": "1 day", "per_year": 1, "at": "08:00"}, "expected `on` beside it"),
        ({"kind": "feed_dead", "lasts": "1 day", "per_year": 1, "where": {"states": ["TX"]}}, "no site has it"),
        ({"kind": "miscount", "share": "5 %", "units": 1, "per_year": 1}, "records are their shelves"),
    ],
)
def test_a_disruption_that_can_never_happen_is_refused(tmp_path: Path, block: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        tiny(tmp_path, disruptions=[block])
