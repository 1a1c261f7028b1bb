"""The best candidate of many, and how sure that is: a search, a selection and a proof, each on luck of its own.

1. The search tries many candidates on few replications, all on the same luck. The best of many looks better than it is.
2. So the best few, and the scenario as it stands, meet replications that the search has never looked at: whoever surely
   misses what has to hold is out, and Kim and Nelson's procedure, or OCBA, selects among the others. With several
   objectives there is no single best: the front meets as many fresh replications and is told with its intervals.
3. Who is selected for its results looks better than it is once more, if less. So the winner and the scenario as it
   stands meet replications that nobody has looked at; what these say is what may be believed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.errors import FulfillSimError
from sim.study.kpis.catalogue import estimate
from sim.study.search.asked import FIRST
from sim.study.search.search import search_of
from sim.study.search.tried import front, lean, looked_at, tried
from sim.study.statistics.allocation import select_by_ocba
from sim.study.statistics.selection import kim_nelson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sim.study.kpis.catalogue import Kpi
    from sim.study.runs.kept import ArmRun
    from sim.study.search.question import Question
    from sim.study.search.tried import Tried
    from sim.study.search.variables import Candidate, Space
    from sim.study.statistics.selection import Selection

    Run = Callable[[Sequence[tuple[Candidate, int]]], Iterable[ArmRun]]
    """Runs candidates in replications of these numbers, and gives the runs in the same order."""

MAIN = ("cost_per_order", "order_fill_rate", "delivery_hours_mean")
"""KPIs that are always looked at."""
AHEAD = 5
"""Replications of the finalists that are run at a time."""


@dataclass(frozen=True)
class Optimum:
    """What an optimisation has found.

    Parameters
    ----------
    base
        The scenario as it stands, after the search.
    tried
        All candidates of the search, in their order.
    refused
        Why a candidate cannot be, by its name.
    fresh
        The finalists on luck that the search has not seen; none: no candidate came near what has to hold.
    selection
        How it was selected among `contenders`; None where there are several objectives or nobody to choose among.
    winner
        None: nobody keeps to what has to hold, or there are several objectives.
    proof
        The scenario as it stands, and the winner, in replications that nobody has looked at before.
    last
        All that was measured in the last stage, by replication and candidate, the scenario as it stands first.
    first
        The number of the first of these replications.
    """

    question: Question
    space: float
    base: Tried
    tried: tuple[Tried, ...]
    refused: dict[str, str]
    last: tuple[dict[str, ArmRun], ...]
    first: int = 0
    fresh: tuple[Tried, ...] = ()
    contenders: tuple[Tried, ...] = ()
    selection: Selection | None = None
    winner: Candidate | None = None
    proof: tuple[Tried, Tried] | None = None

    @property
    def several(self) -> bool:
        """Whether there are several objectives."""
        return len(self.question.objectives) > 1

    @property
    def feasible(self) -> list[Tried]:
        """Of all that were tried those whose means keep to what has to hold."""
        return [each for each in (self.base, *self.tried) if each.feasible]

    @property
    def front(self) -> list[Tried]:
        """Of the feasible those that no other beats in all objectives, the best in the first one first.

        Of those that come out alike one is enough.
        """
        unlike = {each.prints: each for each in reversed(self.feasible)}
        return sorted(front([*unlike.values()], self.question), key=lambda each: each.score(self.question).values)

    def believed(self, candidate: Candidate) -> Tried:
        """Return what the search had found of a candidate."""
        return next(each for each in (self.base, *self.tried) if each.candidate.number == candidate.number)


class Bench:
    """Runs candidates, each replication once, and says what that tells.

    Parameters
    ----------
    base
        The scenario as it stands.
    """

    def __init__(self, question: Question, run: Run, base: Candidate) -> None:
        self.question, self.base = question, base
        self.kpis: tuple[Kpi, ...] = looked_at(question, MAIN)
        self._run = run
        self._known: dict[tuple[int, int], ArmRun] = {}

    def run(self, candidates: Sequence[Candidate], numbers: Sequence[int]) -> tuple[dict[str, ArmRun], ...]:
        """Run what has not been run of some candidates in some replications; return what was, by replication."""
        tasks = [(each, n) for n in numbers for each in candidates if (each.number, n) not in self._known]
        made: dict[int, dict[str, ArmRun]] = {}
        for (candidate, number), run in zip(tasks, self._run(tasks), strict=True):
            self._known[candidate.number, number] = lean(run, self.kpis)
            made.setdefault(number, {})[candidate.name] = run
        return tuple(made.values())

    def tried(self, candidate: Candidate, numbers: Sequence[int]) -> Tried:
        """Return what replications of these numbers say of a candidate; they have been run of it and of the base."""
        own, base = ([self._known[each.number, n] for n in numbers] for each in (candidate, self.base))
        return tried(self.question, candidate, own, base, self.kpis)

    def output(self, candidate: Candidate, number: int) -> float:
        """Return the first objective in one replication; less is better."""
        kpi = self.question.objectives[0]
        found = estimate(kpi, [self._known[candidate.number, number].sums]).value
        return self.question.sign(kpi) * found


def optimum(
    question: Question, space: Space, run: Run, seed: int, why_not: Callable[[Candidate], str | None]
) -> Optimum:
    """Search, select and prove.

    Parameters
    ----------
    why_not
        Says why a candidate cannot be; None: it can.

    Raises
    ------
    FulfillSimError
        If an objective cannot be told in this scenario, or there are too many candidates to do without Optuna.
    """
    bench = Bench(question, run, space.as_it_stands)
    found = _searched(question, space, bench, seed, why_not)
    finalists = _finalists(found)
    if not finalists:
        return found
    return _front_proved(found, bench, finalists) if found.several else _selected(found, bench, finalists)


def _searched(
    question: Question, space: Space, bench: Bench, seed: int, why_not: Callable[[Candidate], str | None]
) -> Optimum:
    numbers = range(question.asked.search.replications)
    last = bench.run([bench.base], numbers)
    base = bench.tried(bench.base, numbers)
    if untold := base.untold(question):
        raise FulfillSimError(f"{untold[0]} cannot be told in this scenario - expected a KPI that it has")
    search = search_of(space, question.asked.candidates, len(question.objectives), seed)
    known: list[Tried] = []
    refused: dict[str, str] = {}
    while asked := search.ask():
        reasons = {each.name: why_not(each) for each in asked}
        refused |= {name: reason for name, reason in reasons.items() if reason is not None}
        able = [each for each in asked if each.name not in refused]
        bench.run(able, numbers)
        by_name = {each.name: bench.tried(each, numbers) for each in able}
        for name in [name for name, each in by_name.items() if each.untold(question)]:
            refused[name] = f"{by_name.pop(name).untold(question)[0]} cannot be told"
        known += by_name.values()
        search.tell([by_name[each.name].score(question) if each.name in by_name else None for each in asked])
    return Optimum(question, space.count, base, tuple(known), refused, last)


def _finalists(found: Optimum) -> list[Candidate]:
    """Return the best that may keep to what has to hold; of a front some all along.

    Of those that come out alike in everything, the scenario as it stands among them, one is enough.
    """
    most = found.question.asked.final.finalists
    alike = {found.base.prints}
    if found.several:
        members = [each.candidate for each in found.front if each.candidate.number]
        if len(members) <= most:
            return members
        return [members[round(k * (len(members) - 1) / max(most - 1, 1))] for k in range(most)]
    able = [each for each in found.tried if each.outcome != "missed"]
    able.sort(key=lambda each: (not each.feasible, each.score(found.question).values))
    chosen: list[Candidate] = []
    for each in able:
        if each.prints not in alike and len(chosen) < most:
            alike.add(each.prints)
            chosen.append(each.candidate)
    return chosen


def _front_proved(found: Optimum, bench: Bench, finalists: list[Candidate]) -> Optimum:
    asked = found.question.asked
    numbers = range(asked.search.replications, asked.search.replications + asked.most)
    last = bench.run([bench.base, *finalists], numbers)
    fresh = tuple(bench.tried(each, numbers) for each in (bench.base, *finalists))
    return replace(found, last=last, first=numbers.start, fresh=fresh)


def _selected(found: Optimum, bench: Bench, finalists: list[Candidate]) -> Optimum:
    question, asked = found.question, found.question.asked
    start = asked.search.replications
    first = range(start, start + FIRST)
    everybody = [bench.base, *finalists]
    bench.run(everybody, first)
    fresh = [bench.tried(each, first) for each in everybody]
    able = [each.candidate for each in fresh if each.outcome != "missed"]
    if not able:
        return replace(found, fresh=tuple(fresh))
    select = _kim_nelson if asked.final.by == "kim_nelson" else _ocba
    selection = select(question, bench, able, start) if len(able) > 1 else None
    taken = {each.number: FIRST for each in everybody}
    if selection is not None:
        taken |= dict(zip((each.number for each in able), selection.replications.tolist(), strict=True))
    spare = asked.final.runs - sum(taken.values())
    taken[0] = min(max(taken.values()), taken[0] + spare)  # all are held against the scenario as it stands
    bench.run([bench.base], range(start, start + taken[0]))
    in_common = {number: range(start, start + min(count, taken[0])) for number, count in taken.items()}
    told = {each.number: bench.tried(each, in_common[each.number]) for each in everybody}
    winner = able[selection.best] if selection is not None else able[0]
    unseen = start + (asked.most if asked.final.by == "kim_nelson" else asked.final.runs)
    proof = range(unseen, unseen + asked.final.proof)
    last = bench.run(list({each.number: each for each in (bench.base, winner)}.values()), proof)
    return replace(
        found,
        last=last,
        first=proof.start,
        fresh=tuple(told[each.number] for each in everybody),
        contenders=tuple(told[each.number] for each in able),
        selection=selection,
        winner=winner,
        proof=(bench.tried(bench.base, proof), bench.tried(winner, proof)),
    )


def _kim_nelson(question: Question, bench: Bench, able: list[Candidate], start: int) -> Selection:
    most = question.asked.most

    def sample(those: Sequence[int], replication: int) -> list[float]:
        block = replication - replication % AHEAD
        bench.run([able[k] for k in those], range(start + block, start + min(block + AHEAD, most)))
        return [bench.output(able[k], start + replication) for k in those]

    return kim_nelson(
        sample,
        len(able),
        indifference=question.matters,
        alpha=1 - question.asked.final.chance,
        first=FIRST,
        budget=most,
    )


def _ocba(question: Question, bench: Bench, able: list[Candidate], start: int) -> Selection:
    asked = question.asked

    def sample(option: int, replication: int) -> float:
        bench.run([able[option]], [start + replication])
        return bench.output(able[option], start + replication)

    return select_by_ocba(
        sample,
        len(able),
        indifference=question.matters,
        chance=asked.final.chance,
        first=FIRST,
        budget=asked.final.runs - FIRST * (asked.final.finalists + 1 - len(able)),
    )
