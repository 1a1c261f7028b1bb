"""What a reader should bear in mind about differences that look sure: many were asked for, and pairing has to help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.words import MAIN
from sim.study.kpis.catalogue import BY_NAME
from sim.study.statistics.estimate import LEVEL

if TYPE_CHECKING:
    from sim.study.findings import Findings


def cautions(comparison: Findings) -> list[str]:
    """Return what pairing was worth, and which verdicts do not outlive that there were many.

    Looks at the KPIs that verdicts are given on in words.
    """
    if len(comparison.arms) < 2 or comparison.count < 2:
        return []
    return [line for name in MAIN for line in (*worth_of_pairing(comparison, name), *doubts(comparison, name))]


def worth_of_pairing(comparison: Findings, name: str) -> list[str]:
    """Tell what luck in common was worth in a KPI."""
    found = [comparison.pairing(arm, name).variance_ratio for arm in comparison.arms[1:]]
    told = [ratio for ratio in found if ratio == ratio]
    if not told:
        return []
    low, high = (f"{ratio * 100:.0f}" for ratio in (min(told), max(told)))
    span = low if low == high else f"{low} to {high}"
    return [f"{BY_NAME[name].title}: luck in common leaves {span} % of a difference's variance."]


def doubts(comparison: Findings, name: str) -> list[str]:
    """Tell whom pairing does not help in a KPI, and whose verdict does not outlive that there are many."""
    title, options, lines = BY_NAME[name].title, comparison.arms[1:], []
    useless = [arm for arm in options if not comparison.pairing(arm, name).helps]
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
