"""The laws any ledger must keep, whatever happened."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import COST_PARTS
from sim.errors import LedgerError
from sim.ledger.fates import Fate, Goes
from sim.ledger.labour import labour_problems
from sim.ledger.movements import ASIDE
from sim.ledger.on_the_way import lost_alone, never_sent, on_the_way
from sim.ledger.orders import orders_of
from sim.ledger.returned import back_on_shelf, returned_problems

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns
    from sim.ledger.table import Table


OF_ORDERS = (
    "order_lines", "substitutions", "decisions", "parcels", "picks", "cancellations", "changes", "returns",
    "pick_ups", "hand_overs", "put_back", "declines", "purchases", "legs", "trips", "claims",
)  # fmt: skip


def audit(ledger: Ledger, orders: Columns | None = None) -> None:
    """Check conservation of shoppers, stock, units and money, and that time never runs back.

    Parameters
    ----------
    orders
        What `orders_of` says of this ledger, if it is known already.

    Raises
    ------
    LedgerError
        Naming every law that is broken and by how much.
    """
    if unknown := _references(ledger):
        raise LedgerError("; ".join(unknown))  # nothing else can be said of such a ledger
    orders = orders_of(ledger) if orders is None else orders
    broken = [
        *_stock(ledger),
        *_shoppers(ledger),
        *_substitutions(ledger),
        *_units(ledger, orders),
        *_counters(ledger),
        *_merges(ledger),
        *_time(ledger),
        *_money(ledger, orders),
        *labour_problems(ledger),
        *returned_problems(ledger),
        *on_the_way(ledger),
    ]
    if broken:
        raise LedgerError("; ".join(broken))


def _references(ledger: Ledger) -> list[str]:
    """Whatever happens to an order happens to one that was placed; what is picked is picked for a parcel."""
    shoppers = ledger.shoppers.columns()
    placed = np.sort(shoppers["order"][shoppers["fate"] == Fate.ORDERED])
    problems = []
    for name in OF_ORDERS:
        table: Table = getattr(ledger, name)
        if strange := np.count_nonzero(~_among(table.columns()["order"], placed)):
            problems.append(f"{strange} {name.replace('_', ' ')} name an order that nobody placed")
    numbers = ledger.parcels.columns()["parcel"]
    if (numbers != np.arange(len(numbers))).any():
        problems.append("parcels are not numbered one by one")
    picked_for = ledger.picks.columns()["parcel"]
    if ((picked_for < 0) | (picked_for >= len(numbers))).any():
        problems.append("something was picked for a parcel that was never sent")
    return problems + never_sent(ledger)


def _among(values: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which values are known; `known` ascends (which makes it ten times as fast as `np.isin`)."""
    if not known.size:
        return np.zeros(len(values), dtype=bool)
    found: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, values), len(known) - 1)] == values
    return found


def _stock(ledger: Ledger) -> list[str]:
    """Opening + what came in = what left + closing, at every shelf.

    What comes in is received, put back, or moved out of turn; what leaves is picked, sold, or sent to other sites. The
    same holds for the records, and what leaves a shelf but not the house stands aside.
    """
    products, sites = ledger.opening_stock.shape
    receipts, picks, walk_ins = ledger.receipts.columns(), ledger.picks.columns(), ledger.walk_ins.columns()
    transfers, put_back = ledger.transfers.columns(), ledger.put_back.columns()

    def units(cells: NDArray[np.int64], quantity: NDArray[np.int32]) -> NDArray[np.int64]:
        # float64 sums are exact for whole numbers, and bincount is the fastest way to get them
        return np.bincount(cells, weights=quantity, minlength=products * sites).astype(np.int64)

    moved = ledger.movements.columns()
    seen = (
        units(receipts["sku"].astype(np.int64) * sites + receipts["site"], receipts["quantity"])
        - units(picks["sku"].astype(np.int64) * sites + picks["site"], picks["picked"])
        - units(walk_ins["cell"], walk_ins["sold"])
        - units(transfers["sku"].astype(np.int64) * sites + transfers["source"], transfers["quantity"])
        + units(put_back["sku"].astype(np.int64) * sites + put_back["site"], put_back["quantity"])
        + units(*back_on_shelf(ledger))
    )
    expected = ledger.opening_stock.reshape(-1) + seen + units(moved["cell"], moved["shelf"])
    wrong = np.count_nonzero(expected != ledger.closing_stock.reshape(-1))
    problems = [f"stock of {wrong} cells does not add up"] if wrong else []
    if ledger.records:
        on_record = ledger.records["opening"].reshape(-1) + seen + units(moved["cell"], moved["record"])
        if wrong := np.count_nonzero(on_record != ledger.records["closing"].reshape(-1)):
            problems.append(f"the records of {wrong} cells do not add up")
        problems += _aside(ledger, moved, units)
    if (ledger.closing_stock < 0).any():
        problems.append("negative stock")
    between = receipts["source"] >= 0
    on_the_way = units(transfers["sku"].astype(np.int64) * sites + transfers["site"], transfers["quantity"]) - units(
        (receipts["sku"].astype(np.int64) * sites + receipts["site"])[between], receipts["quantity"][between]
    )
    in_all = ledger.closing_in_transit.reshape(-1) if ledger.closing_in_transit.size else 0  # suppliers' goods too
    if lost := np.count_nonzero((on_the_way < 0) | (on_the_way > in_all)):
        problems.append(f"units on their way from site to site do not add up in {lost} cells")
    if ledger.closing_in_transit.size:
        due = ledger.closing_receipts.columns()
        coming = units(due["sku"].astype(np.int64) * sites + due["site"], due["quantity"])
        if lost := np.count_nonzero(coming != ledger.closing_in_transit.reshape(-1)):
            problems.append(f"units on their way at the end are due at no time in {lost} cells")
    return problems


def _aside(
    ledger: Ledger, moved: Columns, units: Callable[[NDArray[np.int64], NDArray[np.int32]], NDArray[np.int64]]
) -> list[str]:
    """What is in the house but on no shelf is what left the shelves and has not come back, state by state."""
    broken = []
    for states, reasons in ASIDE.items():
        rows = np.isin(moved["why"], reasons)
        then, now = (
            sum((stock[state].astype(np.int64) for state in states if state in stock), np.int64(0))
            for stock in (ledger.opening_aside, ledger.closing_aside)
        )
        if wrong := np.count_nonzero(now - then != -units(moved["cell"][rows], moved["shelf"][rows])):
            broken.append(f"units {' or '.join(states)} in {wrong} cells do not add up")
        if (np.asarray(now) < 0).any():
            broken.append(f"negative units {' or '.join(states)}")
    return broken


def _shoppers(ledger: Ledger) -> list[str]:
    """Everybody is met once, and either orders or is turned away."""
    shoppers = ledger.shoppers.columns()
    problems = []
    if len(np.unique(shoppers["order"])) != len(shoppers["order"]):
        problems.append("a shopper was met twice")
    if not np.isin(shoppers["fate"], list(Fate)).all():
        problems.append("a shopper has no fate")
    return problems


def _substitutions(ledger: Ledger) -> list[str]:
    """What was taken for something else was looked for, and was ordered."""
    shoppers, lines, taken = ledger.shoppers.columns(), ledger.order_lines.columns(), ledger.substitutions.columns()
    problems = []
    if (shoppers["substituted"] > shoppers["looked"]).any():
        problems.append("more was substituted than looked for")
    if shoppers["substituted"].sum() != taken["quantity"].sum():
        problems.append(f"substitutions have {taken['quantity'].sum()} units, shoppers {shoppers['substituted'].sum()}")
    products = max(len(ledger.opening_stock), 1)
    keys = np.concatenate([lines["order"] * products + lines["sku"], taken["order"] * products + taken["sku"]])
    _, line = np.unique(keys, return_inverse=True)
    if (np.bincount(line, weights=np.concatenate([lines["quantity"], -taken["quantity"]])) < 0).any():
        problems.append("something was taken for something else and not ordered")
    return problems


def _units(ledger: Ledger, orders: Columns) -> list[str]:
    """No order or line gets or loses more units than were ordered; lines add up to orders, picks to parcels."""
    done = orders["units_picked"] + orders["units_cancelled"]
    problems = []
    if over := np.count_nonzero(done > orders["units"]):
        problems.append(f"{over} orders got or lost more than they ordered")
    if over := np.count_nonzero(orders["units_asked"] > orders["units_promised"]):
        problems.append(f"sites were asked for more than was promised to {over} orders")
    lines = ledger.order_lines.columns()["quantity"].sum()
    if lines != orders["units"].sum():
        problems.append(f"order lines have {lines} units, orders {orders['units'].sum()}")
    picks, parcels = ledger.picks.columns(), ledger.parcels.columns()
    if (picks["picked"] > picks["asked"]).any():
        problems.append("more was picked than asked")
    for name, wrong in (
        ("picked", "parcels do not hold what was picked for them"),
        ("asked", "parcels were not asked for what their picks were"),
    ):
        of_picks = np.bincount(picks["parcel"], weights=picks[name], minlength=len(parcels[name]))
        if differ := np.count_nonzero(of_picks != parcels[name]):
            problems.append(f"{differ} {wrong}")
    if exceeded := _lines_exceeded(ledger):
        problems.append(f"{exceeded} lines got or lost more than was ordered")
    return problems


def _counters(ledger: Ledger) -> list[str]:
    """What was picked to be collected was, was put back or lost, or is at the counter; no order ends twice."""
    wanted, ended, put_back = (table.columns() for table in (ledger.pick_ups, ledger.hand_overs, ledger.put_back))
    if not len(wanted["order"]):
        return []
    problems = []
    parcels, sites = ledger.parcels.columns(), ledger.opening_stock.shape[1]
    sorter = np.argsort(wanted["order"])
    numbers, stores = wanted["order"][sorter], wanted["site"][sorter]
    picked = _among(parcels["order"], numbers)
    there = stores[np.searchsorted(numbers, parcels["order"][picked])]
    staged = np.bincount(there, weights=parcels["picked"][picked], minlength=sites)
    staged -= np.bincount(ended["site"], weights=ended["units"], minlength=sites)
    claims = ledger.claims.columns()
    missed = claims["parcel"][_among(claims["order"], numbers)]
    lost_for = stores[np.searchsorted(numbers, parcels["order"][missed])]
    staged -= np.bincount(lost_for, weights=parcels["picked"][missed], minlength=sites)
    told = np.bincount(list(ledger.closing_staged), weights=list(ledger.closing_staged.values()), minlength=sites)
    if wrong := np.count_nonzero(staged != told):
        problems.append(f"units at the counters of {wrong} sites do not add up")
    left = ended["collected"] == 0
    if ended["units"][left].sum() != put_back["quantity"].sum():
        problems.append(f"{put_back['quantity'].sum()} units were put back, {ended['units'][left].sum()} were left")
    if len(np.unique(ended["order"])) != len(ended["order"]):
        problems.append("an order was collected twice")
    if (ended["at"] < ended["ready_at"] - 1e-6).any():
        problems.append("something was collected before it was ready")
    return problems


def _merges(ledger: Ledger) -> list[str]:
    """What was to be merged left as one parcel, waits for the last, or was lost; nothing leaves before it is there."""
    parcels, legs = ledger.parcels.columns(), ledger.legs.columns()
    to_merge = parcels["goes"] == Goes.TO_BE_MERGED
    problems = []
    picked, waiting = parcels["picked"][to_merge].sum(), sum(ledger.closing_merging.values())
    missed = ledger.claims.columns()["parcel"][lost_alone(ledger)]
    picked -= parcels["picked"][missed][to_merge[missed]].sum()
    if picked != legs["units"].sum() + waiting:
        problems.append(f"{picked} units were to be merged, {legs['units'].sum()} left and {waiting} wait")
    stages = ["first_at", "at", "ready_at", "handed_at", "delivered_at"]
    for before, after in itertools.pairwise(stages):
        if back := np.count_nonzero(legs[after] < legs[before] - 1e-6):
            problems.append(f"{after} lies before {before} in {back} merges")
    return problems


def _lines_exceeded(ledger: Ledger) -> int:
    """Count the lines (order and product) of which more was picked and cancelled than ordered.

    What was lost and goes out once more does not count as picked.
    """
    lines, picks, cancelled = ledger.order_lines.columns(), ledger.picks.columns(), ledger.cancellations.columns()
    claims = ledger.claims.columns()
    if claims["parcel"].size:
        once = ~np.isin(picks["parcel"], claims["parcel"][claims["again"] > 0])
        picks = {name: column[once] for name, column in picks.items()}
    products = max(len(ledger.opening_stock), 1)
    keys = np.concatenate([table["order"] * products + table["sku"] for table in (lines, picks, cancelled)])
    units = np.concatenate([lines["quantity"], -picks["picked"], -cancelled["quantity"]])
    _, line = np.unique(keys, return_inverse=True)
    return int(np.count_nonzero(np.bincount(line, weights=units) < 0))


def _time(ledger: Ledger) -> list[str]:
    """Things are recorded as they happen, and each stage of a parcel follows the one before."""
    problems = [
        f"time runs back in {name}"
        for name in ("shoppers", "decisions", "picks", "cancellations")
        if (np.diff(getattr(ledger, name).columns()["at"]) < 0).any()
    ]
    parcels = ledger.parcels.columns()
    stages = ["decided_at", "reached_at", "picked_at", "packed_at", "handed_at", "delivered_at"]
    for before, after in itertools.pairwise(stages):
        # the clock adds up spans, so equal moments may differ in the last bits
        if back := np.count_nonzero(parcels[after] < parcels[before] - 1e-6):
            problems.append(f"{after} lies before {before} in {back} parcels")
    return problems


def _money(ledger: Ledger, orders: Columns) -> list[str]:
    """The orders' costs add up to those of parcels, merges, counters and claims, to the cent."""
    parcels = ledger.parcels.columns()
    booked = sum(int(parcels[f"{part}_cents"].sum()) for part in COST_PARTS)
    legs = ledger.legs.columns()
    booked += sum(int(legs[f"{part}_cents"].sum()) for part in COST_PARTS)
    booked += int(ledger.hand_overs.columns()["cents"].sum())
    claims = ledger.claims.columns()
    booked += int((claims["contact_cents"] + claims["goods_cents"] - claims["recovered_cents"]).sum())
    told = int(orders["cost_cents"].sum())
    return [] if booked == told else [f"parcels, merges and counters cost {booked} cents, orders {told}"]
