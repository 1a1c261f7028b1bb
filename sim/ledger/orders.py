"""One row per order, derived from the ledger's tables: what was wanted, what became of it, when, at what cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.messages import COST_PARTS
from sim.ledger.fates import Cancelled, Fate, Goes
from sim.ledger.on_the_way import legs_again, lost_alone
from sim.ledger.returned import RETURN_CENTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger

Columns = dict[str, "NDArray[Any]"]
# What an order costs: the parts of its parcels, what people do at the counter, and parcels lost or spoilt
ALL_PARTS = (*COST_PARTS, "pick_up", "claims")


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
        ``parcels`` that were sent to the shopper or to his counter, ``sites`` that gave something; ``reroutes`` (times
        a part came back from a site and was routed again), ``revisions``; ``decided_at`` (first, NaN if never);
        ``promised_ship, promised_delivery`` by the first decision, or that after a change of address if it promises
        anew (NaN if not all of it has a date); ``handed_at, delivered_at`` of the last parcel, ``delivery_hours`` from
        order to it (NaN if none, or never, or if it is to be collected); ``collect_at`` (-1 if it is sent),
        ``ready_hours`` from order to all of it being there, ``units_left`` that nobody came for, ``units_lost`` that
        never came or came spoilt, net of those sent once more; a column per cost part, ``pick_up_cents`` of staff time
        at the counter and ``claims_cents`` for parcels lost or spoilt, net of what is paid back to us, among them,
        ``cost_cents`` their sum, ``cancelled_margin_cents``, that of refunds for lost parcels included; price and cost
        of what was picked, and neither put back nor sent once more, ``sales_cents`` and, less what claims bear,
        ``goods_cents``; ``lost_refund_cents``; of what comes back its costs ``return_cents``, ``refund_cents``, its own
        cost ``goods_back_cents``; the margin on what was bought besides, when collecting or bringing something back,
        ``till_margin_cents``; ``measured`` whether it was placed in the measurement window.
    """
    shoppers = ledger.shoppers.columns()
    ordered = shoppers["fate"] == Fate.ORDERED
    orders: Columns = {
        name: shoppers[name][ordered]
        for name in ("order", "at", "place", "lines", "units", "value_cents", "margin_cents", "channel", "substituted")
    }
    count = len(orders["order"])
    row_of = _Rows(orders["order"])
    _add_units(orders, ledger, row_of, count)
    _add_worth(orders, ledger, row_of, count)
    _add_claims(orders, ledger, row_of, count)
    _add_returns(orders, ledger, row_of, count)
    _add_parcels(orders, ledger, row_of, count)
    orders["cost_cents"] = np.sum([orders[f"{part}_cents"] for part in ALL_PARTS], axis=0)
    _add_decisions(orders, ledger, row_of, count)
    start, end = ledger.measured
    orders["measured"] = (orders["at"] >= start) & (orders["at"] < end)
    return orders


def _add_units(orders: Columns, ledger: Ledger, row_of: _Rows, count: int) -> None:
    """Add what became of the units: picked, asked in vain, lost on their way, cancelled."""
    parcels, picks, claims = ledger.parcels.columns(), ledger.picks.columns(), ledger.claims.columns()
    cancelled = ledger.cancellations.columns()
    of_parcel, of_claim = row_of(parcels["order"]), row_of(claims["order"])
    first = parcels["after_backorder"] == 0
    again = _sum(of_claim, claims["again"], count)  # what is sent once more counts then
    orders["units_picked"] = _sum(of_parcel, parcels["picked"], count) - again
    orders["units_lost"] = _sum(of_claim, claims["units"], count) - again
    orders["units_first"] = _sum(of_parcel[first], parcels["picked"][first], count)
    orders["lines_first"] = _lines_filled(ledger, row_of, first[picks["parcel"]], count)
    orders["units_asked"] = _sum(of_parcel, parcels["asked"], count)
    orders["units_short"] = orders["units_asked"] - orders["units_picked"] - again
    orders["units_cancelled"] = _sum(row_of(cancelled["order"]), cancelled["quantity"], count)
    by_shopper = cancelled["why"] == Cancelled.BY_SHOPPER
    orders["units_called_off"] = _sum(row_of(cancelled["order"][by_shopper]), cancelled["quantity"][by_shopper], count)


def _add_worth(orders: Columns, ledger: Ledger, row_of: _Rows, count: int) -> None:
    """Add price and cost of what was picked and not put back, and the margin of what was cancelled."""
    picks, back, bought = ledger.picks.columns(), ledger.put_back.columns(), ledger.purchases.columns()
    cancelled, claims = ledger.cancellations.columns(), ledger.claims.columns()
    price, cost = (ledger.products.columns()[name] for name in ("price_cents", "unit_cost_cents"))
    for name, worth in (("sales_cents", price), ("goods_cents", cost)):
        orders[name] = _sum(row_of(picks["order"]), picks["picked"] * worth[picks["sku"]], count)
        orders[name] -= _sum(row_of(back["order"]), back["quantity"] * worth[back["sku"]], count)
    more = bought["cents"] - bought["units"] * cost[bought["sku"]]
    orders["goods_cents"] += _sum(row_of(bought["order"]), more, count)
    orders["cancelled_margin_cents"] = _sum(row_of(cancelled["order"]), cancelled["margin_cents"], count)
    paid_back = claims["refund_cents"] > 0
    lost_margin = (claims["refund_cents"] - claims["goods_cents"])[paid_back]
    orders["cancelled_margin_cents"] += _sum(row_of(claims["order"])[paid_back], lost_margin, count)


def worth_again(ledger: Ledger) -> NDArray[np.int64]:
    """Return what each claim's goods sell for that go out once more, cents; 0 where the money is paid back."""
    claims, picks = ledger.claims.columns(), ledger.picks.columns()
    price = ledger.products.columns()["price_cents"]
    most = int(claims["parcel"].max(initial=-1)) + 1
    worth = np.bincount(picks["parcel"], weights=picks["picked"] * price[picks["sku"]], minlength=most)
    return np.where(claims["again"] > 0, worth[claims["parcel"]], 0).astype(np.int64)


def _add_parcels(orders: Columns, ledger: Ledger, row_of: _Rows, count: int) -> None:
    """Add what left for the shopper or his counter, from where, at what cost, and when the last of it was there."""
    parcels, legs, claims = ledger.parcels.columns(), ledger.legs.columns(), ledger.claims.columns()
    of_parcel, of_claim, sent = row_of(parcels["order"]), row_of(claims["order"]), parcels["picked"] > 0
    given = sent.copy()
    given[claims["parcel"][claims["again"] > 0]] = False  # what is sent once more counts then
    for part in COST_PARTS:
        orders[f"{part}_cents"] = _sum(of_parcel, parcels[f"{part}_cents"], count)
        orders[f"{part}_cents"] += _sum(row_of(legs["order"]), legs[f"{part}_cents"], count)
    of_leg, goes_on = row_of(legs["order"]), parcels["goes"] == Goes.TO_BE_MERGED
    orders["parcels"] = np.bincount(np.concatenate([of_parcel[sent & ~goes_on], of_leg]), minlength=count)
    comes = given & ~goes_on
    sites = len(ledger.opening_stock[0]) if ledger.opening_stock.size else 1
    distinct = np.unique(of_parcel[given] * sites + parcels["site"][given])
    orders["sites"] = np.bincount(distinct // sites, minlength=count)
    unmerged = _sum(of_parcel[goes_on], parcels["picked"][goes_on], count) - _sum(of_leg, legs["units"], count)
    missed = lost_alone(ledger) & goes_on[claims["parcel"]]
    unmerged -= _sum(of_claim[missed], claims["units"][missed], count)
    counts = ~legs_again(ledger)
    for name in ("handed_at", "delivered_at"):
        moments = np.concatenate([parcels[name][comes], legs[name][counts]])
        orders[name] = _latest(np.concatenate([of_parcel[comes], of_leg[counts]]), moments, count)
        orders[name][unmerged > 0] = np.nan
    hours = (orders["delivered_at"] - orders["at"]) / 60
    collected = _collected(ledger, row_of, count)
    orders |= collected
    ended = ledger.hand_overs.columns()
    orders["till_margin_cents"] += _sum(row_of(ended["order"]), ended["extra_margin_cents"], count)
    at_counter = collected["collect_at"] >= 0
    orders["delivery_hours"] = np.where(at_counter, np.nan, hours)
    orders["ready_hours"] = np.where(at_counter, hours, np.nan)


def _add_decisions(orders: Columns, ledger: Ledger, row_of: _Rows, count: int) -> None:
    """Add what was decided first, what was promised by it, and how often it was decided again."""
    decisions, changes = ledger.decisions.columns(), ledger.changes.columns()
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
    promised = (decisions["backordered"] == decisions["dated"]) & (decisions["unfilled"] == 0)
    orders["decided_at"] = np.full(count, np.nan)
    orders["decided_at"][made] = decisions["at"][first_row]
    orders["backordered"] = np.zeros(count, dtype=np.int64)
    orders["backordered"][made] = decisions["backordered"][first_row]
    anew = np.flatnonzero(decisions["anew"])
    for name, column in (("promised_ship", "ship_at"), ("promised_delivery", "deliver_at")):
        orders[name] = np.full(count, np.nan)
        date = np.where(promised, decisions[column], np.nan)
        orders[name][made] = date[first_row]
        orders[name][of_decision[anew]] = date[anew]  # of several the last stands


def _add_claims(orders: Columns, ledger: Ledger, row_of: _Rows, count: int) -> None:
    """Add what parcels lost or spoilt mean; what goes out once more is sold, and costs its goods, that time only."""
    claims = ledger.claims.columns()
    of_claim, goods, refund = row_of(claims["order"]), claims["goods_cents"], claims["refund_cents"]
    orders["claims_cents"] = _sum(of_claim, claims["contact_cents"] + goods - claims["recovered_cents"], count)
    orders["sales_cents"] -= _sum(of_claim, worth_again(ledger), count)
    orders["goods_cents"] -= _sum(of_claim, goods, count)
    orders["lost_refund_cents"] = _sum(of_claim, refund, count)


def _add_returns(orders: Columns, ledger: Ledger, row_of: _Rows, count: int) -> None:
    back, cost = ledger.returns.columns(), ledger.products.columns()["unit_cost_cents"]
    of_order, handed = row_of(back["order"]), np.isfinite(back["handed_at"])
    orders["return_cents"] = _sum(of_order, np.sum([back[name] for name in RETURN_CENTS], axis=0), count)
    orders["refund_cents"] = _sum(of_order, back["refund_cents"], count)
    orders["goods_back_cents"] = _sum(of_order[handed], cost[back["sku"][handed]], count)
    orders["till_margin_cents"] = _sum(of_order, back["till_margin_cents"], count)


def _collected(ledger: Ledger, row_of: _Rows, count: int) -> Columns:
    """Return where orders were to be collected, the units that were not, and the staff time that took."""
    wanted, ended = ledger.pick_ups.columns(), ledger.hand_overs.columns()
    collect_at = np.full(count, -1)
    collect_at[row_of(wanted["order"])] = wanted["site"]
    of_order, left = row_of(ended["order"]), ended["collected"] == 0
    return {
        "collect_at": collect_at,
        "units_left": _sum(of_order[left], ended["units"][left], count),
        "pick_up_cents": _sum(of_order, ended["cents"], count),
    }


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
