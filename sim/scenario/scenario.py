"""A checked scenario as one immutable value."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import ScenarioError
from sim.network.site import SiteKind
from sim.scenario.blocks.stock_total import shared_plan
from sim.scenario.blocks.stocking import StockPlan, catchment, plan_stock, walk_in_rates, wanted_by_channel
from sim.scenario.blocks.values import MOST_DAYS
from sim.scenario.names.limits import too_large
from sim.scenario.owners import WALK_IN, parted_plan
from sim.scenario.tastes import Tastes, among, tastes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.files import YamlFile
    from sim.network.network import Network
    from sim.network.site import Product
    from sim.scenario.blocks.demand import Goods
    from sim.scenario.schema import ScenarioFile, SiteKindBlock
    from sim.scenario.tables.given import GivenOrder, GivenSales
    from sim.scenario.tables.tables import Coming

# Calendars are laid out this long before the start and after the drain limit: late parcels still need days.
CALENDAR_MARGIN_DAYS = 45


@dataclass(frozen=True)
class Scenario:
    """A checked scenario: what everyone knows (`network`) and what only nature knows (`file`).

    Parameters
    ----------
    name
        The folder's name.
    routing
        The raw block `routing:`, and `source` to tell where it stands.
    popularity
        Share of demand of each of the goods, shape (goods,), sums to 1.
    site_blocks
        How each site works: the block of its kind, with its exceptions made.
    goods
        The products as their table says; in `network` each has one of its own for each of its `owners`.
    opening_stock
        Units on hand at the start, shape (products, sites); None where they are drawn.
    levels
        Reorder points and order-up-to levels of its own for the goods, -1 where the rule holds; None where it holds
        everywhere.
    given_orders, given_sales
        Real orders, and what walk-in customers really wanted; None where they are drawn.
    channels
        By which shoppers come; one without a name if nobody asks.
    opening_receipts
        Goods on their way at the start; None where that is not given.
    backlog
        Orders that are open at the start, oldest first.
    """

    name: str
    source: YamlFile
    file: ScenarioFile
    network: Network
    popularity: NDArray[np.float64]
    site_blocks: tuple[SiteKindBlock, ...]
    table_digests: dict[str, str]
    goods: tuple[Product, ...]
    opening_stock: NDArray[np.int32] | None = None
    levels: tuple[NDArray[np.int32], NDArray[np.int32]] | None = None
    given_orders: tuple[GivenOrder, ...] | None = None
    given_sales: GivenSales | None = None
    channels: tuple[str, ...] = ("",)
    opening_receipts: Coming | None = None
    backlog: tuple[GivenOrder, ...] = ()

    def __repr__(self) -> str:
        network = self.network
        what = f"{len(network.sites)} sites, {len(network.places):,} places, {len(self.goods):,} products"
        days = self.file.clock.measure
        return f"<Scenario {self.name}: {what}, {days} measured {'day' if days == 1 else 'days'}>"

    @property
    def routing(self) -> Any:
        """The raw block `routing:`."""
        return self.file.routing

    @property
    def owners(self) -> tuple[str, ...]:
        """Who owns stock: every channel, and last the walk-in customers; nobody where stock is unified."""
        if self.file.stock == "unified":
            return ()
        return (*self.channels, WALK_IN)

    @cached_property
    def tastes(self) -> Tastes | None:
        """What is wanted where and by which channel; None where all want the same."""
        return tastes_of(self.file.demand, self.network.places, self.goods, self.popularity)

    def among(self, goods: Goods) -> NDArray[np.bool_]:
        """Return which of the goods are meant, shape (goods,)."""
        return among(goods, self.goods)

    @property
    def shoppers_choose(self) -> bool:
        """Whether shoppers do more at the storefront than to wait or not."""
        block = self.file.storefront
        return bool(block.asks_quotes or block.substitution or block.share_who_switch or block.carts)

    @cached_property
    def _wanted(self) -> NDArray[np.float64]:
        return wanted_by_channel(self.file, self.network, self.popularity, self.tastes)

    @cached_property
    def usual_plan(self) -> StockPlan:
        """Reorder points and order-up-to levels of the goods, for all owners together."""
        local = None if self.tastes is None else self._wanted.sum(axis=1)
        rules = [block.stock for block in self.site_blocks]
        plan = plan_stock(self.file, self.network, self.popularity, rules, local)
        if self.levels is not None:
            plan = plan.with_levels(*self.levels)
        if self.file.stock_total is None:
            return plan
        kinds = [site.kind for site in self.network.sites]
        return shared_plan(plan, self.file.stock_total, kinds, catchment(self.network))

    @cached_property
    def units_stocked(self) -> int:
        """Units of ours in all: those given at the start, else those of all levels."""
        ours = np.array([site.kind is not SiteKind.VENDOR for site in self.network.sites])
        units = self.usual_plan.order_up_to if self.opening_stock is None else self.opening_stock
        return int(units[:, ours].sum())

    @cached_property
    def owners_parts(self) -> NDArray[np.float64]:
        """Share of each owner in the demand for goods at a site, shape (goods, owners, sites)."""
        plan = self.usual_plan
        walk_ins = plan.walk_in_share * self.walk_in_rates
        wanted = self._wanted / np.maximum(self._wanted.sum(axis=1, keepdims=True), 1e-300)
        online = np.maximum(plan.daily_demand - walk_ins, 0)
        demand = np.concatenate([wanted * online[:, np.newaxis, :], walk_ins[:, np.newaxis, :]], axis=1)
        # what is not kept there by plan is the channels'
        nobody = np.concatenate([wanted, np.zeros_like(walk_ins)[:, np.newaxis, :]], axis=1)
        demand = np.where(demand.sum(axis=1, keepdims=True) > 0, demand, nobody)
        parts: NDArray[np.float64] = demand / np.maximum(demand.sum(axis=1, keepdims=True), 1e-300)
        return parts

    @cached_property
    def stock_plan(self) -> StockPlan:
        """Reorder points and order-up-to levels of the network's products."""
        return parted_plan(self.usual_plan, self.owners_parts) if self.owners else self.usual_plan

    @cached_property
    def walk_in_rates(self) -> NDArray[np.float64]:
        """Mean walk-in units a day by site."""
        return walk_in_rates(self.file, self.network)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that was read: two scenarios with the same digest are the same."""
        text = json.dumps([self.resolved(), self.table_digests], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def resolved(self) -> dict[str, Any]:
        """Return the scenario as plain values with every default filled in (minutes, cents, km)."""
        return self.file.model_dump(mode="json", exclude={"changes"})

    def with_measured_days(self, days: int) -> Scenario:
        """Return the same scenario measured over another number of days.

        Raises
        ------
        ScenarioError
            If that is more than a run can hold.
        """
        if not 1 <= days <= MOST_DAYS:
            message = f"{days:,} days - expected 1 to {MOST_DAYS:,}"
            raise ScenarioError([self.source.problem(("clock", "measure"), message)])
        clock = self.file.clock.model_copy(update={"measure": days})
        file = self.file.model_copy(update={"clock": clock})
        network = replace(self.network, days=calendar_days(clock.warm_up + days + clock.drain_limit))
        longer = replace(self, file=file, network=network)
        if problems := too_large(longer):
            raise ScenarioError(problems)
        return longer


def calendar_days(run_days: int) -> tuple[int, int]:
    """Return the first and last day on which the calendars of a run are laid out."""
    return -CALENDAR_MARGIN_DAYS, run_days + CALENDAR_MARGIN_DAYS
