"""What the stock of each site has cost in the measured days, and how much of it is for online orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.accounts import OF_STOCK
from sim.money.journal import Event
from sim.money.posting import journal_of

if TYPE_CHECKING:
    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns


def site_costs(ledger: Ledger) -> Columns:
    """Return the sites, column by column.

    Returns
    -------
    dict of ndarray
        ``site``; ``online_units`` picked and ``walk_in_units`` sold there in the measured days; ``online_share`` of the
        units that left (0 where none did); ``sold_cents``, the cost of the goods among them that were ours; a column of
        cents per account of stock, such as ``inbound_cents``.
    """
    start, end = ledger.measured
    sites = len(ledger.sites.columns()["site"])
    picks, walk_ins = ledger.picks.columns(), ledger.walk_ins.columns()
    picked = (picks["at"] >= start) & (picks["at"] < end)
    sold = (walk_ins["at"] >= start) & (walk_ins["at"] < end)
    online = np.bincount(picks["site"][picked], picks["picked"][picked], minlength=sites)
    cost, ours = ledger.products.columns()["unit_cost_cents"], ledger.sites.columns()["ours"] > 0
    cell, units = walk_ins["cell"][sold], walk_ins["sold"][sold]
    sku, at = np.divmod(cell, max(sites, 1))
    goods = np.bincount(picks["site"][picked], (picks["picked"] * cost[picks["sku"]])[picked], minlength=sites)
    in_store = np.bincount(at, units, minlength=sites)
    goods = goods + np.bincount(at, units * cost[sku], minlength=sites)
    journal = journal_of(ledger, (Event.SUPPLY_ORDER, Event.MOVEMENT, Event.COUNT, Event.DAY))
    lines = {name: values[journal.lines["measured"]] for name, values in journal.lines.items()}
    found: Columns = {
        "site": np.arange(sites),
        "online_units": online.astype(np.int64),
        "walk_in_units": in_store.astype(np.int64),
        "online_share": online / np.maximum(online + in_store, 1),
        "sold_cents": np.where(ours, goods, 0).astype(np.int64),
    }
    for account in OF_STOCK:
        rows = (lines["account"] == account) & (lines["site"] >= 0)
        cents = np.bincount(lines["site"][rows], lines["cents"][rows], minlength=sites)
        found[f"{account.name.lower()}_cents"] = cents.astype(np.int64)
    return found
