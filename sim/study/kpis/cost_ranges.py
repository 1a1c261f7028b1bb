"""What the parts of an order cost beside what is published of such costs: inside the range, or why not.

Every figure is a ratio of sums over a recorded run, whatever was measured in it. Sources are guides and tariffs of the
trade; what is marked as an assumption nobody has published well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.study.statistics.estimate import ratio_of_sums

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from sim.study.runs.recorded import Recorded
    from sim.study.statistics.estimate import Interval

ORDERS, PARCELS = ("cost_per_order", 1), ("parcels_per_order", 0)
LINES, UNITS_OF_3PLS = ("line_fill_rate", 1), ("mix_third_party", 0)
REVENUE, LABOUR = ("revenue_per_order", 0), ("picking_per_order", 0)


@dataclass(frozen=True, slots=True)
class CostRange:
    """A published range.

    Parameters
    ----------
    of
        KPIs whose numerators are added up.
    over
        A KPI and which of its two sums to divide by (0 the numerator); the others are added where there are several.
    why_not
        Why the figure lies outside, if it does.
    percent
        Whether it is a share.
    """

    part: str
    of: tuple[str, ...]
    over: tuple[tuple[str, int], ...]
    low: float
    high: float
    source: str
    why_not: str
    percent: bool = False

    def found(self, run: Recorded, arm: str) -> Interval:
        """Return ours, with its 95 % interval."""

        def total(sums: Iterable[tuple[str, int]]) -> NDArray[np.float64]:
            added: NDArray[np.float64] = np.sum([run.sums[arm, name][:, k] for name, k in sums], axis=0)
            return added

        return ratio_of_sums(total((name, 0) for name in self.of), total(self.over)).interval()


COST_RANGES: tuple[CostRange, ...] = (
    CostRange(
        "picking and packing, USD a line", ("picking_per_order", "packing_per_order"), (LINES,), 25 / 80, 25 / 30,
        "30 (median) to 80 lines an hour, picked and shipped (WERC), at 25 USD an hour",
        "above: packing is paid beside a median pick, and stores take twice the time",
    ),
    CostRange(
        "of it picking", ("picking_per_order",), (LABOUR, ("packing_per_order", 0)), 0.5, 0.7,
        "50 to 70 % of a warehouse's labour (guides of the trade)", "", percent=True,
    ),
    CostRange(
        "packaging, USD a parcel", ("packaging_per_order",), (PARCELS,), 0.40, 1.20,
        "0.40 to 1.20 USD, carton and void fill [assumption: no good source]", "",
    ),
    CostRange(
        "fees, USD a unit sent by a 3PL", ("fees_per_order",), (UNITS_OF_3PLS,), 2 / 1.5 + 0.25, 5 / 1.5 + 2,
        "2 to 5 USD an order, here of 1.5 units, and 0.25 to 2 an item (3PL guides)", "",
    ),
    CostRange(
        "all before postage, USD an order",
        ("picking_per_order", "packing_per_order", "packaging_per_order", "fees_per_order"), (ORDERS,), 3.50, 9.00,
        "3.50 to 9.00 USD, a 3PL's average order (guides)",
        "below: a 3PL's price has its rent, machines, management and margin in it; of our own DCs these are `fixed`, "
        "and not in this scenario",
    ),
    CostRange(
        "label, USD a parcel", ("label_per_order",), (PARCELS,), 6.93, 24.91,
        "6.93 (USPS commercial 2026, under 1 lb, zone 1) to 24.91 USD (FedEx Ground list 2025, 10 lb, zone 8)", "",
    ),
    CostRange(
        "all of it, share of sales", ("cost_per_order",), (REVENUE,), 0.08, 0.15,
        "8 to 10 % efficient, 10 to 15 % typical (3PL guides)", "", percent=True,
    ),
)  # fmt: skip


def cost_table(run: Recorded, arm: str) -> list[str]:
    """Return the costs of an arm as the lines of a table in Markdown."""
    lines = ["| part | ours | published | source | |", "|---|---|---|---|---|"]
    for each in COST_RANGES:
        ours = each.found(run, arm)
        scale, digits, unit = (100, 1, " %") if each.percent else (1, 2, "")
        mean, half = ours.mean * scale, ours.half_width * scale
        span = f"{each.low * scale:.{digits}f} to {each.high * scale:.{digits}f}{unit}"
        inside = each.low <= ours.mean <= each.high
        told = f"{mean:.{digits}f} ±{half:.{digits}f}{unit}"
        lines.append(f"| {each.part} | {told} | {span} | {each.source} | {'inside' if inside else each.why_not} |")
    return lines
