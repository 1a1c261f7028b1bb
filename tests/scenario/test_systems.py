"""Several systems for a site: what is read, and what is refused with what is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from sim.scenario.blocks.feeds import Movement, PollFeed, SystemsFeed
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

WMS = {"tells": ["picks", "receipts", "transfers", "corrections"], "feed": "webhook"}
POS = {"tells": ["sales"], "feed": "5 min"}
DEAD = {"kind": "feed_dead", "on": "2026-02-03", "lasts": "1 day"}


def stores_feed(**systems: Any) -> dict[str, Any]:
    """Return the change that lets these systems speak for stores."""
    return {"site_kinds__store__feed": {"kind": "systems", "systems": systems}}


def test_each_system_has_a_feed_of_its_own_by_cadence_or_in_full(tmp_path: Path) -> None:
    scenario = tiny(tmp_path, **stores_feed(wms=WMS, pos=POS, erp={"feed": "nightly"}))
    feed = scenario.site_blocks[2].feed
    assert isinstance(feed, SystemsFeed)
    assert isinstance(feed.systems["pos"].feed, PollFeed)
    assert feed.systems["pos"].feed.every == 5
    assert feed.systems["pos"].movements == (Movement.SALES,)
    assert feed.systems["erp"].movements == tuple(Movement)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (stores_feed(wms=WMS), "no system tells of sales - expected each movement told by one at least"),
        (stores_feed(pos=POS), "no system tells of picks and receipts and transfers and corrections - expected each"),
        (
            stores_feed(wms=WMS, pos=POS | {"tells": ["sale"]}),
            "site_kinds.store.feed.systems.pos.tells[0]: 'sale' - expected one of corrections, picks, receipts, sales, "
            "transfers (did you mean sales?)",
        ),
        (
            stores_feed(wms=WMS, pos=POS | {"feed": {"kind": "systems", "systems": {}}}),
            "feed.kind: 'systems' - expected one of batch, event, poll",
        ),
        (
            stores_feed(wms=WMS, pos=POS) | {"disruptions": [DEAD | {"system": "pso"}]},
            "disruptions[0].system: no such system speaks for these sites: 'pso' - expected one of pos, wms (did you "
            "mean pos?)",
        ),
        (
            {"disruptions": [DEAD | {"system": "pos"}]},
            "disruptions[0].system: no such system speaks for these sites: a feed of kind systems at one of them",
        ),
    ],
    ids=["no_till", "no_warehouse", "unknown_movement", "nested", "unknown_system", "no_systems"],
)
def test_what_is_wrong_is_told(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        tiny(tmp_path, **changes)
    assert message in str(caught.value)
