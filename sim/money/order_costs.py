"""What each order of the cohort cost all in, by part, and by whose hands and to where it went.

What its parcels cost is its own. What a site costs in the measured days, for its stock or whatever is ordered, is
shared by the units that it gave the cohort; what the house pays, by orders. So the parts add up to the cost all in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.ledger.accounts import FIXED, OF_STOCK, Account
from sim.network.site import SiteKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns

MODELS = {
    SiteKind.DC.value: "in-house DC",
    SiteKind.THIRD_PARTY.value: "3PL",
    SiteKind.STORE.value: "ship-from-store",
    SiteKind.VENDOR.value: "drop-ship",
}
COLLECTED = "pick-up"
"""Whoever gave it: the shopper came for it."""
SEVERAL = "several"
"""Served by more than one model."""
GROUPS = (*MODELS.values(), COLLECTED, SEVERAL)


def order_costs(ledger: Ledger, orders: Columns, sites: Columns) -> Columns:
    """Return the measured orders that got something, each with its model, its region and its share of every cost.

    Parameters
    ----------
    orders
        What `orders_of` says of this ledger.
    sites
        What `site_costs` says of it.

    Returns
    -------
    dict of ndarray
        Some columns of `orders`, ``model``, ``region``, and cents, not rounded: ``third_party_cents`` (storage and peak
        fees), ``promise_cents`` (contacts and penalties), ``labour_cents`` (wages by the minute), ``stock_cents`` and
        ``fixed_cents``.
    """
    served = np.flatnonzero(orders["measured"] & (orders["units_picked"] > 0))
    found: Columns = {name: values[served] for name, values in orders.items()}
    count, start, end = len(served), *ledger.measured
    rows = _Rows(found["order"])
    picks, kinds = ledger.picks.columns(), ledger.sites.columns()["kind"]
    row = rows.of(picks["order"])
    ours = (row >= 0) & (picks["picked"] > 0)
    given = _Given(row[ours], picks["site"][ours], picks["picked"][ours].astype(np.float64), count, len(kinds))
    found["model"] = np.where(found["collect_at"] >= 0, COLLECTED, _models(given.row, kinds[given.site], count))
    found["region"] = ledger.places.columns()["region"][found["place"]]
    unserved = orders["order"][orders["measured"] & (orders["units_picked"] == 0)]
    for name, accounts in (
        ("third_party_cents", (Account.STORAGE, Account.PEAK_FEES)),
        ("promise_cents", (Account.CONTACTS, Account.PENALTIES)),
        ("fixed_cents", FIXED),
    ):
        found[name] = _charged(ledger, accounts, given, rows, unserved)
    labour = ledger.labour.columns()
    paid = (labour["at"] >= start) & (labour["at"] < end)
    cents = labour["cents"] + labour["wait_cents"] + labour["gave_up_cents"]
    wages = np.bincount(labour["site"][paid], cents[paid], minlength=len(kinds))
    found["labour_cents"] = given.shared(wages, 0.0)
    of_stock = np.sum([sites[f"{account.name.lower()}_cents"] for account in OF_STOCK], axis=0)
    # what was spent on orders that got nothing, such as a search in vain, is borne by the others
    in_vain = float(orders["cost_cents"][np.isin(orders["order"], unserved)].sum())
    found["stock_cents"] = given.shared(of_stock * sites["online_share"], 0.0)
    found["in_vain_cents"] = np.full(count, in_vain / max(count, 1))
    return found


class _Rows:
    """Finds the row of an order that got something by its number."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        self._sorter = np.argsort(numbers)
        self._sorted = numbers[self._sorter]

    def of(self, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row of each order, -1 where it is none of these."""
        if not len(self._sorted):
            return np.full(len(wanted), -1)
        place = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        return np.where(self._sorted[place] == wanted, self._sorter[place], -1)


class _Given(NamedTuple):
    """What sites gave: order (its row), site and units of each pick, and how many orders and sites there are."""

    row: NDArray[np.int64]
    site: NDArray[np.int64]
    units: NDArray[np.float64]
    orders: int
    sites: int

    def shared(self, by_site: NDArray[Any], of_house: float) -> NDArray[np.floating]:
        """Share costs by the units that a site gave; those of sites that gave none are the house's."""
        in_all = np.bincount(self.site, self.units, minlength=self.sites)
        of_house += float(by_site[in_all == 0].sum())
        rate = np.where(in_all > 0, by_site / np.maximum(in_all, 1), 0.0)
        of_sites = np.bincount(self.row, self.units * rate[self.site], minlength=self.orders)
        return of_sites + of_house / max(self.orders, 1)


def _charged(
    ledger: Ledger, accounts: Sequence[Account], given: _Given, rows: _Rows, unserved: NDArray[np.int64]
) -> NDArray[np.floating]:
    """Return what was charged to some accounts, by order."""
    charges, (start, end) = ledger.charges.columns(), ledger.measured
    those, of_order = np.isin(charges["account"], accounts), charges["order"] >= 0
    inside = ~of_order & (charges["at"] >= start) & (charges["at"] < end)
    own = rows.of(charges["order"])
    mine = those & of_order & (own >= 0)
    # of the cohort, but nothing was sent: the others bear it
    lost = those & of_order & (own < 0) & np.isin(charges["order"], unserved)
    house = those & inside & (charges["site"] < 0)
    at_site = those & inside & (charges["site"] >= 0)
    by_site = np.bincount(charges["site"][at_site], charges["cents"][at_site], minlength=given.sites)
    of_house = float(charges["cents"][house].sum() + charges["cents"][lost].sum())
    return np.bincount(own[mine], charges["cents"][mine], minlength=given.orders) + given.shared(by_site, of_house)


def _models(row: NDArray[np.int64], kind: NDArray[np.str_], count: int) -> NDArray[np.str_]:
    """Return each order's model: that of the sites that served it, if it is one."""
    names = np.array([*MODELS.values(), SEVERAL])
    number = np.array([list(MODELS).index(each) for each in kind.tolist()], dtype=np.int64)
    least, most = np.full(count, len(names)), np.full(count, -1)
    np.minimum.at(least, row, number)
    np.maximum.at(most, row, number)
    found: NDArray[np.str_] = names[np.where(least == most, least, len(MODELS))]
    return found
