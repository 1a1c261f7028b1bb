"""The state in which a run ends, kept as tables from which other runs start: stock, goods on their way, open orders."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from sim.chance.tape import Tape
from sim.errors import FulfillSimError
from sim.files import new_folder, write_yaml
from sim.ledger.fates import Fate
from sim.routing.build import build_engine
from sim.scenario.load import load, shipped_scenarios
from sim.scenario.tables.tables import RECEIPTS, STOCK
from sim.study.experiment import routing_of
from sim.units import MINUTES_PER_DAY
from sim.world.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario

BACKLOG = "order", "placed_at", "place", "channel", "sku", "quantity"
NO_NAME = "any"
"""Of a channel, where a scenario has none."""


class SavedState(NamedTuple):
    """What was written.

    Parameters
    ----------
    units, coming, orders
        Units on the shelves and on their way; orders that are open.
    left_out
        Open orders that are to be collected: they cannot be told in a table of orders.
    """

    units: int
    coming: int
    orders: int
    left_out: int


def save_state(scenario: Scenario, strategy: str, days: int, seed: int, folder: Path) -> SavedState:
    """Run the first days of a scenario once, and write a scenario that goes on from there.

    Shelves as they truly are, goods by the day they are due, open orders by the units that have left no shelf. Records
    start right, nothing stands aside, and parcels under way are as good as there.

    Raises
    ------
    FulfillSimError
        If the scenario can be extended from nowhere near the folder, or replays what was dated before.
    """
    base = _name_for(scenario, folder)
    if scenario.given_orders is not None or scenario.given_sales is not None:
        raise FulfillSimError(f"{scenario.name}: replays what has happened - expected a scenario whose demand is drawn")
    ledger = _run(scenario, strategy, days, seed)
    start = scenario.file.clock.start + timedelta(days)
    stock, coming = list(_stock(scenario, ledger)), list(_coming(scenario, ledger))
    lines, left_out = _backlog(scenario, ledger)
    values = {"clock.start": start.isoformat(), "clock.warm_up": "0 days", "opening_stock": "stock.csv"}
    with new_folder(folder) as temporary:
        _write(temporary / "stock.csv", STOCK, stock)
        if coming:
            _write(temporary / "receipts.csv", RECEIPTS, coming)
            values["opening_receipts"] = "receipts.csv"
        if lines:
            _write(temporary / "backlog.csv", BACKLOG, lines)
            values["opening_backlog"] = "backlog.csv"
        title = f"{scenario.file.title}, from its state after {days} days ({strategy}, seed {seed})"
        write_yaml(temporary / "scenario.yaml", {"extends": base, "title": title, "set": values})
    load(folder)  # what is written here can be read
    return SavedState(
        sum(row[2] for row in stock), sum(row[3] for row in coming), len({row[0] for row in lines}), left_out
    )


def _name_for(scenario: Scenario, folder: Path) -> str:
    """Return by which name a scenario in the folder may extend this one."""
    own = scenario.source.path.resolve()
    shipped = {path.resolve(): name for name, path in shipped_scenarios().items()}
    if own in shipped:
        return shipped[own]
    if own.parent.parent == folder.resolve().parent and own.name == "scenario.yaml":
        return f"../{own.parent.name}"
    message = f"{folder}: a scenario there cannot extend {own} - expected a folder beside {own.parent.name}/"
    raise FulfillSimError(message)


def _run(scenario: Scenario, strategy: str, days: int, seed: int) -> Ledger:
    clock = scenario.file.clock.model_copy(update={"warm_up": 0, "measure": days, "drain_limit": 0})
    short = replace(scenario, file=scenario.file.model_copy(update={"clock": clock}))
    return simulate(short, Tape(short, seed, 0), build_engine(routing_of(scenario), strategy, scenario.network))


def _stock(scenario: Scenario, ledger: Ledger) -> Iterator[tuple[str, str, int]]:
    shelves = _of_goods(scenario, ledger.closing_stock)
    for sku, site in zip(*np.nonzero(shelves), strict=True):
        yield scenario.goods[sku].id, scenario.network.sites[site].id, int(shelves[sku, site])


def _coming(scenario: Scenario, ledger: Ledger) -> Iterator[tuple[str, str, str, int]]:
    """Yield what is due; what waits at a dock is due at once."""
    first = ledger.measured[1]
    sites, owners = len(scenario.network.sites), max(len(scenario.owners), 1)
    rows = ledger.closing_receipts.columns()
    day = np.maximum((rows["due_at"] - first) // MINUTES_PER_DAY, 0).astype(np.int64)
    keys = (day * len(scenario.goods) + rows["sku"] // owners) * sites + rows["site"]
    which, inverse = np.unique(keys, return_inverse=True)
    units = np.bincount(inverse, rows["quantity"], len(which)).astype(np.int64)
    start = scenario.file.clock.start + timedelta(first / MINUTES_PER_DAY)
    for key, count in zip(which.tolist(), units.tolist(), strict=True):
        rest, site = divmod(key, sites)
        due, sku = divmod(rest, len(scenario.goods))
        yield scenario.goods[sku].id, scenario.network.sites[site].id, (start + timedelta(due)).isoformat(), count


def _of_goods(scenario: Scenario, units: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the units of all owners together, shape (goods, sites)."""
    found: NDArray[np.int64] = units.reshape(len(scenario.goods), -1, units.shape[1]).sum(axis=1, dtype=np.int64)
    return found


def _backlog(scenario: Scenario, ledger: Ledger) -> tuple[list[tuple[str, ...]], int]:
    """Return the lines of open orders with the units that nobody has taken or cancelled; and how many are left out."""
    open_units: dict[tuple[int, int], int] = {}
    for table, column, sign in (
        ("order_lines", "quantity", 1),
        ("picks", "picked", -1),
        ("cancellations", "quantity", -1),
    ):
        rows = getattr(ledger, table).columns()
        for order, sku, units in zip(rows["order"].tolist(), rows["sku"].tolist(), rows[column].tolist(), strict=True):
            open_units[order, sku] = open_units.get((order, sku), 0) + sign * units
    shoppers = ledger.shoppers.columns()
    here = np.flatnonzero(shoppers["fate"] == Fate.ORDERED)
    row_of = dict(zip(shoppers["order"][here].tolist(), here.tolist(), strict=True))
    collected = set(ledger.pick_ups.columns()["order"].tolist())
    wanted = [(key, units) for key, units in open_units.items() if units > 0]
    left_out = {order for (order, _), _ in wanted if order in collected}
    origin = datetime.combine(scenario.file.clock.start, time(0), ZoneInfo(scenario.file.clock.time_zone)).astimezone(
        UTC
    )
    owners = max(len(scenario.owners), 1)
    lines: list[tuple[str, ...]] = []
    for (order, sku), units in wanted:
        if order not in left_out:
            row = row_of[order]
            placed = origin + timedelta(minutes=float(shoppers["at"][row]))
            channel = scenario.channels[shoppers["channel"][row]] or NO_NAME
            place = scenario.network.places[shoppers["place"][row]].id
            when = placed.isoformat(timespec="microseconds")
            lines.append((str(order), when, place, channel, scenario.goods[sku // owners].id, str(units)))
    return lines, len(left_out)


def _write(path: Path, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
