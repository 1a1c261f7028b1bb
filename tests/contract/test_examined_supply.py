from __future__ import annotations

from typing import TYPE_CHECKING

from sim.contract.check_router import check_router
from sim.contract.http_router import HttpRouter
from tests.serving import deployment_of, serving
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path


def test_our_engine_keeps_every_law_when_it_promises_against_goods_on_their_way(tmp_path: Path) -> None:
    kept = {"retry_every": "2 h", "give_up_after": "2 days", "against_supply": {}}
    scenario = tiny(tmp_path, routing__backorders=kept)
    with serving(deployment_of(scenario, "cheapest")) as url:
        report = check_router(lambda: HttpRouter(url, scenario.network), scenario.network, steps=150)
    assert report.ok, str(report)
