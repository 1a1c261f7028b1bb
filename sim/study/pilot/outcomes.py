"""By what a pilot is judged: what is counted for a store and a week, each a ratio of sums.

A store stands for its market: the places to which it is the nearest. Whoever lives there is counted there, wherever his
order comes from; what is sold or picked in the store itself is counted at the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Outcome:
    """One of them.

    Parameters
    ----------
    numerator, denominator
        Names of sums in a `Panel`; no denominator: a week.
    """

    name: str
    title: str
    unit: str
    better: Literal["low", "high"]
    numerator: str
    denominator: str
    meaning: str


OUTCOMES = (
    Outcome("cost_per_order", "Cost per order", "USD", "low", "cost", "served",
            "All cost booked to the orders of the market, over those that got at least one unit."),
    Outcome("contribution", "Contribution a week", "USD", "high", "contribution", "weeks",
            "Price less goods, cost, refunds and returns of the market's orders, and the margin of what is sold in the "
            "store, what shoppers buy besides when they collect included; before the cost of stock and fixed cost."),
    Outcome("orders", "Orders a week", "", "high", "orders", "weeks", "Orders placed in the market."),
    Outcome("delivery_hours", "Delivery time", "h", "low", "hours", "arrived",
            "Hours from order to the last parcel at the door, or to all of it lying ready at the counter."),
    Outcome("on_time_rate", "On time", "share", "high", "on_time", "promised",
            "Orders whole at the door or at the counter by the time first promised, over those promised whole."),
    Outcome("walk_in_fill_rate", "Walk-in fill", "share", "high", "sold", "wanted",
            "Units sold to walk-in customers, over the units they wanted."),
    Outcome("online_units", "Units given online a week", "", "high", "picked", "weeks",
            "Units picked in the store for online orders."),
)  # fmt: skip
BY_NAME = {outcome.name: outcome for outcome in OUTCOMES}
