"""Which strategy of a file decides on which day, and what is said where none does."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.contract.wire_values import dumps
from sim.errors import ScenarioError, WireError
from sim.files import write_yaml
from sim.network.file import write_network
from sim.routing.service.deployment import day_of, read_deployment
from sim.routing.service.stateless import Stateless
from tests.routing.ruled import network

BEFORE, AFTER = date(2026, 2, 20), date(2026, 2, 25)
OLD = {"choose": "nearest", "effective": {"last": "2026-02-22"}}
NEW = {"choose": "cheapest", "effective": {"first": "2026-02-23"}}
REQUEST = {
    "order": {"id": 1, "placed_at": 0, "place": "021", "lines": [{"sku": "A", "quantity": 1}]},
    "stock": {"sites": ["dc_east"], "on_hand": {"A": [5]}},
}


def written(folder: Path, strategy: str | None = None, **strategies: Any) -> Path:
    write_network(network(), folder / "network.json")
    routing = {"max_parcels": 3, "strategies": strategies or {"old": OLD, "new": NEW}}
    named = {} if strategy is None else {"strategy": strategy}
    write_yaml(folder / "routing.yaml", {"network": "network.json", "routing": routing, **named})
    return folder / "routing.yaml"


@pytest.mark.parametrize(("on", "strategy"), [(BEFORE, "old"), (AFTER, "new")])
def test_where_none_is_named_the_first_in_effect_on_the_day_decides(tmp_path: Path, on: date, strategy: str) -> None:
    assert read_deployment(written(tmp_path), on=on).strategy == strategy


MIDNIGHT = [("2026-02-22T23:59:00-05:00", "old"), ("2026-02-23T00:00:00-05:00", "new")]


@pytest.mark.parametrize(("now", "strategy"), MIDNIGHT)
def test_a_request_is_decided_by_the_strategy_of_its_own_day(tmp_path: Path, now: str, strategy: str) -> None:
    assert read_deployment(written(tmp_path), now=now).strategy == strategy


@pytest.mark.parametrize(
    ("strategy", "strategies", "told"),
    [
        ("old", {}, "'old' is not active and in effect on 2026-02-25 - expected one of new"),
        (None, {"old": OLD}, "none is active and in effect on 2026-02-25 - expected at least one"),
        ("draft", {"draft": {"choose": "cheapest", "status": "draft"}}, "'draft' is not active and in effect"),
    ],
)
def test_a_service_is_not_started_with_what_is_not_live(
    tmp_path: Path, strategy: str | None, strategies: dict[str, Any], told: str
) -> None:
    with pytest.raises(ScenarioError, match=told):
        read_deployment(written(tmp_path, strategy, **strategies), on=AFTER)


def test_a_draft_can_be_tried_out(tmp_path: Path) -> None:
    path = written(tmp_path, "draft", draft={"choose": "cheapest", "status": "draft"})
    assert read_deployment(path).strategy == "draft"


def test_a_service_that_outlives_its_strategy_says_so(tmp_path: Path) -> None:
    deployment = read_deployment(written(tmp_path, "old"), on=BEFORE)
    told = "now: strategy 'old' is not in effect on 2026-02-25 - expected a day from ever to 2026-02-22"
    late = {"now": "2026-02-25T09:00:00-05:00"}
    with pytest.raises(WireError, match=told):
        Stateless(deployment, deployment.engine()).call("route", dumps({**REQUEST, **late}))
    assert Stateless(deployment, deployment.engine()).call("route", dumps({**REQUEST, "now": 60}))


def test_the_command_line_picks_and_refuses_alike(tmp_path: Path) -> None:
    (tmp_path / "request.json").write_text(json.dumps({**REQUEST, "now": "2026-02-25T09:00:00-05:00"}))
    arguments = ["route", str(tmp_path / "request.json"), "--config"]
    assert CliRunner().invoke(app, [*arguments, str(written(tmp_path))]).exit_code == 0
    done = CliRunner().invoke(app, [*arguments, str(written(tmp_path, "old"))])
    assert "request.json: now: strategy 'old' is not in effect on 2026-02-25" in str(done.exception)


@pytest.mark.parametrize(("minute", "day"), [(-1.0, 1), (0.0, 2), (1439.0, 2), (1440.0, 3)])
def test_a_minute_belongs_to_the_day_of_the_networks_clock(minute: float, day: int) -> None:
    assert day_of(network(), minute) == date(2026, 2, day)
