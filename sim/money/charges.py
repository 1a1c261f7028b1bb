"""What is paid beside handling and carriers, reckoned when the run is over.

Fixed costs, a third party's storage and peak fees, contacts and penalties for broken promises: nothing in the world
reacts to them, so they cost it nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.accounts import Account
from sim.money.fixed import caused_by, payers
from sim.money.flows import stock_at
from sim.units import MINUTES_PER_DAY, round_cents

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns
    from sim.scenario.blocks.costs import FixedCost
    from sim.scenario.load import Scenario

DAYS_PER_MONTH = 365 / 12
CM3_PER_M3 = 1e6
EPSILON = 1e-6  # minutes: the clock adds up spans


def charge(ledger: Ledger, scenario: Scenario, orders: Columns, strategy: str = "") -> None:
    """Book what a run has cost beside its parcels, day by day up to the end of the measured days.

    Parameters
    ----------
    orders
        What `orders_of` says of this ledger.
    strategy
        The name it was routed by: some costs are those of a strategy.
    """
    for cost in caused_by(scenario, strategy).values():
        _fixed(ledger, scenario, cost)
    if any(block.contract is not None for block in scenario.site_blocks):
        _storage(ledger, scenario)
        _peak_fees(ledger, scenario)
    late, cancelled = broken_promises(orders)
    for account, which, share, cents in _of_broken_promises(scenario, late, cancelled):
        rows = np.flatnonzero(which)
        at = np.where(late, orders["promised_delivery"], orders["at"])[rows]
        count = len(rows)
        columns = [at, np.full(count, account), np.full(count, -1), orders["order"][rows], np.full(count, share)]
        ledger.charges.extend([*columns, np.full(count, round_cents(cents))])


def broken_promises(orders: Columns) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which orders are late, not delivered whole by the time first promised, and which we cancelled in part.

    What is cancelled is not late, and what the shopper called off is neither.
    """
    cancelled: NDArray[np.bool_] = orders["units_cancelled"] > orders["units_called_off"]
    promised = np.isfinite(orders["promised_delivery"]) & (orders["units_called_off"] == 0)
    whole = orders["units_picked"] == orders["units"]
    in_time = whole & (np.nan_to_num(orders["delivered_at"], nan=np.inf) <= orders["promised_delivery"] + EPSILON)
    return promised & ~in_time & ~cancelled, cancelled


def _of_broken_promises(
    scenario: Scenario, late: NDArray[np.bool_], cancelled: NDArray[np.bool_]
) -> list[tuple[Account, NDArray[np.bool_], float, float]]:
    """Return what is paid for which orders: an account, how often an order causes it, and the mean price of one."""
    contacts, penalties = scenario.file.contacts, scenario.file.penalties
    found = []
    if contacts is not None:
        found += [
            (Account.CONTACTS, which, share, share * contacts.cost)
            for which, share in ((late, contacts.of_late), (cancelled, contacts.of_cancelled))
            if share
        ]
    if penalties is not None:
        amounts = ((late, penalties.late), (cancelled, penalties.cancelled))
        found += [(Account.PENALTIES, which, 1.0, cents) for which, cents in amounts if cents]
    return found


def _fixed(ledger: Ledger, scenario: Scenario, cost: FixedCost) -> None:
    days = _days(ledger)
    day = np.arange(days + 1, dtype=np.float64)
    if cost.per_month is not None:
        total = cost.per_month / DAYS_PER_MONTH * day
    else:
        assert cost.once is not None
        assert cost.over is not None
        total = cost.once * np.minimum(day / cost.over, 1.0)
    sites = payers(scenario, cost)
    cents = np.tile((_whole(total)[1:] - _whole(total)[:-1])[:, np.newaxis], len(sites))
    _book_days(ledger, Account[cost.account.upper()], np.array(sites), cents, np.ones(cents.shape))


def _storage(ledger: Ledger, scenario: Scenario) -> None:
    """Charge, a day at a time, for the volume that stands there when the day begins."""
    rates = np.array([0.0 if b.contract is None else b.contract.storage for b in scenario.site_blocks])
    sites = np.flatnonzero((rates > 0) & (ledger.sites.columns()["ours"] > 0))
    if not sites.size:
        return
    days = np.arange(_days(ledger), dtype=np.float64) * MINUTES_PER_DAY
    volume = stock_at(ledger, days, ledger.products.columns()["volume_cm3"] / CM3_PER_M3)[:, sites]
    total = np.cumsum(volume * rates[sites] / DAYS_PER_MONTH, axis=0)
    cents = np.diff(_whole(total), axis=0, prepend=0)
    _book_days(ledger, Account.STORAGE, sites, cents, volume)


def _peak_fees(ledger: Ledger, scenario: Scenario) -> None:
    """Charge for each parcel of a day beyond the agreed volume: those picked last."""
    contracts = [block.contract for block in scenario.site_blocks]
    agreed = np.array([np.inf if c is None or not c.parcels_a_day else c.parcels_a_day for c in contracts])
    above = np.array([0 if c is None else round_cents(c.above) for c in contracts])
    parcels = ledger.parcels.columns()
    rows = np.flatnonzero((parcels["picked"] > 0) & np.isfinite(agreed)[parcels["site"]])
    at, site = parcels["picked_at"][rows], parcels["site"][rows]
    day = (at // MINUTES_PER_DAY).astype(np.int64)
    order = np.lexsort((at, day, site))
    rows, at, site, day = rows[order], at[order], site[order], day[order]
    first = np.r_[True, (np.diff(site) != 0) | (np.diff(day) != 0)] if rows.size else np.empty(0, dtype=bool)
    starts = np.flatnonzero(first)
    place = np.arange(len(rows)) - np.repeat(starts, np.diff(np.r_[starts, len(rows)]))
    dear = place >= agreed[site]
    count = int(dear.sum())
    columns = [at[dear], np.full(count, Account.PEAK_FEES), site[dear], parcels["order"][rows[dear]], np.ones(count)]
    ledger.charges.extend([*columns, above[site[dear]]])


def _book_days(
    ledger: Ledger,
    account: Account,
    sites: NDArray[np.int64],
    cents: NDArray[np.int64],
    quantity: NDArray[np.float64],
) -> None:
    """Book amounts by day and site, shape (days, sites)."""
    day, column = (index.reshape(-1) for index in np.indices(cents.shape))
    at = day * MINUTES_PER_DAY
    columns = [at, np.full(len(at), account), sites[column], np.full(len(at), -1), quantity.reshape(-1)]
    ledger.charges.extend([*columns, cents.reshape(-1)])


def _days(ledger: Ledger) -> int:
    return round(ledger.measured[1] / MINUTES_PER_DAY)


def _whole(amounts: NDArray[np.float64]) -> NDArray[np.int64]:
    """Round amounts that are not negative to whole cents, halves up."""
    return np.floor(amounts + 0.5).astype(np.int64)
