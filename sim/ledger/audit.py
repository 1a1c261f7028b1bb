"""The laws any ledger must keep, whatever happened."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import COST_PARTS
from sim.errors import LedgerError
from sim.ledger.ledger import Fate
from sim.ledger.movements import ASIDE
from sim.ledger.on_the_way import on_the_way
from sim.ledger.orders import orders_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns
    from sim.ledger.table import Table


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
        *_time(ledger),
        *_money(ledger, orders),
        *on_the_way(ledger),
    ]
    if broken:
        raise LedgerError("; ".join(broken))


def _references(ledger: Ledger) -> list[str]:
    """Whatever happens to an order happens to one that was placed; what is picked is picked for a parcel."""
    shoppers = ledger.shoppers.columns()
    placed = np.sort(shoppers["order"][shoppers["fate"] == Fate.ORDERED])
    problems = []
    for name in (
        "order_lines",
        "substitutions",
        "decisions",
        "parcels",
        "picks",
        "cancellations",
        "changes",
        "trips",
        "claims",
    ):
        table: Table = getattr(ledger, name)
        if strange := np.count_nonzero(~_among(table.columns()["order"], placed)):
            problems.append(f"{strange} {name.replace('_', ' ')} name an order that nobody placed")
    numbers = ledger.parcels.columns()["parcel"]
    if (numbers != np.arange(len(numbers))).any():
        problems.append("parcels are not numbered one by one")
    picked_for = ledger.picks.columns()["parcel"]
    if ((picked_for < 0) | (picked_for >= len(numbers))).any():
        problems.append("something was picked for a parcel that was never sent")
    return problems


def _among(values: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which values are known; `known` ascends (which makes it ten times as fast as `np.isin`)."""
    if not known.size:
        return np.zeros(len(values), dtype=bool)
    found: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, values), len(known) - 1)] == values
    return found


def _stock(ledger: Ledger) -> list[str]:
    """Opening + received + moved out of turn = picked + sold + sent to other sites + closing, at every shelf.

    The same holds for the records, and what leaves a shelf but not the house stands aside.
    """
    products, sites = ledger.opening_stock.shape
    receipts, picks, walk_ins = ledger.receipts.columns(), ledger.picks.columns(), ledger.walk_ins.columns()
    transfers = ledger.transfers.columns()

    def units(cells: NDArray[np.int64], quantity: NDArray[np.int32]) -> NDArray[np.int64]:
        # float64 sums are exact for whole numbers, and bincount is the fastest way to get them
        return np.bincount(cells, weights=quantity, minlength=products * sites).astype(np.int64)

    moved = ledger.movements.columns()
    seen = (
        units(receipts["sku"].astype(np.int64) * sites + receipts["site"], receipts["quantity"])
        - units(picks["sku"].astype(np.int64) * sites + picks["site"], picks["picked"])
        - units(walk_ins["cell"], walk_ins["sold"])
        - units(transfers["sku"].astype(np.int64) * sites + transfers["source"], transfers["quantity"])
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
    """The orders' costs add up to those of the parcels and claims, to the cent."""
    parcels = ledger.parcels.columns()
    booked = sum(int(parcels[f"{part}_cents"].sum()) for part in COST_PARTS)
    claims = ledger.claims.columns()
    booked += int((claims["contact_cents"] + claims["goods_cents"] - claims["recovered_cents"]).sum())
    told = int(orders["cost_cents"].sum())
    return [] if booked == told else [f"parcels cost {booked} cents, orders {told}"]
