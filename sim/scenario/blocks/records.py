"""How the record of a shelf drifts from it at a kind of site, and how it is counted: blocks `records:`, `counting:`.

records:
  shrink: {of_demand: 1 %}
  misplaced: {per_product_day: 0.002}
  errors: {receive: {scanned: 0.05 %, unscanned: 0.5 %}, pick: {scanned: 0.02 %, unscanned: 0.3 %}}
  scanning: {receive: true}
counting:
  at: "21:30"
  classes: [{value: 80 %, every: 30 days}, {value: 20 %, every: 120 days}]
  per_product: 90 s
  per_hour: 18 USD
"""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import model_validator

from sim.fields import (
    Between,
    Cents,
    Day,
    Minutes,
    Model,
    PositiveCount,
    PositiveMinutes,
    Share,
    Shares,
    TimeOfDay,
    plain,
)
from sim.scenario.blocks.values import Days, PositiveDays

# a shelf that loses more in a day is no shelf
Daily = Annotated[float, Between(plain, 0, 1_000)]
STEPS = ("receive", "put_away", "pick", "ship", "till")
Step = Literal["receive", "put_away", "pick", "ship", "till"]


class Events(Model):
    """How often something happens to one unit at a site: the sum of what is given."""

    per_product_day: Daily = 0.0
    """Of each product that is carried, times a day."""
    of_demand: Share = 0.0
    """Times for each unit expected to be wanted of a product."""
    units: Shares | None = None
    """How many units it happens to at a time, by share: `{1: 90 %, 12: 10 %}` for whole cases. Absent: one."""

    @model_validator(mode="after")
    def _ever(self) -> Events:
        rates = [name for name in type(self).model_fields if name in ("per_product_day", "of_demand", "per_unit_day")]
        if not any(getattr(self, name) for name in rates):
            raise ValueError(f"never happens - expected one of {', '.join(rates)} above 0")
        if self.units is not None and "per_unit_day" in rates and self.__dict__["per_unit_day"]:
            raise ValueError("units with per_unit_day, which happens to each unit by itself - expected one of the two")
        return self

    @property
    def mean_units(self) -> float:
        """How many units it happens to at a time on average."""
        return 1.0 if self.units is None else sum(count * share for count, share in self.units.items())


class Losses(Events):
    """How often a unit leaves the shelf unseen; where there is none left, nothing more is lost."""

    per_unit_day: Share = 0.0
    """Of each unit on the shelf, the chance that it happens to it in a day; of units beyond the order-up-to level
    (or the opening stock, if that is more) none."""


class Damage(Losses):
    """Units that can no longer be sold."""

    noticed: Share = 1.0
    """Share that is noticed and struck off the record before it is counted."""
    noticed_after: Minutes = 0.0

    @model_validator(mode="after")
    def _noticed_at_all(self) -> Damage:
        if self.noticed_after and not self.noticed:
            raise ValueError("noticed_after makes no difference where nothing is noticed - expected noticed above 0 %")
        return self


class ErrorRates(Model):
    """Chance per unit handled, with a barcode scanned at this step and without."""

    scanned: Share
    unscanned: Share


class Errors(Model):
    """What goes wrong when goods are handled. A step that is not named makes no mistakes."""

    receive: ErrorRates | None = None
    """One unit more or less is booked than came in; both are as likely."""
    put_away: ErrorRates | None = None
    """A unit that came in is put in the wrong place: it is misplaced from the first."""
    pick: ErrorRates | None = None
    """A unit of another product is taken."""
    ship: ErrorRates | None = None
    """Of the units picked wrongly, the share that leaves all the same; if not named, all of them."""
    till: ErrorRates | None = None
    """A walk-in customer's unit is booked as another product."""


class Scanning(Model):
    """At which steps a barcode is scanned."""

    receive: bool = False
    put_away: bool = False
    pick: bool = False
    ship: bool = False
    till: bool = False


class RecordsBlock(Model):
    """The record is what the site's own system says is on hand: orders and news go by it, picks and sales by the shelf.

    An empty block keeps a record that never drifts.
    """

    shrink: Losses | None = None
    """Units that are gone, round the clock."""
    theft: Losses | None = None
    """Units taken in opening hours."""
    misplaced: Losses | None = None
    """Units that stand in the wrong place: a count may find them."""
    damage: Damage | None = None
    miskeyed: Events | None = None
    """Bookings that put the record up or down, as often the one as the other."""
    errors: Errors = Errors()
    scanning: Scanning = Scanning()
    put_away: Minutes = 0.0
    """From the dock to the shelf; only then what came in is on the record."""
    on_short_pick: Literal["nothing", "set_to_zero"] = "nothing"
    """What becomes of a record whose shelf was found empty."""
    counted_before: Days = 0
    """How long before the start the last full count was: the records have drifted since."""
    tolerance: Share = 0.0
    """A record this far from its shelf still counts as right `within tolerance`."""

    @model_validator(mode="after")
    def _scanned(self) -> RecordsBlock:
        for step in STEPS:
            if getattr(self.scanning, step) and getattr(self.errors, step) is None:
                raise ValueError(f"scanning.{step} makes no difference - expected errors.{step} beside it")
        if self.errors.ship is not None and self.errors.pick is None:
            raise ValueError("errors.ship makes no difference - expected errors.pick beside it")
        return self

    def error_rate(self, step: Step) -> float:
        """Return the chance of an error per unit at a step; 1 at `ship` if nothing is checked there."""
        rates: ErrorRates | None = getattr(self.errors, step)
        if rates is None:
            return 1.0 if step == "ship" else 0.0
        return rates.scanned if getattr(self.scanning, step) else rates.unscanned


class FullCount(Model):
    """Everything is counted in one night."""

    every: PositiveDays = 365
    first: Day | None = None
    """Absent: `every` days after the start."""


class CountClass(Model):
    """The products that make up a share of the value sold, each counted every so many days."""

    value: Share
    every: PositiveDays


class ContinuousCount(Model):
    """So many products a day, in a fixed order, and then from the beginning."""

    products_a_day: PositiveCount


class CountAfterShortPick(Model):
    """A shelf that was found short is counted soon after."""

    after: PositiveMinutes


class EmptyShelves(Model):
    """Somebody walks along the shelves and puts the record of every empty one to zero."""

    every: PositiveDays


class CountingBlock(Model):
    """How records are put right: a count finds what stands on the shelf and writes it down. Policies combine."""

    at: TimeOfDay = time(22)
    """Local time; it may lie outside opening hours."""
    full: FullCount | None = None
    classes: tuple[CountClass, ...] = ()
    """A, B, C, ... by value: the first takes the products that sell most."""
    continuous: ContinuousCount | None = None
    after_short_pick: CountAfterShortPick | None = None
    empty_shelves: EmptyShelves | None = None
    per_product: Minutes
    """Labour for each product counted."""
    per_hour: Cents
    finds: Share = 1.0
    """Of the misplaced units, the share that a count brings back."""
    error: Share = 0.0
    """Chance that a count is itself wrong by one unit."""

    @model_validator(mode="after")
    def _some_policy(self) -> CountingBlock:
        policies = ("full", "classes", "continuous", "after_short_pick", "empty_shelves")
        if not any(getattr(self, policy) for policy in policies):
            raise ValueError(f"nothing is ever counted - expected at least one of {', '.join(policies)}")
        if self.classes and abs(sum(each.value for each in self.classes) - 1) > 1e-6:
            found = 100 * sum(each.value for each in self.classes)
            raise ValueError(f"the classes' values add up to {found:.6g} % - expected 100 %")
        return self
