"""A filter, a rank, a penalty, a rate and a distance of another package, each used as if it were ours."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.contract.check_router import check_router
from sim.contract.messages import Order
from sim.contract.news import StockNews
from sim.contract.wire_values import dumps
from sim.errors import RoutingError, ScenarioError
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.decision_log import replay
from sim.routing.distances import DISTANCES
from sim.routing.engine import Engine
from sim.routing.explain import describe, explain
from sim.routing.files import json_schema, read_routing
from sim.routing.objective.others import PENALTIES
from sim.routing.plug_ins.installed import installed, opened, version_of
from sim.routing.plugged import Kind
from sim.routing.rules.filters import FILTERS
from sim.routing.rules.ranks import RANK_RULES
from sim.routing.service.deployment import Deployment, Limits
from sim.routing.service_rates import RATES
from tests.routing.plug_ins.example import EXAMPLE, installed_in, offer
from tests.routing.test_decision_log import examined
from tests.serving import post, serving
from tests.tiny import tiny

CARBON = {"penalty": "carbon", "per_kg_1000_km": "20 USD"}
KINDS = [FILTERS, RANK_RULES, PENALTIES, RATES, DISTANCES]


def ruled(**step: Any) -> dict[str, Any]:
    return {"strategies": {"theirs": {"choose": "rules", "steps": [{"allocate": "one_site", **step}]}}}


def steered(*others: dict[str, Any]) -> dict[str, Any]:
    return {"strategies": {"theirs": {"choose": "cheapest", "objective": {"others": list(others)}}}}


PARTS: dict[str, dict[str, Any]] = {
    "filter": ruled(filters=[{"keep": "spelled_like", "start": "store"}], rank=[{"by": "id"}]),
    "rank": ruled(rank=[{"by": "fewest_letters", "descending": True}, {"by": "id"}]),
    "penalty": steered(CARBON),
    "rate": {
        "rates": {"ground": {"rate": "per_kilogram", "per_kg": "3 USD"}},
        "strategies": {"theirs": {"choose": "cheapest"}},
    },
    "distance": {"distance": {"measure": "manhattan"}, "strategies": {"theirs": {"choose": "nearest"}}},
}


def config(part: str) -> RoutingConfig:
    return RoutingConfig.model_validate({"max_parcels": 2, **PARTS[part]})


def stocked(folder: Path, part: str) -> Engine:
    """Return an engine that believes five of everything everywhere."""
    network = tiny(folder / "tiny").network
    engine = build_engine(config(part), "theirs", network)
    sites, cells = np.arange(4), np.arange(16)
    engine.observe(StockNews(0.0, sites, cells, np.full(16, 5, np.int32), np.zeros(16, np.int32)))
    return engine


def one_headphone(place: int) -> Order:
    return Order(1, 0.0, place, ((1, 1),))


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize("part", PARTS)
def test_it_keeps_every_law(tmp_path: Path, part: str) -> None:
    network = tiny(tmp_path / "tiny").network
    report = check_router(lambda: build_engine(config(part), "theirs", network), network, steps=60)
    assert report.ok, str(report)


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize(
    ("part", "site"),
    [
        ("filter", "store_boston"),
        ("rank", "store_oakland"),
        ("penalty", "store_boston"),
        ("rate", "dc_east"),
        ("distance", "store_boston"),
    ],
)
def test_it_decides(tmp_path: Path, part: str, site: str) -> None:
    """Boston wants a pair of headphones; the least of equals is the warehouse listed first."""
    engine = stocked(tmp_path, part)
    plan = engine.route(one_headphone(0), 600.0)
    assert engine.parts().network.sites[plan.parcels[0].site].id == site


@pytest.mark.usefixtures("example")
def test_a_rate_is_the_label_of_every_parcel(tmp_path: Path) -> None:
    parcel = stocked(tmp_path, "rate").route(Order(1, 0.0, 2, ((1, 4),)), 600.0).parcels[0]
    assert parcel.cents[3] == 900.0  # 2.4 kg are three begun


@pytest.mark.usefixtures("example")
def test_a_penalty_is_told_with_the_parcel_under_its_own_name(tmp_path: Path) -> None:
    engine = stocked(tmp_path, "penalty")
    parcel = engine.route(one_headphone(1), 600.0).parcels[0]
    km = engine.parts().network.distance_km[1, parcel.site]
    assert dict(parcel.penalties) == {"carbon": pytest.approx(0.6 * km / 1000 * 2000)}


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("filter", "is kept out by a filter of another package"),
        ("penalty", "what steered this parcel was: carbon +"),
        ("distance", "| 1432 |"),  # 0.52 degrees north of Chicago, 16.62 east
        ("rate", "for 4.80 USD"),  # a line, a unit, packing, packaging, and the label for one kilogram begun
    ],
)
def test_explanations_speak_of_it(tmp_path: Path, part: str, told: str) -> None:
    assert told in describe(explain(stocked(tmp_path, part), one_headphone(1), 600.0))


@pytest.mark.usefixtures("example")
def test_a_distance_is_what_sites_are_ranked_by_and_told_with(tmp_path: Path) -> None:
    engine = stocked(tmp_path, "distance")
    told = explain(engine, one_headphone(0), 600.0)
    # from 40.60 N 75.47 W to 42.35 N 71.07 W: 1.75 degrees north, 4.40 east at the shopper's latitude
    km = 111 * (1.75 + 4.40 * math.cos(math.radians(42.35)))
    assert told.sites[0].distance_km == pytest.approx(km)
    assert engine.parts().network.zone.tolist() == tiny(tmp_path / "plain").network.zone.tolist()


@pytest.mark.usefixtures("example")
def test_explanations_rank_sites_by_it(tmp_path: Path) -> None:
    told = explain(stocked(tmp_path, "rank"), one_headphone(0), 600.0)
    ranks = {site.site: site.ranks["fewest_letters"] for site in told.sites}
    assert ranks == {"store_oakland": 1, "store_boston": 2, "dc_east": 3, "dc_west": 3}


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize("part", PARTS)
def test_its_decisions_are_logged_and_repeated_byte_for_byte(tmp_path: Path, part: str) -> None:
    here = Deployment(tiny(tmp_path / "tiny").network, config(part), "theirs", Limits())
    lines = examined(here, 20).splitlines()
    assert all(line.equal for line in replay(lines, here.wire, here.version, here.engine()))


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize("part", PARTS)
def test_the_service_decides_as_the_engine_does(tmp_path: Path, part: str) -> None:
    engine = stocked(tmp_path, part)
    here = Deployment(tiny(tmp_path / "other").network, config(part), "theirs", Limits(decision_time="10 min"))
    stock = {"sites": [site.id for site in here.network.sites], "on_hand": {"B": [5, 5, 5, 5]}}
    with serving(here) as url:
        body = {"order": here.wire.plain(one_headphone(1)), "now": 600.0, "stock": stock}
        assert post(f"{url}/route", body) == (
            200,
            dumps({"plan": here.wire.plain(engine.route(one_headphone(1), 600.0))}),
        )


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize(
    ("routing", "told"),
    [
        (ruled(filters=[{"keep": "spelled_lik", "start": "x"}]), "did you mean spelled_like?"),
        (ruled(filters=[{"keep": "spelled_like"}]), "start: missing key - it is required"),
        (ruled(filters=[{"keep": "spelled_like", "begin": "x", "start": "x"}]), "expected one of keep, soft, start"),
        (ruled(filters=[{"keep": "any_of", "of": [{"keep": "spelled_like", "start": 3}]}]), "3 - expected text"),
        (ruled(rank=[{"by": "fewest_letter"}]), "did you mean fewest_letters?"),
        (ruled(rank=[{"by": "fewest_letters", "free": -1}]), "-1 - expected at least 0"),
        (ruled(rank=[{"by": "fewest_letters", "fre": 1}]), "did you mean free?"),
        (steered({"penalty": "carbn"}), "did you mean carbon?"),
        (steered({"penalty": "carbon", "per_kg_1000_km": 3}), "3"),
        (steered(CARBON, CARBON), "a penalty is called 'carbon' already"),
        ({**PARTS["rate"], "rates": {"ground": {"rate": "per_kilo", "per_kg": "3 USD"}}}, "did you mean per_kilogram?"),
        ({**PARTS["rate"], "rates": {"ground": {"rate": "per_kilogram"}}}, "per_kg: missing key - it is required"),
        ({**PARTS["distance"], "distance": {"measure": "manhatan"}}, "did you mean manhattan?"),
        ({**PARTS["distance"], "distance": {"measure": "manhattan", "km_per_degree": 0}}, "0 - expected more than 0"),
    ],
)
def test_what_is_wrong_in_its_block_is_told_at_its_line(tmp_path: Path, routing: dict[str, Any], told: str) -> None:
    path = tmp_path / "routing.yaml"
    path.write_text(json.dumps({"max_parcels": 2, **routing}, indent=1))
    with pytest.raises(ScenarioError, match=r"routing\.yaml:") as caught:
        read_routing(path)
    assert told in str(caught.value)


@pytest.mark.parametrize("part", PARTS)
def test_what_is_not_installed_is_not_known(part: str) -> None:
    with pytest.raises(ValueError, match=r"spelled_like|fewest_letters|carbon|per_kilogram|manhattan"):
        config(part)


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize("part", PARTS)
def test_the_version_of_its_package_is_part_of_the_configurations_name(
    part: str, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = config(part).version()
    next(example.glob("*.dist-info")).rename(example / "take_turns-1.3.dist-info")
    metadata = "Metadata-Version: 2.1\nName: take-turns\nVersion: 1.3\n"
    (example / "take_turns-1.3.dist-info" / "METADATA").write_text(metadata)
    monkeypatch.syspath_prepend(example)  # forgets what was seen in the folder
    assert config(part).version() != before


@pytest.mark.usefixtures("example")
def test_its_version_is_told() -> None:
    assert version_of(RATES, config("rate").rates["ground"]) == "take-turns 1.2"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("more_parts:NOTHING", "cannot be loaded: AttributeError"),
        ("take_turns:GREEN", r"is no subclass of sim\.routing\."),
    ],
)
def test_what_cannot_be_loaded_or_is_something_else_is_told_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind, value: str, told: str
) -> None:
    monkeypatch.syspath_prepend(EXAMPLE)
    monkeypatch.syspath_prepend(installed_in(tmp_path, kind.group, broken=value))
    with pytest.raises(RoutingError, match=f"plug-in 'broken' .*{told}"):
        opened(kind, installed(kind)["broken"])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_two_packages_with_one_name_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind) -> None:
    for name in ("one", "two"):
        offer(tmp_path, name, "1", {kind.group: {"same": f"{name}:A"}})
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(RoutingError, match=f"two packages offer a {kind.noun} 'same': one:A and two:A"):
        installed(kind)


def test_a_name_that_is_not_the_entry_points_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EXAMPLE)
    monkeypatch.syspath_prepend(installed_in(tmp_path, RATES.group, other="more_parts:PerKilogram"))
    with pytest.raises(RoutingError, match=r"its settings' field rate - expected Literal\['other'\]"):
        opened(RATES, installed(RATES)["other"])


def test_the_published_schema_knows_our_names_only() -> None:
    schema = json.dumps(json_schema())
    assert not [
        name for name in ("spelled_like", "fewest_letters", "carbon", "per_kilogram", "manhattan") if name in schema
    ]
