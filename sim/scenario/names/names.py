"""Names that blocks give to goods, people and channels: what concerns nobody is a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import expected_one_of, shown
from sim.scenario.owners import WALK_IN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sim.errors import Problem
    from sim.files import Key, YamlFile
    from sim.network.site import Place, Product
    from sim.scenario.schema import ScenarioFile


def strange_names(
    source: YamlFile, file: ScenarioFile, places: Sequence[Place], products: Sequence[Product]
) -> list[Problem]:
    """Tell every name in the blocks `demand:` and `storefront:` that nothing has, and stock that nobody could own."""
    channels = list(file.demand.channels)
    problems = [
        source.problem(key, f"unknown {expected_one_of(name, known)}" if known else _none_of(name, column))
        for key, column, name, known in _unknown(file, places, products)
    ]
    if file.stock == "by_channel" and not (channels or file.demand.orders):
        problems.append(source.problem(("stock",), "by_channel - expected demand.channels, which are to own it"))
    if file.stock == "by_channel" and WALK_IN in channels:
        problems.append(source.problem(("demand", "channels", WALK_IN), "the owner of what is for walk-in customers"))
    return problems


def _none_of(name: str, column: str) -> str:
    return f"unknown {shown(name)} - the scenario has no {column}"


def _unknown(
    file: ScenarioFile, places: Sequence[Place], products: Sequence[Product]
) -> Iterator[tuple[Key, str, str, Sequence[str]]]:
    """Yield where a name stands, what it should be a name of, the name, and the names that are known."""
    demand, shop = file.demand, file.storefront
    known = {
        "products": [p.id for p in products],
        "categories": list(dict.fromkeys(p.category for p in products)),
        "states": list(dict.fromkeys(place.state for place in places)),
        "places": [place.id for place in places],
        "channels": list(demand.channels),
    }
    blocks: list[tuple[Key, object]] = [(("tastes", k), block) for k, block in enumerate(demand.tastes)]
    blocks += [(("promotions", name), block) for name, block in demand.promotions.items()]
    for k, rule in enumerate(demand.bought_together):
        blocks += [(("bought_together", k, "orders_of"), rule.orders_of), (("bought_together", k, "bring"), rule.bring)]
    for key, block in blocks:
        for column, names in known.items():
            for i, name in _strange(getattr(block, column, None) or (), names):
                yield ("demand", *key, column, i), column, name, names
    if demand.orders is not None and not demand.channels:
        return  # the table of orders may name any channel
    for _, name in _strange(file.pick_up.channels if file.pick_up else (), known["channels"]):
        yield ("pick_up", "channels", name), "channels", name, known["channels"]
    for _, name in _strange(shop.channels, known["channels"]):
        yield ("storefront", "channels", name), "channels", name, known["channels"]
    for i, name in _strange(shop.open_channels or (), known["channels"]):
        yield ("storefront", "open_channels", i), "channels", name, known["channels"]


def _strange(names: Iterable[str], known: Sequence[str]) -> list[tuple[int, str]]:
    return [(i, name) for i, name in enumerate(names) if name not in known]
