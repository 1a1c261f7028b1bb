"""A run's books on one page: the trial balance, what it is held against, and what does not agree."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Column, Table

from sim.ledger.accounts import Account, sort_of, title
from sim.report.say import say
from sim.study.runs.audit import audit_run

if TYPE_CHECKING:
    from pathlib import Path

    from sim.money.checks import Check
    from sim.study.runs.audit import Audited


def print_audit(run: Path, as_json: bool = False) -> bool:
    """Audit a run, print what that says, and return whether everything agrees.

    Parameters
    ----------
    run
        Its folder; of a folder of runs the latest.
    """
    audited = audit_run(run)
    if as_json:
        json.dump(_as_json(audited), sys.stdout)
        sys.stdout.write("\n")
        return audited.holds
    console = Console()
    say(console, str(audited.folder), style="bold")
    if audited.broken:
        say(console, "The ledger breaks its laws:", style="red")
        for law in audited.broken:
            say(console, f"  {law}")
        return False
    console.print("Shoppers, orders, units and stock add up, at every site and of every product.", highlight=False)
    console.print(_trial_balance(audited))
    console.print(_checks(audited.checks))
    wrong = [check for check in audited.checks if not check.holds]
    if wrong:
        console.print(f"[red]{len(wrong)} of {len(audited.checks)} amounts differ.[/red]", highlight=False)
    else:
        console.print(f"All {len(audited.checks)} amounts agree to the cent.", highlight=False)
    return audited.holds


def _usd(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def _trial_balance(audited: Audited) -> Table:
    """Return the balance of every account, for the whole run and for the measured orders and days."""
    money = [Column(head, justify="right", no_wrap=True) for head in ("debit", "credit", "measured")]
    table = Table("account", "sort", *money, title="Trial balance, USD", title_justify="left", box=box.SIMPLE_HEAD)
    totals = [0, 0]
    for account, cents in audited.balances.items():
        totals[cents < 0] += abs(cents)
        debit, credit = (_usd(cents), "") if cents >= 0 else ("", _usd(-cents))
        measured = audited.measured.get(account, 0)
        table.add_row(title(account), sort_of(account), debit, credit, _usd(measured) if account >= _INCOME else "")
    table.add_section()
    table.add_row("sum", "", _usd(totals[0]), _usd(totals[1]), "")
    return table


_INCOME = Account.SALES_ONLINE  # what a balance sheet shows has no balance of its own in a part of the days


def _checks(checks: tuple[Check, ...]) -> Table:
    money = [Column(head, justify="right", no_wrap=True) for head in ("in the books", "found")]
    table = Table("", *money, "", title="Held against", title_justify="left", box=box.SIMPLE_HEAD)
    for check in checks:
        if check.books or check.found or not check.holds:
            mark = "" if check.holds else f"[red]differs{f' in {check.differing}' if check.differing else ''}[/red]"
            table.add_row(check.what, _usd(check.books), _usd(check.found), mark)
    return table


def _as_json(audited: Audited) -> dict[str, object]:
    return {
        "run_dir": str(audited.folder),
        "holds": audited.holds,
        "broken": list(audited.broken),
        "balances_cents": {title(account): cents for account, cents in audited.balances.items()},
        "measured_cents": {title(account): cents for account, cents in audited.measured.items()},
        "checks": [{**check._asdict(), "holds": check.holds} for check in audited.checks],
    }
