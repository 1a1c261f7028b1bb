"""Every KPI of every arm as a CSV file for a spreadsheet."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

from sim.files import atomic_path
from sim.report.store import neutral
from sim.study.kpis.catalogue import KPIS

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.findings import Findings
    from sim.study.kpis.kpi import Kpi

HEAD = ("kpi", "title", "unit", "strategy", "mean", "low", "high", "difference", "difference_low", "difference_high",
        "verdict")  # fmt: skip


def write_kpi_csv(findings: Findings, path: Path) -> None:
    """Write a row a KPI and arm, with its interval, its paired difference from the baseline and what that means."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        for kpi in KPIS:
            for arm in findings.arms:
                writer.writerow(map(neutral, _row(findings, kpi, arm)))


def _row(findings: Findings, kpi: Kpi, arm: str) -> list[object]:
    own = findings.kpi(arm, kpi.name)
    row: list[object] = [kpi.name, kpi.title, kpi.unit, arm, *map(_told, (own.mean, own.low, own.high))]
    if arm == findings.baseline:
        return [*row, "", "", "", ""]
    found = findings.difference(arm, kpi.name)
    return [*row, *map(_told, (found.interval.mean, found.interval.low, found.interval.high)), found.verdict]


def _told(value: float) -> float | str:
    return "" if math.isnan(value) else value
