"""How long a caller waits: 300 orders a second arrive by chance (Poisson, open loop), 200 sites, three lines each.

Latency counts from the moment a request was due, so that a queue in front of the service is part of it. The service
runs in a process of its own. Longer: ``FULFILLSIM_SECONDS=30 FULFILLSIM_RUNS=5 pytest -m benchmark -s <this file>``.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
import pytest

from sim.contract.wire_values import dumps, loads
from sim.files import write_yaml
from sim.network.file import write_network
from sim.scenario.load import load
from tests.serving import post

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sim.network.network import Network

pytestmark = pytest.mark.benchmark

SITES, LINES, A_SECOND, CONNECTIONS = 200, 3, 300.0, 32
SECONDS = float(os.environ.get("FULFILLSIM_SECONDS", "5"))
RUNS = int(os.environ.get("FULFILLSIM_RUNS", "1"))


def large_network() -> tuple[Network, Any]:
    """Return the shipped network with as many sites as the measurement asks for, and its routing block."""
    scenario = load("us_electronics")
    sites = list(scenario.network.sites)
    while len(sites) < SITES:
        twin = sites[len(sites) - len(scenario.network.sites) + 5]
        sites.append(replace(twin, id=f"{twin.id}_{len(sites)}", lat=twin.lat + 0.2))
    return replace(scenario.network, sites=tuple(sites)), scenario.routing


@contextmanager
def service(network: Network, routing: Any, folder: Path) -> Iterator[str]:
    """Run `fulfillsim serve` in a process of its own and give its address."""
    write_network(network, folder / "network.json")
    write_yaml(folder / "routing.yaml", {"network": "network.json", "strategy": "cheapest", "routing": routing})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sim", "serve", "--config", str(folder / "routing.yaml"), "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                with urlopen(f"{url}/health"):
                    break
            except URLError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def order(rng: np.random.Generator, network: Network, number: int) -> dict[str, Any]:
    skus = rng.choice(len(network.products), LINES, replace=False).tolist()
    lines = [{"sku": network.products[sku].id, "quantity": 1} for sku in skus]
    place = network.places[int(rng.integers(len(network.places)))].id
    return {"id": number, "placed_at": 0, "place": place, "lines": lines}


def counts(rng: np.random.Generator, size: int) -> list[int]:
    return (rng.integers(1, 9, size) * (rng.random(size) < 0.3)).tolist()  # type: ignore[no-any-return]


def told_the_news(rng: np.random.Generator, network: Network, url: str) -> tuple[str, Callable[[int], dict[str, Any]]]:
    """Open a session that knows all stock; each call brings an order and five changes of it."""
    names = [site.id for site in network.sites]
    products = [product.id for product in network.products]
    session = loads(post(f"{url}/sessions", {})[1])["session"]
    everything = {"kind": "stock", "sites": names, "on_hand": {sku: counts(rng, SITES) for sku in products}}
    assert post(f"{url}/sessions/{session}/observe", {"news": [everything]})[0] == 200

    def body(number: int) -> dict[str, Any]:
        site, skus = names[int(rng.integers(SITES))], rng.choice(len(products), 5, replace=False).tolist()
        news = {"kind": "stock", "sites": [site], "on_hand": {products[sku]: [int(rng.integers(9))] for sku in skus}}
        return {"order": order(rng, network, number), "now": number / 100, "news": [news]}

    return f"/sessions/{session}/route", body


def with_its_own_stock(
    rng: np.random.Generator, network: Network, url: str
) -> tuple[str, Callable[[int], dict[str, Any]]]:
    """Each call brings an order and the stock of its products at every site."""
    names = [site.id for site in network.sites]

    def body(number: int) -> dict[str, Any]:
        asked = order(rng, network, number)
        stock = {"sites": names, "on_hand": {line["sku"]: counts(rng, SITES) for line in asked["lines"]}}
        return {"order": asked, "now": number / 100, "stock": stock}

    return "/route", body


async def open_loop(url: str, path: str, bodies: list[bytes], due: list[float]) -> list[float]:
    """Send each body when it is due, whatever became of those before, and return how long each took."""
    host, port = url.removeprefix("http://").split(":")
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        idle.put_nowait(await asyncio.open_connection(host, int(port)))
    start = time.perf_counter() + 0.2
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: "

    async def call(body: bytes, at: float) -> float:
        await asyncio.sleep(max(0.0, start + at - time.perf_counter()))
        reader, writer = await idle.get()
        writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200"), answer
        length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        idle.put_nowait((reader, writer))
        return time.perf_counter() - start - at

    took = await asyncio.gather(*(call(body, at) for body, at in zip(bodies, due, strict=True)))
    while not idle.empty():
        idle.get_nowait()[1].close()
    return took


@pytest.mark.parametrize("form", [told_the_news, with_its_own_stock])
def test_latency_at_300_orders_a_second(form: Callable[..., Any], tmp_path: Path) -> None:
    network, routing = large_network()
    with service(network, routing, tmp_path) as url:
        for run in range(RUNS):
            rng = np.random.default_rng(run)
            path, body = form(rng, network, url)
            due = np.cumsum(rng.exponential(1 / A_SECOND, int(SECONDS * A_SECOND))).tolist()
            bodies = [dumps(body(number)) for number in range(len(due))]
            asyncio.run(open_loop(url, path, bodies[:100], [0.01 * k for k in range(100)]))  # warm up
            took = np.sort(asyncio.run(open_loop(url, path, bodies, due))) * 1000
            assert len(took) == len(due)
            p50, p90, p99 = np.quantile(took, [0.5, 0.9, 0.99])
            size = np.mean([len(body) for body in bodies])
            print(
                f"\n{form.__name__}: {len(took)} calls of {size:.0f} bytes at {len(took) / due[-1]:.0f}/s: "
                f"p50 {p50:.2f} ms, p90 {p90:.2f} ms, p99 {p99:.2f} ms, max {took[-1]:.2f} ms"
            )
