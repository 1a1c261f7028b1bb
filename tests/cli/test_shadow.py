"""`fulfillsim shadow`: a log under another configuration, as a table and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.contract.messages import Line, Order
from sim.network.file import write_network
from sim.routing.service.deployment import read_deployment
from sim.routing.service.run import decision_log
from tests.tiny import tiny

ROUTING = "network: network.json\nrouting:\n  max_parcels: 2\n  strategies:\n    it: {choose: cheapest%s}\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Write the log of four orders and a candidate that never sends from stores."""
    write_network(tiny(tmp_path / "tiny").network, tmp_path / "network.json")
    config, candidate, log = (tmp_path / name for name in ("routing.yaml", "candidate.yaml", "decisions.jsonl"))
    config.write_text(ROUTING % "")
    candidate.write_text(ROUTING % ", only: [dc]")
    here = read_deployment(config)
    with decision_log(log, here) as prepare:
        engine = here.engine()
        assert prepare is not None
        prepare(engine, "test")
        engine.observe(here.wire.stock({"sites": ["dc_east", "store_boston"], "on_hand": {"A": [9, 2]}}))
        for number in range(4):
            engine.route(Order(number, 600.0, 0, (Line(0, 1),)), 600.0 + number)
    return log, candidate


def test_the_table_says_how_far_they_agree_and_in_which_world(files: tuple[Path, Path]) -> None:
    log, candidate = files
    done = CliRunner().invoke(app, ["shadow", str(log), str(candidate)], env={"COLUMNS": "160"})
    assert done.exit_code == 0, done.output
    assert done.output.startswith("2 of 4 decisions the same (50.0 %), 2 of 4 lines (50.0 %)")
    assert "may not serve orders under this strategy" in " ".join(done.output.split())
    assert "First: line 1, order 0: store_boston 1 A by ground -> dc_east 1 A by ground" in done.output
    assert "in the world that the rule in force had made" in done.output


def test_as_json_it_is_the_same_in_numbers(files: tuple[Path, Path]) -> None:
    log, candidate = files
    done = CliRunner().invoke(app, ["shadow", str(log), str(candidate), "--json"])
    found = json.loads(done.stdout)
    assert (found["decisions"], found["agreed"], found["groups"][0]["reason"]) == (4, 2, "may_not_serve")
    assert found["total_cents"] == pytest.approx(4 * found["more_cents"]["mean"])


def test_a_log_that_is_not_there_is_told(files: tuple[Path, Path]) -> None:
    _, candidate = files
    done = CliRunner().invoke(app, ["shadow", "nowhere.jsonl", str(candidate)])
    assert "nowhere.jsonl: cannot be read" in str(done.exception)


def test_a_plain_table_is_judged_with_what_is_assumed_of_its_stock(files: tuple[Path, Path]) -> None:
    _, candidate = files
    table = candidate.parent / "past.csv"
    head = "order,time,destination,sku,units,origin,service,cost\n"
    rows = [f"o{k},2026-02-03T1{k}:00,021,A,1,{site},ground,9\n" for k, site in enumerate(("dc_east", "store_boston"))]
    table.write_text(head + "".join(rows))
    done = CliRunner().invoke(app, ["shadow", str(table), str(candidate)])
    assert "1 of 2 decisions the same" in done.output
    assert "Stock was not told: a site had of a product whatever was asked if it sent some within 7 days" in done.output


def test_a_log_needs_no_assumption(files: tuple[Path, Path]) -> None:
    log, candidate = files
    done = CliRunner().invoke(app, ["shadow", str(log), str(candidate), "--seen-within", "7 days"])
    assert "--seen-within: a decision log tells what stock there was" in str(done.exception)
