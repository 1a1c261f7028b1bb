"""More columns than a table must have: declared, read, and handed to the rules; anything else is refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.contract.messages import Line, Order
from sim.errors import ScenarioError
from sim.network.file import read_network, to_plain, write_network
from tests.routing.ruled import build, heard
from tests.tiny import TABLES, tiny


def with_column(table: str, name: str, *cells: object) -> dict[str, list[list[object]]]:
    """Return a table of the tiny scenario with one column more."""
    rows = [[*row, cell] for row, cell in zip(TABLES[table], (name, *cells), strict=True)]
    return {table: rows}


MARKET = with_column("sites.csv", "market", "EU", 7, "true", "")


def test_what_a_declared_column_says_is_known_of_each_site(tmp_path: Path) -> None:
    sites = tiny(tmp_path, MARKET, network__site_attributes=["market"]).network.sites
    assert [dict(site.attributes) for site in sites] == [{"market": "EU"}, {"market": 7.0}, {"market": True}, {}]


@pytest.mark.parametrize(("table", "of", "rows"), [("places.csv", "place", 3), ("products.csv", "product", 4)])
def test_so_it_is_of_places_and_products(tmp_path: Path, table: str, of: str, rows: int) -> None:
    cells = ["00042", "false", *[""] * (rows - 2)]
    network = tiny(tmp_path, with_column(table, "x", *cells), **{f"network__{of}_attributes": ["x"]}).network
    known = [thing.attributes for thing in (network.places if of == "place" else network.products)]
    assert known == [{"x": "00042"}, {"x": False}, *[{}] * (rows - 2)]


@pytest.mark.parametrize(
    ("tables", "declared", "told"),
    [
        (MARKET, ["markets"], "sites.csv:1: market: unknown column 'market' - expected one of .*did you mean markets"),
        (MARKET, [], "sites.csv:1: market: unknown column 'market' - expected one of id, kind"),
        ({}, ["market"], "sites.csv:1: market: missing column - it is required"),
        (MARKET, ["market", "market"], r"site_attributes\[1\]: 'market' stands twice"),
        ({}, ["kind"], r"site_attributes\[0\]: 'kind' is a column the table has anyway"),
        ({}, [""], r"site_attributes\[0\]: '' - expected the name of a column"),
    ],
)
def test_what_is_declared_and_what_is_there_must_agree(
    tmp_path: Path, tables: dict[str, list[list[object]]], declared: list[str], told: str
) -> None:
    with pytest.raises(ScenarioError, match=told):
        tiny(tmp_path, tables, network__site_attributes=declared)


def test_rules_look_at_the_column(tmp_path: Path) -> None:
    table = with_column("sites.csv", "priority", 3, 2, 1, "")
    network = tiny(tmp_path, table, network__site_attributes=["priority"]).network
    strategy: dict[str, Any] = {"choose": "rules", "steps": [{"rank": [{"by": "priority"}]}]}
    engine = heard(build(strategy, network), 5, network)
    (parcel,) = engine.route_now(Order(1, 0.0, 0, (Line(0, 1),)), 1.0).parcels
    assert network.sites[parcel.site].id == "store_boston"


def test_a_network_file_carries_attributes_of_products_and_leaves_out_where_there_are_none(tmp_path: Path) -> None:
    table = with_column("products.csv", "cold", "true", "", "", "")
    network = tiny(tmp_path / "t", table, network__product_attributes=["cold"]).network
    write_network(network, tmp_path / "network.json")
    assert read_network(tmp_path / "network.json").products == network.products
    assert ["attributes" in to_plain(product) for product in network.products] == [True, False, False, False]
