"""Everything that can be said against a scenario before it runs: its file, its tables, its routing, its lanes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import Problem, ScenarioError
from sim.routing.files import findings
from sim.routing.strategies.by_rules import site_columns
from sim.scenario.graph import lane_graph, orphan_sites, unreached_places
from sim.scenario.load import load
from sim.study.experiment import routing_of

if TYPE_CHECKING:
    from sim.network.network import Network
    from sim.routing.config import RoutingConfig
    from sim.scenario.load import Scenario


@dataclass(frozen=True)
class Checked:
    """A scenario without problems, its routing configuration, and what a planner may want to know all the same."""

    scenario: Scenario
    routing: RoutingConfig
    lanes: int
    remarks: tuple[str, ...]


def check_scenario(path: str) -> Checked:
    """Read a scenario and examine it.

    Raises
    ------
    ScenarioError
        With every problem found: in the YAML file, the tables, the routing configuration, and the lanes (a site that
        delivers nowhere, a place that nobody delivers to).
    """
    scenario = load(path)
    routing = routing_of(scenario)
    network = scenario.network
    graph = lane_graph(network)
    problems = [
        Problem(scenario.file.network.sites, network.sites[j].id, f"delivers nowhere - {_nearest_place(network, j)}")
        for j in orphan_sites(graph)
    ]
    problems += [
        Problem(
            scenario.file.network.places, network.places[i].id, f"no site delivers there - {_nearest_site(network, i)}"
        )
        for i in unreached_places(graph)
    ]
    if problems:
        raise ScenarioError(problems)
    remarks = []
    for name, strategy in routing.strategies.items():
        if strategy.only is not None and (places := unreached_places(graph, strategy.only)):
            kinds = " or ".join(kind.value for kind in strategy.only)
            remarks.append(
                f"strategy {name}: no {kinds} delivers to {len(places)} places, e.g. {_name(network, places[0])}"
            )
    remarks += [str(found) for found in findings(routing, site_columns(network))]
    return Checked(scenario, routing, graph.number_of_edges(), tuple(remarks))


def _name(network: Network, place: int) -> str:
    found = network.places[place]
    return f"{found.id} {found.name}"


def _nearest_place(network: Network, site: int) -> str:
    i = int(network.distance_km[:, site].argmin())
    return (
        f"its reach is {network.sites[site].reach_km:.0f} km, the nearest place ({_name(network, i)}) is "
        f"{network.distance_km[i, site]:.0f} km away"
    )


def _nearest_site(network: Network, place: int) -> str:
    j = int(network.distance_km[place].argmin())
    site = network.sites[j]
    return f"the nearest, {site.id}, is {network.distance_km[place, j]:.0f} km away and reaches {site.reach_km:.0f} km"
