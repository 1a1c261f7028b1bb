"""The table of the synthetic multi-item experiment, beside what is published."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.published.spec_a_run import BASELINE, BOUNDS
from sim.study.statistics.estimate import Interval, ratio_of_sums

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.study.published.spec_a_published import Published
    from sim.study.published.spec_a_run import Sums


@dataclass(frozen=True, slots=True)
class Row:
    """One policy or bound.

    Parameters
    ----------
    ratio, standard_error
        Cost over the value of the aggregated LP: mean over instances.
    boxes
        Per order, the drop-shipper's included; None for a bound.
    share, share_configuration
        Of the gap from the exact myopic choice to the aggregated and to the configuration hindsight bound.
    """

    name: str
    ratio: float
    standard_error: float
    cost: float
    boxes: float | None
    dropped_percent: float | None
    share: Interval
    share_configuration: Interval
    published: Published | None

    @property
    def standard_errors_off(self) -> float | None:
        """Difference from the published ratio in combined standard errors."""
        if self.published is None:
            return None
        return (self.ratio - self.published.ratio) / math.hypot(self.standard_error, self.published.standard_error)


def rows_of(instances: Sequence[dict[str, Sums]], published: Mapping[str, Published]) -> list[Row]:
    """Sum up; every mean, error and interval is over instances."""
    cost = {row: np.array([sums[row].cost for sums in instances]) for row in instances[0]}
    rows = []
    for name in instances[0]:
        ratio = np.array([sums[name].ratio for sums in instances])
        orders, boxes, units, dropped = (sum(sums[name][k] for sums in instances) for k in range(2, 6))
        share, share_configuration = (
            ratio_of_sums(cost[BASELINE] - cost[name], cost[BASELINE] - cost[bound]).interval() for bound in BOUNDS
        )
        rows.append(
            Row(
                name,
                float(ratio.mean()),
                float(ratio.std(ddof=1) / math.sqrt(len(ratio))) if len(ratio) > 1 else math.nan,
                float(cost[name].mean()),
                boxes / orders if orders else None,
                100 * dropped / units if units else None,
                share,
                share_configuration,
                published.get(name),
            )
        )
    return rows


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the table as plain values; what cannot be known is None."""

    def limits(interval: Interval) -> dict[str, float | None]:
        values = {"mean": interval.mean, "low": interval.low, "high": interval.high}
        return {name: None if math.isnan(value) else value for name, value in values.items()}

    return [
        {
            "policy": row.name,
            "cost_over_dlp": row.ratio,
            "standard_error": None if math.isnan(row.standard_error) else row.standard_error,
            "cost_per_sequence_set": row.cost,
            "boxes_per_order": row.boxes,
            "dropped_units_percent": row.dropped_percent,
            "share_of_gap": limits(row.share),
            "share_of_gap_configuration": limits(row.share_configuration),
            "published": None if row.published is None else row.published._asdict(),
            "standard_errors_off": row.standard_errors_off,
        }
        for row in rows
    ]
