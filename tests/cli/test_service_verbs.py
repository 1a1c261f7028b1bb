"""Export a network, route a request, print schemas, replay a log: the verbs around the service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from sim.cli import app
from sim.contract.wire_values import dumps
from sim.files import read_yaml
from sim.network.file import digest, read_network
from sim.routing.service.deployment import read_deployment
from sim.routing.service.run import decision_log
from sim.routing.service.stateless import Stateless
from sim.scenario.load import load, read, shipped_scenarios
from tests.serving import deployment_of, serving
from tests.tiny import write

STOCK = {"sites": ["dc_east", "store_boston"], "on_hand": {"A": [5, 1], "B": [0, 2]}}
REQUEST = {
    "order": {"id": 1, "placed_at": 0, "place": "021", "lines": [{"sku": "A", "quantity": 2}]},
    "now": "2026-02-02T09:00:00-05:00",
    "stock": STOCK,
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration and a network, exported from the tiny scenario."""
    scenario = write(tmp_path / "tiny")
    config = tmp_path / "routing.yaml"
    arguments = ["export-network", str(scenario), "-o", str(tmp_path / "network.json"), "--config", str(config)]
    done = CliRunner().invoke(app, [*arguments, "--strategy", "cheapest"])
    assert done.exit_code == 0, done.output
    return config


def test_the_exported_network_is_the_scenarios(config: Path) -> None:
    network = load(config.parent / "tiny").network
    assert digest(read_network(config.parent / "network.json")) == digest(network)


def test_the_exported_configuration_decides_as_the_scenario_does(config: Path) -> None:
    deployment = read_deployment(config)
    assert deployment.strategy == "cheapest"
    assert deployment.config.strategies.keys() == load(config.parent / "tiny").routing["strategies"].keys()


def test_route_decides_one_request(config: Path, tmp_path: Path) -> None:
    (tmp_path / "request.json").write_text(json.dumps(REQUEST))
    done = CliRunner().invoke(app, ["route", str(tmp_path / "request.json"), "--config", str(config)])
    assert done.exit_code == 0, done.output
    (parcel,) = json.loads(done.output)["plan"]["parcels"]
    assert (parcel["site"], parcel["service"], parcel["lines"]) == ("dc_east", "ground", [{"sku": "A", "quantity": 2}])
    assert parcel["cents"]["picking"] == 70  # 0.50 a line and 0.10 a unit


def test_without_a_name_the_configuration_is_routing_yaml(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(config.parent)
    done = CliRunner().invoke(app, ["route", "-"], input=json.dumps(REQUEST))
    assert json.loads(done.output)["plan"]["parcels"][0]["site"] == "dc_east"


def test_two_questions_at_once_are_refused(config: Path) -> None:
    arguments = ["route", "-", "--config", str(config), "--explain", "--candidates"]
    done = CliRunner().invoke(app, arguments, input=json.dumps(REQUEST))
    assert (done.exit_code, "one question at a time" in done.output) == (2, True)


def test_candidates_are_told_with_what_each_could_send(config: Path) -> None:
    arguments = ["route", "-", "--config", str(config), "--candidates"]
    done = CliRunner().invoke(app, arguments, input=json.dumps(REQUEST))
    candidates = json.loads(done.output)["candidates"]
    given = [(parcel["site"], parcel["lines"][0]["quantity"]) for parcel in candidates]
    assert given == [("dc_east", 2), ("store_boston", 1)]


def test_where_to_collect_and_where_goods_go_back_to_are_told(config: Path) -> None:
    network = json.loads((config.parent / "network.json").read_text())
    network["sites"][2]["attributes"] = {"pickup": True, "takes_returns": True}
    (config.parent / "network.json").write_text(json.dumps(network))
    blocks = "\n  pickup: {transfer: missing_lines}\n  returns: {steps: [{rank: [{by: distance}]}]}\n  max_parcels: 3"
    config.write_text(config.read_text().replace("\n  max_parcels: 3", blocks))

    def told(flag: str) -> dict[str, Any]:
        done = CliRunner().invoke(app, ["route", "-", "--config", str(config), flag], input=json.dumps(REQUEST))
        assert done.exit_code == 0, done.output
        answer: dict[str, Any] = json.loads(done.output)
        return answer

    (option,) = told("--pickup")["options"]
    assert (option["site"], option["on_shelf"]) == ("store_boston", [{"sku": "A", "quantity": 1}])
    assert option["brought"] == [{"sku": "A", "quantity": 1}]
    assert told("--return") == {"site": "store_boston"}


def test_a_decision_is_explained_in_words_and_as_json(config: Path) -> None:
    arguments = ["route", "-", "--config", str(config), "--explain"]
    text = CliRunner().invoke(app, arguments, input=json.dumps(REQUEST)).output
    assert "Allentown" in text or "dc_east" in text
    done = CliRunner().invoke(app, [*arguments, "--json"], input=json.dumps(REQUEST))
    found = json.loads(done.output)["explanation"]
    verdicts = {site["site"]: site["verdict"] for site in found["sites"]}
    assert verdicts.keys() == {"dc_east", "dc_west", "store_boston", "store_oakland"}
    assert verdicts["dc_east"] == "chosen"
    assert [parcel["site"] for parcel in found["parcels"]] == ["dc_east"]


def test_a_wrong_request_is_told_where(config: Path) -> None:
    wrong = {**REQUEST, "stock": {**STOCK, "sites": ["dc_east", "store_bosten"]}}
    done = CliRunner().invoke(app, ["route", "-", "--config", str(config)], input=json.dumps(wrong))
    assert str(done.exception) == (
        "stdin: stock.sites[1]: unknown site 'store_bosten' - expected one of dc_east, dc_west, store_boston, "
        "store_oakland (did you mean store_boston?)"
    )


def test_an_unknown_strategy_is_told_with_its_line(config: Path) -> None:
    config.write_text(config.read_text().replace("strategy: cheapest", "strategy: cheepest"))
    done = CliRunner().invoke(app, ["route", "-", "--config", str(config)], input="{}")
    assert "routing.yaml:2: strategy: unknown strategy 'cheepest'" in str(done.exception)
    assert "(did you mean cheapest?)" in str(done.exception)


def test_the_schema_of_route_accepts_a_request_and_refuses_a_wrong_one() -> None:
    schema = Draft202012Validator(json.loads(CliRunner().invoke(app, ["schema", "route"]).output))
    assert schema.is_valid(REQUEST)
    assert not schema.is_valid({**REQUEST, "stok": STOCK})
    assert not schema.is_valid({**REQUEST, "order": {**REQUEST["order"], "lines": []}})  # type: ignore[dict-item]


@pytest.mark.parametrize("scenario", [*shipped_scenarios().values(), None])
def test_schemas_of_files_accept_what_is_valid(tmp_path: Path, scenario: Path | None) -> None:
    path = scenario or write(tmp_path / "tiny")
    written, whole = (json.loads(json.dumps(file.tree, default=str)) for file in (read_yaml(path), read(path)))
    for name, node in (("scenario", written), ("scenario", whole), ("routing", whole["routing"])):
        schema = Draft202012Validator(json.loads(CliRunner().invoke(app, ["schema", name]).output))
        assert [error.message for error in schema.iter_errors(node)] == []


def test_schemas_of_files_refuse_a_bare_number_for_a_time() -> None:
    schema = Draft202012Validator(json.loads(CliRunner().invoke(app, ["schema", "routing"]).output))
    backorders = {"retry_every": 120, "give_up_after": "2 days"}
    strategies = {"a": {"choose": "cheapest"}}
    assert not schema.is_valid({"max_parcels": 3, "backorders": backorders, "strategies": strategies})


def logged(config: Path, log: Path) -> None:
    deployment = read_deployment(config)
    engine = deployment.engine()
    with decision_log(log, deployment) as prepare:
        assert prepare is not None
        prepare(engine, "route")
        for quantity in (1, 2, 9):
            order = {"id": 1, "placed_at": 0, "place": "021", "lines": [{"sku": "A", "quantity": quantity}]}
            Stateless(deployment, engine).call("route", dumps({**REQUEST, "order": order}))


def test_a_log_replays_byte_for_byte(config: Path, tmp_path: Path) -> None:
    log = tmp_path / "decisions.jsonl"
    logged(config, log)
    done = CliRunner().invoke(app, ["replay", str(log), "--config", str(config)])
    assert (done.exit_code, done.output) == (0, f"{log}: 3 decisions the same, byte for byte, 0 differ\n")


def test_a_changed_plan_is_found(config: Path, tmp_path: Path) -> None:
    log = tmp_path / "decisions.jsonl"
    logged(config, log)
    log.write_text(log.read_text().replace('"picking":70.0', '"picking":70.00000000000001'))
    done = CliRunner().invoke(app, ["replay", str(log), "--config", str(config)])
    assert done.exit_code == 1
    assert "2 decisions the same, byte for byte, 1 differ" in done.output
    assert "line 2" in done.output


def test_a_log_of_another_configuration_is_refused(config: Path, tmp_path: Path) -> None:
    log = tmp_path / "decisions.jsonl"
    logged(config, log)
    config.write_text(config.read_text().replace("max_parcels: 3", "max_parcels: 2"))
    done = CliRunner().invoke(app, ["replay", str(log), "--config", str(config)])
    assert "line 1 of the log: decided by configuration" in str(done.exception)


def test_a_run_with_a_remote_router_says_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "tiny")
    scenario = load(path)

    def shown(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["run", str(path), "--out", str(tmp_path / "results"), *arguments])
        assert done.exit_code == 0, done.output
        return done.output[done.output.index("Cost per order") : done.output.index("tables in")]

    with serving(deployment_of(scenario, "nearest")) as url:
        assert shown("--router", url) == shown("--strategy", "nearest")
