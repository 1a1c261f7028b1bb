"""Real orders as a tape: they come to the minute, in every replication; only their further luck is drawn."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from sim.chance.shopper import CHOICES, Shopper, number_of, order_luck
from sim.contract.messages import Line
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.chance.streams import Stream
    from sim.scenario.load import Scenario
    from sim.scenario.tables.given import GivenOrder


class Replay:
    """Lays out the orders of a table.

    Parameters
    ----------
    orders
        In order of time.
    """

    def __init__(self, scenario: Scenario, orders: Sequence[GivenOrder], stream: Stream) -> None:
        self._stream = stream
        self._chooses = scenario.shoppers_choose
        self._owners = len(scenario.owners)
        self._by_day = {day: list(those) for day, those in groupby(orders, lambda row: int(row.at // MINUTES_PER_DAY))}

    def on(self, day: int) -> list[Shopper]:
        """Return the orders of a day on the scenario's clock."""
        rows = self._by_day.get(day, [])
        draw = self._stream("replayed", "", day)
        patience = draw.random(len(rows)).tolist()
        luck = order_luck(draw, len(rows)).tolist()
        choices: list[list[float]] | list[tuple[()]] = [()] * len(rows)
        if self._chooses:
            choices = self._stream("choices", "", day).random((len(rows), CHOICES)).tolist()
        return [
            Shopper(
                number_of(day, k),
                row.at,
                row.place,
                self._lines(row),
                patience[k],
                luck[k],
                row.channel,
                choices[k],
                hold_until=row.hold_until,
                deliver_from=row.deliver_from,
            )
            for k, row in enumerate(rows)
        ]

    def _lines(self, row: GivenOrder) -> tuple[Line, ...]:
        if not self._owners:
            return row.lines
        return tuple([Line(sku * self._owners + row.channel, quantity) for sku, quantity in row.lines])
