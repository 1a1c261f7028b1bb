"""The block `objective:` of a strategy: what steers it besides the money that is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from sim.fields import Cents, Model, Name, Share, Text
from sim.routing.belief.doubt import Doubt
from sim.routing.objective.journey import Duty, DutyBlock, Holding, HoldingBlock, Late, LateBlock, Road, RoadBlock
from sim.routing.objective.others import AnyPenalty
from sim.routing.objective.parcels import (
    ByWeight,
    CartonBlock,
    Cartons,
    Labour,
    LabourBlock,
    Split,
    WeightBlock,
)
from sim.routing.objective.priced import OpenPrice
from sim.routing.objective.sites import (
    Busy,
    BusyBlock,
    PositiveCents,
    Priority,
    PriorityBlock,
    RefusalRisk,
    SiteCharge,
)
from sim.routing.objective.stock import Markdown, MarkdownBlock, StockOut, StockOutBlock

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.network.network import Network
    from sim.routing.objective.penalty import Penalty, PenaltyInputs


class OpenBlock(Model):
    """What it costs to leave something open. Without it as many units as possible are served, whatever they cost."""

    per_order: Cents = 0.0
    """Once, if anything stays open."""
    per_unit: Cents = 0.0
    margin: Share = 0.0
    """Share of the margin of each unit, on top."""


class ObjectiveBlock(Model):
    """Penalties, told by name with each parcel and booked nowhere; what is absent does not steer."""

    split: PositiveCents | None = None
    """For each parcel of an order but the first."""
    late: LateBlock | None = None
    holding: HoldingBlock | None = None
    duty: DutyBlock | None = None
    road: RoadBlock | None = None
    weight: WeightBlock | None = None
    cartons: CartonBlock | None = None
    labour: LabourBlock | None = None
    site_charges: dict[Name, Text] = Field(default_factory=dict)
    """Charges for each order by site: what each is called, and the attribute of a site that holds it, USD."""
    priority: PriorityBlock | None = None
    busy: BusyBlock | None = None
    refusal: Doubt | None = None
    markdown: MarkdownBlock | None = None
    stock_out: StockOutBlock | None = None
    others: tuple[AnyPenalty, ...] = ()
    """Penalties of other packages."""
    backordered: OpenBlock | None = None
    """What waits for stock, where there is a block `backorders:`."""
    cancelled: OpenBlock | None = None
    """What is given up, where there is none."""

    @model_validator(mode="after")
    def _means_something(self) -> ObjectiveBlock:
        if not self.model_dump(exclude_defaults=True):
            raise ValueError("an empty block - expected at least one penalty, or to leave the block out")
        if self.refusal is not None and not self.refusal.refusal_cost:
            raise ValueError("refusal.refusal_cost - expected what a refusal costs")
        taken = {*type(self).model_fields, *self.site_charges}
        for other in self.others:
            if other.penalty in taken:
                raise ValueError(f"others: a penalty is called {other.penalty!r} already - expected names of their own")
            taken.add(other.penalty)
        return self

    @property
    def counts(self) -> bool:
        """Return whether anything here looks at what sites have taken on or refused."""
        others = any(other.counts for other in self.others)
        return self.busy is not None or self.refusal is not None or others

    def penalties(self, made_with: PenaltyInputs) -> list[Penalty]:
        """Return what steers, in a fixed order."""
        kinds: list[tuple[Any, Callable[[Any, PenaltyInputs], Penalty]]] = [
            (self.split, Split),
            (self.late, Late),
            (self.holding, Holding),
            (self.duty, Duty),
            (self.road, Road),
            (self.weight, ByWeight),
            (self.cartons, Cartons),
            (self.labour, Labour),
            (self.priority, Priority),
            (self.busy, Busy),
            (self.refusal, RefusalRisk),
            (self.markdown, Markdown),
            (self.stock_out, StockOut),
        ]
        charges = [SiteCharge(name, attribute, made_with) for name, attribute in self.site_charges.items()]
        ours = [make(block, made_with) for block, make in kinds if block is not None]
        return ours + charges + [other.built(made_with) for other in self.others]

    def open_price(self, network: Network, keeps_backorders: bool) -> OpenPrice | None:
        """Return what it costs to leave units open; None: they are served whatever that costs."""
        block = self.backordered if keeps_backorders else self.cancelled
        if block is None:
            return None
        margins = [max(0, product.price_cents - product.unit_cost_cents) for product in network.products]
        per_unit = tuple([block.per_unit + block.margin * margin for margin in margins])
        return OpenPrice(block.per_order, per_unit, self.split or 0.0)
