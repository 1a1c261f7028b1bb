"""The pickers' queue against queueing theory, against SimPy, and against a minute-by-minute replay."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.laws import Constant, Exponential, Lognormal
from sim.network.calendar import WorkingTime
from sim.world.sites.picking import Pickers
from tests.theory.queues import Interval, erlang_c, mg1_wait, mmc_wait

if TYPE_CHECKING:
    from collections.abc import Generator

    from sim.laws import Law

ALWAYS = WorkingTime([0.0], [1e12])


# six digits from the formulas, as printed in tables of M/M/c
@pytest.mark.parametrize(
    ("servers", "load", "waiting", "wait"),
    [(1, 0.8, 0.8, 4.0), (3, 2.5, 0.702247, 1.404494), (2, 1.9, 0.925641, 9.256410), (5, 4.75, 0.877799, 3.511196)],
)
def test_the_formulas_themselves_give_the_printed_values(
    servers: int, load: float, waiting: float, wait: float
) -> None:
    assert erlang_c(servers, load) == pytest.approx(waiting, abs=5e-7)
    assert mmc_wait(servers, load) == pytest.approx(wait, abs=5e-7)


def mean_waits(law: Law, load: float, people: int, jobs: int, replications: int) -> Interval:
    """Return the mean wait of jobs in the queue, the first fifth of each replication left out."""
    means = []
    for replication in range(replications):
        draw = np.random.default_rng([people, replication])
        arrivals = np.cumsum(draw.exponential(1 / load, jobs)).tolist()
        minutes = [law.quantile(u) for u in draw.uniform(2**-53, 1, jobs).tolist()]
        pickers = Pickers(ALWAYS, people)
        done = [pickers.finish(at, took) for at, took in zip(arrivals, minutes, strict=True)]
        means.append(np.mean((np.array(done) - arrivals - minutes)[jobs // 5 :]))
    return Interval.of(np.array(means))


@pytest.mark.parametrize("people", [1, 2, 5])
@pytest.mark.parametrize(("use", "jobs"), [(5 / 6, 20_000), (0.95, 150_000)])
def test_several_pickers_wait_as_erlang_says(people: int, use: float, jobs: int) -> None:
    waits = mean_waits(Exponential(1.0), use * people, people, jobs, replications=20)
    assert waits.agrees(mmc_wait(people, use * people), within=0.13)


@pytest.mark.parametrize(
    ("law", "load", "cv"),
    [(Constant(1.0), 0.8, 0.0), (Exponential(1.0), 0.8, 1.0), (Lognormal(1.0, 1.5), 0.7, 1.5)],
    ids=["M/D/1", "M/M/1", "M/G/1 lognormal"],
)
def test_one_picker_waits_as_pollaczek_and_khinchine_say(law: Law, load: float, cv: float) -> None:
    assert mean_waits(law, load, 1, 20_000, replications=20).agrees(mg1_wait(load, cv), within=0.12)


MINUTES = st.integers(0, 60)
JOBS = st.lists(st.tuples(MINUTES, MINUTES), min_size=1, max_size=40)  # minutes since the last arrival, minutes of work


def simpy_finishes(jobs: list[tuple[float, float]], people: int) -> list[float]:
    """Return when each job (arrival, minutes) is done, by a SimPy resource."""
    env = simpy.Environment()
    resource = simpy.Resource(env, people)
    done = [math.nan] * len(jobs)

    def work(k: int, at: float, minutes: float) -> Generator[simpy.Event, None, None]:
        yield env.timeout(at)
        with resource.request() as turn:
            yield turn
            yield env.timeout(minutes)
            done[k] = env.now

    for k, (at, minutes) in enumerate(jobs):
        env.process(work(k, at, minutes))
    env.run()
    return done


def in_order(gaps: list[tuple[int, int]]) -> list[tuple[float, float]]:
    arrivals = np.cumsum([gap for gap, _ in gaps]).tolist()
    return [(float(at), float(minutes)) for at, (_, minutes) in zip(arrivals, gaps, strict=True)]


@settings(deadline=None, derandomize=True, max_examples=200)
@given(gaps=JOBS, people=st.integers(1, 4))
def test_the_queue_equals_a_simpy_resource_to_the_minute(gaps: list[tuple[int, int]], people: int) -> None:
    jobs = in_order(gaps)
    pickers = Pickers(ALWAYS, people)
    assert [pickers.finish(at, minutes) for at, minutes in jobs] == simpy_finishes(jobs, people)


def minute_by_minute(jobs: list[tuple[float, float]], people: int, open_time: WorkingTime) -> list[float]:
    """Return when each job is done, by playing every minute: whoever is free takes the next job that has come."""
    done = [math.nan] * len(jobs)
    waiting = list(range(len(jobs)))
    at_work: list[list[float]] = []  # job, minutes left
    minute = 0
    while waiting or at_work:
        if any(opened <= minute < closed for opened, closed in zip(open_time.opens, open_time.closes, strict=True)):
            while waiting and len(at_work) < people and jobs[waiting[0]][0] <= minute:
                at_work.append([k := waiting.pop(0), jobs[k][1]])
            for job in at_work:
                job[1] -= 1
                if job[1] == 0:
                    done[int(job[0])] = minute + 1
            at_work = [job for job in at_work if job[1]]
        minute += 1
    return done


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    gaps=st.lists(st.tuples(MINUTES, st.integers(1, 90)), min_size=1, max_size=15),
    people=st.integers(1, 3),
    spans=st.lists(st.tuples(st.integers(1, 100), st.integers(1, 100)), min_size=1, max_size=8),
)
def test_work_rests_when_the_site_is_closed_and_goes_on_where_it_stopped(
    gaps: list[tuple[int, int]], people: int, spans: list[tuple[int, int]]
) -> None:
    edges = np.cumsum([minutes for span in spans for minutes in span]).astype(float).tolist()
    open_time = WorkingTime([*edges[::2], edges[-1] + 50], [*edges[1::2], edges[-1] + 10_000])
    jobs = in_order(gaps)
    pickers = Pickers(open_time, people)
    assert [pickers.finish(at, minutes) for at, minutes in jobs] == minute_by_minute(jobs, people, open_time)
