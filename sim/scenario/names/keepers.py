"""Sites that keep some categories only: their names and those of the categories are held against the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import expected_one_of

if TYPE_CHECKING:
    from sim.errors import Problem
    from sim.files import YamlFile
    from sim.network.network import Network
    from sim.scenario.schema import ScenarioFile


def unknown_keepers(source: YamlFile, file: ScenarioFile, network: Network) -> list[Problem]:
    """Return the sites and categories of the blocks `keeps:` that nobody knows."""
    categories = {product.category for product in network.products}
    problems = []
    for kind, block in file.site_kinds.items():
        sites = [site.id for site in network.sites if site.kind is kind]
        for site, kept in block.stock.keeps.items():
            key = ("site_kinds", kind.value, "stock", "keeps", site)
            if site not in sites:
                problems.append(source.problem(key, f"unknown {kind.value} {expected_one_of(site, sites)}"))
            for k, category in enumerate(kept):
                if category not in categories:
                    message = f"unknown category {expected_one_of(category, categories)}"
                    problems.append(source.problem((*key, k), message))
    return problems
