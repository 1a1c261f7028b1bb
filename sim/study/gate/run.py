"""Baseline and candidate on the same tapes, replication by replication, until the margins are judged."""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.chance.tape import Tape
from sim.errors import FulfillSimError, RoutingError
from sim.study.experiment import run_router
from sim.study.gate.faults import Fault, Faults, StoppedError, all_of
from sim.study.gate.judge import Judged, Looks, Verdict, judged, planned, together
from sim.study.gate.watch import Watched
from sim.study.workers import spread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.scenario.load import Scenario
    from sim.study.gate.faults import Policy
    from sim.study.gate.margins import Margins
    from sim.study.gate.sides import Side
    from sim.study.kpis.catalogue import Sums
    from sim.study.runs.kept import ArmRun, Kept

FEWEST = 10
"""Replications below which no bound is worth anything."""
BASELINE, CANDIDATE = 0, 1


class SideRun(NamedTuple):
    """One side's share of a replication.

    Parameters
    ----------
    run
        None: it was stopped.
    seconds
        How long it took to decide, order by order; of a run that was kept, nothing.
    """

    run: ArmRun | None
    faults: Faults
    seconds: tuple[float, ...] = ()


Pair = tuple[SideRun, SideRun]


@dataclass(frozen=True)
class Gate:
    """What is to be judged, on what, and how.

    Parameters
    ----------
    kept
        Runs made before; None: all is run. Only runs without a fault are kept.
    families
        How many scenarios are judged together.
    """

    sides: tuple[Side, Side]
    scenario: Scenario
    margins: Margins
    policy: Policy
    seed: int = 1
    first: int = 20
    at_most: int = 60
    families: int = 1
    kept: Kept | None = None

    @property
    def looks(self) -> Looks:
        """At how many replications it is looked.

        Raises
        ------
        FulfillSimError
            If there are too few.
        """
        if not FEWEST <= self.first <= self.at_most:
            raise FulfillSimError(
                f"--replications {self.first} --at-most {self.at_most} - expected at least {FEWEST}, and no fewer at "
                "most than at first"
            )
        return planned(self.first, self.at_most)


@dataclass(frozen=True)
class Result:
    """What was found in one scenario.

    Parameters
    ----------
    judged
        The margins, as they were judged at the last look; empty if a side was stopped.
    look
        Which look that was, from 1.
    identical
        Whether every KPI of every replication is the same to the last bit.
    faults
        Of baseline and candidate.
    seconds
        How long each side took to decide about an order, shape (orders,); empty where nothing was run.
    """

    gate: Gate
    judged: tuple[Judged, ...]
    replications: int
    look: int
    identical: bool
    faults: tuple[Faults, Faults]
    seconds: tuple[np.ndarray, np.ndarray]
    verdict: Verdict

    @property
    def too_many(self) -> bool:
        """Whether a side has more faults than it may have."""
        return any(faults.total > self.gate.policy.most for faults in self.faults)


def run_pair(gate: Gate, replication: int) -> tuple[int, Pair]:
    """Run both sides on the same luck."""
    tape = Tape(gate.scenario, gate.seed, replication)
    baseline, candidate = (_run_side(gate, side, tape, replication) for side in gate.sides)
    return replication, (baseline, candidate)


def _run_side(gate: Gate, side: Side, tape: Tape, replication: int) -> SideRun:
    """Run one side, unless it is kept; a foreign one is asked the first replication twice."""
    key = None if gate.kept is None else side.key(gate.scenario, gate.seed, replication)
    if gate.kept is not None and key is not None and (found := gate.kept.find(key)) is not None:
        return SideRun(found, Faults())
    made, said = _watched_run(gate, side, tape, None)
    if side.foreign and replication == 0 and made.run is not None:
        again, _ = _watched_run(gate, side, tape, said)
        if Fault.OTHERWISE in again.faults.count:
            made = made._replace(faults=all_of([made.faults, _only(Fault.OTHERWISE, again.faults)]))
    if gate.kept is not None and key is not None and made.run is not None and not made.faults.total:
        gate.kept.keep(key, made.run, None)
    gc.collect()  # a world that is over is one big cycle
    return made


def _only(kind: Fault, faults: Faults) -> Faults:
    return Faults({kind: faults.count[kind]}, {kind: faults.first[kind]})


def _watched_run(gate: Gate, side: Side, tape: Tape, before: Sequence[int] | None) -> tuple[SideRun, list[int]]:
    """Run one side; what the world refuses to do, or what cannot be opened, stops it."""
    faults, said, kind = Faults(), list[int](), Fault.FAILED
    try:
        with side.opened(gate.scenario, gate.policy.seconds) as router:
            watched = Watched(router, gate.scenario, gate.policy, before)
            faults, said, kind = watched.faults, watched.said, Fault.WRONG
            run = run_router(gate.scenario, tape, watched, side.strategy)
            return SideRun(run, faults, tuple(watched.seconds)), said
    except StoppedError:
        return SideRun(None, faults), said
    except RoutingError as error:
        faults.note(kind, str(error))
        return SideRun(None, faults), said


def run_gate(gate: Gate, workers: int, told: Callable[[int, int], None] = lambda done, of: None) -> Result:
    """Run and judge at each look, until the verdict is there or the replications are used up.

    Parameters
    ----------
    told
        Is told after each replication how many are done, and of how many.
    """
    looks, pairs = gate.looks, list[Pair]()
    for look, count in enumerate(looks.counts):
        done: dict[int, Pair] = {}
        for number, pair in spread(partial(run_pair, gate), range(len(pairs), count), workers):
            done[number] = pair
            told(len(pairs) + len(done), count)
        pairs += [done[number] for number in sorted(done)]
        result = _judged(gate, pairs, look, looks)
        if result.verdict != "undecided":
            break
    return result


def _judged(gate: Gate, pairs: Sequence[Pair], look: int, looks: Looks) -> Result:
    baseline, candidate = (all_of([pair[side].faults for pair in pairs]) for side in (BASELINE, CANDIDATE))
    seconds = tuple([np.array([s for pair in pairs for s in pair[side].seconds]) for side in (BASELINE, CANDIDATE)])
    sums = [(one.run.sums, other.run.sums) for one, other in pairs if one.run is not None and other.run is not None]
    whole = len(sums) == len(pairs)
    found = judged(gate.margins, sums, looks.level(look), gate.families) if whole else []
    result = Result(
        gate, tuple(found), len(pairs), look + 1, whole and all([_same(*each) for each in sums]),
        (baseline, candidate), (seconds[0], seconds[1]), together(found) if whole else "fail",
    )  # fmt: skip
    return replace(result, verdict="fail") if result.too_many else result


def _same(one: Sums, other: Sums) -> bool:
    """Return whether two runs are the same in every KPI, to the last bit."""
    return (
        one.pairs == other.pairs
        and one.open_orders == other.open_orders
        and all(np.array_equal(one.samples[name], other.samples[name]) for name in one.samples)
    )


def try_out(gate: Gate) -> None:
    """Make sure that both sides can be opened.

    Raises
    ------
    FulfillSimError
        If one cannot.
    """
    for side in gate.sides:
        side.judged(gate.scenario)
        with side.opened(gate.scenario, gate.policy.seconds) as router:
            Watched(router, gate.scenario, gate.policy)
