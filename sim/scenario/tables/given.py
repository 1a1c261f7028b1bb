"""Tables of what really happened: orders, and sales over the counter, that come instead of drawn ones."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from sim.contract.messages import Line
from sim.errors import ScenarioError, expected_one_of, shown
from sim.fields import day
from sim.files import Table, read_table
from sim.scenario.tables.cells import text, whole
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.files import Row
    from sim.network.calendar import Clock
    from sim.scenario.blocks.demand import DemandBlock

MOST_UNITS = 10_000  # of one product in one order
OLDEST_DAYS = 40  # of an order that is open at the start: calendars begin soon before

GivenSales = dict[tuple[int, int], tuple["NDArray[np.int64]", "NDArray[np.int32]"]]


class GivenOrder(NamedTuple):
    """An order as a table says it: when, minutes, and all else by its number in the scenario.

    Parameters
    ----------
    hold_until, deliver_from
        See `sim.contract.messages.Order`.
    """

    at: float
    place: int
    channel: int
    lines: tuple[Line, ...]
    hold_until: float
    deliver_from: float


def moment(cell: str) -> datetime:
    """Read a date and time such as ``2026-02-02T14:05``, with seconds and an offset from UTC or without."""
    pattern = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?"
    message = f"{shown(cell)} - expected a date and time such as 2026-02-02T14:05 or 2026-02-02T14:05-05:00"
    if not re.fullmatch(pattern, cell):
        raise ValueError(message)
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError(message) from None


def _units(cell: str) -> int:
    units = whole(MOST_UNITS, " units")(cell)
    if not units:
        raise ValueError("0 units - expected at least 1")
    return units


ORDERS: dict[str, Callable[[str], object]] = {
    "placed_at": moment, "place": text, "channel": text, "sku": text, "quantity": _units, "order": text,
}  # fmt: skip
DATES: dict[str, Callable[[str], object]] = {
    name: lambda cell: moment(cell) if cell else None for name in ("hold_until", "deliver_from")
}  # fmt: skip
"""Columns that a table of orders may have besides; an empty cell asks for nothing."""
SALES: dict[str, Callable[[str], object]] = {"date": day, "site": text, "sku": text, "quantity": _units}


def read_orders(
    path: Path, skus: Collection[str] | None, places: Collection[str] | None, channels: Collection[str] | None
) -> Table:
    """Read orders, one line a row; whatever they name is known (where that can be said), and each is one order."""
    table = read_table(path, ORDERS, DATES)
    tell_unknown(table, {"sku": skus, "place": places, "channel": channels})
    first: dict[str, Row] = {}
    lines: dict[tuple[str, str], int] = {}
    for row in table.with_cells(*ORDERS):
        other = first.setdefault(row["order"], row)
        for column in ("placed_at", "place", "channel", *[name for name in DATES if name in row and name in other]):
            if row[column] != other[column]:
                message = f"{_told(row[column])} - expected the {_told(other[column])} of the same order in line "
                table.tell(row["line"], column, message + str(other["line"]))
        line = lines.setdefault((row["order"], row["sku"]), row["line"])
        if line != row["line"]:
            table.tell(row["line"], "sku", f"{row['sku']} stands already in line {line} of the same order")
    return table


def _told(value: object) -> str:
    if value is None:
        return "nothing"
    return value.isoformat(" ", "minutes") if isinstance(value, datetime) else str(value)


def read_sales(path: Path, skus: Collection[str] | None, sites: Collection[str] | None) -> Table:
    """Read sales over the counter: units of a product at a site on a day."""
    table = read_table(path, SALES)
    tell_unknown(table, {"sku": skus, "site": sites})
    return table


def tell_unknown(table: Table, names: Mapping[str, Collection[str] | None]) -> None:
    """Tell each unknown name once, at the first row that has it; what cannot be known is not told."""
    for column, known in names.items():
        strange = set()
        for row in table.with_cells(column) if known is not None else ():
            if known is not None and row[column] not in known and row[column] not in strange:
                strange.add(row[column])
                table.tell(row["line"], column, f"unknown {expected_one_of(row[column], known)}")


def given_orders(
    table: Table, clock: Clock, places: Mapping[str, tuple[int, str]], skus: Sequence[str], channels: Sequence[str]
) -> tuple[GivenOrder, ...]:
    """Return the orders of a table in order of time; equal moments as they stand in it.

    Parameters
    ----------
    places
        Number and time zone by id.

    Raises
    ------
    ScenarioError
        If orders were placed before the scenario starts.
    """
    after = f"a moment after the scenario's start, {clock.start}"  # the tape begins there
    return _orders_of(table, clock, places, skus, channels, lambda at: at >= 0, after)


def open_orders(
    table: Table, clock: Clock, places: Mapping[str, tuple[int, str]], skus: Sequence[str], channels: Sequence[str]
) -> tuple[GivenOrder, ...]:
    """Return likewise the orders that are open when the scenario starts.

    Raises
    ------
    ScenarioError
        If they were placed after that, or too long before, or by a channel that the scenario does not have.
    """
    if channels != ("",):
        tell_unknown(table, {"channel": channels})
    before = f"a moment in the {OLDEST_DAYS} days before the scenario's start, {clock.start}"
    oldest = -OLDEST_DAYS * MINUTES_PER_DAY
    return _orders_of(table, clock, places, skus, channels, lambda at: oldest <= at < 0, before)


def _orders_of(
    table: Table,
    clock: Clock,
    places: Mapping[str, tuple[int, str]],
    skus: Sequence[str],
    channels: Sequence[str],
    fits: Callable[[float], bool],
    expected: str,
) -> tuple[GivenOrder, ...]:
    number = {sku: i for i, sku in enumerate(skus)}
    channel = {name: c for c, name in enumerate(channels)}
    rows: dict[str, list[Row]] = {}
    for row in table.rows:
        rows.setdefault(row["order"], []).append(row)
    orders = []
    for group in rows.values():
        head = group[0]
        place, zone = places[head["place"]]
        at = _minute(table, head, "placed_at", clock, zone)
        if not fits(at):
            table.tell(head["line"], "placed_at", f"{_told(head['placed_at'])} - expected {expected}")
        lines = tuple(Line(number[row["sku"]], row["quantity"]) for row in group)
        dates = [_asked_date(table, head, name, at, clock, zone) for name in DATES]
        orders.append(GivenOrder(at, place, channel.get(head["channel"], 0), lines, *dates))
    if table.problems:
        raise ScenarioError(table.problems)
    return tuple(sorted(orders, key=lambda order: order.at))


def _asked_date(table: Table, row: Row, column: str, placed_at: float, clock: Clock, zone: str) -> float:
    """Return a date that an order asks for; minus infinity if it asks for none."""
    if row.get(column) is None:
        return -math.inf
    asked = _minute(table, row, column, clock, zone)
    if asked < placed_at:
        table.tell(row["line"], column, f"{_told(row[column])} - expected a moment after the order was placed")
    return asked


def _minute(table: Table, row: Row, column: str, clock: Clock, zone: str) -> float:
    """Return the minute of a cell; tell it if no clock in the zone ever showed it."""
    moment = row[column]
    if moment.tzinfo is None and _skipped(moment, ZoneInfo(zone)):
        expected = "a moment that they show, or one with its offset from UTC"
        table.tell(row["line"], column, f"{_told(moment)} - clocks in {zone} skip it; expected {expected}")
    return minute_of(moment, clock, zone)


def _skipped(moment: datetime, zone: ZoneInfo) -> bool:
    return moment.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment


def minute_of(moment: datetime, clock: Clock, zone: str) -> float:
    """Return the minute of a moment; without an offset it is what clocks in the zone show."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    origin = datetime.combine(clock.start, time(0), ZoneInfo(clock.time_zone))
    return (moment.astimezone(UTC) - origin.astimezone(UTC)) / timedelta(minutes=1)


def given_sales(rows: Iterable[Row], start: date, skus: Sequence[str], sites: Sequence[str]) -> GivenSales:
    """Return the products and units sold over the counter, by local day and site, line by line."""
    number = {sku: i for i, sku in enumerate(skus)}
    site = {name: j for j, name in enumerate(sites)}
    lines: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row in rows:
        if row["site"] not in site:  # closed
            continue
        key = (row["date"] - start).days, site[row["site"]]
        lines.setdefault(key, []).append((number[row["sku"]], row["quantity"]))
    return {
        key: (np.array([sku for sku, _ in those]), np.array([units for _, units in those], dtype=np.int32))
        for key, those in lines.items()
    }


def channels_of(demand: DemandBlock, orders: Table | None) -> tuple[str, ...]:
    """Return the channels of a scenario: those it has blocks for, or else those that its table of orders names."""
    if demand.channels:
        return tuple(demand.channels)
    return ("",) if orders is None else tuple(dict.fromkeys(row["channel"] for row in orders.rows)) or ("",)
