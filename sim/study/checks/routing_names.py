"""Names in a scenario's block `routing:` that nothing in the scenario has: what they hold back concerns nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import expected_one_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.files import Key
    from sim.routing.cells import Cells
    from sim.routing.config import RoutingConfig
    from sim.scenario.load import Scenario


def strange_routing_names(scenario: Scenario, config: RoutingConfig) -> Iterator[tuple[Key, str]]:
    """Yield where a name stands that nothing has, and what was expected."""
    channels = [name for name in scenario.channels if name]
    here = {site.kind for site in scenario.network.sites}
    for kind in config.safety_stock:
        if kind not in here:
            yield ("routing", "safety_stock", kind.value), _unknown(kind.value, sorted(each.value for each in here), "")
    for k, fence in enumerate(config.ring_fences):
        yield from _cells(scenario, fence, ("routing", "ring_fences", k))
        yield from _listed(fence.channels, channels, ("routing", "ring_fences", k, "channels"))
    for name, pool in config.pools.items():
        yield from _cells(scenario, pool, ("routing", "pools", name))
    for name in config.channels:
        if name not in channels:
            yield ("routing", "channels", name), _unknown(name, channels, "channels")
    ahead = None if config.backorders is None else config.backorders.against_supply
    if ahead is not None:
        where: Key = ("routing", "backorders", "against_supply", "channels_first")
        yield from _listed(ahead.channels_first, channels, where)


def _cells(scenario: Scenario, cells: Cells, where: Key) -> Iterator[tuple[Key, str]]:
    network = scenario.network
    kinds = None if cells.kinds is None else [kind.value for kind in cells.kinds]
    yield from _listed(kinds, sorted({site.kind.value for site in network.sites}), (*where, "kinds"))
    known = {
        "sites": [site.id for site in network.sites],
        "categories": sorted({product.category for product in network.products}),
        "products": [product.id for product in network.products],
    }
    for key, names in known.items():
        yield from _listed(getattr(cells, key), names, (*where, key))


def _listed(names: Sequence[str] | None, known: Sequence[str], where: Key) -> Iterator[tuple[Key, str]]:
    for i, name in enumerate(names or ()):
        if name not in known:
            yield (*where, i), _unknown(name, known, str(where[-1]))


def _unknown(name: str, known: Sequence[str], what: str) -> str:
    return f"unknown {expected_one_of(name, known)}" if known else f"{shown(name)} - the scenario has no {what}"
