"""Sides of the gate: what their names mean, and two source trees side by side."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

import pytest

from sim.chance.tape import Tape
from sim.contract import pipe_router
from sim.contract.pipe_router import PipeRouter, end_idle
from sim.errors import FulfillSimError, RoutingError
from sim.study.experiment import run_router
from sim.study.gate.sides import Configured, InTree, Served, read_side
from tests.tiny import tiny

ROOT = Path(__file__).parents[3]
MAKES = """
        from sim.routing.build import build_engine
        from sim.routing.config import RoutingConfig

        def make_router(network):
            print("what is printed is no answer")
            config = RoutingConfig.model_validate({"max_parcels": 1, "strategies": {"it": {"choose": "nearest"}}})
            return build_engine(config, "it", network)
"""


def write(folder: Path, code: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "mine.py").write_text(textwrap.dedent(code))
    return folder


def test_what_is_written_tells_what_is_meant(tmp_path: Path) -> None:
    (tmp_path / "routing.yaml").write_text("max_parcels: 2\nstrategies: {it: {choose: nearest}}\n")
    assert read_side("cheapest") == Configured("cheapest", "cheapest")
    assert read_side("http://localhost:9/") == Served("http://localhost:9")
    file = str(tmp_path / "routing.yaml")
    assert read_side(file) == Configured(file, "it", tmp_path / "routing.yaml")
    assert read_side(f"{ROOT}:nearest") == InTree(f"{ROOT}:nearest", ROOT, "nearest")
    assert read_side(f"{tmp_path}:mine:make_router").made == "mine:make_router"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text", ["nowhere/at/all", "nowhere:mine:make", "{folder}:", "{folder}:a b:c", "{folder}:cheapest"]
)
def test_what_means_nothing_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FulfillSimError, match="expected"):
        read_side(text.format(folder=tmp_path))


def test_the_engine_of_a_tree_decides_as_ours_and_its_code_is_known(tmp_path: Path) -> None:
    scenario = tiny(tmp_path).with_measured_days(1)
    found = []
    for text in ("cheapest", f"{ROOT}:cheapest"):
        side = read_side(text)
        with side.opened(scenario, 30.0) as router:
            found.append(run_router(scenario, Tape(scenario, 1, 0), router).sums.pairs)
    end_idle()
    assert found[0] == found[1]
    ours, theirs = (read_side(text).judged(scenario) for text in ("cheapest", f"{ROOT}:cheapest"))
    assert ours["code"] == theirs["code"]
    assert ours["configuration"] == theirs["configuration"]


def test_what_a_function_of_a_tree_makes_decides_and_a_change_of_it_is_other_code(tmp_path: Path) -> None:
    scenario = tiny(tmp_path).with_measured_days(1)
    side = read_side(f"{write(tmp_path / 'theirs', MAKES)}:mine:make_router")
    with side.opened(scenario, 30.0) as router:
        assert run_router(scenario, Tape(scenario, 1, 0), router).routed > 50
    end_idle()
    other = read_side(f"{write(tmp_path / 'others', MAKES + '    # a change')}:mine:make_router")
    assert side.key(scenario, 1, 0) != other.key(scenario, 1, 0)


def test_processes_of_a_few_trees_wait_to_be_used_again_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipe_router, "MOST_IDLE", 1)
    network = tiny(tmp_path).network
    made = {"strategy": "it", "routing": {"max_parcels": 2, "strategies": {"it": {"choose": "nearest"}}}}
    first = PipeRouter(ROOT, made, network)
    first.close()
    assert PipeRouter(ROOT, made, network)._process is first._process
    first.close()
    PipeRouter(write(tmp_path / "theirs", MAKES), {"make": "mine:make_router"}, network).close()
    assert first._process._process.poll() is not None  # it was ended
    end_idle()


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("raise ValueError('broken')", "ValueError: broken"),
        ("make_router = None", "TypeError"),
        ("import os\nos._exit(3)", "the process is gone"),
    ],
)
def test_a_tree_that_cannot_make_a_router_is_told(tmp_path: Path, code: str, told: str) -> None:
    scenario = tiny(tmp_path)
    with pytest.raises(RoutingError, match=told):
        PipeRouter(write(tmp_path / "theirs", code), {"make": "mine:make_router"}, scenario.network)


def test_a_process_that_hangs_is_not_waited_for_and_ended(tmp_path: Path) -> None:
    scenario = tiny(tmp_path)
    code = """
        import os, time
        class Router:
            def next_wake(self): return None
            def available(self, channel=None):
                open("pid", "w").write(str(os.getpid()))
                time.sleep(60)
        def make_router(network): return Router()
    """
    tree = write(tmp_path / "theirs", code)
    router = PipeRouter(tree, {"make": "mine:make_router"}, scenario.network, timeout_s=0.5)
    with pytest.raises(RoutingError, match="no answer after"):
        router.available()
    pid = int((tree / "pid").read_text())
    router.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
