"""Strategies of another package, the example in ``tests/plugin_example``, used as if they were ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.chance.tape import Tape
from sim.contract.check_router import check_router
from sim.errors import RoutingError, ScenarioError
from sim.ledger.audit import audit
from sim.network.file import write_network
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.decision_log import replay
from sim.routing.files import differences, json_schema, read_routing
from sim.routing.plug_ins.installed import installed, version_of
from sim.routing.service.deployment import Deployment, Limits
from sim.routing.strategies.config import STRATEGIES
from sim.world.simulate import simulate
from tests.routing.plug_ins.example import EXAMPLE, installed_in, offer
from tests.routing.test_decision_log import examined
from tests.tiny import tiny, tree

BLOCK = {"choose": "take_turns", "sites": 2}


def routing(**block: Any) -> dict[str, Any]:
    return tree()["routing"] | {"strategies": {"theirs": block or BLOCK, "cheapest": {"choose": "cheapest"}}}


def config(**block: Any) -> RoutingConfig:
    return RoutingConfig.model_validate(routing(**block))


GREEN = {"choose": "green", "per_100_km": "0.40 USD"}


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize("block", [BLOCK, GREEN], ids=["strategy", "objective"])
def test_a_plugged_in_strategy_keeps_every_law(tmp_path: Path, block: dict[str, Any]) -> None:
    network = tiny(tmp_path / "tiny").network
    report = check_router(lambda: build_engine(config(**block), "theirs", network), network, steps=100)
    assert report.ok, str(report)


@pytest.mark.usefixtures("example")
def test_it_runs_in_a_simulated_world_and_decides_otherwise_than_ours(tmp_path: Path) -> None:
    scenario = tiny(tmp_path / "tiny", clock__measure="1 day", routing__strategies={"theirs": BLOCK})
    sites = []
    for strategy in ("theirs", "cheapest"):
        ledger = simulate(scenario, Tape(scenario, 1, 0), build_engine(config(), strategy, scenario.network))
        audit(ledger)
        sites.append(ledger.parcels.columns()["site"].tolist())
    assert sites[0] != sites[1]


@pytest.mark.usefixtures("example")
def test_its_decisions_are_logged_and_repeated_byte_for_byte(tmp_path: Path) -> None:
    here = Deployment(tiny(tmp_path / "tiny").network, config(), "theirs", Limits())
    lines = examined(here, 40).splitlines()
    assert all(line.equal for line in replay(lines, here.wire, here.version, here.engine()))


def test_the_command_decides_by_it(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    path = os.pathsep.join([str(EXAMPLE), str(installed_in(tmp_path / "site")), *sys.path])
    write_network(tiny(tmp_path / "tiny").network, tmp_path / "network.json")
    (tmp_path / "routing.yaml").write_text(json.dumps({"network": "network.json", "routing": routing()}))
    command = [sys.executable, "-m", "sim", "route", "-", "--config", str(tmp_path / "routing.yaml")]
    stock = {"sites": ["dc_east", "store_boston"], "on_hand": {"A": [5, 5]}}
    sites = []
    for number in (1, 2):
        order = {"id": number, "placed_at": 0, "place": "021", "lines": [{"sku": "A", "quantity": 1}]}
        request = json.dumps({"order": order, "now": 600, "stock": stock}).encode()
        done = subprocess.run(
            command, input=request, capture_output=True, check=True, env={**os.environ, "PYTHONPATH": path}
        )
        sites += [parcel["site"] for parcel in json.loads(done.stdout)["plan"]["parcels"]]
    assert sorted(sites) == ["dc_east", "store_boston"]


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize(
    ("block", "told"),
    [
        ({"choose": "take_turn"}, "did you mean take_turns?"),
        ({"choose": "cheapst"}, "did you mean cheapest?"),
        (BLOCK | {"site": 3}, "unknown key 'site' - expected one of choose, claims, effective, only, sites, status"),
        (BLOCK | {"sites": 0}, "0 - expected at least 1"),
        ({"choose": "green"}, "per_100_km: missing key - it is required"),
        (GREEN | {"per_100_km": 40}, "40"),
        (BLOCK | {"only": ["shop"]}, "'shop' - expected one of"),
    ],
)
def test_what_is_wrong_in_its_block_is_told_at_its_line(tmp_path: Path, block: dict[str, Any], told: str) -> None:
    path = tmp_path / "routing.yaml"
    path.write_text(json.dumps({"max_parcels": 2, "strategies": {"theirs": block}}, indent=1))
    with pytest.raises(ScenarioError, match=r"routing\.yaml:") as caught:
        read_routing(path)
    assert told in str(caught.value)


def test_what_is_not_installed_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "routing.yaml"
    path.write_text(json.dumps({"max_parcels": 2, "strategies": {"theirs": {"choose": "take_turns"}}}))
    with pytest.raises(ScenarioError, match="'take_turns' - expected one of"):
        read_routing(path)


@pytest.mark.usefixtures("example")
def test_its_settings_and_its_version_are_part_of_the_configurations_name(
    example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = config()
    assert one.version() == config(**BLOCK).version() != config(**BLOCK, status="draft").version()
    assert differences(one, config(choose="take_turns", sites=3)) == [("strategies.theirs.sites", 2, 3)]
    assert version_of(STRATEGIES, one.strategies["theirs"]) == "take-turns 1.2"
    before = one.version()
    info = next(example.glob("*.dist-info"))
    info.rename(example / "take_turns-1.3.dist-info")
    metadata = "Metadata-Version: 2.1\nName: take-turns\nVersion: 1.3\n"
    (example / "take_turns-1.3.dist-info" / "METADATA").write_text(metadata)
    monkeypatch.syspath_prepend(example)  # forgets what was seen in the folder
    assert config().version() != before


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("take_turns:NOTHING", r"cannot be loaded: AttributeError"),
        ("no_such_module:X", r"cannot be loaded: ModuleNotFoundError"),
        ("take_turns:TakeTurns", r"is type - expected a sim.routing.plug_ins.PlugIn"),
        ("take_turns:GREEN", r"its settings' field choose - expected Literal\['broken'\]"),
    ],
)
def test_a_broken_plug_in_is_told_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, told: str
) -> None:
    monkeypatch.syspath_prepend(EXAMPLE)
    monkeypatch.syspath_prepend(installed_in(tmp_path, broken=value))
    with pytest.raises(ValueError, match=f"plug-in 'broken' .*{told}"):
        config(choose="broken")


def test_two_packages_with_one_name_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("one", "take_turns:A"), ("two", "take_turns:B")):
        offer(tmp_path, name, "1", {STRATEGIES.group: {"same": value}})
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(RoutingError, match="two packages offer a strategy 'same': take_turns:A and take_turns:B"):
        installed(STRATEGIES)


def test_for_our_own_names_nobody_looks_what_is_installed() -> None:
    code = (
        "import sys; from sim.routing.config import RoutingConfig\n"
        "c = RoutingConfig.model_validate({'max_parcels': 2, 'strategies': {'a': {'choose': 'cheapest'}}})\n"
        "print(c.version(), 'sim.routing.plug_ins' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[1] == "False"


def test_the_published_schema_knows_our_names_only() -> None:
    assert "take_turns" not in json.dumps(json_schema())
