"""What orders ask for that is not supported is refused by what it is; spelling is a matter of configuration."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.contract.refused import BY_PRODUCT, ONE_LEVEL, ONE_PLACE, OWN_SKU, OWN_UNIT
from sim.contract.wire import Wire
from sim.errors import RoutingError, ScenarioError, WireError
from sim.files import write_yaml
from sim.network.file import write_network
from sim.routing.quantities import SkuSpelling
from sim.routing.service.deployment import read_deployment
from tests.routing.ruled import network as tiny_network

REFUSED: list[tuple[dict[str, Any], dict[str, Any], str, str, str]] = [
    ({"ship_to": []}, {}, "several addresses", "order.ship_to", ONE_PLACE),
    ({}, {"address": "x"}, "several addresses", "order.lines[0].address", ONE_PLACE),
    ({"service_levels": []}, {}, "several service levels", "order.service_levels", ONE_LEVEL),
    ({}, {"deliver_by": 1}, "several service levels", "order.lines[0].deliver_by", ONE_LEVEL),
    ({"substitutions": []}, {}, "substitutes", "order.substitutions", OWN_SKU),
    ({}, {"substitutes": ["B"]}, "substitutes", "order.lines[0].substitutes", OWN_SKU),
    ({}, {"lot": "L1"}, "lots or serial numbers", "order.lines[0].lot", BY_PRODUCT),
    ({}, {"serials": []}, "lots or serial numbers", "order.lines[0].serials", BY_PRODUCT),
    ({}, {"uom": "case"}, "units of measure", "order.lines[0].uom", OWN_UNIT),
]


def asked(sku: str = "A", **more: Any) -> dict[str, Any]:
    line = {"sku": sku, "quantity": 1, **more.pop("line", {})}
    return {"id": 1, "placed_at": 0, "place": "021", "lines": [line], **more}


@pytest.mark.parametrize(("of_order", "of_line", "what", "where", "expected"), REFUSED)
def test_what_is_not_supported_is_refused_by_name(
    of_order: dict[str, Any], of_line: dict[str, Any], what: str, where: str, expected: str
) -> None:
    with pytest.raises(WireError) as refused:
        Wire(tiny_network()).order(asked(line=of_line, **of_order))
    assert refused.value.plain() == {"what": what, "where": where, "expected": expected}


def configured(folder: Path, **more: Any) -> Path:
    write_network(tiny_network(), folder / "network.json")
    routing = {"max_parcels": 3, "strategies": {"it": {"choose": "cheapest"}}}
    write_yaml(folder / "routing.yaml", {"network": "network.json", "routing": routing, **more})
    return folder / "routing.yaml"


def routed(folder: Path, order: dict[str, Any], **more: Any) -> Any:
    stock = {"sites": ["dc_east"], "on_hand": {"A": [5]}}
    (folder / "request.json").write_text(json.dumps({"order": order, "now": 60, "stock": stock}))
    config = configured(folder, **more)
    return CliRunner().invoke(app, ["route", str(folder / "request.json"), "--config", str(config)])


@pytest.mark.parametrize("line", [{"lot": "L1"}, {"quantity": 0.5}, {"substitutes": ["B"]}])
def test_the_command_line_refuses_alike(tmp_path: Path, line: dict[str, Any]) -> None:
    assert isinstance(routed(tmp_path, asked(line=line)).exception, RoutingError)


@pytest.mark.parametrize(
    ("spelling", "sku", "found"),
    [
        (None, "a", False),
        ({"ignore_case": True}, "a", True),
        ({"ignore_case": True}, " a", False),
        ({"trim": True}, " A ", True),
        ({"trim": True}, "a", False),
        ({"trim": True, "ignore_case": True}, " a", True),
    ],
)
def test_how_far_spelling_may_differ_is_configured(
    tmp_path: Path, spelling: dict[str, bool] | None, sku: str, found: bool
) -> None:
    done = routed(tmp_path, asked(sku), **({} if spelling is None else {"sku_spelling": spelling}))
    assert (done.exit_code == 0) == found
    if found:  # the answer spells it as the network does
        assert json.loads(done.output)["plan"]["parcels"][0]["lines"] == [{"sku": "A", "quantity": 1}]


def test_two_products_that_would_be_one_name_are_told(tmp_path: Path) -> None:
    path = configured(tmp_path, sku_spelling={"ignore_case": True})
    net = tiny_network()
    write_network(replace(net, products=(*net.products, replace(net.products[0], id="a"))), tmp_path / "network.json")
    with pytest.raises(ScenarioError, match="sku_spelling: 'A' and 'a' are then one name"):
        read_deployment(path)
    assert SkuSpelling(trim=True).clash(["a", "A"]) is None
