"""A network written to a file and read back is the same network, to the last bit; a wrong file is told where."""

from __future__ import annotations

import json
import math
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.network.calendar import Hours
from sim.network.file import digest, read_network, to_plain, write_network
from sim.network.lane import Lane
from sim.network.roads import Roads
from sim.scenario.load import load
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.network.network import Network


def written(network: Network, path: Path) -> dict[str, Any]:
    write_network(network, path)
    tree: dict[str, Any] = json.loads(path.read_text())
    return tree


@pytest.mark.parametrize("name", ["us_electronics", "tiny"])
def test_a_network_survives_its_file_exactly(tmp_path: Path, name: str) -> None:
    network = (tiny(tmp_path / "tiny") if name == "tiny" else load(name)).network
    write_network(network, tmp_path / "network.json")
    read = read_network(tmp_path / "network.json")
    assert (read.clock, read.sites, read.places, read.products) == (
        network.clock,
        network.sites,
        network.places,
        network.products,
    )
    assert (read.zone_edges_km, read.packing_factor, read.days) == (
        network.zone_edges_km,
        network.packing_factor,
        network.days,
    )
    for one, other in zip(read.services, network.services, strict=True):
        assert np.array_equal(one.list_cents, other.list_cents)
        for field in fields(one):
            if field.init and field.name not in ("list_cents", "_cache"):
                assert getattr(one, field.name) == getattr(other, field.name)
    assert np.array_equal(read.zone, network.zone)
    assert digest(read) == digest(network)


def test_closing_days_and_midnight_survive(tmp_path: Path) -> None:
    network = tiny(tmp_path / "tiny").network
    closed = frozenset([network.clock.date_of(3), network.clock.date_of(5)])
    hours = Hours(network.sites[0].hours.week, closed)
    changed = replace(network, sites=(replace(network.sites[0], hours=hours), *network.sites[1:]))
    write_network(changed, tmp_path / "network.json")
    assert read_network(tmp_path / "network.json").sites[0].hours == hours


def test_a_site_nobody_has_located_and_its_attributes_survive(tmp_path: Path) -> None:
    network = tiny(tmp_path / "tiny").network
    attributes: dict[str, str | float | bool | None] = {
        "country": "US",
        "daily_order_limit": 40,
        "enabled": True,
        "market": None,
    }
    site = replace(network.sites[0], lat=float("nan"), attributes=attributes)
    write_network(replace(network, sites=(site, *network.sites[1:])), tmp_path / "network.json")
    read = read_network(tmp_path / "network.json").sites[0]
    assert math.isnan(read.lat)
    assert read.attributes == attributes


def test_the_digest_does_not_depend_on_how_far_calendars_are_laid_out(tmp_path: Path) -> None:
    network = tiny(tmp_path / "tiny").network
    assert digest(replace(network, days=(0, 1))) == digest(network)


def test_the_digest_depends_on_every_price(tmp_path: Path) -> None:
    network = tiny(tmp_path / "tiny").network
    dearer = replace(network.services[0], list_cents=network.services[0].list_cents + 1e-9)
    assert digest(replace(network, services=(dearer,))) != digest(network)


WRONG: dict[str, tuple[tuple[str | int, ...], object, str]] = {
    "text for a number": (("sites", 1, "lat"), "north", "sites[1].lat: 'north' - expected a finite number"),
    "unknown kind": (("sites", 0, "kind"), "stor", "sites[0].kind: 'stor' - expected one of dc, third_party, store"),
    "no such time": (("sites", 2, "pick_up_at"), "25:99", "sites[2].pick_up_at: '25:99' - expected a time of day"),
    "no such zone": (("places", 0, "time_zone"), "Mars/One", "places[0].time_zone: 'Mars/One' - expected an IANA"),
    "a name twice": (("products", 1, "id"), "A", "products[1].id: 'A' stands twice"),
    "unknown key": (("sites", 0, "colour"), 1, "sites[0].colour: unknown key 'colour' - expected one of"),
    "no list": (("zone_edges_km",), 5, "zone_edges_km: '5' - expected a list"),
    "rates short of a zone": (("services", 0, "business_days"), [1], "business_days: expected 4 whole numbers"),
    "nothing sold": (("products",), [], "products: empty - expected at least one"),
    "steps of nothing": (("products", 0, "unit_step"), 0, "products[0].unit_step: 0.0 - expected a number above 0"),
    "beyond the pole": (("places", 0, "lat"), 90.5, "places[0].lat: 90.5 - expected -90 to 90"),
    "half a globe too far": (("sites", 0, "lon"), -181, "sites[0].lon: -181 - expected -180 to 180"),
    "lighter than nothing": (("products", 1, "weight_kg"), -1, "products[1].weight_kg: -1 - expected at least 0"),
    "more than all off": (("services", 0, "discount"), 1.5, "services[0].discount: 1.5 - expected 0 to 1"),
    "work that pays": (
        ("sites", 1, "handling", "pick_per_line"),
        -5,
        "sites[1].handling.pick_per_line: -5 - expected at least 0",
    ),
    "zones that go down": (
        ("zone_edges_km",),
        [500, 100, 900],
        "zone_edges_km[1]: 100 - expected more than 500: they go up",
    ),
    "a thousand years": (("days",), [0, 365_000], "days: 0 to 365000 - expected the first before the last"),
    "days before any calendar": (
        ("clock", "start"),
        "0001-02-01",
        "from 0001-02-01 - expected days of the years 2 to 9997",
    ),
    "a week of six days": (("services", 0, "works", "week"), [None] * 6, "works.week: 6 entries - expected 7"),
    "a zone nobody has": (("services", 0, "not_to"), [5], "services[0].not_to[0]: 5 - expected 1 to 4"),
    "no name": (("sites", 2, "id"), "", "sites[2].id: empty - expected a name"),
    "a number beyond numbers": (("sites", 0, "lead_min"), 10**400, "sites[0].lead_min: '1000000000"),
    "other format": (("format",), "x", "format: expected 'fulfillsim network 1'"),
}


@pytest.mark.parametrize(("key", "value", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_told_where(tmp_path: Path, key: tuple[str | int, ...], value: object, message: str) -> None:
    path = tmp_path / "network.json"
    tree = written(tiny(tmp_path / "tiny").network, path)
    node: Any = tree
    for part in key[:-1]:
        node = node[part]
    node[key[-1]] = value
    path.write_text(json.dumps(tree))
    with pytest.raises(ScenarioError) as caught:
        read_network(path)
    assert message in str(caught.value)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "network.json"
    tree = written(tiny(tmp_path / "tiny").network, path)
    del tree["sites"][3]["lead_min"]
    path.write_text(json.dumps(tree))
    with pytest.raises(ScenarioError, match=r"sites\[3\].lead_min: missing key - it is required"):
        read_network(path)


def test_what_has_a_default_may_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "network.json"
    tree = written(tiny(tmp_path / "tiny").network, path)
    del tree["products"][0]["unit_step"]
    path.write_text(json.dumps(tree))
    assert read_network(path).products[0].unit_step == 1


def test_every_field_of_a_network_is_written(tmp_path: Path) -> None:
    ways = Roads(("dc_east",), ("021",), (480.0,), (300.0,))
    network = replace(tiny(tmp_path / "tiny").network, lanes=(Lane(("PA",), (), 2, 3),), roads=ways)
    # how an engine measures is its own affair
    assert set(to_plain(network)) == {field.name for field in fields(network) if not field.name.startswith("_")}


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        (Roads(("dc_east",), ("021",), (480.0, 1.0)), r"roads.km: 2 entries - expected 1, one a way"),
        (Roads(("dc_east",), ("021",), (480.0,), (1.0, 2.0)), r"roads.minutes: 2 entries - expected 1"),
        (Roads(("dc_eats",), ("021",), (480.0,)), r"roads.origins: 'dc_eats' - expected the id of a site"),
        (Roads(("dc_east",), ("012",), (480.0,)), r"roads.destinations: '012' - expected the id of a site or place"),
    ],
)
def test_ways_by_road_fit_the_network(tmp_path: Path, ways: Roads, said: str) -> None:
    path = tmp_path / "network.json"
    write_network(replace(tiny(tmp_path / "tiny").network, roads=ways), path)
    with pytest.raises(ScenarioError, match=said):
        read_network(path)
