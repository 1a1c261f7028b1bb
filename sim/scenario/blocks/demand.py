"""The block `demand:` of a scenario: who comes, when, by which channel, and what for; and the walk-in customers."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sim.errors import shown
from sim.fields import Between, Day, Model, Name, Share, Shares, Text, TimeOfDay, day, plain, time_of_day, written
from sim.scenario.blocks.laws import LawOfMinutes
from sim.scenario.blocks.values import MOST_PER_YEAR, DayCv, DayProfile, WeekProfile

# The numbers of orders leave room for a million on one day, however good
MOST_SHOPPERS_PER_DAY = 100_000
MOST_PEAK = 1000
DAYS_PER_YEAR = 365.0


def _moment(value: Any) -> datetime:
    """Read a local date and time such as ``2026-11-27 08:00``, or with a T; a date alone is its midnight."""
    parts = re.split("[ T]", value) if isinstance(value, str) else []
    if not 1 <= len(parts) <= 2:
        raise ValueError(f"{shown(value)} - expected a local date and time such as 2026-11-27 08:00")
    at = time_of_day(parts[1]) if len(parts) == 2 else time(0)
    if at == time.max:
        raise ValueError(f"{shown(value)} - expected a time before 24:00; midnight is 00:00 of the next day")
    return datetime.combine(day(parts[0]), at)


Moment = Annotated[datetime, BeforeValidator(_moment), written("2026-11-27 08:00")]


def _week(value: Any) -> int:
    if not re.fullmatch("[1-9]|[1-4][0-9]|5[0-3]", str(value)):
        raise ValueError(f"{shown(value)} - expected the number of a week of the year, 1 to 53")
    return int(value)


Week = Annotated[int, BeforeValidator(_week)]
Level = Annotated[float, Between(plain, 0, MOST_PEAK)]


def _any_month(levels: tuple[float, ...]) -> tuple[float, ...]:
    if not any(levels):
        raise ValueError("all 12 are zero - expected some month in which people come")
    return levels


class SeasonBlock(Model):
    """How the year goes: each level times the others, all relative to the usual day."""

    months: Annotated[tuple[Level, ...], Field(min_length=12, max_length=12), AfterValidator(_any_month)] | None = None
    """Level of each month, January first."""
    weeks: dict[Week, Level] = Field(default_factory=dict)
    """Level of some weeks, by their ISO number: the holiday peak."""
    dates: dict[Day, Level] = Field(default_factory=dict)
    """Level of some days, such as ``2026-11-27: 5.7``."""


class Levels(Model):
    """How busy a day is, and at which hour."""

    day_cv: DayCv
    """Coefficient of variation of the daily level: over-dispersion beyond Poisson."""
    weekday: WeekProfile
    hours: DayProfile
    season: SeasonBlock | None = None
    growth: Annotated[float, Between(plain, -0.99, 100)] = 0.0
    """By how much more come a year later: 0.2 is a fifth more. It grows day by day from the scenario's start."""

    def year_level(self, today: date, days: int) -> float:
        """Return the level of a day by season and growth, so many days after the start; 1 where neither is given."""
        level = (1 + self.growth) ** (days / DAYS_PER_YEAR) if self.growth else 1.0
        season = self.season
        if season is not None:
            if season.months is not None:
                level *= season.months[today.month - 1]
            level *= season.weeks.get(today.isocalendar().week, 1.0)
            level *= season.dates.get(today, 1.0)
        return level


class ChannelBlock(Model):
    """One way in: what is absent is as in the block `demand:`."""

    share: Share
    """Of all shoppers."""
    weekday: WeekProfile | None = None
    hours: DayProfile | None = None
    lines_per_order: Shares | None = None
    units_per_line: Shares | None = None


class Goods(Model):
    """Some of the products: of these ids, or of these categories."""

    products: tuple[Text, ...] = ()
    categories: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _some(self) -> Goods:
        if not (self.products or self.categories):
            raise ValueError("neither products nor categories - expected some goods")
        return self


class TasteBlock(Goods):
    """Goods that some shoppers want more or less than others do. How many come stays as it is."""

    states: tuple[Text, ...] | None = None
    places: tuple[Text, ...] | None = None
    channels: tuple[Text, ...] | None = None
    times: Level
    """Their popularity there, relative to the usual."""


class PromotionBlock(Goods):
    """Goods that are wanted more for some days, or for the hours of a flash sale.

    Scheduled from `starts` to `ends`, or random at a rate. Shoppers come on top of the usual ones, each for one line of
    the goods.
    """

    starts: Moment | None = None
    ends: Moment | None = None
    """The first minute after it; both on the shoppers' own clocks."""
    per_year: Annotated[float, Between(plain, 0, MOST_PER_YEAR, above=True)] | None = None
    """How often it begins, on average, at any hour, while it does not run."""
    lasts: LawOfMinutes | None = None
    """How long, where it begins by chance."""
    channels: tuple[Text, ...] | None = None
    times: Annotated[float, Between(plain, 1, MOST_PEAK)]
    """Demand for these goods in that time, relative to the usual."""

    @model_validator(mode="after")
    def _in_order(self) -> PromotionBlock:
        given = {name for name in ("starts", "ends", "per_year", "lasts") if getattr(self, name) is not None}
        if given not in ({"starts", "ends"}, {"per_year", "lasts"}):
            found = " and ".join(sorted(given)) or "neither"
            raise ValueError(f"{found} - expected either starts and ends, or per_year and lasts")
        if self.starts is not None and self.ends is not None and self.ends <= self.starts:
            raise ValueError(f"ends {self.ends:%Y-%m-%d %H:%M}, before it starts - expected a later moment")
        return self


class TogetherBlock(Model):
    """What is bought with what: some orders that have the one get a unit of the other as well."""

    orders_of: Goods
    bring: Goods
    share: Share
    """Of the orders that have any of the first."""


def _all_of_it(channels: dict[str, ChannelBlock]) -> dict[str, ChannelBlock]:
    total = sum(channel.share for channel in channels.values())
    if channels and abs(total - 1) > 1e-6:
        raise ValueError(f"the shares add up to {100 * total:.6g} % - expected 100 %")
    return channels


class DemandBlock(Levels):
    """Shoppers who order online."""

    shoppers_per_day: Annotated[float, Between(plain, 0, MOST_SHOPPERS_PER_DAY, above=True)]
    lines_per_order: Shares
    units_per_line: Shares
    channels: Annotated[dict[Name, ChannelBlock], AfterValidator(_all_of_it)] = Field(default_factory=dict)
    """By which way they come, such as web, app, marketplace or social; absent: there is one, without a name."""
    tastes: tuple[TasteBlock, ...] = ()
    """Who wants what: the regional mix, and what a channel sells."""
    promotions: dict[Name, PromotionBlock] = Field(default_factory=dict)
    bought_together: tuple[TogetherBlock, ...] = ()
    orders: Text | None = None
    """Table of real orders, `placed_at`, `place`, `channel`, `sku`, `quantity`, `order`: they come, line for line and
    to the minute, instead of shoppers drawn by this block, which then says only what the stock is planned for. Columns
    that may be there besides: `hold_until` and `deliver_from`, before which nothing is decided or delivered."""


class NormalTotals(Model):
    """``{law: normal, cv: 0.2}``: a normal law, rounded, never below 0."""

    law: Literal["normal"]
    cv: Annotated[float, Between(plain, 0, 2)]
    at: TimeOfDay | None = None
    """Local time, on the days a store is open, at which it is wanted. Absent: at one moment for each product, drawn by
    the relative level of the hours."""


class WalkInsBlock(Levels):
    """Customers who take goods off a store's shelf; outside a store's hours nobody comes."""

    units_per_store_day: Annotated[float, Between(plain, 0, 100_000)]
    """At a site whose `walk_in_size` is 1."""
    totals: NormalTotals | None = None
    """Instead of single customers: of each product carried, what is wanted in a day is one number by this law round
    its mean."""
    sales: Text | None = None
    """Table of what they wanted, `date`, `site`, `sku`, `quantity`: spread over the hours of a day it comes instead
    of what this block would draw, which then says only what the stock is planned for."""
