"""The blocks of a routing file about ways to fulfil: pick-up, merging, split control and returns."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.errors import ValueAtError
from sim.fields import Between, Cents, Minutes, Model, PositiveCount, PositiveMinutes, Text, whole
from sim.network.site import SiteKind
from sim.routing.rules.config import Step


class Truck(Model):
    """The retailer's own trucks between sites."""

    cost_per_parcel: Cents
    cost_per_unit: Cents = 0.0
    days: Annotated[int, Between(whole, 1, 31)] = 1
    """After the hand-over at the site it comes from; trucks go on every day."""


class PickupBlock(Model):
    """Orders that shoppers collect (`collect_at`)."""

    attribute: Text = "pickup"
    """Where shoppers may collect: sites of which this is true, e.g. `pickup` or `curbside`."""
    transfer: Literal["never", "missing_lines", "whole_order"] = "never"
    """What other sites send there: nothing, what is missing on its shelf, or the whole order if anything is missing."""
    truck: Truck | None = None
    """Absent: transfers go by the carriers, at the rates for the zone of their distance."""
    receive: Minutes = 0.0
    """Working time of the shop between the arrival of a transfer and its being ready."""
    hold_for: PositiveMinutes | None = None
    """How long it is kept for the shopper once all of it is ready."""

    @model_validator(mode="after")
    def _nothing_without_transfers(self) -> PickupBlock:
        for name in ("truck", "receive"):
            if self.transfer == "never" and getattr(self, name):
                raise ValueError(f"{name} with transfer: never - expected transfer: missing_lines or whole_order")
        return self


class MergeBlock(Model):
    """Orders of several parcels that shoppers get as one."""

    at: tuple[SiteKind, ...] | Text = (SiteKind.DC,)
    """Where parcels may be merged: kinds of sites, or an attribute that is true there."""
    cost_per_parcel: Cents = 0.0
    """Of each parcel that is merged."""
    time: Minutes = 0.0
    """Working time of the site between the last arrival and the merged parcel's being ready."""
    when: Literal["asked", "split"] = "asked"
    """Orders that ask for it (`deliver_together`), or whatever would come as several parcels."""


class SplitsBlock(Model):
    """What holds of all splits, whatever the strategy."""

    complete_first: bool = False
    """A site that has the whole order goes before every split."""
    max_packages: PositiveCount | None = None
    """Most packages of an order, counted as carriers bill them; an order's own limit goes before."""
    kits: tuple[Annotated[dict[Text, PositiveCount], Field(min_length=1)], ...] = ()
    """Units of each product in a kit: an order that makes whole kits of them gets whole kits from every site."""


class ReturnsBlock(Model):
    """Where goods go back to: the first site, in the order of the rules, of which `takes_returns` is true."""

    steps: tuple[Step, ...] = Field(min_length=1)
    """Tried one after the other until a site is found: `filters`, and `rank` or `weigh`."""

    @model_validator(mode="after")
    def _only_whom_to_ask(self) -> ReturnsBlock:
        for k, step in enumerate(self.steps):
            for name in sorted(step.model_fields_set - {"name", "filters", "rank", "weigh"}):
                expected = "expected filters, rank or weigh: one site takes it all"
                raise ValueAtError("steps", k, name, message=expected)
        return self
