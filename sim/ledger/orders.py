"""One row per order, derived from the ledger's tables: what was wanted, what became of it, when, at what cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.messages import COST_PARTS
from sim.ledger.ledger import Cancelled, Fate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger

Columns = dict[str, "NDArray[Any]"]


def orders_of(ledger: Ledger) -> Columns:
    """Return the orders of a run, column by column, in order of arrival.

    Returns
    -------
    dict of ndarray
        ``order, at, place, lines, units, value_cents, margin_cents, channel`` as ordered, ``substituted`` units of it;
        ``units_first, lines_first`` picked without having been backordered; ``units_picked, units_cancelled`` (by
        anybody), ``units_called_off`` (by the shopper), ``units_short`` (asked of a shelf that did not have them),
        ``units_asked``; ``units_promised`` by sites, each time anew, but for those called back; ``backordered`` (units
        at the first decision);
        ``parcels, sites`` that gave something; ``reroutes`` (times a part came back from a site and was routed again),
        ``revisions``; ``decided_at`` (first, NaN if never); ``promised_ship, promised_delivery`` by the
        first decision (NaN without a promise); ``handed_at, delivered_at`` of the last parcel, ``delivery_hours`` from
        order to it (NaN if none, or never); a column per cost part, ``claims_cents`` for parcels lost or spoilt net of
        what is paid back to us, ``cost_cents`` the sum of all; ``units_lost`` that never came or came spoilt, net of
        those sent once more; ``cancelled_margin_cents``, that of refunds included; ``measured`` whether it was placed
        in the measurement window.
    """
    shoppers = ledger.shoppers.columns()
    ordered = shoppers["fate"] == Fate.ORDERED
    orders: Columns = {
        name: shoppers[name][ordered]
        for name in ("order", "at", "place", "lines", "units", "value_cents", "margin_cents", "channel", "substituted")
    }
    count = len(orders["order"])
    row_of = _Rows(orders["order"])
    parcels, picks, decisions = ledger.parcels.columns(), ledger.picks.columns(), ledger.decisions.columns()
    cancelled = ledger.cancellations.columns()

    of_parcel = row_of(parcels["order"])
    claims = ledger.claims.columns()
    of_claim = row_of(claims["order"])
    sent = parcels["picked"] > 0
    given = sent.copy()
    given[claims["parcel"][claims["again"] > 0]] = False  # what is sent once more counts then
    first = parcels["after_backorder"] == 0
    again = _sum(of_claim, claims["again"], count)
    orders["units_picked"] = _sum(of_parcel, parcels["picked"], count) - again
    orders["units_lost"] = _sum(of_claim, claims["units"], count) - again
    orders["units_first"] = _sum(of_parcel[first], parcels["picked"][first], count)
    orders["lines_first"] = _lines_filled(ledger, row_of, first[picks["parcel"]], count)
    orders["units_asked"] = _sum(of_parcel, parcels["asked"], count)
    orders["units_short"] = orders["units_asked"] - orders["units_picked"] - again
    orders["units_cancelled"] = _sum(row_of(cancelled["order"]), cancelled["quantity"], count)
    by_shopper = cancelled["why"] == Cancelled.BY_SHOPPER
    of_shopper, changes = cancelled["order"][by_shopper], ledger.changes.columns()
    orders["units_called_off"] = _sum(row_of(of_shopper), cancelled["quantity"][by_shopper], count)
    orders["cancelled_margin_cents"] = _sum(row_of(cancelled["order"]), cancelled["margin_cents"], count)
    orders["parcels"] = np.bincount(of_parcel[sent], minlength=count)
    sites = len(ledger.opening_stock[0]) if ledger.opening_stock.size else 1
    distinct = np.unique(of_parcel[given] * sites + parcels["site"][given])
    orders["sites"] = np.bincount(distinct // sites, minlength=count)
    orders["handed_at"] = _latest(of_parcel[given], parcels["handed_at"][given], count)
    orders["delivered_at"] = _latest(of_parcel[given], parcels["delivered_at"][given], count)
    orders["delivery_hours"] = (orders["delivered_at"] - orders["at"]) / 60
    for part in COST_PARTS:
        orders[f"{part}_cents"] = _sum(of_parcel, parcels[f"{part}_cents"], count)
    net = claims["contact_cents"] + claims["goods_cents"] - claims["recovered_cents"]
    orders["claims_cents"] = _sum(of_claim, net, count)
    parts = [orders[f"{part}_cents"] for part in COST_PARTS]
    orders["cost_cents"] = np.sum([*parts, orders["claims_cents"]], axis=0)
    refunds = claims["refund_cents"] > 0
    orders["cancelled_margin_cents"] += _sum(
        of_claim[refunds], (claims["refund_cents"] - claims["goods_cents"])[refunds], count
    )

    of_decision = row_of(decisions["order"])
    orders["units_promised"] = _sum(of_decision, decisions["promised"], count)
    orders["units_promised"] -= _sum(row_of(changes["order"]), changes["withdrawn"], count)
    # attempts count up; what the router decides by itself about lines it kept is no new one
    orders["reroutes"] = np.zeros(count, dtype=np.int64)
    np.maximum.at(orders["reroutes"], of_decision, decisions["attempt"])
    orders["revisions"] = np.bincount(of_decision[decisions["withdrawn"] > 0], minlength=count)
    # an order's first decision is the first row that names it
    _, first_row = np.unique(of_decision, return_index=True)
    made = of_decision[first_row]
    promised = (decisions["backordered"] == 0) & (decisions["unfilled"] == 0)
    orders["decided_at"] = np.full(count, np.nan)
    orders["decided_at"][made] = decisions["at"][first_row]
    orders["backordered"] = np.zeros(count, dtype=np.int64)
    orders["backordered"][made] = decisions["backordered"][first_row]
    for name, column in (("promised_ship", "ship_at"), ("promised_delivery", "deliver_at")):
        orders[name] = np.full(count, np.nan)
        orders[name][made] = np.where(promised, decisions[column], np.nan)[first_row]
    start, end = ledger.measured
    orders["measured"] = (orders["at"] >= start) & (orders["at"] < end)
    return orders


class _Rows:
    """Finds the row of an order by its number."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        self._sorter = np.argsort(numbers)
        self._sorted = numbers[self._sorter]

    def __call__(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        return self._sorter[np.searchsorted(self._sorted, numbers)]


def _sum(rows: NDArray[np.int64], values: NDArray[Any], count: int) -> NDArray[np.int64]:
    # weights are summed in float64, which is exact for whole numbers up to 2^53
    return np.bincount(rows, weights=values, minlength=count).astype(np.int64)


def _latest(rows: NDArray[np.int64], times: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    latest = np.full(count, -np.inf)
    np.maximum.at(latest, rows, times)
    return np.where(np.isfinite(latest), latest, np.nan)


def _lines_filled(ledger: Ledger, row_of: _Rows, first: NDArray[np.bool_], count: int) -> NDArray[np.int64]:
    """Count the lines of each order that were picked in full without backorder."""
    lines, picks = ledger.order_lines.columns(), ledger.picks.columns()
    products = max(len(ledger.opening_stock), 1)
    of_line = row_of(lines["order"])
    keys = of_line * products + lines["sku"]
    rows = _Rows(keys)
    picked = _sum(
        rows(row_of(picks["order"][first]) * products + picks["sku"][first]),
        picks["picked"][first],
        len(keys),
    )
    return np.bincount(of_line[picked >= lines["quantity"]], minlength=count)
