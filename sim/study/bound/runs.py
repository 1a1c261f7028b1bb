"""The bounds of an experiment: one a replication and variant, found in parallel and kept like the runs they bound."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sim.chance.tape import Tape
from sim.study.bound.clairvoyant import Bound, bound_of, problem_of
from sim.study.bound.reacts import refuse_if_it_reacts
from sim.study.bound.splits import ExactSplits
from sim.study.experiment import BASE, USUAL
from sim.study.runs.kept import program
from sim.study.workers import spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.scenario.load import Scenario
    from sim.study.bound.clairvoyant import Problem
    from sim.study.experiment import Experiment
    from sim.study.runs.kept import Kept

Bounds = dict[str, Bound]
"""Of one replication, by variant."""


class Wanted(NamedTuple):
    """What is asked of a bound.

    Parameters
    ----------
    myopic
        The strategy from which the gap is measured.
    frozen
        Values with which the scenario was kept from reacting.
    """

    myopic: str = USUAL
    frozen: Mapping[str, object] = {}


CHEAPEST = Wanted()
"""From exact `cheapest`, and nothing frozen."""


def refuse_unless_bounded(experiment: Experiment) -> None:
    """Say that there is no bound of some variant, if there is none.

    Raises
    ------
    ScenarioError
        With every field by which it reacts.
    """
    for name in variants_of(experiment):
        refuse_if_it_reacts(experiment.variants[name].scenario, "" if name == BASE else name)


def variants_of(experiment: Experiment) -> list[str]:
    """Return the variants that are run."""
    return list(dict.fromkeys(experiment.what(arm)[0] for arm in experiment.arms))


def bounds(
    experiment: Experiment, workers: int, kept: Kept | None, numbers: Sequence[int], backend: str | None = None
) -> tuple[Bounds, ...]:
    """Return the bounds of some replications, in order of their number."""
    found = dict(spread(partial(_of_replication, experiment, kept), numbers, workers, backend))
    return tuple(found[number] for number in sorted(found))


def _of_replication(experiment: Experiment, kept: Kept | None, replication: int) -> tuple[int, Bounds]:
    known: dict[str, Bound] = {}
    found = {}
    for name in variants_of(experiment):
        scenario = experiment.variants[name].scenario
        problem = problem_of(scenario, Tape(scenario, experiment.seed, replication))
        key = _key_of(scenario, problem)
        if key not in known:  # variants may differ in nothing that a clairvoyant looks at
            known[key] = _found(scenario, problem, key, kept)
        found[name] = known[key]
    return replication, found


def _found(scenario: Scenario, problem: Problem, key: str, kept: Kept | None) -> Bound:
    noted = None if kept is None else kept.noted(key)
    if noted is not None:
        return Bound(**noted)
    bound = bound_of(scenario, problem)
    if kept is not None:
        kept.note(key, bound._asdict())
    return bound


def _key_of(scenario: Scenario, problem: Problem) -> str:
    """Return the name under which a bound is kept: a hash of all that it is computed from."""
    seen = hashlib.sha256(program().encode())
    for array in ExactSplits(scenario, *problem).arrays():
        seen.update(f"{array.shape}{array.dtype}".encode() + array.tobytes())
    return seen.hexdigest()
