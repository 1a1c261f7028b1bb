"""What the gate says, once for all forms it is said in: rows of a table, sentences, plain values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.study.gate.judge import LEVEL, POWER
from sim.study.kpis.amounts import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.study.gate.judge import Judged, Verdict
    from sim.study.gate.run import Result

SIDES = ("baseline", "candidate")
HEADS = ("", "margin", "baseline", "differs", "bound", "sees", "verdict")
NOT_KNOWN = "not here"


class Row(NamedTuple):
    """One margin, as a table has it."""

    cells: tuple[str, ...]
    verdict: Verdict | None


def whole(results: Sequence[Result]) -> Verdict:
    """Return the verdict of all scenarios: each must pass."""
    verdicts = [result.verdict for result in results]
    if "fail" in verdicts:
        return "fail"
    return "undecided" if "undecided" in verdicts else "pass"


def rows(result: Result) -> list[Row]:
    """Return what became of each margin."""
    return [Row(_cells(each), each.verdict) for each in result.judged]


def _cells(each: Judged) -> tuple[str, ...]:
    kpi = each.margin.kpi
    title = f"claim: {kpi.name}" if each.margin.claim else kpi.name
    values = each.baseline, each.difference, each.bound, each.seen
    amounts = [_amount(kpi.unit, value, signed=1 <= k <= 2) for k, value in enumerate(values)]
    return (title, each.margin.briefly(), *amounts, each.verdict or NOT_KNOWN)


def _amount(unit: str, value: float, signed: bool) -> str:
    if math.isnan(value):
        return "n/a"
    scale, digits = (100.0, 2) if unit == "share" else (1.0, 3)
    text = f"{value * scale:{'+' if signed else ''}.{digits}f}"
    return text if value == 0 or float(text) != 0 else f"{value * scale:{'+' if signed else ''}.1e}"


def sentences(result: Result) -> list[str]:
    """Return what is to be said beneath the table."""
    gate = result.gate
    said = []
    if result.identical:
        said.append(
            f"identical: every KPI of all {result.replications} replications is the same, differences of exactly 0.0"
        )
    for name, faults, seconds in zip(SIDES, result.faults, result.seconds, strict=True):
        if faults.total:
            said.append(f"{name}: {faults.total} faults, at most {gate.policy.most} allowed; then {gate.policy.says()}")
            said += [f"  {fault.times} x {fault.kind}; the first: {fault.first}" for fault in faults.found()]
        if len(seconds) and gate.sides[SIDES.index(name)].foreign:
            median, p99, most = (1000 * float(q) for q in np.quantile(seconds, (0.5, 0.99, 1.0)))
            said.append(f"{name}: {median:.1f} ms a decision, p99 {p99:.1f}, at most {most:.1f}")
    looks = gate.looks.counts
    counts = ", ".join(map(str, looks))
    said.append(
        f"{result.replications} replications, look {result.look} of {len(looks)} (at {counts}); over all looks at "
        f"most {LEVEL:.1%} of broken guards pass, and of candidates within all margins fail"
    )
    if blunt := [each for each in result.judged if each.verdict is not None and each.seen > each.margin.amount > 0]:
        names = ", ".join([f"{each.margin.kpi.name} ({told(each.margin.kpi, _round(each.seen))})" for each in blunt])
        said.append(f"a margin below what is seen {POWER:.0%} of all times has to be lucky: {names}")
    return said


def _round(value: float) -> float:
    return float(f"{value:.2g}")


def as_json(results: Sequence[Result]) -> dict[str, Any]:
    """Return everything as plain values; what cannot be known is None."""
    from sim.study.runs.store import versions

    first = results[0].gate
    return {
        "verdict": whole(results),
        "baseline": first.sides[0].name,
        "candidate": first.sides[1].name,
        "margins": {"file": first.margins.file, "sha256": first.margins.digest},
        "level": LEVEL,
        "on_fault": first.policy.says(),
        "faults_allowed": first.policy.most,
        "seed": first.seed,
        "scenarios": [_result_as_json(result) for result in results],
        "versions": versions(),
    }


def _result_as_json(result: Result) -> dict[str, Any]:
    gate = result.gate
    return {
        "scenario": gate.scenario.name,
        "scenario_sha256": gate.scenario.digest,
        "verdict": result.verdict,
        "identical": result.identical,
        "replications": result.replications,
        "look": result.look,
        "looks": list(gate.looks.counts),
        "judged": {name: side.judged(gate.scenario) for name, side in zip(SIDES, gate.sides, strict=True)},
        "faults": {
            name: [{"kind": fault.kind, "count": fault.times, "first": fault.first} for fault in faults.found()]
            for name, faults in zip(SIDES, result.faults, strict=True)
        },
        "margins": [
            {
                "kpi": each.margin.kpi.name,
                "unit": each.margin.kpi.unit,
                "kind": "claim" if each.margin.claim else "guard",
                "margin": each.margin.says(),
                **{
                    name: None if math.isnan(value) else value
                    for name, value in (
                        ("baseline", each.baseline), ("candidate", each.candidate), ("difference", each.difference),
                        ("bound", each.bound), ("could_see", each.seen),
                    )
                },
                "verdict": each.verdict,
            }
            for each in result.judged
        ],
    }  # fmt: skip
