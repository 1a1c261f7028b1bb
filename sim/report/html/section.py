"""What the page shows of one run, ready to be printed: the template decides nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.comparison.cautions import worth_of_pairing
from sim.report.html.against import against
from sim.report.html.amounts import usd, usd_between, wait
from sim.report.html.charts import Chart, cost_against_time, cost_by_part, forest
from sim.report.html.checklist import Item, checklist
from sim.report.html.tables import Grid, bound_tables, difference_tables, goal_table, group_tables, kpi_tables, plain
from sim.report.html.verdict import Verdict, verdict
from sim.report.words import MAIN, unit_of, verdicts, winners, with_interval
from sim.study.kpis.catalogue import BY_NAME
from sim.study.worth import Worth, orders_a_year, worths

if TYPE_CHECKING:
    from typing import Any

    from sim.study.runs.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Card:
    """An arm at a glance.

    Parameters
    ----------
    role
        What it is beside the others.
    figures
        A head, a figure and what it is uncertain by.
    """

    arm: str
    role: str
    figures: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Payback:
    """What an option costs beside the baseline and when that has come in."""

    arm: str
    earned: str
    between: str
    a_year: str
    once: str
    net: str
    after: str


@dataclass(frozen=True, slots=True)
class Section:
    """One run.

    Parameters
    ----------
    anchor
        Its name on the page.
    facts
        How it was run, in a line.
    unstated
        Why nothing is said of a pay-back; empty where something is.
    remarks
        Value, as it is written, what is said of it, and where it stands; the assumptions first.
    bounds
        A table a variant against the clairvoyant bound, and what is to be known of it; empty where there is none.
    switched_off, filled_in
        Values that nobody gave: those that are nothing, and all others.
    """

    anchor: str
    title: str
    question: str
    facts: tuple[str, ...]
    verdict: Verdict
    cards: tuple[Card, ...]
    volume: str
    paybacks: tuple[Payback, ...]
    unstated: str
    goals: Grid | None
    baseline: str
    forest: tuple[Chart, ...]
    charts: tuple[Chart, ...]
    in_words: tuple[str, ...]
    against: tuple[str, ...]
    kpis: tuple[Grid, ...]
    differences: tuple[Grid, ...]
    groups: tuple[Grid, ...]
    bounds: tuple[tuple[Grid, tuple[str, ...]], ...]
    remarks: tuple[tuple[str, str, str, str], ...]
    assumed: int
    switched_off: tuple[str, ...]
    filled_in: tuple[tuple[str, str], ...]
    checklist: tuple[tuple[str, tuple[Item, ...]], ...]
    run: str


def section_of(recorded: Recorded, anchor: str) -> Section:
    """Return what the page shows of a run."""
    told = recorded.manifest
    worth = worths(recorded)
    found = verdict(recorded, worth)
    options = recorded.arms[1:]
    remarks = sorted(told.get("remarks", []), key=lambda remark: not remark["assumed"])
    defaults: dict[str, Any] = told.get("at_defaults", {})
    return Section(
        anchor=anchor,
        title=told["resolved"].get("title") or told["scenario"],
        question=told["resolved"].get("question", ""),
        facts=_facts(recorded),
        verdict=found,
        cards=tuple(_card(recorded, arm, worth, found) for arm in recorded.arms),
        volume=_volume(recorded),
        paybacks=tuple(_payback(each) for each in worth if not math.isnan(each.net.mean)),
        unstated=_unstated(recorded),
        goals=goal_table(recorded),
        baseline=recorded.baseline,
        forest=forest(recorded, anchor) if options else (),
        charts=(
            cost_against_time(recorded, f"{anchor}-time"),
            cost_by_part(recorded, f"{anchor}-parts"),
        ),
        in_words=(*winners(recorded), *verdicts(recorded), *_pairing(recorded)) if options else (),
        against=tuple(against(recorded, worth, found.best)),
        kpis=kpi_tables(recorded),
        differences=difference_tables(recorded),
        groups=group_tables(recorded),
        bounds=bound_tables(recorded),
        remarks=tuple((each["path"], each["written"], _source(each), each["where"]) for each in remarks),
        assumed=sum(1 for each in remarks if each["assumed"]),
        switched_off=tuple(path for path, value in defaults.items() if value in (None, [], {}, "")),
        filled_in=tuple((path, plain(value)) for path, value in defaults.items() if value not in (None, [], {}, "")),
        checklist=checklist(recorded),
        run=recorded.run.name,
    )


def _pairing(recorded: Recorded) -> list[str]:
    return [line for name in MAIN for line in worth_of_pairing(recorded, name)] if recorded.count > 1 else []


def _facts(recorded: Recorded) -> tuple[str, ...]:
    told = recorded.manifest
    count, replications = len(recorded.arms), "replication" if recorded.count == 1 else "replications"
    return (
        f"{count} {'option' if count == 1 else 'options'}",
        f"{recorded.count} {replications} of {recorded.measured_days:g} days",
        f"{told.get('orders_routed', 0):,} orders simulated",
        f"seed {told['seed']}",
    )


def _card(recorded: Recorded, arm: str, worth: tuple[Worth, ...], found: Verdict) -> Card:
    figures = []
    for each in worth:
        if each.arm == arm and not math.isnan(each.net.mean):
            figures.append(("Worth a year", usd(each.net.mean, signed=True), usd_between(each.net, signed=True)))
    for name in MAIN:
        kpi, interval = BY_NAME[name], recorded.kpi(arm, name)
        mean, _, half = with_interval(kpi, interval).partition(" ")
        figures.append((kpi.title, f"{mean} {unit_of(kpi)}".strip(), half))
    outcomes = [outcome for (which, _), outcome in recorded.outcomes.items() if which == arm]
    if outcomes:
        figures.append(("Goals met", f"{outcomes.count('met')} of {len(outcomes)}", _not_met(outcomes)))
    role = "baseline" if arm == recorded.baseline else ""
    if arm == found.best and found.tone == "choose":
        role = "to choose"
    if arm == found.best and found.tone == "keep":
        role = "to keep"
    return Card(arm, role, tuple(figures))


def _not_met(outcomes: list[Any]) -> str:
    told = {name: outcomes.count(name) for name in ("missed", "not yet certain")}
    return ", ".join(f"{count} {name}" for name, count in told.items() if count)


def _volume(recorded: Recorded) -> str:
    orders = orders_a_year(recorded)
    if math.isnan(orders):
        return ""
    return f"{orders:,.0f} orders a year, as many as the {recorded.measured_days:g} measured days stretched to 365"


def _payback(worth: Worth) -> Payback:
    fixed, back = worth.fixed, worth.pays_back_days
    return Payback(
        worth.arm,
        usd(worth.earned.mean, signed=True),
        usd_between(worth.earned, signed=True),
        "" if fixed is None else usd(fixed.a_year, signed=True),
        "" if fixed is None else usd(fixed.once, signed=True),
        usd(worth.net.mean, signed=True),
        "nothing to pay back" if back is None else wait(back),
    )


def _unstated(recorded: Recorded) -> str:
    fixed = recorded.manifest.get("fixed")
    if fixed is None:
        return "The run does not tell its fixed costs, so nothing is said about a pay-back."
    if not any(fixed.values()):
        return "The scenario states no fixed costs, so nothing is said about a pay-back."
    return ""


def _source(remark: dict[str, Any]) -> str:
    assumed = "assumption" if remark["assumed"] else ""
    return ": ".join(text for text in (assumed, remark["remark"]) if text)
