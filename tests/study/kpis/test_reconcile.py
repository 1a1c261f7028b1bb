"""Books, tables and KPIs held against one another: an honest run agrees to the cent, a tampered one does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.ledger.accounts import OF_CHARGES, OF_LABOUR, OF_PARCELS, OF_RETURNS, OF_STOCK, Account
from sim.report.runs.single import run_single
from sim.study.experiment import design
from sim.study.kpis.reconcile import KPI_ACCOUNTS
from sim.study.runs.audit import audit_run
from tests.tiny import TABLES, TREE, tiny
from tests.world.collecting import PICK_UP, with_counters

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING: dict[str, Any] = {
    "demand__shoppers_per_day": 150,
    "routing__backorders__give_up_after": "4 h",
    "site_kinds__dc__handling__fee_per_parcel": "0.25 USD",
    "site_kinds__dc__stock__days_of_cover": 2,
    "site_kinds__dc__stock__cost_per_unit": "0.21 USD",
    "site_kinds__store__stock__supplied_by": "dc",
    "site_kinds__store__stock__cost_per_unit": "0.37 USD",
    "carrying": {"holding": "20 %", "obsolescence": "7 %"},
    "site_kinds__store__records": {
        "shrink": {"of_demand": "3 %"},
        "damage": {"of_demand": "2 %"},
        "errors": {"pick": {"scanned": "0 %", "unscanned": "5 %"}},
        "put_away": "5 h",
    },
    "site_kinds__store__counting": {
        "continuous": {"products_a_day": 2}, "per_product": "90 s", "per_hour": "18.50 USD",
    },
    "site_kinds__store__pickers": ...,
    "site_kinds__store__labour": {
        "per_hour": "17.77 USD", "shifts": {"day": {"hours": "07:01-22:00", "people": 2}},
        "walk_ins": {"takes": "190 s", "wait_per_minute": "0.13 USD", "leaves_beyond": 1, "leaving": "1.11 USD"},
    },
    "fixed": {
        "hall": {"account": "lease", "where": {"kinds": ["dc"]}, "per_month": "900 USD"},
        "start": {"account": "onboarding", "once": "300 USD", "over": "30 days"},
        "desk": {"account": "equipment", "once": "30 USD", "over": "30 days"},
        "software": {"account": "licences", "per_month": "7 USD"},
    },
    "returns": {
        "rate": "30 %", "after": {"law": "uniform", "low": "1 h", "high": "1 day"},
        "grades": {
            "A": {"share": "60 %", "then": "restock", "cost": "1.05 USD"},
            "C": {"share": "40 %", "then": "liquidate", "recovers": 0.333},
        },
        "by_mail": {
            "to": "dc_east", "service": "ground",
            "inspection": {"takes": "20 min", "people": 1, "per_hour": "20 USD"},
        },
        "in_store": {
            "share": "60 %", "to_shelf": "2 h", "not_kept": {"then": "to_dc", "cost": "1 USD", "takes": "2 h"},
            "till_purchase": {"share": "50 %", "value": "20 USD", "margin": "30 %"},
        },
    },
    "carriers__services__ground": TREE["carriers"]["services"]["ground"] | {"lost": "4 %", "damaged": "3 %"},
    "carriers__claims": {"noticed_after": "3 days", "contact": "5.15 USD", "then": "refund", "insured": "33 %"},
    "contacts": {"of_late": "33 %", "of_cancelled": "50 %", "cost": "5.55 USD"},
    "penalties": {"cancelled": "1 USD"},
    "network__site_attributes": ["pickup"],
    "routing__pickup": {},
    "pick_up": {**PICK_UP, "share": "30 %", "no_show": "20 %", "minutes": "100 s", "per_hour": "18.50 USD"},
    "site_kinds__dc__contract": {"storage": "20 USD", "parcels_a_day": 2, "above": "0.50 USD"},
}  # fmt: skip


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run in which money goes to every account."""
    header, *rows = TABLES["products.csv"]
    alike = {"products.csv": [header, *([*row[:2], "things", *row[3:]] for row in rows)]}  # taken for one another
    scenario = tiny(tmp_path_factory.mktemp("tiny"), alike | with_counters(), **EVERYTHING)
    return run_single(design(scenario, ["cheapest"], 1, seed=3), 0, tmp_path_factory.mktemp("results"), profile=False)


@pytest.fixture
def folder(honest: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    copy = tmp_path / "run"
    copy.mkdir()
    for file in honest.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


def tamper(folder: Path, table: str, change: str) -> None:
    """Change one table of a run by SQL."""
    file = folder / f"{table}.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT * FROM '{file}'")
        connection.execute(change)
        connection.execute(f"COPY t TO '{file}' (FORMAT parquet)")


def test_an_honest_run_agrees_to_the_cent_with_money_in_every_account(honest: Path) -> None:
    found = audit_run(honest)
    assert [check for check in found.checks if not check.holds] == []
    assert found.broken == ()
    assert set(found.balances) == set(Account)


def test_what_is_read_back_is_what_was_posted(honest: Path) -> None:
    found = audit_run(honest)
    with duckdb.connect() as connection:
        lines = f"'{honest}/journal.parquet' JOIN '{honest}/accounts.parquet' USING (account)"
        kept = dict(connection.execute(f"SELECT name, sum(cents) FROM {lines} GROUP BY name").fetchall())
    assert kept == {account.name.replace("_", " ").lower(): cents for account, cents in found.balances.items()}


def test_every_account_of_cost_stands_in_a_kpi() -> None:
    named = {account for accounts in KPI_ACCOUNTS.values() for account in accounts}
    assert {*OF_PARCELS, *OF_CHARGES, *OF_LABOUR, *OF_STOCK, *OF_RETURNS} - named == {Account.MIS_SHIPMENTS}


@pytest.mark.parametrize(
    ("table", "change", "told"),
    [
        ("parcels", "UPDATE t SET label_cents = label_cents + 1 WHERE parcel = 7", "label, in the journal kept"),
        ("journal", "UPDATE t SET cents = cents + 1 WHERE event = 3 AND row = 7 AND account = 603", "journal kept"),
        ("kpi_values", "UPDATE t SET value = value + 0.01 WHERE kpi = 'cost_per_order'", "Cost per order, as kept"),
        ("products", "UPDATE t SET unit_cost_cents = unit_cost_cents + 1 WHERE sku = 0", "in the journal kept"),
        (
            "supply_orders",
            "UPDATE t SET value_cents = value_cents + 1 WHERE site > 1",
            "as stores ordered",
        ),
        ("charges", "UPDATE t SET cents = cents + 1 WHERE account = 640", "Cost of lease per order, as kept"),
        ("shoppers", "UPDATE t SET value_cents = value_cents + 1 WHERE fate = 0", "deposits for units"),
    ],
)
def test_a_tampered_run_is_told_by_what_differs(folder: Path, table: str, change: str, told: str) -> None:
    tamper(folder, table, change)
    wrong = [check.what for check in audit_run(folder).checks if not check.holds]
    assert any(told in what for what in wrong), wrong


def test_units_that_are_not_there_break_the_laws_of_the_ledger(folder: Path) -> None:
    tamper(folder, "stock", "UPDATE t SET closing = closing + 1 WHERE sku = 0 AND site = 0")
    assert audit_run(folder).broken[0] == "stock of 1 cells does not add up"


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        ("UPDATE t SET label_cents = label_cents", 0, "amounts agree to the cent"),
        ("UPDATE t SET label_cents = label_cents + 1 WHERE parcel = 7", 1, "amounts differ"),
        ("UPDATE t SET asked = asked + 1 WHERE parcel = 7", 1, "parcels were not asked for what their picks were"),
    ],
)
def test_the_command_prints_the_trial_balance_and_fails_on_a_mismatch(
    folder: Path, change: str, code: int, told: str
) -> None:
    tamper(folder, "parcels", change)
    result = CliRunner().invoke(app, ["audit", str(folder)])
    assert result.exit_code == code
    assert told in result.output


def test_the_command_tells_balances_as_json_and_finds_the_latest_run_of_a_folder(honest: Path) -> None:
    result = CliRunner().invoke(app, ["audit", str(honest.parent), "--json"])
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert told["holds"] is True
    assert sum(told["balances_cents"].values()) == 0


@pytest.mark.parametrize("made", [False, True])
def test_a_folder_without_a_run_is_refused(tmp_path: Path, made: bool) -> None:
    if made:
        (tmp_path / "manifest.json").write_text("{}")
    result = CliRunner().invoke(app, ["audit", str(tmp_path)])
    assert result.exit_code != 0
    assert "expected a folder that `fulfillsim run` wrote" in str(result.exception)
