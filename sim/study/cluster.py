"""Replications on a Dask cluster: the same functions of the same arguments, wherever they are run.

Whatever is lost with a worker is run again elsewhere: a replication depends on nothing but its number. All workers need
the same program and see the folder of results.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from sim.errors import FulfillSimError, shown
from sim.study.runs.kept import program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

SECONDS_TO_CONNECT = 10
TIMES_LOST = 10
"""A replication may be lost with its worker so often before it is given up."""


def checked_address(backend: str) -> str:
    """Return where a scheduler is, as it is said on the command line: ``dask://host:port``.

    Raises
    ------
    FulfillSimError
        If it is said otherwise.
    """
    match = re.fullmatch(r"dask://([^/:\s]+:\d{1,5})", backend)
    if match is None:
        raise FulfillSimError(f"backend {shown(backend)} - expected dask://host:port")
    return f"tcp://{match[1]}"


def on_cluster(backend: str, run: Callable[[TaskT], ResultT], tasks: Sequence[TaskT]) -> Iterator[ResultT]:
    """Yield what a function returns for each task, in any order, run by the workers of a Dask cluster.

    Raises
    ------
    FulfillSimError
        If nobody answers there, or a worker has another program than we.
    """
    address = checked_address(backend)
    try:
        from dask import config
        from distributed import Client, as_completed
    except ImportError:
        raise FulfillSimError("a Dask cluster needs pip install 'fulfillsim[dask]'") from None
    with config.set({"distributed.scheduler.allowed-failures": TIMES_LOST}):
        try:
            client = Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
        except OSError:
            raise FulfillSimError(f"no Dask scheduler answers at {backend}") from None
        with client:
            ours = program()
            others = [worker for worker, theirs in client.run(program).items() if theirs != ours]
            if others:
                raise FulfillSimError(f"workers with another program than this one: {', '.join(sorted(others))}")
            futures = [client.submit(run, task, pure=False, retries=TIMES_LOST) for task in tasks]
            for future in as_completed(futures, loop=client.loop):  # type: ignore[no-untyped-call]
                yield future.result()
