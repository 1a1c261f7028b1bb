"""Work spread over the processes of this machine, or the workers of a cluster."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")


def spread(
    run: Callable[[TaskT], ResultT], tasks: Sequence[TaskT], workers: int, backend: str | None = None
) -> Iterator[ResultT]:
    """Yield what a function returns for each task, in any order: here, over several processes, or on a cluster."""
    if backend is not None:
        from sim.study.cluster import on_cluster

        yield from on_cluster(backend, run, tasks)
        return
    if workers <= 1 or len(tasks) <= 1:
        yield from map(run, tasks)
        return
    from joblib import Parallel, delayed, parallel_config

    with parallel_config(backend="loky", inner_max_num_threads=1):
        parallel = Parallel(n_jobs=min(workers, len(tasks)), return_as="generator_unordered", batch_size=1)
        yield from parallel(delayed(run)(task) for task in tasks)


def default_workers() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
