"""Who collects is luck of the shopper's own: nobody else's order is another for it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.collectors import FIRST_ADDED, stores_in_reach
from sim.chance.shopper import PER_DAY
from sim.chance.tape import Tape
from tests.tiny import tiny
from tests.world.collecting import PICK_UP, with_counters
from tests.world.hand_made import BOSTON, IN_BOSTON, IN_CHICAGO, IN_SAN_FRANCISCO, OAKLAND

if TYPE_CHECKING:
    from pathlib import Path

    from sim.chance.tape import Shopper
    from sim.scenario.load import Scenario

BOTH = with_counters(("store_boston", "store_oakland"))
DAYS = range(10)


def collecting(folder: Path, **pick_up: Any) -> Scenario:
    own = {"network__site_attributes": ["pickup"], "demand__shoppers_per_day": 600}
    return tiny(folder, BOTH, pick_up={**PICK_UP, **pick_up}, **own)


def shoppers(scenario: Scenario) -> list[Shopper]:
    tape = Tape(scenario, 1, 0)
    return [row for day in DAYS for row in tape.shoppers(day)]


def is_added(row: Shopper) -> bool:
    return row.id % PER_DAY >= FIRST_ADDED


def within(found: float, share: float, count: int) -> bool:
    """Return whether a share of so many trials is within 4 standard errors of what it should be."""
    return abs(found - share) < 4 * math.sqrt(share * (1 - share) / count)


def test_each_shopper_collects_at_the_nearest_store_that_offers_it_if_that_is_within_reach(tmp_path: Path) -> None:
    scenario = collecting(tmp_path)
    assert scenario.file.pick_up is not None
    reach = stores_in_reach(scenario.network, scenario.file.pick_up)
    assert reach.tolist() == [BOSTON, -1, OAKLAND]
    places = {row.place for row in shoppers(scenario) if row.collects is not None}
    assert places == {IN_BOSTON, IN_SAN_FRANCISCO}


def test_the_same_shoppers_come_whether_or_not_some_of_them_collect(tmp_path: Path) -> None:
    without = tiny(tmp_path / "without", BOTH, network__site_attributes=["pickup"], demand__shoppers_per_day=600)
    tempted = collecting(tmp_path / "with", share="50 %", added="20 %")
    usual = [row._replace(collects=None) for row in shoppers(tempted) if not is_added(row)]
    assert usual == shoppers(without)


def test_a_share_of_those_in_reach_collects_and_a_share_of_these_came_on_top(tmp_path: Path) -> None:
    rows = shoppers(collecting(tmp_path, share="40 %", added="25 %"))
    in_reach = [row for row in rows if row.place != IN_CHICAGO]
    usual = [row for row in in_reach if not is_added(row)]
    assert within(np.mean([row.collects is not None for row in usual]), 0.4, len(usual))
    collectors = [row for row in rows if row.collects is not None]
    # on top come a third as many as would have come anyway; both counts are Poisson
    assert within(np.mean([is_added(row) for row in collectors]), 0.25, len(collectors))
    assert all(row.collects.added and not row.collects.otherwise_ships for row in collectors if is_added(row))


def test_a_channel_may_have_a_share_of_its_own(tmp_path: Path) -> None:
    channels = {"web": {"share": "50 %"}, "app": {"share": "50 %"}}
    pick_up = {**PICK_UP, "share": "0 %", "channels": {"app": "100 %"}}
    scenario = tiny(tmp_path, BOTH, network__site_attributes=["pickup"], pick_up=pick_up, demand__channels=channels)
    by_channel = {row.channel: row.collects is not None for row in shoppers(scenario) if row.place == IN_BOSTON}
    assert by_channel == {0: False, 1: True}


def test_each_has_luck_of_his_own_for_coming_for_the_kerb_and_for_what_he_buys(tmp_path: Path) -> None:
    extra = {"share": "30 %", "value": "20 USD", "cv": 1, "margin": "30 %"}
    scenario = collecting(
        tmp_path, no_show="10 %", ship_otherwise="60 %", kerb={"share": "25 %", "minutes": "0 min"}, extra=extra,
        arrives={"law": "exponential", "mean": "10 h"},
    )  # fmt: skip
    found = [row.collects for row in shoppers(scenario) if row.collects is not None]
    come = [each for each in found if each.after < math.inf]
    assert within(1 - len(come) / len(found), 0.1, len(found))
    assert within(np.mean([each.otherwise_ships for each in found]), 0.6, len(found))
    assert within(np.mean([each.at_kerb for each in found]), 0.25, len(found))
    spent = np.array([each.extra_cents for each in come])
    assert within(np.mean(spent > 0), 0.3, len(come))
    assert np.mean(spent[spent > 0]) == pytest.approx(2000, abs=4 * 2000 / math.sqrt((spent > 0).sum()))
    assert np.mean([each.after for each in come]) == pytest.approx(600, abs=4 * 600 / math.sqrt(len(come)))
