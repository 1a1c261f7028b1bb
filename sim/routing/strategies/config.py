"""The blocks of a routing file that say how to choose: one class a strategy, told apart by `choose`."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, field_validator, model_validator

from sim.errors import ValueAtError
from sim.fields import Between, Cents, Count, Minutes, Model, Number, Period, PositiveCount, PositiveMinutes, plain
from sim.network.site import SiteKind
from sim.routing.objective.config import ObjectiveBlock
from sim.routing.plugged import Kind
from sim.routing.rules.config import Effective, Rules


class Claims(Model):
    """Orders are offered to sites before they are decided: the first to claim one has it."""

    candidates: PositiveCount = 3
    """Sites asked at once: the best, one after the other, that could serve all of the order."""
    timeout: PositiveMinutes
    """How long they have to claim it."""
    rounds: PositiveCount = 1
    """How often other sites are asked before the strategy decides itself."""


class Choice(Model):
    """What every strategy may be told besides how to choose."""

    only: Annotated[tuple[SiteKind, ...], Field(min_length=1)] | None = None
    """Site kinds that may serve; all when absent."""
    status: Literal["draft", "active", "archived"] = "active"
    """Only an active strategy decides orders; a draft is checked and can be tried out."""
    effective: Effective = Effective()
    """Days on which it decides."""
    claims: Claims | None = None
    """Whom it asks before it decides; nobody when absent."""


class ByRule(Choice):
    """A strategy without weights."""

    choose: Literal["nearest", "cheapest", "fewest_parcels", "dc_first"]
    objective: ObjectiveBlock | None = None
    """For `cheapest`: what steers besides cost."""

    @model_validator(mode="after")
    def _minimises(self) -> ByRule:
        if self.objective is not None and self.choose != "cheapest":
            raise ValueError(
                f"objective with choose: {self.choose} - expected choose: cheapest, balanced, batch, rules or one with "
                "prices of stock"
            )
        return self


class ByPrice(Choice):
    """Cost plus priced delivery days plus priced scarcity."""

    choose: Literal["balanced"]
    day_value: Cents
    scarcity: Number
    objective: ObjectiveBlock | None = None
    """What steers besides."""


class ByRules(Choice, Rules):
    """Filters, ranking and split rules, step by step."""

    choose: Literal["rules"]
    objective: ObjectiveBlock | None = None
    """What steers besides cost, where rules look at it: in `allocate: least_cost` and `by: cost`."""

    @model_validator(mode="after")
    def _looks_at_cost(self) -> ByRules:
        by_cost = any(rule.by == "cost" for step in self.steps for rule in step.rank + step.weigh)
        least_cost = any(step.allocate == "least_cost" for step in self.steps)
        if self.objective is not None and not (by_cost or least_cost):
            raise ValueError(
                "objective - expected a step with allocate: least_cost or a rule by: cost, else it never acts"
            )
        if self.objective is not None and (self.objective.backordered or self.objective.cancelled) and not least_cost:
            raise ValueError("objective.backordered or cancelled - expected a step with allocate: least_cost")
        return self


class ByBidPrice(Choice):
    """Cost plus the worth of stock, solved for on futures drawn from the engine's own past orders."""

    choose: Literal["bid_price"]
    horizon: PositiveMinutes
    """How far ahead a drawn future reaches."""
    resolve_every: Period
    memory: PositiveMinutes
    """How long orders are remembered."""
    smoothing: Annotated[float, Between(plain, 0, 1, above=True)] = 0.2
    """Weight of the newest solve in the prices in use."""
    max_rounds: PositiveCount = 8
    """Most linear programmes in a solve."""
    lost_unit: Cents = 0.0
    """What a unit costs that no site serves, besides its margin."""
    seed: Count = 1
    """Where the drawn futures come from."""
    objective: ObjectiveBlock | None = None
    """What steers besides; the worth of stock itself is solved for on cost alone."""


class ByMarginalValue(Choice):
    """Cost plus the worth of the last units of a shelf, estimated from the engine's own past orders."""

    choose: Literal["marginal_value"]
    until_receipt: PositiveMinutes
    """How long a unit given away is missed."""
    resolve_every: Period
    memory: PositiveMinutes
    """How long orders are remembered."""
    weight: Number
    """Factor on the worth of stock."""
    lost_unit: Cents
    """What it costs more when no other site holds the product."""
    objective: ObjectiveBlock | None = None
    """What steers besides."""


class ByReserve(Choice):
    """Cost plus what a store's last units are worth to its own customers."""

    choose: Literal["reserve"]
    until_receipt: PositiveMinutes
    """How long a store has to live on what it has."""
    resolve_every: Period
    memory: PositiveMinutes
    """How long orders are remembered."""
    weight: Number
    """Factor on the margin of a walk-in sale."""
    objective: ObjectiveBlock | None = None
    """What steers besides."""


class ByPrimalDual(Choice):
    """Cost plus a price of stock that grows with the share of a shelf that is used: no forecast."""

    choose: Literal["primal_dual"]
    worth: Cents
    """What it costs at most to be without a unit."""
    objective: ObjectiveBlock | None = None
    """What steers besides."""


class ByLpRounding(Choice):
    """Sites drawn by the shares of a transportation programme on expected demand; else the exact cheapest choice."""

    choose: Literal["lp_rounding"]
    method: Literal["independent", "jasin_sinha", "ma"] = "jasin_sinha"
    """How the lines of an order are drawn together: not at all, by layers, or by clocks."""
    horizon: PositiveMinutes
    """How far ahead demand is planned for."""
    resolve_every: Period
    memory: PositiveMinutes
    """How long orders are remembered."""
    lost_unit: Cents = 0.0
    """What a unit costs that no site serves, besides its margin."""
    seed: Count = 1
    """Where the draws come from."""


class ByBatch(Choice):
    """Many orders at once: held for a window and decided jointly; sent parcels thought over until they are picked.

    The objective is cost, plus delivery days and scarcity if they have a price.
    """

    choose: Literal["batch"]
    window: Minutes
    """Orders are decided at every multiple of it; 0 min decides each at once."""
    day_value: Cents = 0.0
    scarcity: Number = 0.0
    past_cut_off: bool = False
    """Whether orders are held even if a pick-up is missed by it."""
    reevaluate_every: PositiveMinutes | None = None
    """None: what is sent stays as it is."""
    revise_for: Cents = 50.0
    """What a revision of an order must save."""
    keep_promise: bool = True
    """Whether what can still be shipped when it was said to is never moved to where it cannot."""
    unserved: Cents = 100_000.0
    """Price of a unit not served; dearer than any parcel, so that stock is never left because of cost."""
    objective: ObjectiveBlock | None = None
    """What steers besides, as things stand when the batch is decided; what is left open has the price `unserved`."""
    gap: Number = 0.0001
    """A decision is good enough when it is proven to be so close to the best, relative to its cost."""

    @model_validator(mode="after")
    def _priced_at_one_moment(self) -> ByBatch:
        for name in ("busy", "backordered", "cancelled"):
            if getattr(self.objective, name, None) is not None:
                instead = "a limit of capacity" if name == "busy" else "unserved: the price of a unit not served"
                told = f"a batch is priced at one moment; expected {instead}"
                raise ValueAtError("objective", name, message=told)
        return self

    @field_validator("claims")
    @classmethod
    def _held_once(cls, claims: Claims | None) -> None:
        if claims is not None:
            raise ValueError("orders are held for a batch already - expected no claims, or another strategy")


AnyStrategy = (
    ByRule | ByPrice | ByBidPrice | ByMarginalValue | ByReserve | ByPrimalDual | ByLpRounding | ByBatch | ByRules
)
OURS: tuple[str, ...] = tuple(
    [name for block in get_args(AnyStrategy) for name in get_args(block.model_fields["choose"].annotation)]
)


STRATEGIES = Kind("fulfillsim.strategies", "strategy", "choose", OURS)
StrategyConfig = Annotated[AnyStrategy, Field(discriminator="choose"), STRATEGIES.read(), STRATEGIES.write()]
