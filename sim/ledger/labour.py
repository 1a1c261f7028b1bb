"""What must hold of people with shifts, whatever they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.ledger.ledger import Ledger


def labour_problems(ledger: Ledger) -> list[str]:
    """Nobody works without being paid, and a day at a site is told once."""
    labour = ledger.labour.columns()
    if not len(labour["at"]):
        return []
    problems = []
    sites = int(labour["site"].max()) + 1
    paid = np.bincount(labour["site"], labour["paid_min"] + labour["overtime_min"], minlength=sites)
    worked = np.bincount(labour["site"], labour["worked_min"], minlength=sites)
    if wrong := np.count_nonzero(worked > paid + 1e-6):
        problems.append(f"at {wrong} sites more was worked than paid")
    if (labour["paid_min"] < 0).any() or (labour["overtime_min"] < 0).any():
        problems.append("somebody was paid for less than no time")
    days = np.stack([labour["at"], labour["site"]])
    if np.unique(days, axis=1).shape[1] != days.shape[1]:
        problems.append("a day at a site was paid twice")
    return problems
