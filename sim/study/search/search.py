"""Which candidates to try: all where they are few, else what Optuna's tree-structured Parzen estimator proposes.

Candidates are asked for by the handful and told about in the same order, whoever runs them and however fast: the same
seed makes the same search on any number of workers, and again after it was broken off.
"""

from __future__ import annotations

import itertools
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sim.errors import FulfillSimError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optuna import Trial
    from optuna.trial import FrozenTrial

    from sim.study.search.variables import Candidate, Space

AT_ONCE = 4
"""Candidates that are asked for before anything is told of them."""
FIRST = 10
"""Candidates that are drawn by chance before anything is learnt from them."""
MOST_REPEATED = 200
"""So often in a row something known may be proposed before there is taken to be nothing new."""


class Score(NamedTuple):
    """What is told of a candidate.

    Parameters
    ----------
    values
        Of each objective, less is better.
    violations
        Of each constraint: above 0 it is not met.
    """

    values: tuple[float, ...]
    violations: tuple[float, ...]


class Search(Protocol):
    """Proposes candidates, and is told what became of them."""

    def ask(self) -> list[Candidate]:
        """Return candidates that are new; none: there is nothing more to try."""

    def tell(self, scores: Sequence[Score | None]) -> None:
        """Take what became of those that were asked for last; None: it cannot be."""


def search_of(space: Space, most: int, objectives: int, seed: int) -> Search:
    """Return a search of at most so many candidates.

    Raises
    ------
    FulfillSimError
        If there are more candidates than that, and no Optuna.
    """
    if space.count <= most:
        return Everything(space)
    if find_spec("optuna") is None:
        raise FulfillSimError("to search among more candidates than are run needs pip install 'fulfillsim[optimize]'")
    return Parzen(space, most, objectives, seed)


class Everything:
    """All candidates, one after the other."""

    def __init__(self, space: Space) -> None:
        self._left = space.every()

    def ask(self) -> list[Candidate]:
        """Return the next ones."""
        return list(itertools.islice(self._left, AT_ONCE))

    def tell(self, scores: Sequence[Score | None]) -> None:
        """Learn nothing: all are tried anyway."""


class Parzen:
    """Optuna's sampler of that name; with several objectives it looks for the whole front."""

    def __init__(self, space: Space, most: int, objectives: int, seed: int) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True, n_startup_trials=min(FIRST, most // 2))
        self._study = optuna.create_study(sampler=sampler, directions=["minimize"] * objectives)
        self._space, self._most, self._spare = space, most, most
        self._known: dict[str, Score | None] = {}
        self._asked: list[tuple[Trial, str]] = []
        self._count = 0

    def ask(self) -> list[Candidate]:
        """Return what looks promising and is new."""
        found: dict[str, Candidate] = {}
        repeated = 0
        while len(found) < min(AT_ONCE, self._most - self._count) and repeated < MOST_REPEATED:
            trial = self._study.ask()
            candidate = self._space.candidate(self._count + len(found) + 1, self._turned(trial))
            if candidate.key in self._known:
                self._tell(trial, self._known[candidate.key])
                repeated += 1
                continue
            self._asked.append((trial, candidate.key))
            repeated += candidate.key in found
            found.setdefault(candidate.key, candidate)
        self._count += len(found)
        return list(found.values())

    def tell(self, scores: Sequence[Score | None]) -> None:
        """Take what became of them; what cannot be is not proposed again, and costs nothing."""
        keys = list(dict.fromkeys(key for _, key in self._asked))
        self._known.update(zip(keys, scores, strict=True))
        refused = min(sum(score is None for score in scores), self._spare)
        self._most, self._spare = self._most + refused, self._spare - refused
        for trial, key in self._asked:
            self._tell(trial, self._known[key])
        self._asked.clear()

    def _turned(self, trial: Trial) -> list[float]:
        return [
            trial.suggest_float(knob.name, 0, 1)
            if not knob.levels
            else trial.suggest_int(knob.name, 0, knob.levels - 1)
            if knob.ordered
            else trial.suggest_categorical(knob.name, range(knob.levels))
            for knob in self._space.knobs
        ]

    def _tell(self, trial: Trial, score: Score | None) -> FrozenTrial:
        if score is None:
            from optuna.trial import TrialState

            return self._study.tell(trial, state=TrialState.FAIL)
        for number, violation in enumerate(score.violations):
            trial.set_constraint(str(number), violation)
        return self._study.tell(trial, score.values)
