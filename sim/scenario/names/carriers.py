"""Names in what concerns carriers: a service, a state, a site or an area that nothing has is a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import expected_one_of
from sim.scenario.blocks.disruptions import CarrierDown, CarrierSlow, SnowDay
from sim.scenario.blocks.site_blocks import strange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sim.errors import Problem
    from sim.files import Key, Row, YamlFile
    from sim.network.site import Place
    from sim.scenario.schema import ScenarioFile

Named = tuple["Key", str, list[str]]


def strange_carriers(
    source: YamlFile, file: ScenarioFile, sites: Sequence[Row], places: Sequence[Place]
) -> list[Problem]:
    """Tell every name that nothing has."""
    states = list(dict.fromkeys([*(place.state for place in places), *(str(site["state"]) for site in sites)]))
    problems = [
        source.problem(key, f"unknown {expected_one_of(name, known)}" if known else f"unknown {name!r} - there is none")
        for key, name, known in (*_in_disruptions(file, states), *_in_services(file, places, states))
        if name not in known
    ]
    for name, service in file.carriers.services.items():
        for k, spells in enumerate(service.spells):
            stands = ("carriers", "services", name, "spells", k)
            problems += strange(source, stands, spells.origin, sites, "origin")
    return problems


def _in_disruptions(file: ScenarioFile, states: list[str]) -> Iterator[Named]:
    services = list(file.carriers.services)
    for k, block in enumerate(file.disruptions):
        if isinstance(block, CarrierSlow | CarrierDown):
            yield from _each(("disruptions", k, "services"), block.services, services)
            yield from _each(("disruptions", k, "to"), block.to, states)
        elif isinstance(block, SnowDay):
            yield from _each(("disruptions", k, "states"), block.states, states)


def _in_services(file: ScenarioFile, places: Sequence[Place], states: list[str]) -> Iterator[Named]:
    areas = file.carriers.areas
    if areas is not None:
        yield ("carriers", "areas"), areas, list(file.network.place_attributes)
    known = [] if areas is None else list(dict.fromkeys(str(place.attributes.get(areas)) for place in places))
    for name, service in file.carriers.services.items():
        key: Key = ("carriers", "services", name)
        for area in service.area_surcharges:
            yield (*key, "area_surcharges", area), area, known
        for k, spells in enumerate(service.spells):
            yield from _each((*key, "spells", k, "to"), spells.to, states)


def _each(key: Key, names: Iterable[str] | None, known: list[str]) -> Iterator[Named]:
    return (((*key, i), name, known) for i, name in enumerate(names or ()))
