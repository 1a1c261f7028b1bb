"""An optimisation as people read it: what was tried, what fresh luck says of the best, and what may be believed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from sim.report.say import say
from sim.report.words import number, reached, unit_of, with_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from sim.study.kpis.catalogue import Kpi
    from sim.study.search.optimize import Optimum
    from sim.study.search.tried import Kept, Tried
    from sim.study.statistics.estimate import Interval

MOST_ROWS = 8
"""Candidates that a table shows; the files have all."""
_STYLE = {"met": "green", "missed": "red", "not yet certain": "yellow"}
_MARK = {"met": "met", "missed": "missed", "not yet certain": "?"}
SAYS = {"met": "surely met", "missed": "surely missed", "not yet certain": "not yet certain"}


def show(found: Optimum, console: Console) -> None:
    """Print what the search found, what fresh luck says, and the verdict."""
    asked = found.question.asked
    searched = found.front if found.several else best_first(found)
    shown = [found.base, *[each for each in searched if each.candidate.number][:MOST_ROWS]]
    space = "no end of" if math.isinf(found.space) else f"{int(found.space):,}"
    what = "the front" if found.several else "the best"
    head = f"Search: {len(found.tried)} of {space} candidates, {asked.search.replications} replications each; {what}"
    tables = [(head, shown), ("Final: on luck that the search has not seen", found.fresh)]
    if found.proof is not None and found.proof[1].candidate.number:
        tables.append(("Proof: on luck that nobody has looked at", found.proof))
    say(
        console,
        "Each is held against the scenario as it stands on the same luck: less or more, ± half of the 95 % interval. "
        "? not yet certain",
    )
    for title, rows in tables:
        if rows:
            say(console, f"\n{title}", style="bold")
            console.print(table(found, rows))
    for each in found.fresh[1:] or shown[1 : 1 + asked.final.finalists]:
        say(console, described(each))
    console.print()
    for line in verdict(found):
        say(console, line)


def best_first(found: Optimum) -> list[Tried]:
    """Return all that were tried, those that keep to what has to hold first, the best of them first."""
    return sorted(
        (found.base, *found.tried), key=lambda each: (not each.feasible, each.score(found.question).values)
    )  # fmt: skip


def table(found: Optimum, rows: Sequence[Tried]) -> Table:
    """Return a row a candidate: its objectives, whether it keeps to what has to hold, and in how many replications.

    Objectives are those of the scenario as it stands, and of the others the difference from it on the same luck.
    """
    grid = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    grid.add_column("", no_wrap=True)
    for kpi in found.question.objectives:
        grid.add_column(f"{kpi.title}\n{unit_of(kpi)}", justify="right")
    for goal in found.question.goals:
        grid.add_column(f"{goal.kpi.title}\n{goal.text}", justify="right")
    grid.add_column("replications", justify="right")
    for row in rows:
        cells = [_objective(found, row, kpi) for kpi in found.question.objectives]
        grid.add_row(Text(row.candidate.name), *cells, *[_marked(each) for each in row.kept], str(row.count))
    return grid


def titles(rows: Sequence[Tried]) -> list[str]:
    """Return all that differs between candidates, by name."""
    return list(dict.fromkeys(name for row in rows for name in row.candidate.along))


def _objective(found: Optimum, row: Tried, kpi: Kpi) -> Text:
    if not row.candidate.number:
        return Text(with_interval(kpi, row.kpi(kpi.name)))
    less = row.less[kpi.name].interval()
    return Text(
        with_interval(kpi, less, signed=True), style={1: "green", -1: "red", 0: "yellow"}[side(found, kpi, less)]
    )


def _marked(kept: Kept) -> Text:
    goal, interval = kept.goal, kept.interval
    if goal.relative:
        half = interval.half_width
        text = f"{interval.mean:.1%}" + ("" if math.isnan(half) else f" ±{half:.1%}")
    else:
        text = with_interval(goal.kpi, interval)
    return Text(f"{text} {_MARK[kept.outcome]}", style=_STYLE[kept.outcome])


def verdict(found: Optimum) -> list[str]:
    """Say what was found, how sure that is, and how much of what the search believed was luck."""
    lines = []
    if found.refused:
        name, why = next(iter(found.refused.items()))
        count = len(found.refused)
        lines = [f"{count} candidate{'s' if count > 1 else ''} cannot be, such as {name}: {why}."]
    if found.several:
        return [*_of_front(found), *lines]
    if found.winner is None:
        return [_nobody(found), *lines]
    return [*_of_selection(found), *_of_proof(found), *lines]


def _nobody(found: Optimum) -> str:
    goals = ", ".join(f"{goal.kpi.title.lower()} {goal.text}" for goal in found.question.goals)
    if not goals:  # there is nobody to be preferred to the scenario as it stands
        return "Nothing is won: every candidate comes out as the scenario does as it stands."
    everybody = found.fresh or (found.base, *found.tried)
    near = min(everybody, key=lambda each: max(kept.violation for kept in each.kept))
    worst = max(near.kept, key=lambda kept: kept.violation)
    told = _amount(worst.goal.kpi, worst.violation) if not worst.goal.relative else f"{worst.violation:.1%}"
    where = "on fresh luck" if found.fresh else f"of {len(everybody)} tried"
    short = f"{near.candidate.name}, {told} short in {worst.goal.kpi.title.lower()}"
    return f"Nobody keeps to {goals} {where}. Nearest is {short}."


def _amount(kpi: Kpi, value: float) -> str:
    unit = "points" if kpi.unit == "share" else unit_of(kpi)
    return f"{number(kpi, abs(value))} {unit}".strip()


def described(found: Tried) -> str:
    """Return a candidate's name and what it is."""
    along = "; ".join(f"{name} {value}" for name, value in found.candidate.along.items())
    return f"{found.candidate.name} ({along})" if along else found.candidate.name


def _of_selection(found: Optimum) -> list[str]:
    question, selection = found.question, found.selection
    kpi, chance = question.objectives[0], f"{100 * question.asked.final.chance:g} %"
    names = [each.candidate.name for each in found.contenders]
    assert found.winner is not None
    won = next(each for each in found.contenders if each.candidate is found.winner)
    out = [each.candidate.name for each in found.fresh if each.outcome == "missed"]
    missed = f" Out, since it surely misses what has to hold: {', '.join(out)}." if out else ""
    if selection is None:
        return [f"{described(won)} is the only one left that may keep to what has to hold.{missed}"]
    taken = f"{int(selection.replications.sum())} fresh runs"
    within = _amount(kpi, question.matters)
    if selection.settled:
        nothing = "" if found.winner.number else "Nothing is won: "
        best = f"{described(won)} is best, or within {within} of the best of {len(names)}, with {chance}"
        told = "" if selection.chance is None else ", as estimated by OCBA"
        return [f"{nothing}{best}{told} ({taken}).{missed}"]
    others = ", ".join(names[k] for k in selection.left if k != selection.best)
    more = max(selection.needed - int(selection.replications.max()), 1)
    sure = "" if selection.chance is None else f" (best, or within {within} of it, with {selection.chance:.0%} by OCBA)"
    return [
        f"Cannot tell between {described(won)}{sure} and {others} yet, after {taken}; about {more} more replications "
        f"of each would tell, to {within}.{missed}"
    ]


def _of_proof(found: Optimum) -> list[str]:
    """Say what luck that nobody has looked at makes of the winner, and how much of what was believed of it was luck."""
    assert found.proof is not None
    base, won = found.proof
    lines = []
    kpi = found.question.objectives[0]
    if won.candidate.number:
        less, believed = won.against(base, kpi.name), found.believed(won.candidate).less[kpi.name].interval()
        sure = {1: "surely better", -1: "surely worse", 0: "not surely another"}[side(found, kpi, less)]
        limits = " to ".join(number(kpi, each, signed=True) for each in (less.low, less.high))
        lines.append(
            f"Against the scenario as it stands, on luck that neither search nor selection had seen, it is {sure}: "
            f"{kpi.title.lower()} {_moved(kpi, less)} (95 % interval {limits})."
        )
        hope = found.question.sign(kpi) * (less.mean - believed.mean)
        told = f"{_amount(kpi, hope)} of that was luck" if hope > 0 else "it had not been too hopeful"
        lines.append(f"The search had believed {_moved(kpi, believed)}: {told}.")
    for kept, standing in zip(won.kept, base.kept, strict=True):
        more = f"; as it stands {SAYS[standing.outcome]}, {_reached(standing)}" if won.candidate.number else ""
        lines.append(f"{kept.goal.kpi.title} {kept.goal.text}: {SAYS[kept.outcome]}, {_reached(kept)}{more}.")
    return lines


def _reached(kept: Kept) -> str:
    return reached(kept.goal, kept.interval)


def _moved(kpi: Kpi, less: Interval) -> str:
    return f"{_amount(kpi, less.mean)} {'less' if less.mean < 0 else 'more'}"


def _of_front(found: Optimum) -> list[str]:
    """Say of each that stands on the front what fresh luck makes of it."""
    if not found.fresh:
        if found.feasible:
            return ["Nothing is won: no candidate lies on the front beside the scenario as it stands."]
        return [_nobody(found)]
    base, *members = found.fresh
    return [_of_member(found, each, base) for each in members]


def _of_member(found: Optimum, member: Tried, base: Tried) -> str:
    parts = []
    for kpi in found.question.objectives:
        less = member.against(base, kpi.name)
        unit = "points" if kpi.unit == "share" else unit_of(kpi)
        sure = _SURE[side(found, kpi, less)]
        parts.append(f"{kpi.title.lower()} {with_interval(kpi, less, signed=True)} {unit}".strip() + f" ({sure})")
    beaten = [each.candidate.name for each in found.fresh if each is not member and surely_beats(found, each, member)]
    tail = f"; surely beaten in all by {', '.join(beaten)}" if beaten else ""
    return f"{described(member)}, against as it stands: {', '.join(parts)}{tail}."


_SURE = {1: "better", -1: "worse", 0: "cannot be told apart"}


def side(found: Optimum, kpi: Kpi, less: Interval) -> int:
    """Return whether a difference is surely for the better, 1, surely for the worse, -1, or neither, 0."""
    sign = found.question.sign(kpi)
    if math.isnan(less.low):
        return 0
    return -sign if less.low > 0 else sign if less.high < 0 else 0


def surely_beats(found: Optimum, one: Tried, other: Tried) -> bool:
    """Return whether one is surely better than another in every objective: each has to be, so none needs allowance."""
    return all(side(found, kpi, one.against(other, kpi.name)) == 1 for kpi in found.question.objectives)
