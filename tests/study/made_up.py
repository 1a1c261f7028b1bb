"""Candidates whose outputs are made up, so that the truth is known: the same machinery without a world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.files import YamlFile
from sim.study.kpis.catalogue import Sums
from sim.study.runs.kept import ArmRun
from sim.study.search.optimize import Optimum, optimum
from sim.study.search.question import Question, question_of
from sim.study.search.space import titles_of
from sim.study.search.variables import Candidate, Field, Space, Strategies

Truth = Callable[[Candidate], dict[str, float]]
ORDERS = 100.0
STAND_STILL = {"order_fill_rate": 0.99, "delivery_hours_mean": 50.0}


def asked(**blocks: Any) -> Question:
    """Return a question that is said in blocks."""
    return question_of(YamlFile(Path("asked.yaml"), blocks, {}))


def space(question: Question) -> Space:
    """Return the space of a question's fields and strategies."""
    titles = titles_of(list(question.axes))
    fields = [Field(axis, title) for axis, title in zip(question.axes, titles, strict=True)]
    return Space(Strategies(question.asked.strategies or ("cheapest",)), tuple(fields))


class World:
    """Runs candidates: the truth, some luck that all have in common in a replication, and some of their own.

    Parameters
    ----------
    truth
        Of each KPI; what it does not name stands still.
    """

    def __init__(self, truth: Truth, common: float = 0.5, own: float = 0.1, seed: int = 1) -> None:
        self.truth, self.common, self.own, self.seed = truth, common, own, seed
        self.runs: list[tuple[str, int]] = []

    def run(self, tasks: Sequence[tuple[Candidate, int]]) -> list[ArmRun]:
        """Run, and keep a list of what was."""
        self.runs += [(candidate.name, number) for candidate, number in tasks]
        return [self._one(*task) for task in tasks]

    def _one(self, candidate: Candidate, number: int) -> ArmRun:
        shared = np.random.default_rng([self.seed, number]).normal(0, self.common)
        luck = np.random.default_rng([self.seed, number, *candidate.key.encode()]).normal(0, self.own, 8)
        known = {**STAND_STILL, **self.truth(candidate)}
        # shares hardly vary: they are to be what they are said to be
        values = {
            name: value + (shared + luck[k] if value > 1 else 1e-4 * luck[k])
            for k, (name, value) in enumerate(known.items())
        }
        pairs = {name: (value * ORDERS, ORDERS) for name, value in values.items()}
        return ArmRun(Sums(pairs, {}, 0), 100, 0.0, {})

    def optimum(self, question: Question, seed: int = 1) -> Optimum:
        """Return what is found in it."""
        return optimum(question, space(question), self.run, seed, lambda _: None)
