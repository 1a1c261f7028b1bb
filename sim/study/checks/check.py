"""Everything that can be said against a scenario before it runs: its file, its tables, its routing, its lanes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import Problem, ScenarioError, expected_one_of, gathering, in_file_order
from sim.files import validate
from sim.routing.config import RoutingConfig
from sim.routing.files import findings
from sim.routing.strategies.by_rules import site_columns
from sim.scenario.blocks.costs import strange_costs
from sim.scenario.changes import changed
from sim.scenario.graph import lane_graph, orphan_sites, unreached_places
from sim.scenario.load import examine, read
from sim.scenario.names.idle import out_of_time
from sim.scenario.tables.tables import read_places, read_sites
from sim.study.checks.ways_agree import disagreements
from sim.study.kpis.goals import problems_of_goals

if TYPE_CHECKING:
    from pathlib import Path

    from sim.files import YamlFile
    from sim.network.network import Network
    from sim.scenario.load import Scenario

NO_SERVICE = "no service goes there - expected one that does, by carriers.lanes and the services' reach"


@dataclass(frozen=True)
class Checked:
    """A scenario without problems, its routing configuration, and what a planner may want to know all the same."""

    scenario: Scenario
    routing: RoutingConfig
    lanes: int
    remarks: tuple[str, ...]


def problems_of(path: str | Path) -> tuple[Scenario | None, list[Problem]]:
    """Read a scenario and tell everything that is wrong with it, each thing once and in file order.

    Parameters
    ----------
    path
        A scenario's folder, its YAML file, or the name of a shipped scenario.

    Returns
    -------
    scenario
        None where its file or tables are wrong; it may be there although its routing or its lanes are wrong.
    problems
        In the YAML file, the tables, the routing configuration, and the lanes (a site that delivers nowhere, a place
        that nobody delivers to).
    """
    problems: list[Problem] = []
    scenario = None
    with gathering(problems):
        source = read(path)
        scenario, problems = _problems(source)
    if scenario is not None and not problems:
        for name in scenario.file.changes:  # each alone: any may be made without the others
            with gathering(problems):
                problems += _problems(changed(source, [name]))[1]
    return scenario, in_file_order(problems)


def _problems(source: YamlFile) -> tuple[Scenario | None, list[Problem]]:
    problems = _routing_problems(source)
    scenario, found = examine(source)
    problems += found
    if scenario is not None:
        problems += _lane_problems(scenario)
        problems += problems_of_goals(source, scenario.file.goals)
        with suppress(ScenarioError):  # told already
            problems += disagreements(scenario, validate(RoutingConfig, source, ("routing",)))
    return scenario, problems


def check_scenario(path: str | Path) -> Checked:
    """Read a scenario and examine it.

    Raises
    ------
    ScenarioError
        With every problem found, see `problems_of`.
    """
    scenario, problems = problems_of(path)
    if scenario is None or problems:
        raise ScenarioError(problems)
    routing = validate(RoutingConfig, scenario.source, ("routing",))
    network = scenario.network
    graph = lane_graph(network)
    remarks = out_of_time(scenario.file)
    for name, strategy in routing.strategies.items():
        if strategy.only is not None and (places := unreached_places(graph, strategy.only)):
            kinds = " or ".join(kind.value for kind in strategy.only)
            remarks.append(
                f"strategy {name}: no {kinds} delivers to {len(places)} places, e.g. {_name(network, places[0])}"
            )
    remarks += [str(found) for found in findings(routing, site_columns(network))]
    return Checked(scenario, routing, graph.number_of_edges(), tuple(remarks))


def _routing_problems(source: YamlFile) -> list[Problem]:
    """Check the block `routing:`, and that there are sites which its strategies may use."""
    problems: list[Problem] = []
    if "routing" not in source.tree:  # the scenario's own schema says so
        return problems
    with gathering(problems):
        config = validate(RoutingConfig, source, ("routing",))
        kinds = source.at(("site_kinds",))
        problems += strange_costs(source, config.strategies)
        for name, strategy in config.strategies.items():
            for k, kind in enumerate(strategy.only or ()):
                if isinstance(kinds, dict) and kind.value not in kinds:
                    message = f"has no block in site_kinds: {expected_one_of(kind.value, kinds)}"
                    problems.append(source.problem(("routing", "strategies", name, "only", k), message))
    return problems


def _lane_problems(scenario: Scenario) -> list[Problem]:
    network = scenario.network
    if network.zone.all():  # every site delivers everywhere
        return []
    graph = lane_graph(network)
    sites, places = orphan_sites(graph), unreached_places(graph)
    if not sites and not places:
        return []
    source, names = scenario.source, scenario.file.network
    sites_from, places_from = (source.origin(("network", name)).parent for name in ("sites", "places"))
    site_table = read_sites(sites_from / names.sites, names.site_attributes)
    place_table = read_places(places_from / names.places, names.place_attributes)
    for j in sites:
        message = f"delivers nowhere - {_nearest_place(network, j)}"
        site_table.tell(site_table.rows[j]["line"], network.sites[j].id, message)
    for i in places:
        message = f"no site delivers there - {_nearest_site(network, i)}"
        place_table.tell(place_table.rows[i]["line"], network.places[i].id, message)
    return [*site_table.problems, *place_table.problems]


def _name(network: Network, place: int) -> str:
    found = network.places[place]
    return f"{found.id} {found.name}"


def _nearest_place(network: Network, site: int) -> str:
    i = int(network.distance_km[:, site].argmin())
    far, reach = network.distance_km[i, site], network.sites[site].reach_km
    nearest = f"the nearest place ({_name(network, i)}) is {far:.0f} km away"
    if reach is None or reach >= far:
        return f"{nearest}, and {NO_SERVICE}"
    return f"its reach is {reach:.0f} km, {nearest}"


def _nearest_site(network: Network, place: int) -> str:
    j = int(network.distance_km[place].argmin())
    far, reach = network.distance_km[place, j], network.sites[j].reach_km
    nearest = f"the nearest, {network.sites[j].id}, is {far:.0f} km away"
    return f"{nearest}, and {NO_SERVICE}" if reach is None or reach >= far else f"{nearest} and reaches {reach:.0f} km"
