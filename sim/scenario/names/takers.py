"""Who takes returns; and the names in the block `returns:`, which are held against the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import expected_one_of, shown
from sim.network.site import SiteKind
from sim.scenario.blocks.returns import ROUTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.errors import Problem
    from sim.files import Key, YamlFile
    from sim.network.network import Network
    from sim.scenario.blocks.returns import ReturnsBlock
    from sim.scenario.schema import ScenarioFile

TAKES = "takes_returns"


def stores_that_take(network: Network) -> list[int]:
    """Return the stores to which shoppers may bring returns: with an attribute `takes_returns` those where it holds."""
    told = any(TAKES in site.attributes for site in network.sites)
    return [
        j
        for j, site in enumerate(network.sites)
        if site.kind is SiteKind.STORE and (not told or site.attributes.get(TAKES) is True)
    ]


def strange_returns(source: YamlFile, file: ScenarioFile, network: Network, channels: Sequence[str]) -> list[Problem]:
    """Tell every name in the block that nothing has, and what could never happen."""
    block = file.returns
    if block is None:
        return []
    problems = [
        source.problem(("returns", *key), f"unknown {expected_one_of(name, known) if known else _nobody(name)}")
        for key, name, known in _named(block, file, network, channels)
        if name not in known
    ]
    kinds = {site.kind for site in network.sites}
    if block.by_mail.to == ROUTER and not (isinstance(file.routing, dict) and file.routing.get("returns")):
        message = "the router is not told where goods go back to - expected a block returns in the routing"
        problems.append(source.problem(("returns", "by_mail", "to"), message))
    if block.in_store is not None:
        if not stores_that_take(network):
            message = f"no store takes returns - expected a store, with {TAKES}: true if sites have that attribute"
            problems.append(source.problem(("returns", "in_store"), message))
        if block.in_store.not_kept.then == "to_dc" and SiteKind.DC not in kinds:
            key = ("returns", "in_store", "not_kept", "then")
            problems.append(source.problem(key, "there is no DC - expected liquidate"))
    return problems


def _nobody(name: str) -> str:
    return f"{shown(name)} - the scenario has no channels"


def _named(
    block: ReturnsBlock, file: ScenarioFile, network: Network, channels: Sequence[str]
) -> Iterator[tuple[Key, str, Sequence[str]]]:
    """Yield where a name stands, the name, and the names that are known there."""
    sites = [site.id for site in network.sites]
    categories = list(dict.fromkeys(product.category for product in network.products))
    grades = list(block.grades)
    for category, of_category in block.categories.items():
        yield ("categories", category), category, categories
        for grade in of_category.grades or ():
            yield ("categories", category, "grades", grade), grade, grades
    for channel in block.channels:
        yield ("channels", channel), channel, [name for name in channels if name]
    for name, reason in block.reasons.items():
        for grade in reason.grades or ():
            yield ("reasons", name, "grades", grade), grade, grades
    for name, grade_block in block.grades.items():
        if grade_block.at is not None:
            yield ("grades", name, "at"), grade_block.at, sites
    if block.by_mail.to != ROUTER:
        yield ("by_mail", "to"), block.by_mail.to, sites
    yield ("by_mail", "service"), block.by_mail.service, list(file.carriers.services)
