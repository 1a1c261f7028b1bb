"""Stock news of a site on its way to the order system: when it is read, how long it takes, what is lost on the way.

feed: webhook            # or a span: `feed: 20 min`; or nightly; or all of it:
feed: {kind: poll, every: 15 min, latency: {law: lognormal, mean: 2 min, cv: 1}, loss: 1 %, full_every: 1 day}

Where several systems speak for a site, each tells of its own movements by a feed of its own:

feed:
  kind: systems
  systems:
    wms: {tells: [picks, receipts, transfers, corrections], feed: webhook}
    pos: {tells: [sales], feed: 5 min}
    erp: {feed: {kind: batch, at: "02:00", snapshot: full}}
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim.errors import expected_one_of
from sim.fields import Model, Name, Period, PositiveMinutes, Share, TimeOfDay
from sim.scenario.blocks.laws import ConstantLaw, LawOfMinutes
from sim.units import minutes

AT_ONCE = ConstantLaw.model_construct(law="constant", value=0.0)
# What people call a cadence; any span stands for a poll that often.
CADENCES: dict[str, dict[str, Any]] = {
    "webhook": {"kind": "event", "latency": {"law": "uniform", "low": "5 s", "high": "30 s"}},
    "nightly": {"kind": "batch", "at": "02:00"},
}


class Movement(IntEnum):
    """What changes the record of a site, by the system of the trade that knows of it first."""

    PICKS = 0
    """Units picked for the router's own parcels: WMS."""
    RECEIPTS = 1
    """Goods in, and goods put back on the shelf: WMS, ERP."""
    TRANSFERS = 2
    """Goods sent to other sites: WMS, ERP."""
    SALES = 3
    """Walk-in customers at the till: POS."""
    CORRECTIONS = 4
    """Counts, and records changed by mistake: WMS, ERP."""


MOVEMENTS = {each.name.lower(): each for each in Movement}


class Unreliable(Model):
    """What may go wrong with the messages of a feed. Each message has luck of its own."""

    loss: Share = 0.0
    """Messages that never arrive. What they told is heard with the next news of the same product, or not at all."""
    retry_after: PositiveMinutes | None = None
    """A lost message is sent again, as it was, after so long. Absent: it is not."""
    duplicates: Share = 0.0
    """Messages that come twice, each copy after a latency of its own."""
    full_every: Period | None = None
    """A snapshot of all products is sent beside the changes, so often. Absent: only changes are told."""

    @model_validator(mode="after")
    def _retry_what(self) -> Unreliable:
        if self.retry_after is not None and not self.loss:
            raise ValueError(
                "retry_after makes no difference where nothing is lost - expected loss above 0 % beside it"
            )
        return self


class EventFeed(Unreliable):
    """Every change is sent at once and arrives after `latency`."""

    kind: Literal["event"]
    latency: LawOfMinutes


class _Read(Unreliable):
    latency: LawOfMinutes = AT_ONCE
    snapshot: Literal["delta", "full"] = "delta"
    """Whether a message tells what has changed since the last one was sent, or the counts of all products."""

    @model_validator(mode="after")
    def _full_already(self) -> _Read:
        if self.full_every is not None and self.snapshot == "full":
            raise ValueError("full_every makes no difference where every snapshot is full - expected one of the two")
        return self


class PollFeed(_Read):
    """All changes since the last time are read every so often and arrive after `latency`."""

    kind: Literal["poll"]
    every: Period


class BatchFeed(_Read):
    """All changes are read once a day at a local time and arrive after `latency`."""

    kind: Literal["batch"]
    at: TimeOfDay


class _NameOrFeed:
    """Says in a JSON schema that the name of a cadence, or a span, stands for a feed."""

    @staticmethod
    def __get_pydantic_json_schema__(schema: Any, handler: Any) -> Any:
        return {"anyOf": [{"type": "string", "examples": [*CADENCES, "20 min"]}, handler(schema)]}


def _by_cadence(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError(f"bare number {value} - expected a time span with its unit, such as '20 min', or a block")
    if not isinstance(value, str):
        return value
    if value in CADENCES:
        return CADENCES[value]
    try:
        minutes(value)
    except ValueError:
        raise ValueError(expected_one_of(value, [*CADENCES, "a time span such as '20 min'"])) from None
    return {"kind": "poll", "every": value}


OneFeed = EventFeed | PollFeed | BatchFeed
SystemsOwnFeed = Annotated[
    Annotated[OneFeed, Field(discriminator="kind")],
    BeforeValidator(_by_cadence),
    _NameOrFeed,
]


class SystemBlock(Model):
    """One of the systems that speak for a site."""

    tells: tuple[Literal["picks", "receipts", "transfers", "sales", "corrections"], ...] = Field(
        default=("picks", "receipts", "transfers", "sales", "corrections"), min_length=1
    )
    """The movements it tells of. Absent: all, as an ERP does in which everything is booked."""
    feed: SystemsOwnFeed

    @property
    def movements(self) -> tuple[Movement, ...]:
        """What it tells of, each once, in the order of all movements."""
        return tuple(sorted({MOVEMENTS[name] for name in self.tells}))


class SystemsFeed(Model):
    """Several systems, each with a feed of its own. A movement that two of them tell of is known by the fresher one."""

    kind: Literal["systems"]
    systems: dict[Name, SystemBlock] = Field(min_length=1)

    @model_validator(mode="after")
    def _all_is_told(self) -> SystemsFeed:
        told = {name for system in self.systems.values() for name in system.tells}
        if silent := [name for name in MOVEMENTS if name not in told]:
            raise ValueError(f"no system tells of {' and '.join(silent)} - expected each movement told by one at least")
        return self


Feed = Annotated[
    Annotated[OneFeed | SystemsFeed, Field(discriminator="kind")],
    BeforeValidator(_by_cadence),
    _NameOrFeed,
]


def is_reliable(feed: OneFeed) -> bool:
    """Return whether every message arrives, once, and after the same time."""
    return not feed.loss and not feed.duplicates and isinstance(feed.latency, ConstantLaw)
