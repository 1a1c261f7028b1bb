"""The scenario file, block by block. What a key means stands in its docstring; `fulfillsim check` enforces it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, model_validator

from sim.fields import (
    Between,
    Cents,
    Count,
    Day,
    Kilometres,
    Minutes,
    Model,
    Name,
    Number,
    PositiveCount,
    Raw,
    Share,
    Text,
    TimeOfDay,
    TimeZone,
    plain,
    whole,
)
from sim.network.calendar import Weekday
from sim.network.site import SiteKind
from sim.scenario.blocks.carriers import CarriersBlock
from sim.scenario.blocks.costs import ContactsBlock, ContractBlock, FixedCost, PenaltiesBlock
from sim.scenario.blocks.demand import DemandBlock, WalkInsBlock
from sim.scenario.blocks.disruptions import Disruption
from sim.scenario.blocks.drop_ship import DropShipBlock, not_ours
from sim.scenario.blocks.exceptions import SiteException
from sim.scenario.blocks.feeds import Feed
from sim.scenario.blocks.labour import LabourBlock, people_once
from sim.scenario.blocks.laws import LawOfMinutes
from sim.scenario.blocks.merge import MergeBlock
from sim.scenario.blocks.order_messages import OrderMessagesBlock
from sim.scenario.blocks.pick_up import PickUpBlock
from sim.scenario.blocks.records import CountingBlock, RecordsBlock
from sim.scenario.blocks.returns import ReturnsBlock
from sim.scenario.blocks.roll_out import RollOutBlock
from sim.scenario.blocks.stock_total import StockTotalBlock
from sim.scenario.blocks.storefront import StorefrontBlock
from sim.scenario.blocks.transfers import TransfersBlock
from sim.scenario.blocks.trucks import TrucksBlock
from sim.scenario.blocks.values import Days, OpeningHours, PositiveDays
from sim.scenario.changes import Changes, Derived


class ClockBlock(Model):
    """When the scenario starts and what is measured."""

    start: Day
    time_zone: TimeZone
    warm_up: Days
    measure: PositiveDays
    drain_limit: PositiveDays
    """How long after the measured days their orders are followed at most."""


class NetworkBlock(Model):
    """The tables of the network, paths within the scenario's folder."""

    sites: Text
    places: Text
    products: Text
    closed: tuple[Text, ...] = ()
    """Sites that are left out, as if they did not stand in `sites`: nothing is kept, sold or sent there."""
    packing_factor: Annotated[float, Between(plain, 1, 100)]
    """Outer volume of a parcel over that of the goods in it."""
    site_attributes: tuple[Text, ...] = ()
    """Columns that `sites` has besides its own: what routing rules may look at, such as `priority`, `market`, `pickup`,
    `takes_returns` or `daily_order_limit`. A cell is true, false, a number, text, or empty where nothing is known."""
    place_attributes: tuple[Text, ...] = ()
    """The same of `places`, such as `country`."""
    product_attributes: tuple[Text, ...] = ()
    """The same of `products`, such as `hazmat`, `cold` or `gift_wrap`."""
    roads: Text | None = None
    """Table of ways by road, `from` a site `to` a place or another site, `km` and, if known, `minutes`, for a routing
    with `distance: {measure: road}` or ranks by `drive_time`."""


class HandlingBlock(Model):
    """What it costs to get a parcel ready."""

    pick_per_line: Cents
    pick_per_unit: Cents
    pack_per_parcel: Cents
    packaging_per_parcel: Cents
    fee_per_parcel: Cents
    fee_per_unit: Cents


DaysOfDemand = Annotated[float, Between(plain, 0, 366, above=True)]


class StockBlock(Model):
    """How much a site keeps of each product: a reorder point and an order quantity, from its expected demand d a day.

    reorder point = days_of_cover * d + safety_factor * sqrt(days_of_cover * d), rounded;
    order quantity = order_days * d, at least one unit. A product is carried where days_of_cover * d >= carried_from.
    """

    online_share: Share
    """Share of online demand this kind of site is stocked for, split by the people nearest to each site."""
    days_of_cover: DaysOfDemand
    safety_factor: Annotated[float, Between(plain, 0, 100)]
    order_days: DaysOfDemand
    carried_from: Number
    policy: Literal["min_max", "order_up_to", "fixed_quantity"] = "min_max"
    """`min_max` (s, S): at or below the reorder point, up to the level. `order_up_to` (R, S): up to the level at every
    review; with continuous review it is base stock. `fixed_quantity` (r, Q): the order quantity, as often as needed."""
    review: Literal["periodic", "continuous"] = "periodic"
    """`continuous`: the moment a position falls, not on the day of a review."""
    review_every: PositiveDays | None = None
    """Between two reviews, for periodic review."""
    net_of_orders: bool = False
    """Whether what is promised to orders and not picked yet, or backordered, counts as gone from the position."""
    supply_lead: LawOfMinutes
    """From order to receipt: in whole days, to the minute where review is continuous."""
    keeps: dict[Name, tuple[Text, ...]] = Field(default_factory=dict)
    """By site, the only product categories it keeps: what a vendor sends is what he makes. Absent: all."""
    supplied_by: Literal["vendors", "trucks", "dc"] = "trucks"
    """Where goods come from and whose luck the lead time is. `vendors`: each product has its own supplier, as late to
    one site as to another on the same day. `trucks`: all a site orders on a day comes together. `dc`: the same, out of
    the stock of the nearest DC, as far as it goes. With continuous review each order has its own luck."""
    minimum_order: Count = 0
    """Least units of a product in one order."""
    multiple: PositiveCount = 1
    """Units in a case: orders are whole cases."""
    supplier_fill: Share = 1.0
    """Probability that a line of an order is sent at once; if not, it takes a second lead time on top."""
    cost_per_order: Cents = 0.0
    """Paid for each order that a site sends for, whatever is in it."""
    cost_per_unit: Cents = 0.0
    """Inbound freight and handling."""

    @model_validator(mode="after")
    def _reviewed_somehow(self) -> StockBlock:
        if self.review == "periodic" and self.review_every is None:
            raise ValueError("review_every: missing - expected days between reviews, or review: continuous")
        if self.review == "continuous" and self.review_every is not None:
            raise ValueError("review_every with review: continuous - expected one of the two")
        if self.review == "continuous" and self.supplied_by == "dc":
            raise ValueError("review: continuous with supplied_by: dc - expected vendors or trucks")
        return self


class CarryingBlock(Model):
    """What it costs to have stock for a year, as a share of its value at cost."""

    holding: Share
    """Capital, space and insurance."""
    obsolescence: Share = 0.0
    """What goes out of fashion."""


class SiteKindBlock(Model):
    """Everything a kind of site has in common."""

    hours: OpeningHours
    """When online orders are worked on; a day not named is closed."""
    pick_up: TimeOfDay
    pick_up_days: tuple[Weekday, ...] = Field(min_length=1)
    lead: Minutes
    """Working time the site asks for Between order and ready parcel: what promises rest on."""
    reach: Kilometres | None = None
    handling: HandlingBlock
    pickers: Annotated[int, Between(whole, 1, 10_000)] | None = None
    """People who pick while the site is open. Absent: those of the block `labour`."""
    labour: LabourBlock | None = None
    pick_time: LawOfMinutes
    """Per line."""
    pack_time: LawOfMinutes
    """Per parcel, after the pick."""
    message_delay: LawOfMinutes
    """Between the order system and the site, each way."""
    confirm_delay: LawOfMinutes | None = None
    """From the site to the order system, where that is not the same."""
    feed: Feed
    stock: StockBlock
    declines: Share = 0.0
    """Parcels to which a site says no when it gets to them; they are routed again."""
    drop_ship: DropShipBlock | None = None
    """Of vendors. Absent: a unit costs us from him what it costs from a supplier, and his file is right."""
    records: RecordsBlock | None = None
    """Absent: the record is the shelf."""
    counting: CountingBlock | None = None
    """Absent: nobody ever counts."""
    contract: ContractBlock | None = None
    """What is paid to a third party beside its fees per parcel and unit."""

    @model_validator(mode="after")
    def _somebody_picks(self) -> SiteKindBlock:
        people_once(self.pickers, self.labour)
        return self

    @model_validator(mode="after")
    def _something_to_count(self) -> SiteKindBlock:
        if self.counting is not None and self.records is None:
            raise ValueError("counting makes no difference where the record is the shelf - expected records beside it")
        return self


class FulfilmentBlock(Model):
    """The life of an order."""

    max_attempts: Annotated[int, Between(whole, 1, 100)]
    """Times an order may come back to the router after refusals before the rest is cancelled."""


class SnapshotBlock(Model):
    """When view and shelf are compared, each day."""

    at: TimeOfDay


class ScenarioFile(Model):
    """A scenario."""

    title: Text
    question: Text = ""
    clock: ClockBlock
    network: NetworkBlock
    carriers: CarriersBlock
    site_kinds: dict[SiteKind, SiteKindBlock] = Field(min_length=1)
    exceptions: tuple[SiteException, ...] = ()
    """What is different at some sites from the block of their kind."""
    demand: DemandBlock
    walk_ins: WalkInsBlock | None = None
    storefront: StorefrontBlock
    fulfilment: FulfilmentBlock
    order_messages: OrderMessagesBlock | None = None
    pick_up: PickUpBlock | None = None
    """Absent: everything is sent to the shopper."""
    roll_out: RollOutBlock | None = None
    """Absent: every site does all that it can, all the time."""
    trucks: TrucksBlock | None = None
    """Absent: what goes from one site to another for an order goes by carrier."""
    merge: MergeBlock | None = None
    """Absent: every parcel goes straight to its shopper, or to where he collects it."""
    snapshot: SnapshotBlock
    opening_stock: Text | None = None
    """Table of the units on hand at the start, `sku`, `site`, `on_hand`: what it does not name is not there, and
    nothing is on its way but for `opening_receipts`. Absent: drawn about as if replenishment had been going on for
    long; shelves are as their own rule leaves them once a review and a lead time of warm-up are over."""
    opening_receipts: Text | None = None
    """Table of what is on its way at the start, `sku`, `site`, `due_on`, `units`: it comes on its day, whether or not
    anything is ordered later. Stands beside `opening_stock`."""
    opening_backlog: Text | None = None
    """Table of the orders that are open at the start, as `demand.orders` but placed before it, each line with the units
    that have not left a shelf yet: the router decides on them first of all."""
    stock: Literal["unified", "by_channel"] = "unified"
    """`unified`: every channel sells from all stock. `by_channel`: each channel owns its part of what every site holds
    and may sell nothing else, and so do the walk-in customers; each product is one of its own for each of its owners,
    such as `P0001@web`. In all, as much is stocked."""
    disruptions: tuple[Disruption, ...] = ()
    """What goes wrong for a time."""
    stock_levels: Text | None = None
    """Table of levels of your own, `sku`, `site`, `reorder_point`, `order_up_to`; what it does not name keeps to the
    rule of its kind's block `stock:`."""
    stock_total: StockTotalBlock | None = None
    """How much is stocked in all, and how it is shared among kinds of sites. Absent: their blocks `stock:` say."""
    carrying: CarryingBlock | None = None
    fixed: dict[Name, FixedCost] = Field(default_factory=dict)
    """What is paid whatever is ordered."""
    contacts: ContactsBlock | None = None
    penalties: PenaltiesBlock | None = None
    replenishment: Literal["rules", "forecast", "none"] = "rules"
    """`rules`: every site orders by its kind's block `stock:`. `forecast`: by the same rules, but as if exactly what is
    expected were sold, so that receipts are the same whatever becomes of the orders. `none`: nothing ever comes in."""
    transfers: TransfersBlock | None = None
    """Rebalancing between sites. Absent: what a site has been sent stays there."""
    supply_news: bool = False
    """Whether the router is told what is on order, with the published date: the mean of the supplier's lead time."""
    returns: ReturnsBlock | None = None
    """Absent: nothing comes back. Runs go on until all returns of the measured orders are settled, or the drain limit
    is reached."""
    routing: Raw
    """Read by the routing engine's own schema."""
    goals: dict[Name, Any] = Field(default_factory=dict)
    """What is to be reached, by KPI: `at least 98 %`, or `25 % faster than the baseline`; every comparison tells."""
    changes: Changes = Field(default_factory=dict)
    """What may be different: each can be made by name, alone or with others."""

    @model_validator(mode="after")
    def _nobody_on_top_of_real_orders(self) -> ScenarioFile:
        if self.pick_up is not None and self.pick_up.added and self.demand.orders is not None:
            raise ValueError(
                "pick_up.added with demand.orders - expected one of the two: real orders are all there are"
            )
        return self

    @model_validator(mode="after")
    def _vendors_apart(self) -> ScenarioFile:
        for kind, block in self.site_kinds.items():
            if wrong := not_ours(kind, block):
                raise ValueError(f"site_kinds.{kind.value}.{wrong}")
        return self

    @model_validator(mode="after")
    def _news_of_something(self) -> ScenarioFile:
        if self.supply_news and self.replenishment == "none":
            raise ValueError("supply_news with replenishment: none - expected replenishment: rules, or no supply_news")
        return self


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of a scenario's file: a whole one, or one that extends another."""
    found: dict[str, Any] = TypeAdapter(ScenarioFile | Derived).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": "FulfillSim scenario"}
