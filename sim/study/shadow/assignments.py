"""Past assignments from a plain table: who sent what of which order, when, how and at what cost.

Such a table does not tell what else stood on the shelves. A site is taken to have had enough of a product for an order
if the table shows it sending any of that product within a span before or after; elsewhere it is taken to have had none.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import COST_PARTS, Line, Order, Parcel, Plan
from sim.contract.news import StockNews
from sim.errors import ScenarioError
from sim.files import NOT_RENAMED, read_table
from sim.routing.shadow import Past
from sim.routing.view import View
from sim.scenario.tables.cells import number, text
from sim.scenario.tables.given import ORDERS, minute_of, moment, tell_unknown
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sim.files import Row, Table
    from sim.network.network import Network

MOST_USD = 1_000_000
COLUMNS = {
    "order": text, "time": moment, "destination": text, "sku": text, "units": ORDERS["quantity"], "origin": text,
}  # fmt: skip
WAYS = ("service", "carrier")
"""By whom it went, as the network calls it: where both stand there, the first."""
NOT_LOOKED_AT = ("line", "service_level")
_USD = number(0, MOST_USD)
LABEL = COST_PARTS.index("label")


def cost(cell: str) -> float:
    """Read a cost in USD; an empty cell is one that nobody knows."""
    return _USD(cell) if cell else math.nan


def read_assignments(
    path: Path, network: Network, seen_within: float, called: Mapping[str, str] = NOT_RENAMED
) -> Iterator[Past]:
    """Read a table with a row for each product of an order and site that sent it, ``cost`` in USD where it is known.

    Orders come in the order in which they first stand there, with numbers from 1. A moment without an offset is what
    clocks show where the order goes.

    Parameters
    ----------
    seen_within
        The span, minutes.
    called
        What the table calls its columns; with it all others are left alone.

    Raises
    ------
    ScenarioError
        With every problem found, each at its line.
    """
    optional = {**dict.fromkeys(WAYS, text), "cost": cost}
    table = read_table(path, COLUMNS, optional, called, None if called else NOT_LOOKED_AT)
    went = next((column for column in WAYS if any(column in row for row in table.rows)), "")
    if not went and not table.problems:
        table.tell(None, WAYS[0], f"missing column - it is required, or {WAYS[1]}")
    names = {
        "sku": [product.id for product in network.products],
        "origin": [site.id for site in network.sites],
        "destination": [place.id for place in network.places],
        went or WAYS[0]: [service.id for service in network.services],
    }
    tell_unknown(table, names)
    index = {column: {name: i for i, name in enumerate(known)} for column, known in names.items()}
    orders: dict[str, list[Row]] = {}
    for row in table.with_cells(*COLUMNS, went):
        orders.setdefault(row["order"], []).append(row)
        for column in ("time", "destination"):
            if row[column] != (first := orders[row["order"]][0])[column]:
                message = f"{row[column]} - expected the {first[column]} of the same order in line {first['line']}"
                table.tell(row["line"], column, message)
    past = []
    if not table.problems:
        past = [_past(k, rows, went, index, network, table) for k, rows in enumerate(orders.values(), 1)]
    if table.problems:
        raise ScenarioError(table.problems)
    seen = _seen(past)
    return (one._replace(view=View(_stock(one, seen, seen_within, network), {})) for one in past)


def _past(
    number: int, rows: list[Row], went: str, index: dict[str, dict[str, int]], network: Network, table: Table
) -> Past:
    """Return one order as it was served; of the stock nothing is known yet."""
    head = rows[0]
    place = index["destination"][head["destination"]]
    now = minute_of(head["time"], network.clock, network.places[place].time_zone)
    first, last = network.days
    if not first * MINUTES_PER_DAY <= now <= last * MINUTES_PER_DAY:
        table.tell(head["line"], "time", f"{head['time']} - expected a moment in the network's calendar")
    wanted: dict[int, int] = {}
    sent: dict[tuple[int, int], dict[int, int]] = {}
    cents: dict[tuple[int, int], float] = {}
    for row in rows:
        sku, way = index["sku"][row["sku"]], (index["origin"][row["origin"]], index[went][row[went]])
        wanted[sku] = wanted.get(sku, 0) + row["units"]
        parcel = sent.setdefault(way, {})
        parcel[sku] = parcel.get(sku, 0) + row["units"]
        cents[way] = cents.get(way, 0.0) + 100 * row.get("cost", math.nan)
    parcels = []
    for (site, service), basket in sent.items():
        cost = [0.0] * len(COST_PARTS)
        cost[LABEL] = cents[site, service]
        parcels.append(Parcel(site, _lines(basket), service, now, now, tuple(cost)))
    order = Order(number, now, place, _lines(wanted))
    nowhere, nothing = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
    unknown = StockNews(now, nowhere, nowhere, nothing, nothing)
    return Past(head["line"], (order,), now, View(unknown, {}), (Plan(tuple(parcels)),))


def _lines(units: dict[int, int]) -> tuple[Line, ...]:
    return tuple([Line(sku, quantity) for sku, quantity in units.items()])


def _seen(past: Iterable[Past]) -> dict[int, dict[int, list[float]]]:
    """Return when each product is seen to be sent by each site, in order of time."""
    seen: dict[int, dict[int, list[float]]] = {}
    for one in past:
        for parcel in one.plans[0].parcels:
            for sku, _ in parcel.lines:
                seen.setdefault(sku, {}).setdefault(parcel.site, []).append(one.now)
    return {sku: {site: sorted(moments) for site, moments in by.items()} for sku, by in seen.items()}


def _stock(one: Past, seen: dict[int, dict[int, list[float]]], within: float, network: Network) -> StockNews:
    """Return what every site is taken to have had of an order's products."""
    sites = np.arange(len(network.sites))
    lines = one.orders[0].lines
    units = np.zeros((len(lines), len(sites)), dtype=np.int32)
    for row, (sku, quantity) in enumerate(lines):
        for site, moments in seen[sku].items():
            k = bisect_left(moments, one.now - within)
            if k < len(moments) and moments[k] <= one.now + within:
                units[row, site] = quantity
    cells = np.array([sku for sku, _ in lines])[:, None] * len(sites) + sites
    return StockNews(one.now, sites, cells.ravel(), units.ravel(), np.zeros(units.size, dtype=np.int32))
