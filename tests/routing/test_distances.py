"""How far a site is: by the great circle, by a table of ways, by another package; and all who ask hear the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest

from sim.contract.messages import Line, Order, Plan
from sim.contract.news import StockNews
from sim.errors import RoutingError, ScenarioError
from sim.network.roads import Roads
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.distances import DistanceBlock, with_distances
from sim.routing.explain import explain
from sim.study.experiment import routing_of
from tests.networks import network, site
from tests.routing.engines import engine
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.network.network import Network
    from sim.routing.engine import Engine
    from sim.scenario.load import Scenario

HOME, ROAD = "home", {"measure": "road"}
HEADER: list[object] = ["from", "to", "km"]
EVERY = [[f"{kind}_{town}", place, 5000] for kind, town in (("dc", "east"), ("dc", "west"), ("store", "boston"),
         ("store", "oakland")) for place in ("021", "606", "941")]  # fmt: skip


def across_the_bay(minutes: tuple[float, ...] = ()) -> Network:
    """Return a near site that a road leads to round the bay, and a far one on the motorway."""
    ways = Roads(("near", "far"), (HOME, HOME), (90.0, 45.0), minutes)
    return replace(network([site(10.0, id="near"), site(40.0, id="far")]), roads=ways)


def told(router: Engine, sites: int = 2) -> Engine:
    on_hand = np.full(2 * sites, 5, dtype=np.int32)
    router.observe(StockNews(0.0, np.arange(sites), np.arange(2 * sites), on_hand, np.zeros_like(on_hand)))
    return router


def chosen(strategy: dict[str, Any], there: Network, distance: dict[str, Any] | None) -> str:
    """Return who serves an order for one unit."""
    router = told(engine(there, "it", strategies={"it": strategy}, distance=distance), len(there.sites))
    plan = router.route(Order(1, 0.0, 0, (Line(0, 1),)), 60.0)
    assert isinstance(plan, Plan)
    return there.sites[plan.parcels[0].site].id


BY_DISTANCE: dict[str, Any] = {"choose": "rules", "steps": [{"rank": [{"by": "distance"}]}]}
WITHIN = {"choose": "rules", "steps": [{"filters": [{"keep": "max_distance", "limit": "50 km"}],
          "rank": [{"by": "distance", "descending": True}]}]}  # fmt: skip
PRICED = {"choose": "cheapest", "objective": {"road": {"tiers": [{"start": "0 km", "end": "50 km", "price": "1 USD"}],
          "beyond": "3 USD"}}}  # fmt: skip


@pytest.mark.parametrize(
    ("strategy", "crow", "road"),
    [
        ({"choose": "nearest"}, "near", "far"),
        (BY_DISTANCE, "near", "far"),
        (WITHIN, "far", "far"),  # both within 50 km as the crow flies, the far one alone by road
        (PRICED, "near", "far"),
    ],
)
def test_ranks_limits_and_prices_by_distance_follow_the_roads(strategy: dict[str, Any], crow: str, road: str) -> None:
    assert chosen(strategy, across_the_bay(), None) == crow
    assert chosen(strategy, across_the_bay(), ROAD) == road


def test_a_limit_by_road_keeps_out_who_is_near_as_the_crow_flies() -> None:
    nearest_within = {"choose": "rules", "steps": [{**WITHIN["steps"][0], "rank": [{"by": "distance"}]}]}
    assert chosen(nearest_within, across_the_bay(), None) == "near"
    assert chosen(nearest_within, across_the_bay(), ROAD) == "far"


def test_carriers_zones_stay_as_carriers_publish_them() -> None:
    there = across_the_bay()
    by_road = with_distances(there, RoutingConfig.model_validate(
        {"max_parcels": 1, "distance": ROAD, "strategies": {"it": {"choose": "nearest"}}}).distance)  # fmt: skip
    assert by_road.distance_km.tolist() == [[90.0, 45.0]]
    assert by_road.zone.tolist() == there.zone.tolist() == [[1, 1]]
    assert by_road.great_circle_km.tolist() == there.distance_km.tolist()


def test_explanations_tell_the_way_that_was_measured() -> None:
    router = told(engine(across_the_bay(), "nearest", distance=ROAD))
    explained = explain(router, Order(1, 0.0, 0, (Line(0, 1),)), 60.0)
    assert [each.distance_km for each in explained.sites] == [90.0, 45.0]
    assert [each.ranks["distance"] for each in explained.sites] == [2, 1]


def test_a_pair_without_a_way_is_refused_by_name_or_reckoned_from_the_great_circle() -> None:
    one_way = replace(across_the_bay(), roads=Roads(("far",), (HOME,), (45.0,)))
    with pytest.raises(RoutingError, match=r"no way from near to home - expected all in network.roads, or else_times"):
        engine(one_way, "nearest", distance=ROAD)
    reckoned = engine(one_way, "nearest", distance={**ROAD, "else_times": 1.5}).parts().network.distance_km
    assert reckoned[0].tolist() == pytest.approx([15.0, 45.0])


def test_the_great_circle_may_be_stretched() -> None:
    stretched = engine(across_the_bay(), "nearest", distance={"measure": "great_circle", "times": 1.3}).parts()
    assert stretched.network.distance_km[0].tolist() == pytest.approx([13.0, 52.0])


def test_without_a_table_there_is_no_way() -> None:
    with pytest.raises(RoutingError, match=r"the network has no table of ways by road \(network.roads\)"):
        engine(network([site()]), "nearest", distance=ROAD)


@pytest.mark.parametrize(("band", "first"), [(None, "far"), ("60 min", "near")])
def test_rules_may_rank_by_the_time_it_takes_to_drive(band: str | None, first: str) -> None:
    rank = [{"by": "drive_time", "band": band}, {"by": "distance"}]
    assert chosen({"choose": "rules", "steps": [{"rank": rank}]}, across_the_bay((50.0, 30.0)), None) == first


def test_who_takes_nobody_knows_how_long_is_asked_after_all_others() -> None:
    there = replace(across_the_bay(), roads=Roads(("far",), (HOME,), (45.0,), (900.0,)))
    assert chosen({"choose": "rules", "steps": [{"rank": [{"by": "drive_time"}]}]}, there, None) == "far"


class Wrong(DistanceBlock):
    """A measure that returns what it is told."""

    measure: Literal["wrong"] = "wrong"

    def km(self, network: Network) -> Any:
        """Return no distances."""
        return np.array([[-1.0, 1.0]]) if len(network.places) == 1 else np.zeros(3)


def test_what_is_no_distance_is_refused() -> None:
    with pytest.raises(RoutingError, match="wrong returned -1 km - expected 0 or more"):
        with_distances(across_the_bay(), Wrong())
    twice = replace(across_the_bay(), places=across_the_bay().places * 2)
    with pytest.raises(RoutingError, match=r"returned shape \(3,\) - expected \(2, 2\), places by sites"):
        with_distances(twice, Wrong())


def with_roads(folder: Path, *rows: list[object], header: list[object] | None = None, **changes: Any) -> Scenario:
    """Return the tiny scenario with a table of ways."""
    return tiny(folder, {"roads.csv": [header or HEADER, *rows]}, network__roads="roads.csv", **changes)


def test_a_scenario_names_its_table(tmp_path: Path) -> None:
    rows: list[list[object]] = [["dc_east", "021", 520], ["dc_east", "store_boston", 515]]
    scenario = with_roads(tmp_path, *rows, routing__distance={**ROAD, "else_times": 1.2})
    network = build_engine(routing_of(scenario), "nearest", scenario.network).parts().network
    assert network.distance_km[0, 0] == 520
    assert network.distance_km[0, 1] == pytest.approx(1.2 * scenario.network.distance_km[0, 1])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["dc_eats", "021", 520]], r"roads.csv:2: from: unknown 'dc_eats' .*did you mean dc_east\?"),
        ([["dc_east", "012", 520]], r"roads.csv:2: to: unknown '012' .*did you mean 021\?"),
        ([["dc_east", "021", 520], ["dc_east", "021", 530]],
         r"roads.csv:3: to: the way from dc_east to 021 stands already in line 2"),
        ([["dc_east", "021", "far"]], r"roads.csv:2: km: 'far' - expected a number"),
        ([["dc_east", "941", 520]],
         r"roads.csv:2: km: 520 km from dc_east to 941 - expected about the 4,\d\d\d km that a crow flies"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_way_is_told_at_its_line(tmp_path: Path, rows: list[list[object]], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        with_roads(tmp_path, *rows, routing__distance={**ROAD, "else_times": 1.2})


@pytest.mark.parametrize(
    ("rows", "changes", "said"),
    [
        ([["dc_east", "021", 520]], {"routing__distance": ROAD},
         r"routing.distance: .*no way from dc_west to 021 and 10 more"),
        (EVERY, {}, r"network.roads: makes no difference - expected routing.distance"),
    ],
)  # fmt: skip
def test_a_table_and_what_measures_by_it_belong_together(
    tmp_path: Path, rows: list[list[object]], changes: dict[str, Any], said: str
) -> None:
    scenario = with_roads(tmp_path, *rows, **changes)
    with pytest.raises(ScenarioError, match=said):
        routing_of(scenario)


def test_a_rank_by_minutes_that_nobody_knows_is_told(tmp_path: Path) -> None:
    ranked = {"by_car": {"choose": "rules", "steps": [{"rank": [{"by": "drive_time"}]}]}}
    with pytest.raises(ScenarioError, match=r"a rank by drive_time - expected network\.roads with a column minutes"):
        routing_of(tiny(tmp_path, routing__strategies=ranked))


def test_minutes_are_a_column_that_may_be_missing(tmp_path: Path) -> None:
    ranked = {"by_car": {"choose": "rules", "steps": [{"rank": [{"by": "drive_time"}]}]}}
    rows: list[list[object]] = [["dc_east", "021", 520, 330]]
    there = with_roads(tmp_path, *rows, header=[*HEADER, "minutes"], routing__strategies=ranked)
    assert there.network.drive_min is not None
    assert there.network.drive_min[0, 0] == 330
    assert np.isnan(there.network.drive_min).sum() == 11
    assert "by_car" in routing_of(there).strategies
