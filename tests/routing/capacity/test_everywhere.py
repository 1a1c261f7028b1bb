"""Limits hold over HTTP, in a simulated world, and when a decision is repeated from its log."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.contract.wire_values import loads
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.decision_log import replay
from sim.routing.files import findings
from sim.routing.rules.columns import Columns
from sim.routing.rules.lint import Fault
from sim.routing.service.deployment import Deployment, Limits
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.routing.test_decision_log import examined
from tests.serving import post, serving
from tests.tiny import tiny, tree

CALLERS, CALLS, MOST = 8, 12, 37
DAY, THREE_HOURS = 1440.0, 180.0
# what only a fresh week, a backlog or a channel decides
LIMITS: list[dict[str, Any]] = [
    {"counts": "orders", "limit": 9, "kinds": {"store": 5}, "backlog": True},
    {"counts": "units", "limit": 30, "per": "week", "unless": {"priority_at_least": 2}},
    {"counts": "cartons", "limit": 2, "per": "hour", "carton_holds": "9 l", "channels": ["web", ""]},
]


def deployment(folder: Path, limits: list[dict[str, Any]], strategy: str = "cheapest") -> Deployment:
    routing = tree()["routing"] | {"capacity": limits}
    return Deployment(tiny(folder).network, RoutingConfig.model_validate(routing), strategy, Limits())


def test_callers_at_the_same_time_never_fill_a_site_beyond_its_limit(tmp_path: Path) -> None:
    limit = {"counts": "orders", "kinds": {"dc": MOST, "store": 0}}
    sites = list[str]()
    with serving(deployment(tmp_path, [limit])) as url:
        session = f"{url}/sessions/{loads(post(f'{url}/sessions', {})[1])['session']}"
        stock = {"kind": "stock", "observed_at": 0, "sites": ["dc_east", "dc_west"], "on_hand": {"A": [999, 999]}}
        post(f"{session}/observe", {"news": [stock]})
        start = threading.Barrier(CALLERS)

        def work(caller: int) -> None:
            start.wait()
            for number in range(caller * CALLS, (caller + 1) * CALLS):
                order = {"id": number, "placed_at": 0, "place": "021", "lines": [{"sku": "A", "quantity": 1}]}
                plan = loads(post(f"{session}/route", {"order": order, "now": 9.0})[1])["plan"]
                sites.extend(parcel["site"] for parcel in plan["parcels"])
                if number % 6 == 0 and plan["parcels"]:  # it is given back, and taken by another
                    gone = sites.pop()
                    post(f"{session}/release", {"at": 9.0, "order": number, "site": gone, "sku": "A", "quantity": 1})

        callers = [threading.Thread(target=work, args=(caller,)) for caller in range(CALLERS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
    assert CALLERS * CALLS > 2 * MOST
    assert (sites.count("dc_east"), sites.count("dc_west")) <= (MOST, MOST)


@pytest.mark.parametrize("strategy", ["cheapest", "balanced", "batch"])
@pytest.mark.parametrize("most", [4, 1_000_000])
def test_no_site_of_a_simulated_world_takes_on_more_a_day_than_it_may(tmp_path: Path, strategy: str, most: int) -> None:
    limit = {"counts": "orders", "kinds": {"store": most}}
    batch = {"choose": "batch", "window": "45 min", "reevaluate_every": "2 h", "revise_for": "0 USD"}
    scenario = tiny(tmp_path, routing__capacity=[limit], routing__strategies__batch=batch)
    engine = build_engine(routing_of(scenario), strategy, scenario.network)
    ledger = simulate(scenario, Tape(scenario, 1, 0), engine)
    audit(ledger)
    parcels = ledger.parcels.columns()
    behind = np.array([0, THREE_HOURS, 0, THREE_HOURS])[parcels["site"]]
    days = ((parcels["decided_at"] - behind) // DAY).astype(int)
    taken = np.zeros((4, days.max() + 2))
    np.add.at(taken, (parcels["site"], days), parcels["picked"] > 0)
    assert (taken[2:].max() <= 4) == (most == 4)
    assert taken[2:].max() >= 4


@pytest.mark.parametrize("strategy", ["cheapest", "nearest"])
def test_a_decision_under_limits_is_repeated_byte_for_byte(tmp_path: Path, strategy: str) -> None:
    here = deployment(tmp_path, LIMITS, strategy)
    lines = examined(here, 60).splitlines()
    replayed = list(replay(lines, here.wire, here.version, here.engine()))
    assert [line for line in replayed if not line.equal] == []
    without = deployment(tmp_path / "free", [], strategy)
    fresh = [line.replace(here.version.encode(), without.version.encode()) for line in lines]
    free = replay(fresh, without.wire, without.version, without.engine())
    assert any(not line.equal for line in free)  # limits did decide


@pytest.mark.parametrize(
    ("limits", "where", "fault"),
    [
        ([{"limit": 0}], "capacity[0]", Fault.CONTRADICTORY),
        ([{"limit": 5}, {"limit": 6}], "capacity[1]", Fault.NEVER_ACTS),
        ([{"limit": 6}, {"limit": 5}], "capacity[0]", Fault.NEVER_ACTS),
        ([{"limit": 5}, {"limit": 5}], "capacity[1]", Fault.NEVER_ACTS),
        ([{"limit": 5}, {"limit": 9, "channels": ["web"]}], "capacity[1]", Fault.NEVER_ACTS),
        ([{"limit": "lots"}], "capacity[0]", Fault.NOBODY_HAS_IT),
        ([{"kinds": {"vendor": 4}}], "capacity[0].kinds", Fault.NOBODY_HAS_IT),
        ([{"limit": 5, "unless": {"priority_at_least": 1}}, {"limit": 9}], "", None),
        ([{"limit": 9}, {"limit": 5, "channels": ["web"]}], "", None),
        ([{"limit": 5}, {"limit": 9, "per": "week"}], "", None),
        ([{"limit": 5}, {"limit": 9, "sites": {"a": 4}}], "", None),
    ],
)
def test_a_limit_that_never_acts_or_that_nobody_meets_is_found(
    limits: list[dict[str, Any]], where: str, fault: Fault | None
) -> None:
    blocks = [{"counts": "orders", **limit} for limit in limits]
    config = RoutingConfig.model_validate(
        {"max_parcels": 1, "capacity": blocks, "strategies": tree()["routing"]["strategies"]}
    )
    found = findings(config, Columns(("a",), [{"kind": "dc"}]))
    assert [(each.where, each.fault) for each in found] == ([(where, fault)] if fault else [])
