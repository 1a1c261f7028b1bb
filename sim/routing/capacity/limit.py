"""A limit of what a site takes on in a period: the same block for filters, for all strategies, and for a price."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from sim.errors import RoutingError, expected_one_of
from sim.fields import Between, Model, Number, PositiveCount, PositiveVolume, Text, whole
from sim.network.site import SiteKind
from sim.routing.capacity.periods import Per

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.rules.columns import Columns

Priority = Annotated[int, Between(whole, -1_000_000, 1_000_000)]
WINDOWS: dict[Per, str] = {"day": "today", "hour": "this_hour"}
"""What the counters that every engine keeps are called, by period."""
# A sum of decimals such as 0.1 must not go over a limit that it meets exactly.
DIGITS = 9
OF_A_FILTER = {"keep", "soft"}


class Unless(Model):
    """Orders that pass a full site; what they ask for is counted all the same."""

    channels: tuple[Text, ...] = ()
    priority_at_least: Priority | None = None

    @model_validator(mode="after")
    def _somebody_passes(self) -> Unless:
        if not self.channels and self.priority_at_least is None:
            raise ValueError("unless - expected channels, priority_at_least or both: who passes a full site")
        return self

    def lets_pass(self, channel: str, priority: int) -> bool:
        """Return whether an order passes: one of the conditions is enough."""
        urgent = self.priority_at_least is not None and priority >= self.priority_at_least
        return urgent or channel in self.channels


class CapacityLimit(Model):
    """What a site takes on in an hour, a day or a week of its own local time, at most.

    A limit of n takes exactly n; 0 takes nothing; unknown is unlimited. An order asks for the work of all its lines,
    even of a site that would only give a part of it. Of several limits each holds, so that the strictest decides.
    """

    counts: Literal["orders", "lines", "units", "cartons", "minutes"]
    per: Per = "day"
    """Weeks begin on Monday."""
    limit: Text | Number | None = None
    """A number, or the attribute of a site that holds it; None: only who is named below has a limit."""
    kinds: dict[SiteKind, Number] = Field(default_factory=dict)
    """The limit by kind of site, where it is not `limit`."""
    sites: dict[Text, Number] = Field(default_factory=dict)
    """The limit by site, where it is not that of its kind."""
    channels: tuple[Text, ...] = ()
    """Only their orders count and are held back; all when absent."""
    unless: Unless | None = None
    """Who passes a full site; nobody when absent."""
    backlog: bool = False
    """Whether work that a site has not done counts against its next period, see `Tally`."""
    minutes_per_order: Number = 0
    minutes_per_line: Number = 0
    minutes_per_unit: Number = 0
    """Work that an order, a line and a unit take, for `counts` = minutes."""
    units_per_carton: PositiveCount | None = None
    carton_holds: PositiveVolume | None = None
    """What goes into one, for `counts` = cartons: units, outer volume, or both."""

    @model_validator(mode="after")
    def _complete(self) -> CapacityLimit:
        if self.limit is None and not self.kinds and not self.sites:
            raise ValueError("expected limit, kinds or sites: how much is taken on")
        minutes = self.minutes_per_order, self.minutes_per_line, self.minutes_per_unit
        if any(minutes) != (self.counts == "minutes"):
            raise ValueError(
                f"counts: {self.counts} - minutes_per_order, _per_line or _per_unit belong to counts: minutes, and it "
                "needs one of them"
            )
        estimate = self.units_per_carton is not None or self.carton_holds is not None
        if estimate != (self.counts == "cartons"):
            raise ValueError(
                f"counts: {self.counts} - units_per_carton or carton_holds belong to counts: cartons, and it needs one "
                "of them"
            )
        if self.unless is not None and self.channels and set(self.channels) <= set(self.unless.channels):
            raise ValueError("unless.channels - expected a channel less than channels: else nobody is held back")
        return self

    @cached_property
    def plain(self) -> bool:
        """Whether the counters that every engine keeps are enough."""
        return self.counts != "cartons" and self.per != "week" and not self.channels and not self.backlog

    @cached_property
    def for_all(self) -> bool:
        """Whether it counts and holds back every order."""
        return not self.channels and self.unless is None

    @cached_property
    def counter(self) -> str:
        """The one counter that tells what is taken on; several if nobody keeps one of that name."""
        names = self.plain_names if self.plain else ()
        return names[0][0] if len(names) == 1 and names[0][1] == 1 else self.tally

    @cached_property
    def tally(self) -> str:
        """Return the name under which is counted what bears on this limit."""
        bearing = {"counts", "per", "channels", "backlog", "units_per_carton", "carton_holds"}
        bearing |= {"minutes_per_order", "minutes_per_line", "minutes_per_unit"}
        if self.backlog:
            bearing |= {"limit", "kinds", "sites"}
        return self.model_dump_json(include=bearing, exclude_defaults=True)

    def concerns(self, channel: str) -> bool:
        """Return whether orders from a channel count."""
        return not self.channels or channel in self.channels

    def holds_back(self, channel: str, priority: int) -> bool:
        """Return whether an order has to stay away from a full site."""
        return self.concerns(channel) and (self.unless is None or not self.unless.lets_pass(channel, priority))

    def hides(self, other: CapacityLimit) -> bool:
        """Return whether no order that passes this limit can fail another one, whatever the sites."""
        numbers = isinstance(self.limit, int | float) and isinstance(other.limit, int | float)
        if not numbers or self.kinds or self.sites or other.kinds or other.sites:
            return False
        apart = {"limit", "channels", "unless", "kinds", "sites"}
        alike = self.model_dump(exclude=apart | OF_A_FILTER) == other.model_dump(exclude=apart | OF_A_FILTER)
        wider = not self.channels or (bool(other.channels) and set(other.channels) <= set(self.channels))
        stricter = self.limit <= other.limit  # type: ignore[operator]  # both are numbers
        return alike and wider and stricter and self.unless in (None, other.unless)

    def work(self, lines: int, units: int, cubic_cm: float = 0.0) -> float:
        """Return what so many lines and units come to; nothing comes to nothing."""
        if not units:
            return 0.0
        match self.counts:
            case "orders":
                return 1.0
            case "lines":
                return float(lines)
            case "units":
                return float(units)
            case "minutes":
                return self.minutes_per_order + lines * self.minutes_per_line + units * self.minutes_per_unit
            case "cartons":
                by_units = 0.0 if self.units_per_carton is None else units / self.units_per_carton
                by_volume = 0.0 if self.carton_holds is None else cubic_cm / self.carton_holds
                return float(max(1, math.ceil(round(max(by_units, by_volume), DIGITS))))

    @cached_property
    def plain_names(self) -> list[tuple[str, float]]:
        """Return the counters whose weighted sum is what is taken on, if this limit is `plain`."""
        window = WINDOWS.get(self.per, "")
        if self.counts != "minutes":
            return [(f"{self.counts}_{window}", 1.0)]
        names = "orders", "lines", "units"
        weights = self.minutes_per_order, self.minutes_per_line, self.minutes_per_unit
        return [(f"{name}_{window}", weight) for name, weight in zip(names, weights, strict=True) if weight]

    def most(self, columns: Columns) -> NDArray[np.float64]:
        """Return each site's limit, NaN where it has none: that of the site, else of its kind, else of all."""
        if isinstance(self.limit, str):
            most = columns.number(self.limit)
        else:
            most = np.full(len(columns), np.nan if self.limit is None else self.limit)
        if self.kinds or self.sites:
            most = most.copy()
            for kind, limit in self.kinds.items():
                most[columns.words("kind") == kind.value] = limit
            for site, limit in self.sites.items():
                most[columns.ids.index(site)] = limit
        return most

    def check(self, columns: Columns) -> None:
        """Make sure that the sites that are named are there.

        Raises
        ------
        RoutingError
            If one is not.
        """
        for site in self.sites:
            if site not in columns.ids:
                raise RoutingError(f"capacity: sites: {expected_one_of(site, columns.ids)}")

    def words(self) -> str:
        """Return it as people say it, such as "orders a day from marketplace"."""
        channels = f" from {' and '.join(self.channels)}" if self.channels else ""
        return f"{self.counts} {'an' if self.per == 'hour' else 'a'} {self.per}{channels}"
