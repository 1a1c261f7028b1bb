"""What a reader should bear in mind about differences that look sure: many were asked for, and pairing has to help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.words import MAIN
from sim.study.estimate import LEVEL
from sim.study.kpis import BY_NAME

if TYPE_CHECKING:
    from sim.study.compare import Comparison


def cautions(comparison: Comparison) -> list[str]:
    """Return what pairing was worth, and which verdicts do not outlive that there were many.

    Looks at the KPIs that verdicts are given on in words.
    """
    options = comparison.arms[1:]
    if not options or len(comparison.replications) < 2:
        return []
    lines = []
    for name in MAIN:
        title, found = BY_NAME[name].title, {arm: comparison.pairing(arm, name) for arm in options}
        told = [pair.variance_ratio for pair in found.values() if pair.variance_ratio == pair.variance_ratio]
        if told:
            low, high = (f"{ratio:.0%}" for ratio in (min(told), max(told)))
            span = low if low == high else f"{low} to {high}"
            lines.append(f"{title}: luck in common leaves {span} of a difference's variance.")
        useless = [arm for arm, pair in found.items() if not pair.helps]
        if useless:
            lines.append(f"{title}: luck in common does not help to tell {', '.join(useless)} from the baseline.")
        adjusted = comparison.family(name)
        unsure = [
            arm
            for arm in options
            if comparison.difference(arm, name).verdict in ("better", "worse") and adjusted[arm] > 1 - LEVEL
        ]
        if unsure:
            lines.append(
                f"{title}: with {len(options)} options compared at once (Holm), not sure any more: {', '.join(unsure)}."
            )
    return lines
