"""What is paid beside handling and carriers: blocks `fixed:`, `contacts:`, `penalties:`, and `contract:` of a kind.

fixed:
  dc_lease: {account: lease, where: {kinds: [dc]}, per_month: 60000 USD}
  benches: {account: equipment, where: {kinds: [store]}, once: 1500 USD, over: 1095 days}
  planner: {account: licences, per_month: 4000 USD, strategies: [batch]}
contacts: {of_late: 35 %, of_cancelled: 50 %, cost: 5.50 USD}
penalties: {late: 3 USD, cancelled: 5 USD}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import model_validator

from sim import units
from sim.errors import expected_one_of
from sim.fields import Between, Cents, Model, Name, PositiveCount, Share, written
from sim.scenario.blocks.exceptions import Where
from sim.scenario.blocks.values import PositiveDays

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.errors import Problem
    from sim.files import YamlFile

FIXED = ("lease", "equipment", "licences", "onboarding")
FixedAccount = Literal["lease", "equipment", "licences", "onboarding"]
# a lease may well be more than anything else that is priced here
LargeCents = Annotated[float, Between(units.cents, "0 USD", "1000000000 USD"), written("60000 USD")]


class FixedCost(Model):
    """Paid whatever is ordered, a part of it each day."""

    account: FixedAccount
    where: Where | None = None
    """Each of these sites costs it; absent: the house does, once."""
    strategies: tuple[Name, ...] | None = None
    """Only these strategies need it; absent: all do."""
    per_month: LargeCents | None = None
    """A month is a twelfth of 365 days."""
    once: LargeCents | None = None
    over: PositiveDays | None = None
    """Days over which what is paid once is spread, from the first day of the run."""

    @model_validator(mode="after")
    def _paid_somehow(self) -> FixedCost:
        if (self.per_month is None) == (self.once is None):
            raise ValueError("expected one of per_month, once")
        if (self.once is None) != (self.over is None):
            raise ValueError("expected over beside once: the days over which it is spread")
        if not (self.per_month or self.once):
            raise ValueError("costs nothing - expected an amount above 0 USD")
        return self


class ContactsBlock(Model):
    """Shoppers who write or call because of their order, booked at their mean."""

    of_late: Share = 0.0
    """Of the orders that are not delivered whole by the time first promised, cancelled ones apart."""
    of_cancelled: Share = 0.0
    """Of the orders of which we cancelled at least one unit."""
    cost: Cents

    @model_validator(mode="after")
    def _about_something(self) -> ContactsBlock:
        if not (self.of_late or self.of_cancelled):
            raise ValueError("nobody ever writes - expected of_late or of_cancelled above 0 %")
        return self


class PenaltiesBlock(Model):
    """What is paid for a broken promise: a voucher to the shopper, or a channel's fine."""

    late: Cents = 0.0
    cancelled: Cents = 0.0

    @model_validator(mode="after")
    def _for_something(self) -> PenaltiesBlock:
        if not (self.late or self.cancelled):
            raise ValueError("costs nothing - expected late or cancelled above 0 USD")
        return self


class ContractBlock(Model):
    """What a third party asks for beside its fees per parcel and unit (block `handling:`).

    It takes what comes, as far as its people go (`pickers:`), and asks more for parcels above the agreed volume.
    """

    storage: Cents = 0.0
    """Per cubic metre of goods and month."""
    parcels_a_day: PositiveCount | None = None
    """Agreed volume of each site."""
    above: Cents = 0.0
    """For each parcel of a day beyond it."""

    @model_validator(mode="after")
    def _asks_for_something(self) -> ContractBlock:
        if (self.parcels_a_day is None) == bool(self.above):
            raise ValueError("expected both or none of parcels_a_day, above")
        if not (self.storage or self.above):
            raise ValueError("costs nothing - expected storage, or parcels_a_day and above")
        return self


def strange_costs(source: YamlFile, strategies: Iterable[str]) -> list[Problem]:
    """Tell every fixed cost of a strategy that is not there."""
    known = list(strategies)
    blocks = source.at(("fixed",))
    named = {
        key: block["strategies"]
        for key, block in (blocks.items() if isinstance(blocks, dict) else ())
        if isinstance(block, dict) and isinstance(block.get("strategies"), list)
    }
    return [
        source.problem(("fixed", key, "strategies", k), f"unknown strategy {expected_one_of(str(name), known)}")
        for key, names in named.items()
        for k, name in enumerate(names)
        if name not in known
    ]
