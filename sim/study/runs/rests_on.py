"""What an experiment rests on beside its numbers: what its changes mean, its fixed costs, remarks and defaults."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.money.fixed import caused_by, payers
from sim.scenario.assumptions import at_defaults, remarks

if TYPE_CHECKING:
    from sim.study.experiment import Experiment


def rests_on(experiment: Experiment) -> dict[str, Any]:
    """Return it as plain values, for a manifest."""
    scenario = experiment.scenario
    found = {remark: None for each in experiment.variants.values() for remark in remarks(each.scenario.source)}
    return {
        "says": {name: _says(experiment, name) for name in experiment.variants},
        "fixed": {arm: _fixed(experiment, arm) for arm in experiment.arms},
        "remarks": [asdict(remark) for remark in found],
        "at_defaults": at_defaults(scenario.file),
        "machine": {"system": platform.system(), "architecture": platform.machine(), "processors": os.cpu_count()},
    }


def _says(experiment: Experiment, variant: str) -> str:
    """Return what a variant's changes say they are, one after the other."""
    known = experiment.scenario.file.changes
    return "; ".join(known[name].says for name in variant.split("+") if name in known and known[name].says)


def _fixed(experiment: Experiment, arm: str) -> dict[str, Any]:
    variant, strategy = experiment.what(arm)
    scenario = experiment.variants[variant].scenario
    return {
        name: {
            "account": cost.account,
            "times": len(payers(scenario, cost)),
            "per_month_cents": cost.per_month,
            "once_cents": cost.once,
            "over_days": cost.over,
        }
        for name, cost in caused_by(scenario, strategy).items()
    }
