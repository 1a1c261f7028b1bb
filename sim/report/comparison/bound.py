"""The strategies against the clairvoyant bound, as a table and in words: of a comparison just run, or of its files."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from rich import box
from rich.table import Table
from rich.text import Text

from sim.report.say import say
from sim.report.words import with_interval
from sim.study.experiment import BASE
from sim.study.kpis.catalogue import SETTLED
from sim.study.runs.recorded import interval_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console

    from sim.study.compare import Comparison
    from sim.study.statistics.estimate import Interval

HEADS = ("USD an order", "above the bound", "share of the gap, %")
UNDEFINED = "undefined"


class Figure(NamedTuple):
    """A figure as it is shown, and the value behind it."""

    text: str
    exact: float


def told_of(comparison: Comparison) -> dict[str, Any] | None:
    """Return what a comparison tells of its bounds, None where nobody asked."""
    against = comparison.against_bound
    return None if against is None else against.as_json()


def print_bounds(told: Mapping[str, Any] | None, console: Console) -> None:
    """Print how far every strategy is from the bound, if there is one.

    Parameters
    ----------
    told
        As it stands in `comparison.json`.
    """
    if told is None:
        return
    for variant, found in told["variants"].items():
        table = Table("", *HEADS, box=box.SIMPLE_HEAD, padding=0)
        for column in table.columns[1:]:
            column.justify = "right"
        for name, figures in rows(told["myopic"], found):
            table.add_row(Text(name, no_wrap=True), *(Text(figure.text, no_wrap=True) for figure in figures))
        console.print(f"\n{title(variant)}", style="bold", highlight=False)
        console.print(table)
        for line in lines(told, found):
            say(console, line)
    console.print()


def title(variant: str) -> str:
    """Return what the table of a variant is called."""
    return "Against the clairvoyant bound" + ("" if variant == BASE else f", {variant}")


def rows(myopic: str, found: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Figure, ...]]]:
    """Yield a row a strategy and at last the bound: cost, what it is above the bound, and its share of the gap."""
    for arm, told in found["strategies"].items():
        cost, above, share = (interval_of(told[name]) for name in ("cost", "above", "share"))
        is_myopic = arm.rpartition("/")[2] == myopic
        text = "0, from here" if is_myopic else per_cent(share)
        yield arm, (_usd(cost), _usd(above), Figure(text, 0.0 if is_myopic else share.mean))
    yield "the bound", (_usd(interval_of(found["bound"])), Figure("", math.nan), Figure("100", 1.0))


def per_cent(share: Interval) -> str:
    """Return a share of the gap with its interval, in per cent."""
    if math.isnan(share.mean):
        return UNDEFINED
    text = f"{share.mean * 100:.1f}"
    return text if math.isnan(share.low) else f"{text} [{share.low * 100:.1f}, {share.high * 100:.1f}]"


def lines(told: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """Return what is to be known of a variant's bound: how good it is, what is in it, what was frozen."""
    gap, count = interval_of(found["gap"]), len(found["replications"])
    says = [
        f"No router can pay less, though it knew all orders and the true stock; {told['myopic']} pays "
        f"{with_interval(SETTLED, gap)} USD an order more. The bound is exact in {found['exact']} of {count} "
        f"{'replication' if count == 1 else 'replications'}"
        + ("." if found["exact"] == count else f", else at most {found['own_gap'] * 100:.2g} % of the cost too low."),
        "In the cost: picking, packing, packaging, label, fees, and the margin of what is cancelled or still open at "
        "the end, with contacts and penalties for it. A clairvoyant may let orders wait for goods, and split them as "
        "he likes.",
    ]
    if not gap.low > 0:
        says.append("The gap is not surely above nothing, so no share of it is told.")
    if found["shares_shelves"]:
        says.append(
            "Walk-in customers share the shelves and leave all of it to the bound, so shares are on the low side; with "
            "stock: by_channel they have their own."
        )
    if told["frozen"]:
        values = ", ".join(f"{path}: {'none' if v is None else v}" for path, v in told["frozen"].items())
        says.append(f"Frozen, so that a bound exists, for every strategy: {values}")
    return says


def _usd(interval: Interval) -> Figure:
    return Figure(with_interval(SETTLED, interval), interval.mean)
