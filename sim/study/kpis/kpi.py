"""What a KPI is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TableName = Literal[
    "orders",
    "shoppers",
    "decisions",
    "walk_ins",
    "snapshots",
    "movements",
    "counts",
    "changes",
    "labels",
    "trips",
    "claims",
    "supply_orders",
    "journeys",
    "pick_ups",
    "hand_overs",
    "parcels",
    "declines",
    "purchases",
    "legs",
    "sellers",
    "charges",
    "labour",
    "picks",
    "site_costs",
    "returns",
]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI.

    Parameters
    ----------
    title, unit
        How a table calls it.
    better
        Which direction is good, if either is.
    margin
        Differences below this do not matter (in the KPI's own unit): the margin of the verdict "equivalent".
    meaning
        The definition in plain words.
    numerator, denominator
        SQL aggregates over `table`, of a ratio of sums.
    quantile
        Of the column `of`, instead of a ratio.
    """

    name: str
    title: str
    unit: Literal["USD", "share", "h", "per order", "per parcel", "min", "days", "km", "kg", "per year"]
    better: Literal["low", "high", "neither"]
    margin: float
    meaning: str
    numerator: str = ""
    denominator: str = ""
    table: TableName = "orders"
    quantile: float | None = None
    of: str = "delivery_hours"

    @property
    def sql(self) -> str:
        """The query that computes it from the measured rows of a run's tables."""
        if self.quantile is not None:
            of, where = (f"{self.of}::DOUBLE", " WHERE parcels > 0") if self.table == "decisions" else (self.of, "")
            return f"SELECT quantile_cont({of}, {self.quantile}) FROM {self.table}{where}"
        return f"SELECT {self.numerator} / {self.denominator} FROM {self.table}"
