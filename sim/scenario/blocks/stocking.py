"""The stated rule that turns expected demand into reorder points and order quantities.

Expected demand of a product at a site is its share of online demand (the people nearest to the site among sites of its
kind, times that kind's share) plus, at stores, the walk-in customers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.scenario.blocks.demand import DemandBlock
    from sim.scenario.schema import ScenarioFile, StockBlock
    from sim.scenario.tastes import Tastes


@dataclass(frozen=True, slots=True, eq=False)
class StockPlan:
    """What each site keeps of each product; every array has shape (products, sites).

    Parameters
    ----------
    reorder_point, order_up_to
        Units; 0 where the product is not carried.
    daily_demand
        Expected units a day.
    walk_in_share
        Share of a site's walk-in units that is this product: its popularity among what the site carries.
    """

    reorder_point: NDArray[np.int32]
    order_up_to: NDArray[np.int32]
    daily_demand: NDArray[np.float64]
    walk_in_share: NDArray[np.float64]

    def with_levels(self, point: NDArray[np.int32], level: NDArray[np.int32]) -> StockPlan:
        """Return the same plan with levels of one's own, where they are not negative."""
        return replace(
            self,
            reorder_point=np.where(point >= 0, point, self.reorder_point),
            order_up_to=np.where(level >= 0, level, self.order_up_to),
        )


def mean_of(shares: dict[int, float]) -> float:
    """Return the mean of a distribution over whole numbers."""
    return sum(value * share for value, share in shares.items())


def units_of_channels(demand: DemandBlock) -> NDArray[np.float64]:
    """Return the units a day that are wanted by each channel on a usual day, shape (channels,)."""
    blocks = list(demand.channels.values())
    if not blocks:
        mean = demand.shoppers_per_day * mean_of(demand.lines_per_order) * mean_of(demand.units_per_line)
        return np.array([mean])
    return np.array(
        [
            demand.shoppers_per_day
            * block.share
            * mean_of(block.lines_per_order or demand.lines_per_order)
            * mean_of(block.units_per_line or demand.units_per_line)
            for block in blocks
        ]
    )


def nearest_of_kind(network: Network) -> Iterator[NDArray[np.int64]]:
    """Yield, for each kind of site, the site of it that is nearest to each place, shape (places,)."""
    for kind in {site.kind for site in network.sites}:
        columns = np.array([j for j, site in enumerate(network.sites) if site.kind is kind])
        yield columns[network.distance_km[:, columns].argmin(axis=1)]


def catchment(network: Network) -> NDArray[np.float64]:
    """Return, for each site, the share of people to whom it is the nearest of its kind, shape (sites,)."""
    population = np.array([place.population for place in network.places], dtype=float)
    share = np.zeros(len(network.sites))
    for nearest in nearest_of_kind(network):
        share += np.bincount(nearest, weights=population, minlength=len(network.sites))
    people: NDArray[np.float64] = share / max(population.sum(), 1.0)
    return people


def wanted_by_channel(
    file: ScenarioFile, network: Network, popularity: NDArray[np.float64], tastes: Tastes | None
) -> NDArray[np.float64]:
    """Return what the people near each site want online, by channel: shape (products, channels, sites).

    It adds up to 1 over products and channels.
    """
    units = units_of_channels(file.demand)
    share = units / units.sum()
    if tastes is None:
        return np.repeat((popularity[:, np.newaxis] * share)[:, :, np.newaxis], len(network.sites), axis=2)
    population = np.array([place.population for place in network.places], dtype=float)
    people = np.zeros((tastes.weights.shape[1], len(network.sites)))
    for nearest in nearest_of_kind(network):
        np.add.at(people, (tastes.region, nearest), population)
    # where nobody is near, all people count
    people[:, people.sum(axis=0) == 0] = np.bincount(tastes.region, population)[:, np.newaxis]
    people /= people.sum(axis=0)
    wanted: NDArray[np.float64] = np.einsum("c,crp,rj->pcj", share, tastes.weights, people)
    return wanted


def walk_in_rates(file: ScenarioFile, network: Network) -> NDArray[np.float64]:
    """Return the mean walk-in units a day of each site, shape (sites,): its own size and nothing of its neighbours."""
    per_day = 0.0 if file.walk_ins is None else file.walk_ins.units_per_store_day
    return per_day * np.array([site.walk_in_size for site in network.sites])


def plan_stock(
    file: ScenarioFile,
    network: Network,
    popularity: NDArray[np.float64],
    rules: Sequence[StockBlock],
    local: NDArray[np.float64] | None = None,
) -> StockPlan:
    """Apply each site's rule to every product.

    Parameters
    ----------
    local
        Share of each product in what is wanted online near a site, shape (products, sites); None: its popularity.
    """
    online_units = float(units_of_channels(file.demand).sum())
    people = catchment(network)
    walk_ins = walk_in_rates(file, network)
    shape = len(popularity), len(network.sites)
    goods = network.products[:: len(network.products) // len(popularity)]  # each once, whoever owns its stock
    reorder_point, order_up_to = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.int32)
    daily, walk_in_share = np.zeros(shape), np.zeros(shape)
    for j, (site, rule) in enumerate(zip(network.sites, rules, strict=True)):
        online = (popularity if local is None else local[:, j]) * rule.online_share * online_units * people[j]
        # the assortment follows the site's own trade, so that a new neighbour does not change what its customers want
        trade = popularity * walk_ins[j] if walk_ins[j] else online
        carried = (rule.days_of_cover * trade >= rule.carried_from) & (popularity > 0)
        if site.id in rule.keeps:
            carried &= np.array([product.category in rule.keeps[site.id] for product in goods])
        # a store's customers come for what it carries
        wanted = np.where(carried, popularity, 0.0)
        walk_in_share[:, j] = wanted / max(wanted.sum(), 1e-300)
        demand = np.where(carried, online + walk_in_share[:, j] * walk_ins[j], 0.0)
        cover = rule.days_of_cover * demand
        point = np.rint(cover + rule.safety_factor * np.sqrt(cover))
        quantity = np.maximum(np.rint(rule.order_days * demand), 1)
        daily[:, j] = demand
        reorder_point[:, j] = np.where(carried, point, 0)
        order_up_to[:, j] = np.where(carried, point + quantity, 0)
    return StockPlan(reorder_point, order_up_to, daily, walk_in_share)
