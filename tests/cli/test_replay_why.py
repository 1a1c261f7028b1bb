"""`fulfillsim replay --why`: what a joint decision meant for one order."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from sim.cli import app
from sim.contract.messages import Line, Order
from sim.network.file import write_network
from sim.routing.service.deployment import read_deployment
from sim.routing.service.run import decision_log
from tests.tiny import tiny

ROUTING = """
network: network.json
routing:
  max_parcels: 2
  strategies:
    joint: {choose: batch, window: 10 min}
"""
MONITOR, BOSTON, CHICAGO = 2, 0, 1


def test_the_rivals_of_an_order_are_told_from_the_log(tmp_path: Path) -> None:
    write_network(tiny(tmp_path / "tiny").network, tmp_path / "network.json")
    config, log = tmp_path / "routing.yaml", tmp_path / "decisions.jsonl"
    config.write_text(ROUTING)
    here = read_deployment(config)
    with decision_log(log, here) as prepare:
        engine = here.engine()
        assert prepare is not None
        prepare(engine, "test")
        engine.observe(here.wire.stock({"sites": ["dc_west", "store_boston"], "on_hand": {"C": [1, 1]}}))
        orders = [Order(n, 600.0, place, (Line(MONITOR, 1),)) for n, place in ((1, CHICAGO), (2, BOSTON))]
        engine.route_batch(orders, 600.0)
    done = CliRunner().invoke(app, ["replay", str(log), "--config", str(config), "--why", "1"])
    assert done.exit_code == 0, done.output
    first, *rest = done.output.splitlines()
    assert first == "line 1: order 1, one of 2 decided together"
    assert any("wanted by 1, 2, given to 2" in line for line in rest)
    again = CliRunner().invoke(app, ["replay", str(log), "--config", str(config)])
    assert again.output == f"{log}: 1 decisions the same, byte for byte, 0 differ\n"
