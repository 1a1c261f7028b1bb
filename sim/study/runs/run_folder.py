"""A run's folder: every table of its ledger, its journal and its KPIs; and the ledger read back from there."""

from __future__ import annotations

import json
from dataclasses import fields
from itertools import chain
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np

from sim.errors import FulfillSimError
from sim.ledger.accounts import Account, sort_of, title
from sim.ledger.ledger import Ledger
from sim.ledger.parcels import parcels_of
from sim.ledger.sellers import seller_days
from sim.ledger.table import Table
from sim.ledger.walk_ins import walk_ins_of
from sim.money.journal import Journal
from sim.money.posting import journal_of
from sim.study.kpis.catalogue import KPIS, Sums, estimate
from sim.study.kpis.cohort import cohort_of, measured_rows
from sim.study.kpis.database import with_tables
from sim.study.runs.store import write_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.ledger.orders import Columns

_WITH_MORE = {"parcels": parcels_of, "walk_ins": walk_ins_of}
"""Tables that KPIs read with columns derived from others."""
_RECORD, _ASIDE = "record", "aside_"


def write_tables(ledger: Ledger, orders: Columns, sums: Sums, folder: Path) -> None:
    """Write every table; those that KPIs are read off say of each row whether it counts."""
    measured = measured_rows(ledger, orders)
    for field in fields(ledger):
        value = getattr(ledger, field.name)
        if isinstance(value, Table):
            columns = dict(value.columns()) if field.name not in _WITH_MORE else _WITH_MORE[field.name](ledger)
            if field.name in measured:
                columns["measured"] = measured[field.name]
            write_parquet(folder / f"{field.name}.parquet", columns)
    derived = {"sellers": seller_days(ledger, orders), "site_costs": cohort_of(ledger, orders).site_costs}
    for name, columns in derived.items():
        every = np.ones(len(next(iter(columns.values()))), dtype=bool)
        write_parquet(folder / f"{name}.parquet", {**columns, "measured": every})
    write_parquet(folder / "stock.parquet", _stock(ledger))
    write_parquet(folder / "journal.parquet", journal_of(ledger).lines)
    accounts = [(account, title(account), sort_of(account)) for account in Account]
    write_parquet(folder / "accounts.parquet", _columns(("account", "name", "sort"), accounts))
    kpis = [(kpi.name, *sums.pairs.get(kpi.name, (np.nan, np.nan)), estimate(kpi, [sums]).value) for kpi in KPIS]
    write_parquet(folder / "kpi_values.parquet", _columns(("kpi", "numerator", "denominator", "value"), kpis))


def _columns(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Columns:
    return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def known_of(ledger: Ledger) -> dict[str, Any]:
    """Return what a run's manifest tells beside its tables, for `read_ledger`."""
    return {
        "measured_minutes": list(ledger.measured),
        "cancellation_limits": {str(channel): limit for channel, limit in ledger.cancellation_limits.items()},
        "obsolescence_share": ledger.obsolescence_share,
        "records_drift": bool(ledger.records),
        "staged": {str(site): units for site, units in ledger.closing_staged.items()},
        "merging": {str(site): units for site, units in ledger.closing_merging.items()},
    }


def _cells(ledger: Ledger) -> dict[str, NDArray[np.int32]]:
    """Return everything that is counted by product and site at the beginning and the end."""
    found = {
        "opening": ledger.opening_stock, "closing": ledger.closing_stock,
        "opening_in_transit": ledger.opening_in_transit, "closing_in_transit": ledger.closing_in_transit,
        **{f"{when}_{_RECORD}": units for when, units in ledger.records.items()},
    }  # fmt: skip
    for when, states in (("opening", ledger.opening_aside), ("closing", ledger.closing_aside)):
        for state, units in states.items():
            found[f"{when}_{_ASIDE}{state}"] = units.reshape(ledger.opening_stock.shape)
    return found


def _stock(ledger: Ledger) -> dict[str, NDArray[Any]]:
    cells = _cells(ledger)
    sku, site = np.nonzero(sum((units != 0).astype(int) for units in cells.values()))
    return {"sku": sku, "site": site, **{name: units[sku, site] for name, units in cells.items()}}


def newest(folder: Path) -> Path:
    """Return a run's folder, or of a folder of runs the latest.

    Raises
    ------
    FulfillSimError
        If there is none.
    """
    if (folder / "manifest.json").exists() or not folder.is_dir():
        return folder
    scenarios = folder.glob("*/journal.parquet"), folder.glob("*/*/journal.parquet")  # the runs of one, or of several
    runs = sorted(chain(*scenarios), key=lambda path: path.parent.name)
    if not runs:
        raise FulfillSimError(f"{folder}: no run in there - expected a folder that `fulfillsim run` wrote")
    return runs[-1].parent


def read_ledger(folder: Path) -> Ledger:
    """Read back what `write_tables` wrote.

    Raises
    ------
    FulfillSimError
        If it is no folder of a run, or a table is missing or not to be read.
    """
    manifest = folder / "manifest.json"
    if not manifest.is_file() or not (folder / "stock.parquet").is_file():
        raise FulfillSimError(f"{folder}: no run's tables - expected a folder that `fulfillsim run` wrote")
    try:
        known = json.loads(manifest.read_text(encoding="utf-8"))["ledger"]
        products, sites = (len(read_table(folder, name)[key]) for name, key in (("products", "sku"), ("sites", "site")))
        stock = read_table(folder, "stock")
        cells: dict[str, NDArray[np.int32]] = {}
        for name in stock.keys() - {"sku", "site"}:
            cells[name] = np.zeros((products, sites), dtype=np.int32)
            cells[name][stock["sku"], stock["site"]] = stock[name]
        start, end = known["measured_minutes"]
        limits = {int(channel): limit for channel, limit in known["cancellation_limits"].items()}
        ledger = Ledger(
            cells["opening"], cells["closing"], (start, end), limits,
            opening_in_transit=cells["opening_in_transit"], closing_in_transit=cells["closing_in_transit"],
            obsolescence_share=known["obsolescence_share"],
            closing_staged={int(site): units for site, units in known["staged"].items()},
            closing_merging={int(site): units for site, units in known["merging"].items()},
        )  # fmt: skip
        for field in fields(ledger):
            value = getattr(ledger, field.name)
            if isinstance(value, Table):
                columns = read_table(folder, field.name)
                value.extend([columns[name] for name in value.names])
    except (duckdb.Error, KeyError, ValueError, IndexError) as error:
        raise FulfillSimError(f"{folder}: cannot be read as a run's tables ({error})") from None
    for when, aside in (("opening", ledger.opening_aside), ("closing", ledger.closing_aside)):
        if known["records_drift"]:
            ledger.records[when] = cells[f"{when}_{_RECORD}"]
        prefix = f"{when}_{_ASIDE}"
        aside.update({name[len(prefix) :]: units.reshape(-1) for name, units in cells.items() if prefix in name})
    return ledger


def read_table(folder: Path, name: str) -> Columns:
    """Read one table of a run, column by column; NULL becomes NaN."""
    file = str(folder / f"{name}.parquet").replace("'", "''")
    with with_tables({}) as connection:
        found = connection.execute(f"SELECT * FROM '{file}'").fetchnumpy()
    return {name: np.ma.filled(c, np.nan) if np.ma.is_masked(c) else np.asarray(c) for name, c in found.items()}


def read_journal(folder: Path) -> Journal:
    """Read the journal that a run kept."""
    return Journal(read_table(folder, "journal"))
