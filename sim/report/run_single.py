"""One run of one strategy: every table of its ledger kept, its KPIs shown, and where the time went if asked."""

from __future__ import annotations

import os
import time
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table as Grid

from sim.chance.tape import Tape
from sim.contract.http_router import HttpRouter
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.ledger.sellers import seller_days
from sim.ledger.table import Table
from sim.report.table import CARRIERS, RECORDS, SHOWN, label
from sim.report.words import number
from sim.routing.build import build_engine
from sim.study.by_service import COLUMNS, by_service
from sim.study.kpis import BY_NAME, cohort_of, definitions, estimate, measured_rows, sums_of
from sim.study.stopwatch import watch_run
from sim.study.store import new_run, versions, write_json, write_parquet
from sim.world.simulate import simulate

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.contract.router import Router
    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns
    from sim.study.experiment import Experiment


def run_single(
    experiment: Experiment, replication: int, root: Path, profile: bool, router_url: str | None = None
) -> Path:
    """Run, audit, write ``<root>/<scenario>/<run>/`` and print; return the folder.

    Parameters
    ----------
    router_url
        Where a routing service is that decides instead of the experiment's first strategy.
    """
    scenario, arm = experiment.scenario, experiment.arms[0]
    console = Console()
    start = time.perf_counter()
    router: Router
    if router_url is None:
        router = build_engine(experiment.config, arm, scenario.network)
    else:
        arm = router_url
        router = HttpRouter(router_url, scenario.network, token=os.environ.get("FULFILLSIM_TOKEN"))
    tape = Tape(scenario, experiment.seed, replication)
    if profile:
        for day in range(-1, scenario.file.clock.warm_up + scenario.file.clock.measure + 1):
            tape.shoppers(day), tape.walk_ins(day)  # the tape is made for all strategies, so not at this one's expense
        ledger, seconds = watch_run(scenario, tape, router)
    else:
        ledger, seconds = simulate(scenario, tape, router), {}
    if isinstance(router, HttpRouter):
        router.close()
    orders = orders_of(ledger)
    audit(ledger, orders)
    cohort = cohort_of(ledger, orders)
    with new_run(root, scenario.name, scenario.digest) as (temporary, final):
        write_parquet(temporary / "orders.parquet", cohort.orders)
        _write_tables(ledger, orders, temporary)
        manifest = {
            "scenario": scenario.name, "scenario_sha256": scenario.digest, "tables_sha256": scenario.table_digests,
            "resolved": scenario.resolved(), "strategy": arm, "replication": replication, "seed": experiment.seed,
            "wall_seconds": round(time.perf_counter() - start, 2), "ledger_audited": True, "kpis": definitions(),
            "versions": versions(),
        }  # fmt: skip
        write_json(temporary / "manifest.json", manifest)
    sums = sums_of(cohort)
    grid = Grid(title=f"{scenario.name}, {arm}, replication {replication}", title_justify="left")
    grid.add_column("")
    grid.add_column("value", justify="right")
    drifts, watched = (sums.pairs[name][1] > 0 for name in ("record_accuracy", "carrier_on_time_rate"))
    for name in SHOWN:
        if (name not in RECORDS[1] or drifts) and (name not in CARRIERS[1] or watched):
            grid.add_row(label(name, drifts), number(BY_NAME[name], estimate(BY_NAME[name], [sums]).value))
    console.print(grid)
    if watched:
        console.print(_services_table(by_service(cohort, [service.id for service in scenario.network.services])))
    routed = len(orders["order"])
    console.print(f"{routed:,} orders, {sums.open_orders} of the measured ones still open at the end; ledger audited")
    if seconds:
        console.print(_time_table(seconds, routed))
    console.print(f"tables in {final}", soft_wrap=True, highlight=False)
    return final


def _write_tables(ledger: Ledger, orders: Columns, folder: Path) -> None:
    """Write every table; those that KPIs are read off say of each row whether it counts."""
    measured = measured_rows(ledger, orders)
    for field in fields(ledger):
        value = getattr(ledger, field.name)
        if isinstance(value, Table):
            columns = dict(value.columns())
            if field.name in measured:
                columns["measured"] = measured[field.name]
            write_parquet(folder / f"{field.name}.parquet", columns)
    sellers = seller_days(ledger, orders)
    write_parquet(folder / "sellers.parquet", {**sellers, "measured": np.ones(len(sellers["at"]), dtype=bool)})
    sku, site = np.nonzero((ledger.opening_stock > 0) | (ledger.closing_stock > 0))
    stock: dict[str, NDArray[Any]] = {
        "sku": sku,
        "site": site,
        "opening": ledger.opening_stock[sku, site], "closing": ledger.closing_stock[sku, site],
    }  # fmt: skip
    write_parquet(folder / "stock.parquet", stock)


def _services_table(services: dict[str, tuple[float | None, ...]]) -> Grid:
    grid = Grid(title="The carriers' services", title_justify="left")
    grid.add_column("")
    for title in COLUMNS:
        grid.add_column(title, justify="right")
    for service, values in services.items():
        cells = (f"{v:,d}" if isinstance(v, int) else "n/a" if v is None else f"{v:,.2f}" for v in values)
        grid.add_row(service, *cells)
    return grid


def _time_table(seconds: dict[str, float], routed: int) -> Grid:
    grid = Grid(title="Where the time goes, microseconds per order", title_justify="left")
    grid.add_column("part")
    grid.add_column("us per order", justify="right")
    for part in ("feeds", "walk_ins", "routing", "world", "ledger"):
        grid.add_row(part.replace("_", "-"), f"{seconds.get(part, 0.0) / routed * 1e6:.1f}")
    grid.add_row("all", f"{sum(seconds.values()) / routed * 1e6:.1f}")
    return grid
