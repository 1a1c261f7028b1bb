"""KPIs against the books: whatever a KPI says in money stands in accounts, to the cent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.contract.messages import COST_PARTS
from sim.errors import LedgerError
from sim.ledger.accounts import OF_CHARGES, OF_LABOUR, OF_PARCELS, OF_RETURNS, OF_STOCK, Account
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.ledger.returned import RETURN_CENTS
from sim.money.checks import Check, counted
from sim.money.posting import journal_of
from sim.study.kpis.catalogue import BY_NAME, Sums, sums_of
from sim.study.kpis.cohort import cohort_of

if TYPE_CHECKING:
    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns
    from sim.money.journal import Journal
    from sim.study.kpis.cohort import Cohort

A = Account
# what the numerator of each KPI is made of: costs are debits, sales credits
KPI_ACCOUNTS: dict[str, tuple[Account, ...]] = {
    "cost_per_order": (*OF_PARCELS, A.PICK_UP, A.CLAIMS),
    "claims_per_order": (A.CLAIMS,),
    "lost_refunds_per_order": (A.LOST_REFUNDS,),
    "pick_up_per_order": (A.PICK_UP,),
    **{f"{part}_per_order": (account,) for part, account in zip(COST_PARTS, OF_PARCELS, strict=True)},
    "inbound_cost_per_order": (A.INBOUND, A.TRANSFER),
    "carrying_cost_per_order": (A.HOLDING, A.OBSOLESCENCE),
    "shrink_per_order": (A.SHRINK,),
    "count_cost_per_order": (A.COUNTING,),
    "labour_cost_per_order": (A.LABOUR,),
    "store_labour_per_order": (A.STORE_LABOUR,),
    "walk_in_wait_cost_per_order": (A.WALK_IN_WAITS,),
    "walk_ins_left_cost_per_order": (A.WALK_INS_LEFT,),
    **{f"{account.name.lower()}_cost_per_order": (account,) for account in OF_CHARGES},
    **{
        f"return_{name.removesuffix('_cents')}_per_order": (account,)
        for name, account in zip(RETURN_CENTS, OF_RETURNS, strict=True)
    },
    "return_cost_per_order": OF_RETURNS,
    "refunds_per_order": (A.REFUNDS,),
    "till_margin_per_order": (A.EXTRA_SALES, A.EXTRA_GOODS),
    "revenue_per_order": (A.SALES_ONLINE,),
    "gross_margin_rate": (A.SALES_ONLINE, A.LOST_REFUNDS, A.GOODS_ONLINE),
}
_EARNED = {"revenue_per_order", "gross_margin_rate", "till_margin_per_order"}
_IN_CENTS = {"gross_margin_rate"}


class Reconciled(NamedTuple):
    """What an audit of a run says.

    Parameters
    ----------
    broken
        Laws of the ledger that it breaks: of stock, units, shoppers and time.
    checks
        Amounts in the books and found otherwise.
    """

    broken: tuple[str, ...]
    journal: Journal | None
    sums: Sums | None
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is broken and every amount is found again."""
        return not self.broken and all(check.holds for check in self.checks)


def reconcile(ledger: Ledger) -> Reconciled:
    """Audit a ledger, post its journal, and hold it against what can be counted and what the KPIs say."""
    try:
        audit(ledger)
    except LedgerError as error:
        return Reconciled(tuple(str(error).split("; ")), None, None, ())
    orders = orders_of(ledger)
    journal, cohort = journal_of(ledger), cohort_of(ledger, orders)
    sums = sums_of(cohort)
    checks = (*counted(ledger, journal), *_of_kpis(journal, sums, cohort))
    return Reconciled((), journal, sums, checks)


def _of_kpis(journal: Journal, sums: Sums, cohort: Cohort) -> list[Check]:
    balances = journal.balances(measured=True)
    checks = []
    for name, accounts in KPI_ACCOUNTS.items():
        books = sum(balances.get(account, 0) for account in accounts) * (-1 if name in _EARNED else 1)
        found = sums.pairs[name][0] * (1 if name in _IN_CENTS else 100)
        checks.append(Check(BY_NAME[name].title, books, round(found)))
    checks.append(_all_in(journal, sums, cohort.site_costs))
    at = cohort.snapshots["at"]
    if at.size:
        between = (journal.lines["at"] >= at.min()) & (journal.lines["at"] < at.max())
        moved = journal.lines["cents"][between & (journal.lines["account"] == A.STOCK)].sum()
        found = sums.pairs["end_stock_value_per_order"][0] * 100
        checks.append(Check("Change of stock value between snapshots", int(moved), round(found)))
    return checks


def _all_in(journal: Journal, sums: Sums, sites: Columns) -> Check:
    """The cost all in: parcels and charges whole, of what stock costs at each site the share of online units."""
    balances = journal.balances(measured=True)
    of_orders = (*OF_PARCELS, A.PICK_UP, A.CLAIMS, *OF_CHARGES, *OF_LABOUR, *OF_RETURNS)
    books = float(sum(balances.get(account, 0) for account in of_orders))
    lines = {name: values[journal.lines["measured"]] for name, values in journal.lines.items()}
    rows = np.isin(lines["account"], OF_STOCK) & (lines["site"] >= 0)
    of_sites = np.bincount(lines["site"][rows], lines["cents"][rows], minlength=len(sites["site"]))
    books += float(of_sites @ sites["online_share"])
    name = "all_in_cost_per_order"
    # of shares: the last bits of sums must not decide whether half a cent is rounded up or down
    return Check(BY_NAME[name].title, *(round(round(cents, 6)) for cents in (books, sums.pairs[name][0] * 100)))
