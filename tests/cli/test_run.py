"""`fulfillsim run` from the outside."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Command, rows

TABLES = {
    "orders", "shoppers", "order_lines", "decisions", "parcels", "picks", "cancellations", "receipts", "walk_ins",
    "snapshots", "stock", "revisions", "movements", "counts", "transfers", "journeys", "supply_orders",
    "changes", "labels", "disruptions", "substitutions", "sellers", "charges", "products", "sites", "places",
    "site_costs", "journal", "accounts", "kpi_values", "returns", "pick_ups", "hand_overs", "put_back", "legs",
    "declines", "purchases", "trips", "claims", "labour", "closing_receipts",
}  # fmt: skip


def test_every_table_of_the_ledger_is_kept_and_adds_up(
    fulfillsim: Command, tiny_scenario: Path, tmp_path: Path
) -> None:
    text = fulfillsim("run", tiny_scenario, "--strategy", "balanced", "--out", tmp_path).stdout
    assert "ledger audited" in text
    (folder,) = (tmp_path / tiny_scenario.name).iterdir()
    assert {path.stem for path in folder.glob("*.parquet")} == TABLES
    query = f"""
        SELECT (SELECT sum(opening) FROM '{folder}/stock.parquet')
             + (SELECT sum(quantity) FROM '{folder}/receipts.parquet')
             - (SELECT sum(picked) FROM '{folder}/picks.parquet') - (SELECT sum(sold) FROM '{folder}/walk_ins.parquet')
             - (SELECT sum(closing) FROM '{folder}/stock.parquet')"""
    assert rows(query) == [(0,)]


def test_the_time_spent_is_told_apart(fulfillsim: Command, tiny_scenario: Path, tmp_path: Path) -> None:
    text = fulfillsim("run", tiny_scenario, "--profile", "--out", tmp_path).stdout
    for part in ("feeds", "walk-ins", "routing", "world", "ledger"):
        assert part in text


def test_an_unknown_strategy_is_refused(fulfillsim: Command, tiny_scenario: Path, tmp_path: Path) -> None:
    done = fulfillsim("run", tiny_scenario, "--strategy", "balance", "--out", tmp_path, expect=2)
    assert "did you mean balanced?" in done.stderr
    assert list(tmp_path.iterdir()) == []
