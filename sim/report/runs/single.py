"""One run of one strategy: every table of its ledger kept, its KPIs shown, and where the time went if asked."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Column
from rich.table import Table as Grid

from sim.chance.tape import Tape
from sim.contract.http_router import HttpRouter
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.money.charges import charge
from sim.report.comparison.groups import groups_of
from sim.report.comparison.table import label
from sim.report.say import say
from sim.report.words import number
from sim.routing.build import build_engine
from sim.study.kpis.by_service import COLUMNS, by_service
from sim.study.kpis.catalogue import BY_NAME, KPIS, definitions, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.study.runs.run_folder import known_of, write_tables
from sim.study.runs.store import new_run, versions, write_json, write_parquet
from sim.study.stopwatch import watch_run
from sim.world.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.contract.router import Router
    from sim.study.experiment import Experiment
    from sim.study.kpis.catalogue import Sums


def run_single(
    experiment: Experiment,
    replication: int,
    root: Path,
    profile: bool,
    router_url: str | None = None,
    named: tuple[str, Sequence[str]] = ("", ()),
) -> Path:
    """Run, audit, write ``<root>/<scenario>/<run>/`` and print; return the folder.

    Parameters
    ----------
    router_url
        Where a routing service is that decides instead of the experiment's first strategy.
    named
        What the scenario was called, and the changes made to it: so it is found again.
    """
    scenario, arm = experiment.scenario, experiment.arms[0]
    console, start = Console(), time.perf_counter()
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
    charge(ledger, scenario, orders, arm)
    audit(ledger, orders)
    cohort = cohort_of(ledger, orders)
    sums = sums_of(cohort)
    with new_run(root, scenario.name, scenario.digest) as (temporary, final):
        write_parquet(temporary / "orders.parquet", cohort.orders)
        write_tables(ledger, orders, sums, temporary)
        manifest = {
            "scenario": scenario.name, "scenario_sha256": scenario.digest, "tables_sha256": scenario.table_digests,
            "resolved": scenario.resolved(), "strategy": arm, "replication": replication, "seed": experiment.seed,
            "wall_seconds": round(time.perf_counter() - start, 2), "ledger_audited": True, "kpis": definitions(),
            "ledger": known_of(ledger),
            "asked": {"scenario": named[0], "changes": list(named[1]), "router": router_url},
            "versions": versions(),
        }  # fmt: skip
        write_json(temporary / "manifest.json", manifest)
    console.print(_kpis_table(f"{scenario.name}, {arm}, replication {replication}", sums))
    if len(cohort.trips["parcel"]):
        console.print(_services_table(by_service(cohort, [service.id for service in scenario.network.services])))
    routed = len(orders["order"])
    say(console, f"{routed:,} orders, {sums.open_orders} of the measured ones still open at the end; ledger audited")
    if seconds:
        console.print(_time_table(seconds, routed))
    say(console, f"tables in {final}")
    return final


def _grid(title: str, first: str, *others: str) -> Grid:
    """Return an empty table of names and numbers."""
    heads = (Column(head, justify="right") for head in others)
    return Grid(Column(first), *heads, title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))


def _kpis_table(title: str, sums: Sums) -> Grid:
    grid = _grid(title, "", "value")
    values = {kpi.name: estimate(kpi, [sums]).value for kpi in KPIS}
    for _, heads in groups_of(lambda name: [values[name]]):
        for name in heads:
            grid.add_row(label(name), number(BY_NAME[name], values[name]))
    return grid


def _services_table(services: dict[str, tuple[float | None, ...]]) -> Grid:
    grid = _grid("The carriers' services", "", *COLUMNS)
    for service, values in services.items():
        cells = (f"{v:,d}" if isinstance(v, int) else "n/a" if v is None else f"{v:,.2f}" for v in values)
        grid.add_row(service, *cells)
    return grid


def _time_table(seconds: dict[str, float], routed: int) -> Grid:
    grid = _grid("Where the time goes, microseconds per order", "part", "us per order")
    for part in ("feeds", "walk_ins", "routing", "world", "ledger"):
        grid.add_row(part.replace("_", "-"), f"{seconds.get(part, 0.0) / routed * 1e6:.1f}")
    grid.add_row("all", f"{sum(seconds.values()) / routed * 1e6:.1f}")
    return grid
