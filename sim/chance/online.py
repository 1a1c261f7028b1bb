"""Shoppers of one local day: the usual ones of every channel, and those whom promotions bring on top."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count, repeat
from typing import TYPE_CHECKING

import numpy as np

from sim.chance.arrivals import (
    cdf,
    day_luck,
    minute_of_day,
    on_time_line,
    share_of_day,
    table,
    weekday_level,
)
from sim.chance.collectors import FIRST_ADDED
from sim.chance.goods import Together, Wants
from sim.chance.promotions import Promotion
from sim.chance.shopper import CHOICES, Shopper, baskets, number_of, order_luck
from sim.scenario.blocks.stocking import mean_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from sim.chance.streams import Hashed, Stream
    from sim.contract.messages import Line
    from sim.network.calendar import Weekday
    from sim.scenario.blocks.demand import DemandBlock
    from sim.scenario.load import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class _Channel:
    """One way in, every key filled in."""

    number: int
    name: str
    share: float
    weekday: dict[Weekday, float]
    hours: tuple[float, ...]
    lines: dict[int, float]
    units: dict[int, float]


def _channels(demand: DemandBlock) -> list[_Channel]:
    usual = demand.weekday, demand.hours, demand.lines_per_order, demand.units_per_line
    if not demand.channels:
        return [_Channel(0, "", 1.0, *usual)]
    return [
        _Channel(
            k,
            name,
            block.share,
            block.weekday or demand.weekday,
            block.hours or demand.hours,
            block.lines_per_order or demand.lines_per_order,
            block.units_per_line or demand.units_per_line,
        )
        for k, (name, block) in enumerate(demand.channels.items())
    ]


class Online:
    """Lays out the shoppers of a local day.

    Parameters
    ----------
    stream
        ``stream(source, entity, day)`` of the tape.
    local_day
        ``local_day(day, zone)``: when it begins there and how long it is.
    luck_of
        ``luck_of(source, entity)`` of the tape.
    """

    def __init__(
        self,
        scenario: Scenario,
        stream: Stream,
        local_day: Callable[[int, str], tuple[float, float]],
        luck_of: Callable[[str, str], Hashed],
    ) -> None:
        self._demand = scenario.file.demand
        self._clock = scenario.network.clock
        self._stream = stream
        self._local_day = local_day
        self._per_day = self._demand.shoppers_per_day * scenario.file.storefront.upper_rate
        self._channels = _channels(self._demand)
        block = scenario.file.pick_up
        self._added = [0.0 if block is None else block.on_top(channel.name) for channel in self._channels]
        self._tables = [(table(channel.lines), table(channel.units)) for channel in self._channels]
        self._wants = Wants(scenario)
        self._together = Together(scenario)
        self._chooses = scenario.shoppers_choose
        self._population = np.array([place.population for place in scenario.network.places], dtype=float)
        self._place_cdf = cdf(self._population)
        zones = [place.time_zone for place in scenario.network.places]
        self._zone_names = sorted(set(zones))
        self._zone_of_place = np.array([self._zone_names.index(zone) for zone in zones])
        self._promotions = [
            (channel, Promotion(scenario, name, block, channel.number, channel.name, mean_of(channel.lines), luck_of))
            for name, block in self._demand.promotions.items()
            for channel in self._channels
            if block.channels is None or channel.name in block.channels
        ]

    def born(self, local_day: int) -> list[Shopper]:
        """Return the shoppers of a local day, wherever that is."""
        draw = self._stream("shopper_count", "", local_day)
        year = self._demand.year_level(self._clock.date_of(local_day), local_day)
        luck = day_luck(draw, self._demand.day_cv)
        level = year * luck
        first = number_of(local_day, 0)
        found: list[Shopper] = []
        for channel in self._channels:
            per_day = self._per_day * channel.share * (weekday_level(channel.weekday, self._clock, local_day) * level)
            own = draw if not channel.name else self._stream("shopper_count", channel.name, local_day)
            found += self._usual(channel, int(own.poisson(per_day)), local_day, first + len(found))
        for channel, promotion in self._promotions:
            draw = self._stream("promotion", promotion.entity, local_day)
            for span in promotion.spans(local_day):
                found += self._promoted(channel, promotion, span, draw, level, local_day, first + len(found))
        if any(self._added):
            found += self._who_collect(level, local_day)
        return found

    def _who_collect(self, level: float, local_day: int) -> list[Shopper]:
        """Return those who come only because they can collect; they shift no luck of the others."""
        first = number_of(local_day, FIRST_ADDED)
        found: list[Shopper] = []
        for channel, added in zip(self._channels, self._added, strict=True):
            per_day = self._per_day * channel.share * weekday_level(channel.weekday, self._clock, local_day) * level
            shoppers = int(self._stream("added_count", channel.name, local_day).poisson(per_day * added))
            found += self._usual(channel, shoppers, local_day, first + len(found), f"added/{channel.name}")
        return found

    def _usual(
        self, channel: _Channel, shoppers: int, local_day: int, first: int, entity: str | None = None
    ) -> Iterable[Shopper]:
        entity = channel.name if entity is None else entity
        draw = self._stream("shoppers", entity, local_day)
        place = np.searchsorted(self._place_cdf, draw.random(shoppers), side="right")
        at = self._at(minute_of_day(draw.random(shoppers), channel.hours), place, local_day)
        (lines_cdf, line_counts), (units_cdf, unit_counts) = self._tables[channel.number]
        lines = line_counts[np.searchsorted(lines_cdf, draw.random(shoppers), side="right")]
        patience = draw.random(shoppers)
        luck = order_luck(draw, shoppers)
        total = int(lines.sum())
        wanted = self._wants.draw(draw.random(total), channel.number, lambda: np.repeat(place, lines))
        units = unit_counts[np.searchsorted(units_cdf, draw.random(total), side="right")]
        goods = baskets(lines.tolist(), self._wants.owned(wanted, channel.number).tolist(), units.tolist())
        if self._together:
            more = self._stream("bought_together", entity, local_day)
            self._together.add(goods, lines, wanted, more, lambda skus: self._wants.owned(skus, channel.number))
        return self._rows(first, channel, entity, local_day, at, place, goods, patience, luck)

    def _promoted(
        self,
        channel: _Channel,
        promotion: Promotion,
        span: tuple[float, float],
        draw: np.random.Generator,
        level: float,
        local_day: int,
        first: int,
    ) -> Iterable[Shopper]:
        level *= weekday_level(channel.weekday, self._clock, local_day) * share_of_day(channel.hours, span)
        shoppers = int(draw.poisson(self._per_day * channel.share * level * promotion.more))
        place = np.searchsorted(promotion.place_cdf, draw.random(shoppers), side="right")
        at = self._at(minute_of_day(draw.random(shoppers), channel.hours, span), place, local_day)
        patience = draw.random(shoppers)
        luck = order_luck(draw, shoppers)
        skus = promotion.draw(draw.random(shoppers), place)
        _, (units_cdf, unit_counts) = self._tables[channel.number]
        units = unit_counts[np.searchsorted(units_cdf, draw.random(shoppers), side="right")]
        goods = baskets([1] * shoppers, self._wants.owned(skus, channel.number).tolist(), units.tolist())
        return self._rows(first, channel, promotion.entity, local_day, at, place, goods, patience, luck)

    def _at(self, minute: NDArray[np.float64], place: NDArray[np.int64], local_day: int) -> NDArray[np.float64]:
        spans = np.array([self._local_day(local_day, zone) for zone in self._zone_names])
        return on_time_line(minute, *spans[self._zone_of_place[place]].T)

    def _rows(
        self,
        first: int,
        channel: _Channel,
        entity: str,
        local_day: int,
        at: NDArray[np.float64],
        place: NDArray[np.int64],
        goods: list[tuple[Line, ...]],
        patience: NDArray[np.float64],
        luck: NDArray[np.float64],
    ) -> Iterable[Shopper]:
        choices: Iterable[list[float] | tuple[()]] = repeat(())
        if self._chooses:
            choices = self._stream("choices", entity, local_day).random((len(goods), CHOICES)).tolist()
        columns = count(first), at.tolist(), place.tolist(), goods, patience.tolist(), luck.tolist()
        return map(Shopper, *columns, repeat(channel.number), choices)
