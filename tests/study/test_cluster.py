"""A study on a Dask cluster of two worker processes, one of them killed in the middle: nothing is lost or different."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.cluster import checked_address
from sim.study.experiment import NOWHERE, design, run_all
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and two workers on this machine; return where it is and the workers."""
    file = tmp_path / "scheduler.json"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "10"}

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
        with (tmp_path / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=tmp_path)

    here = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file))
    running = [start("scheduler", "--port", "0", *here)]
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"].removeprefix("tcp://")
        worker = ("--nworkers", "1", "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path))
        workers = [start("worker", *here, *worker) for _ in range(2)]
        running += workers
        yield f"dask://{address}", workers
    finally:
        for process in running:
            process.kill()
            process.wait()


def test_the_numbers_are_the_same_and_none_is_lost_with_a_worker(
    tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    backend, workers = cluster
    experiment = design(tiny(tmp_path / "world"), ["nearest", "cheapest"], 8, seed=4)
    there: dict[int, object] = {}
    for number, runs in run_all(experiment, 1, NOWHERE, None, backend):
        assert number not in there
        there[number] = runs
        if len(there) == 2:
            workers[0].send_signal(signal.SIGKILL)
    here = dict(run_all(experiment, 1))
    assert sorted(there) == sorted(here) == list(range(8))
    for number, runs in here.items():
        for arm, run in runs.items():
            other = there[number][arm]  # type: ignore[index]
            assert other.sums.pairs == run.sums.pairs
            assert all(np.array_equal(other.sums.samples[name], run.sums.samples[name]) for name in run.sums.samples)
    assert workers[0].wait() == -signal.SIGKILL
    assert workers[1].poll() is None


@pytest.mark.parametrize("backend", ["ray://here:1", "dask://here", "dask://", "dask://a b:1"])
def test_what_is_no_backend_is_told(backend: str) -> None:
    with pytest.raises(FulfillSimError, match="expected dask://host:port"):
        checked_address(backend)


def test_where_nobody_answers_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.cluster.SECONDS_TO_CONNECT", 0.3)
    experiment = design(tiny(tmp_path), ["nearest"], 1, seed=1)
    with pytest.raises(FulfillSimError, match=r"no Dask scheduler answers at dask://127\.0\.0\.1:9"):
        list(run_all(experiment, 1, backend="dask://127.0.0.1:9"))
