"""A run that was kept, audited: its tables, the books posted from them anew, and the journal and KPIs that it kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.ledger.accounts import title
from sim.money.checks import Check
from sim.study.kpis.catalogue import BY_NAME, estimate
from sim.study.kpis.reconcile import reconcile
from sim.study.runs.run_folder import newest, read_journal, read_ledger, read_table

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.accounts import Account
    from sim.study.kpis.catalogue import Sums


class Audited(NamedTuple):
    """What an audit of a folder says.

    Parameters
    ----------
    broken
        Laws that the ledger breaks; nothing else is told then.
    balances, measured
        Of every account, cents, debits positive: of the whole run, and of the cohort and the measured days.
    """

    folder: Path
    broken: tuple[str, ...]
    balances: dict[Account, int]
    measured: dict[Account, int]
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is broken and every amount is found again."""
        return not self.broken and all(check.holds for check in self.checks)


def audit_run(folder: Path) -> Audited:
    """Audit a run.

    Parameters
    ----------
    folder
        What `fulfillsim run` wrote, or a folder of such folders: then the latest.

    Raises
    ------
    FulfillSimError
        If there are no tables of a run.
    """
    folder = newest(folder)
    found = reconcile(read_ledger(folder))
    if found.journal is None or found.sums is None:
        return Audited(folder, found.broken, {}, {}, ())
    kept = read_journal(folder)
    then, now = kept.balances(), found.journal.balances()
    checks = [Check("debits less credits of the journal kept", int(kept.lines["cents"].sum()), 0, kept.unbalanced())]
    checks += [
        Check(f"{title(account)}, in the journal kept", then.get(account, 0), now.get(account, 0))
        for account in sorted({*then, *now})
        if then.get(account, 0) != now.get(account, 0)
    ]
    checks += _of_kept_kpis(folder, found.sums)
    return Audited(folder, (), now, found.journal.balances(measured=True), (*found.checks, *checks))


def _of_kept_kpis(folder: Path, sums: Sums) -> list[Check]:
    """Tell every KPI that the run kept with another value than its tables give."""
    table = read_table(folder, "kpi_values")
    kept = dict(zip(table["kpi"].tolist(), table["value"].tolist(), strict=True))
    checks = []
    for name, value in kept.items():
        now = estimate(BY_NAME[name], [sums]).value
        if not np.isclose(value, now, rtol=1e-12, atol=0, equal_nan=True):
            what = f"{BY_NAME[name].title}, as kept (hundredths)"
            checks.append(Check(what, round(value * 100), round(now * 100), 1))
    return checks
