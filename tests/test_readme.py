"""What the README says is what the repository does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from sim.study.kpis.cost_ranges import cost_table
from sim.study.runs.recorded import read_comparison
from sim.study.runs.results import find

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COLUMNS = {
    "USD an order": ("cost_per_order", 1, 2),
    "USD an order placed": ("cost_per_order_placed", 1, 2),
    "orders filled, %": ("order_fill_rate", 100, 2),
    "hours, mean": ("delivery_hours_mean", 1, 1),
    "hours, p95": ("delivery_hours_p95", 1, 1),
    "shipped on time, %": ("on_time_ship_rate", 100, 2),
    "split, of 2+ units, %": ("split_rate_multi_unit", 100, 2),
    "turned away, %": ("turned_away_rate", 100, 2),
}


def test_ci_runs_the_command_for_the_tests_to_the_letter() -> None:
    (command,) = re.findall(r"^python3 -m venv .*pytest.*$", README, flags=re.MULTILINE)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_table_is_that_of_the_committed_results() -> None:
    reference = ROOT / "results" / "reference" / "us_electronics" / "comparison.json"
    strategies = json.loads(reference.read_text(encoding="utf-8"))["strategies"]
    head = next(line for line in README.splitlines() if line.startswith("| strategy |"))
    rows = [line for line in README.splitlines() if line.startswith("| `") and "±" in line]
    names = [cell.strip() for cell in head.strip("|").split("|")][1:]
    assert names == list(COLUMNS)
    assert len(rows) == len(strategies)
    for row, (arm, kpis) in zip(rows, strategies.items(), strict=True):
        expected = [f"`{arm}`"]
        for name, scale, digits in COLUMNS.values():
            found = kpis[name]
            half = (found["high"] - found["low"]) / 2
            expected.append(f"{found['mean'] * scale:.{digits}f} ±{half * scale:.{digits}f}")
        assert [cell.strip() for cell in row.strip("|").split("|")] == expected


def test_the_costs_beside_published_ranges_are_those_of_the_committed_results() -> None:
    folder = ROOT / "results" / "reference" / "us_electronics"
    table = cost_table(read_comparison(find(ROOT / "results", str(folder))), "cheapest")
    first = README.splitlines().index(table[0])
    assert README.splitlines()[first : first + len(table)] == table


def test_every_link_to_a_file_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
