"""The service lets in whom it should, no more than it can hold, and says by name what is wrong."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest

from sim.contract.http_router import HttpRouter
from sim.contract.messages import Line, Order
from sim.contract.wire_values import dumps, loads
from sim.errors import FulfillSimError, RoutingError
from sim.routing.service.run import check_binding, is_loopback, read_token
from tests.serving import deployment_of, post, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sim.scenario.load import Scenario

TOKEN = "a-token-of-sixteen-characters"
ORDER = {"id": 1, "placed_at": 0, "place": "021", "lines": [{"sku": "A", "quantity": 1}]}
CALL = {"order": ORDER, "now": 0, "stock": {"sites": ["dc_east"], "on_hand": {"A": [1]}}}


@pytest.fixture(scope="module")
def url(scenario: Scenario) -> Iterator[str]:
    """A service that asks for no token and takes bodies of up to 10 kB for at most half a second."""
    with serving(deployment_of(scenario, body_bytes=10_000, body_time="0.5 s", sessions=1)) as url:
        yield url


def refusal(answer: tuple[int, bytes]) -> tuple[int, str, str]:
    status, text = answer
    error = loads(text)["error"]
    return status, error["where"], error["what"]


def test_a_sound_call_is_answered(url: str) -> None:
    status, answer = post(f"{url}/route", CALL)
    assert (status, loads(answer)["plan"]["reason"]) == (200, "whole")


REFUSED: dict[str, tuple[str, Any, dict[str, str], tuple[int, str, str]]] = {
    "too large": ("/route", b" " * 10_001, {}, (413, "body", "10001 bytes")),
    "another type": ("/route", b"", {"Content-Type": "text/plain"}, (415, "Content-Type", "content type text/plain")),
    "another host": ("/route", b"{}", {"Host": "evil.example:80"}, (421, "Host", "host 'evil.example:80'")),
    "no such path": ("/rout", {}, {}, (404, "POST /rout", "Not Found")),
    "unknown session": ("/sessions/x/route", {}, {}, (404, "", "no session 'x' - open one first (POST /sessions)")),
    "no object": ("/route", b"[]", {}, (400, "body", "[]")),
    "missing key": ("/route", {"order": ORDER, "now": 0}, {}, (422, "stock", "missing key")),
    "unknown key": ("/route", {**CALL, "stok": 1}, {}, (422, "stok", "unknown key 'stok'")),
    "unknown site": (
        "/route", {**CALL, "stock": {"sites": ["dc"], "on_hand": {}}}, {}, (422, "stock.sites[0]", "unknown site 'dc'"),
    ),
    "no stock of what is ordered": (
        "/route", {**CALL, "stock": {"sites": ["dc_east"], "on_hand": {}}}, {},
        (422, "stock.on_hand", "ordered product 'A' has no column"),
    ),
    "no orders": ("/route_batch", {"orders": [], "now": 0, "stock": CALL["stock"]}, {}, (422, "orders", "0 orders")),
    "surrogates": ("/route", b'{"\\ud800": 1}', {}, (422, "\ud800", "unknown key '\\ud800'")),
}  # fmt: skip


@pytest.mark.parametrize(("path", "body", "headers", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_refused_by_name(
    url: str, path: str, body: Any, headers: dict[str, str], expected: tuple[int, str, str]
) -> None:
    assert refusal(post(url + path, body, **headers)) == expected


@pytest.mark.parametrize("body", [b"{", b"NaN", b"\xff\xfe", b"[" * 5000, b""])
def test_what_is_no_json_is_refused(url: str, body: bytes) -> None:
    status, where, _ = refusal(post(f"{url}/route", body))
    assert (status, where) == (400, "body")


def test_a_body_that_does_not_come_is_not_waited_for(url: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        head = f"POST /route HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
        connection.sendall(head.encode() + b"{")
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"no whole body after 0.5 s" in answer


def test_no_more_sessions_than_allowed(url: str, scenario: Scenario) -> None:
    with HttpRouter(url, scenario.network):
        assert refusal(post(f"{url}/sessions", {}))[0] == 429


def test_without_the_token_only_health_is_shown(scenario: Scenario) -> None:
    with serving(deployment_of(scenario), token=TOKEN) as url:
        with urlopen(f"{url}/health") as answer:
            assert loads(answer.read())["status"] == "ok"
        assert refusal(post(f"{url}/route", CALL)) == (401, "Authorization", "no valid token")
        assert refusal(post(f"{url}/route", CALL, Authorization=f"Bearer {TOKEN}x"))[0] == 401
        assert post(f"{url}/route", CALL, Authorization=f"Bearer {TOKEN}")[0] == 200
        with pytest.raises(RoutingError, match="no valid token"):
            HttpRouter(url, scenario.network)
        with HttpRouter(url, scenario.network, token=TOKEN) as router:
            assert router.next_wake() is None


def test_it_describes_itself(url: str) -> None:
    with urlopen(Request(f"{url}/openapi.json")) as answer:
        document = loads(answer.read())
    assert {
        "/route",
        "/route_batch",
        "/candidates",
        "/explain",
        "/health",
        "/sessions",
        "/sessions/{name}/route",
    } <= set(document["paths"])
    references = [part.split('"')[0] for part in dumps(document).decode().split("#/components/schemas/")[1:]]
    assert set(references) <= set(document["components"]["schemas"])
    body = document["paths"]["/route"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["order", "now", "stock"]


def test_a_decision_that_runs_out_of_time_is_marked_and_complete(scenario: Scenario) -> None:
    deployment = deployment_of(scenario, decision_time="0.000001 s")
    engine = deployment.guarded_engine()
    stock = {"sites": ["dc_east", "dc_west"], "on_hand": {"A": [2, 0], "B": [0, 2]}}
    engine.observe(deployment.wire.stock(stock))
    plan = engine.route(Order(1, 0.0, 0, (Line(0, 2), Line(1, 2))), 0.0)
    assert plan.limited
    assert [(parcel.site, parcel.lines) for parcel in plan.parcels] == [(0, (Line(0, 2),)), (1, (Line(1, 2),))]
    unhurried = deployment.engine()
    unhurried.observe(deployment.wire.stock(stock))
    assert not unhurried.route(Order(1, 0.0, 0, (Line(0, 2), Line(1, 2))), 0.0).limited


def test_a_service_for_another_network_is_refused(url: str, scenario: Scenario) -> None:
    from dataclasses import replace

    with pytest.raises(RoutingError, match="decides for another network"):
        HttpRouter(url, replace(scenario.network, packing_factor=9.0))


def test_nobody_there_is_told(scenario: Scenario) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(RoutingError, match=f"GET {address}/health: nobody answers"):
            HttpRouter(address, scenario.network)


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "ftp://x", "http://", ""])
def test_what_is_no_address_is_told(scenario: Scenario, address: str) -> None:
    with pytest.raises(RoutingError, match="expected an address such as"):
        HttpRouter(address, scenario.network)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_it_does_not_stand_open_to_a_network_without_a_token(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(FulfillSimError, match="there is no token"):
        check_binding(host, None)
    check_binding(host, TOKEN)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_on_this_machine_it_needs_no_token(host: str) -> None:
    check_binding(host, None)


def test_a_token_that_keeps_nobody_out_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FULFILLSIM_TOKEN", "short")
    with pytest.raises(FulfillSimError, match="5 characters - expected at least 16"):
        read_token(None)
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    assert read_token(tmp_path / "token") == TOKEN


def test_the_engine_and_its_remote_twin_need_no_web_framework() -> None:
    code = (
        "import sys, sim.routing.engine, sim.routing.decision_log, sim.contract.http_router, sim.cli\n"
        "sys.exit(bool({'fastapi', 'uvicorn', 'starlette', 'simpy', 'pandas'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
