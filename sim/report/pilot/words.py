"""What a pilot's plan says in words: the verdict, the risks, and the text to register."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report.pilot.sheets import amount, percent, told, unit
from sim.report.pilot.sheets import weeks as in_weeks
from sim.study.pilot.outcomes import BY_NAME

if TYPE_CHECKING:
    from sim.study.pilot.registered import PlannedLook
    from sim.study.pilot.sizing import Judged, Sizing

DOES = {"sends": "send online orders", "collects": "hand online orders over their counter"}
LOOSE = 0.10
"""By how much more than it should a design may find an effect where there is none, before that is a risk."""


def verdict(sizing: Sizing) -> str:
    """Say what to do, in one sentence or two."""
    plan, outcome = sizing.study.plan, BY_NAME[sizing.study.plan.outcome]
    effect = f"{amount(outcome, sizing.wanted, signed=True)} {unit(outcome)} in {outcome.title.lower()}"
    if sizing.chosen is not None:
        chosen, weeks = sizing.chosen, sizing.weeks(sizing.chosen)
        return (
            f"{_units(sizing, chosen.cell.count)} by {chosen.design.title}, {in_weeks(weeks.all)} of which "
            f"{weeks.before} before: finds {effect} with a power of {percent(chosen.cell.power)} for "
            f"{chosen.cell.cost:,.0f} USD, and is wrong by {told(outcome, chosen.bias, signed=True)} {unit(outcome)}."
        )
    if not any(each.reached and each.design.by_chance for each in sizing.judged):
        smallest = min(cell.smallest for each in sizing.judged if each.design.by_chance for cell in each.cells)
        return (
            f"No size that was asked for finds {effect} with a power of {plan.power:.0%}: the smallest that would be "
            f"found is {amount(outcome, smallest)} {unit(outcome)}. More stores, more weeks, or another outcome."
        )
    least = sizing.shown
    whole = "Pilot whole states together, keep" if plan.stores.together == "store" else "Keep"
    return (
        f"No design sees the roll-out as it would be: the least wrong, {least.design.title}, would say "
        f"{amount(outcome, least.says.mean, signed=True)} where the truth is "
        f"{told(outcome, sizing.effect, signed=True)} {unit(outcome)}. Treated stores take orders and stock from "
        f"others. {whole} treated stores to their own surroundings, or measure something else."
    )


def naive(sizing: Sizing) -> str:
    """Say what the pilot of those would say who do not ask; empty if that was not asked for."""
    outcome = BY_NAME[sizing.study.plan.outcome]
    for each in sizing.judged:
        if not each.design.by_chance:
            return (
                f"The {each.cell.count} best stores, before and after, would say "
                f"{amount(outcome, each.says.mean, signed=True)} {unit(outcome)}, wrong by "
                f"{told(outcome, each.bias, signed=True)}, and find the effect with a power of "
                f"{percent(each.cell.power)}."
            )
    return ""


def risks(sizing: Sizing) -> list[str]:
    """Say what may go wrong."""
    plan, shown, outcome = sizing.study.plan, sizing.shown, BY_NAME[sizing.study.plan.outcome]
    found = []
    if sizing.effect.low < 0 < sizing.effect.high:
        found.append(
            "Whether the roll-out does anything at all to this outcome cannot be told yet: simulate more pilots."
        )
    if abs(shown.bias.mean) > plan.bias * abs(sizing.effect.mean):
        found.append(
            f"Spill-over: the estimate is wrong by {shown.bias.mean / sizing.effect.mean:+.0%} of the effect, as "
            "treated stores serve the markets of others, and others theirs."
        )
    if shown.level.value > plan.alpha + LOOSE:
        found.append(
            f"Laid on histories where nothing is done, the analysis finds an effect in {shown.level.value:.0%}, not "
            f"{plan.alpha:.0%}: too few units for it."
        )
    if sizing.apart > 0:
        found.append(
            f"The change alters {sizing.apart:.0%} of the untreated stores' weeks as well: part of it is not switched "
            "on store by store, so a real pilot would not show it."
        )
    warned = [each for each in sizing.asked if each.warnings(plan.busy)]
    if warned:
        found.append(f"{len(warned)} of {len(sizing.asked)} treated stores have something to see to: see the list.")
    if abs(shown.noise.follows) > 0.2:
        found.append(
            f"Weeks follow one another (correlation {shown.noise.follows:+.2f}), which the formula does not know."
        )
    low = shown.noise.with_icc(shown.noise.high)
    cell = shown.cell
    weeks = sizing.weeks(shown)
    worst = shown.design.precision(low, sizing.study.stores, cell.count, weeks).power(sizing.wanted, plan.alpha)
    if not math.isnan(worst) and worst < plan.power:
        found.append(f"Were weeks of a store as alike as the data allow, power would be {percent(worst)}.")
    if (outcome.better == "low" and sizing.effect.mean > 0) or (outcome.better == "high" and sizing.effect.mean < 0):
        found.append(f"The roll-out is expected to make {outcome.title.lower()} worse.")
    return found


def registration(sizing: Sizing, looks: list[PlannedLook]) -> str:
    """Return the text to register before the pilot begins."""
    study, shown = sizing.study, sizing.shown
    plan, outcome, weeks = study.plan, BY_NAME[study.plan.outcome], sizing.weeks(shown)
    kind = "state" if plan.stores.together == "state" else "store"
    treated = [name for name, ever in zip(study.stores.names, sizing.proposal.ever, strict=True) if ever]
    lines = [
        f"Question. What happens to {outcome.title.lower()} when stores begin to {DOES[plan.begins]} "
        f"({study.treatment} of {study.base.scenario.name})?",
        f"Outcome. {outcome.title}, by {kind} and week: {outcome.meaning}",
        f"Design. {shown.design.title.capitalize()}: {_units(sizing, shown.cell.count)}; {in_weeks(weeks.before)} "
        f"before, {weeks.settle} not looked at after a start, {weeks.after} looked at. Drawn by chance with seed "
        f"{study.seed}, spread over {', '.join(plan.stores.strata) or 'nothing'}."
        if shown.design.by_chance
        else f"Design. {shown.design.title.capitalize()}.",
        f"Treated. {', '.join(treated)}.",
        f"Analysis. {shown.design.says.capitalize()}. Two-sided level {plan.alpha:.0%}; the unit is the {kind}.",
        f"Size. Expected effect {amount(outcome, sizing.wanted, signed=True)} {unit(outcome)}; power "
        f"{percent(shown.cell.power)} by formula.",
        "Looks. "
        + "; ".join(f"after week {look.week}, stop if p is below {look.level:.2g}" for look in looks)
        + ". No other look, no other outcome, no unit left out afterwards.",
        f"Known bias. {told(outcome, shown.bias, signed=True)} {unit(outcome)} in simulation; it is not taken off the "
        "estimate.",
    ]
    return "\n".join(lines)


def _units(sizing: Sizing, count: int) -> str:
    shown: Judged = sizing.shown
    kind = "state" if sizing.study.plan.stores.together == "state" else "store"
    if shown.name == "matched_pairs":
        return f"{count} pairs of {kind}s"
    return f"{count} {kind}s"
