"""What is wrong around the service is refused in one line that names the file, and nothing is written."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.errors import FulfillSimError
from sim.routing.service.run import check_free
from tests.tiny import write

REQUEST = {
    "order": {"id": 1, "placed_at": 0, "place": "021", "lines": [{"sku": "A", "quantity": 2}]},
    "now": 0,
    "stock": {"sites": ["dc_eats"], "on_hand": {"A": [5]}},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario, its network and configuration, and what is wrong in a request, a log and a configuration."""
    folder = tmp_path_factory.mktemp("served")
    write(folder / "tiny")
    assert said("export-network", folder / "tiny", "-o", folder / "network.json", "--config", folder / "r.yaml") == ""
    (folder / "wrong.json").write_text(json.dumps(REQUEST))
    (folder / "cut.json").write_text('{"order": ')
    (folder / "log.jsonl").write_bytes(b"\x80\n")
    (folder / "elsewhere.yaml").write_text((folder / "r.yaml").read_text().replace("network.json", "networks.json"))
    return folder


def said(*arguments: object) -> str:
    """Return what a call is refused with, empty if it is not."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if done.exit_code == 0:
        return ""
    assert isinstance(done.exception, FulfillSimError), done.exception
    return str(done.exception)


WRONG = {
    "a site that nobody knows": (
        ["route", "wrong.json", "--config", "r.yaml"], "wrong.json: stock.sites[0]: unknown site 'dc_eats'",
    ),
    "half a request": (["route", "cut.json", "--config", "r.yaml"], "cut.json: body: not JSON"),
    "a log that is none": (["replay", "log.jsonl", "--config", "r.yaml"], "log.jsonl: line 1 of the log: line: not JS"),
    "a log to be shadowed": (["shadow", "log.jsonl", "r.yaml"], "log.jsonl: line 1 of the log: line: not JSON"),
    "a network that is not there": (
        ["route", "wrong.json", "--config", "elsewhere.yaml"], "elsewhere.yaml:1: network: no file 'networks.json'",
    ),
    "a folder to write to": (
        ["export-network", "tiny", "--out", "tiny"], "tiny: is a folder - expected the name of a file",
    ),
    "a file as a folder": (["export-network", "tiny", "-o", "r.yaml/n.json"], "r.yaml/n.json: cannot be written"),
    "a configuration over a folder": (
        ["export-network", "tiny", "-o", "new.json", "--config", "tiny"], "tiny: is a folder",
    ),
    "two files of one name": (
        ["export-network", "tiny", "-o", "new.json", "--config", "./new.json"], "--out and --config are both new.json",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("call", "message"), WRONG.values(), ids=WRONG)
def test_it_is_refused_by_name_and_nothing_is_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch, call: list[str], message: str
) -> None:
    monkeypatch.chdir(folder)
    before = sorted(folder.rglob("*"))
    assert message in said(*call)
    assert sorted(folder.rglob("*")) == before


def test_an_address_that_is_taken_or_not_here_is_refused_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            FulfillSimError, match=f"--host 127.0.0.1 --port {port}: cannot be listened on .Address alr"
        ):
            check_free("127.0.0.1", port)
    check_free("127.0.0.1", port)
    with pytest.raises(FulfillSimError, match=r"--host 192\.0\.2\.1 --port 0: cannot be listened on"):  # of no machine
        check_free("192.0.2.1", 0)
