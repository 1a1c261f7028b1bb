"""What a scenario's routing holds back is held back somewhere, from somebody: else the name is told at its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.study.checks.check import problems_of
from sim.study.experiment import routing_of
from tests.tiny import write

if TYPE_CHECKING:
    from pathlib import Path

CHANNELS = {"web": {"share": "60 %"}, "app": {"share": "40 %"}}
SUPPLY = {"retry_every": "1 h", "give_up_after": "2 days", "against_supply": {"channels_first": ["web", "tv"]}}


def fence(**where: Any) -> dict[str, Any]:
    return {"routing__ring_fences": [{"units": 2, **where}]}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (fence(sites=["store_bostn"]), "ring_fences[0].sites[0]: unknown 'store_bostn' - expected one of dc_east, "
         "dc_west, store_boston, store_oakland (did you mean store_boston?)"),
        (fence(categories=["audio", "cable"]), "ring_fences[0].categories[1]: unknown 'cable' - expected one of audio, "
         "cables, printers, screens (did you mean cables?)"),
        (fence(products=["Z"]), "ring_fences[0].products[0]: unknown 'Z' - expected one of A, B, C, D"),
        (fence(kinds=["third_party"]), "ring_fences[0].kinds[0]: unknown 'third_party' - expected one of dc, store"),
        (fence(channels=["tv"]), "ring_fences[0].channels[0]: unknown 'tv' - expected one of app, web"),
        ({**fence(channels=["web"]), "demand__channels": {}}, "ring_fences[0].channels[0]: 'web' - the scenario has no "
         "channels"),
        ({"routing__safety_stock": {"vendor": 2}}, "safety_stock.vendor: unknown 'vendor' - expected one of dc, store"),
        ({"routing__pools": {"own": {"sites": ["dc_eats"]}}, "routing__channels": {"web": ["own"]}},
         "pools.own.sites[0]: unknown 'dc_eats' - expected one of dc_east,"),
        ({"routing__pools": {"own": {"share": 0.5}}, "routing__channels": {"tv": ["own"]}}, "channels.tv: unknown 'tv' "
         "- expected one of app, web"),
        ({"routing__backorders": SUPPLY, "supply_news": True}, "backorders.against_supply.channels_first[1]: unknown "
         "'tv' - expected one of app, web"),
    ],
)  # fmt: skip
def test_a_name_that_nothing_has_is_told_by_check_and_before_a_run(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    path = write(tmp_path, **{"demand__channels": CHANNELS} | changes)
    (problem,) = problems_of(path)[1]
    assert f"routing.{told}" in str(problem)
    assert re.match(r".*scenario\.yaml:\d+: ", str(problem))
    with pytest.raises(ScenarioError, match=re.escape(told)):
        routing_of(load(path))


def test_names_that_are_there_are_right(tmp_path: Path) -> None:
    every = {"kinds": ["store"], "sites": ["store_boston"], "categories": ["audio"], "products": ["B"]}
    changes = fence(**every, channels=["web"]) | {"routing__safety_stock": {"dc": 1}}
    assert problems_of(write(tmp_path, **{"demand__channels": CHANNELS} | changes))[1] == []
