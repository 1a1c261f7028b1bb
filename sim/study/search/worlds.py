"""Candidates as real worlds: each a variant of a scenario, run on the tapes that all have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import FulfillSimError, ScenarioError
from sim.routing.build import build_engine
from sim.study.compare import Comparison
from sim.study.experiment import BASE, NOWHERE, Experiment, run_tasks
from sim.study.search.decisions import space_of, variant_of
from sim.study.search.optimize import Optimum, optimum

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.scenario.load import Scenario
    from sim.study.experiment import Place, Variant
    from sim.study.runs.kept import ArmRun
    from sim.study.search.question import Question
    from sim.study.search.variables import Candidate

MOST_AT_HAND = 16
"""Variants that are not read anew."""


@dataclass(frozen=True)
class Found:
    """What an optimisation of a scenario has found.

    Parameters
    ----------
    comparison
        All KPIs of the scenario as it stands and of the winner, or of the front, in the last stage.
    """

    optimum: Optimum
    comparison: Comparison


class Worlds:
    """Runs candidates.

    Parameters
    ----------
    said
        Where the question stands.
    place
        Where runs are kept.
    done
        Called after each run.
    """

    def __init__(
        self, scenario: Scenario, said: str, seed: int, workers: int, place: Place, done: Callable[[], None]
    ) -> None:
        self._scenario, self._said, self._seed, self._workers = scenario, said, seed, workers
        self._place, self._done = place, done
        self._variants: dict[str, Variant] = {}

    def variant(self, candidate: Candidate) -> Variant:
        """Return the scenario as a candidate has it."""
        if candidate.key not in self._variants:
            while len(self._variants) >= MOST_AT_HAND:
                del self._variants[next(iter(self._variants))]
            self._variants[candidate.key] = variant_of(self._scenario, candidate, self._said)
        return self._variants[candidate.key]

    def why_not(self, candidate: Candidate) -> str | None:
        """Say why a candidate cannot be: its values are right one by one, and not together."""
        try:
            scenario, config = self.variant(candidate)
            build_engine(config, candidate.strategy, scenario.network)
        except ScenarioError as error:
            return "; ".join(": ".join(filter(None, (each.path, each.message))) for each in error.problems)
        except FulfillSimError as error:
            return str(error)
        return None

    def run(self, tasks: Sequence[tuple[Candidate, int]]) -> list[ArmRun]:
        """Run candidates in replications of these numbers."""
        experiments = {each.number: self._alone(each) for each, _ in tasks}
        found: dict[int, ArmRun] = {}
        todo = [(experiments[each.number], number) for each, number in tasks]
        for k, replication in run_tasks(todo, self._workers, self._place):
            (found[k],) = replication.values()
            self._done()
        return [found[k] for k in range(len(tasks))]

    def _alone(self, candidate: Candidate) -> Experiment:
        return Experiment({BASE: self.variant(candidate)}, (candidate.strategy,), 0, self._seed)

    def compared(self, found: Optimum) -> Comparison:
        """Return what was measured in the last stage as a comparison with the scenario as it stands."""
        known = {each.candidate.name: each.candidate for each in (found.base, *found.tried)}
        arms = {name: f"{name if known[name].number else BASE}/{known[name].strategy}" for name in found.last[0]}
        variants = {arm.split("/")[0]: self.variant(known[name]) for name, arm in arms.items()}
        runs = tuple({arm: runs[name] for name, arm in arms.items()} for runs in found.last)
        return Comparison(Experiment(variants, tuple(arms.values()), len(runs), self._seed), runs)


def optimize(
    scenario: Scenario,
    question: Question,
    *,
    seed: int,
    workers: int,
    place: Place = NOWHERE,
    done: Callable[[], None] = lambda: None,
) -> Found:
    """Find the best candidate of a scenario and prove it.

    Raises
    ------
    FulfillSimError
        If the scenario cannot have what the question leaves open, or an objective cannot be told in it.
    """
    space = space_of(question, scenario)
    worlds = Worlds(scenario, str(question.source.path), seed, workers, place, done)
    found = optimum(question, space, worlds.run, seed, worlds.why_not)
    return Found(found, worlds.compared(found))
