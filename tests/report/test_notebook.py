"""The Python API as it is looked at in a notebook."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.errors import FulfillSimError
from sim.report.comparison import figures
from sim.report.notebook import Shown
from sim.report.words import verdicts
from tests.tiny import tiny, write


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    scenario = tiny(tmp_path_factory.mktemp("tiny"), goals={"order_fill_rate": "at least 60 %"})
    return sim.compare(scenario, ["nearest", "cheapest"], replications=2, days=1, workers=1)


def test_a_table_has_a_row_a_kpi_and_strategy(shown: Shown) -> None:
    table = shown.table()
    assert isinstance(table, pd.DataFrame)
    assert table.query("kpi == 'cost_per_order' and strategy == 'cheapest'")["mean"].item() == (
        shown.kpi("cheapest", "cost_per_order").mean
    )


@pytest.mark.parametrize(
    ("drawn", "panels"), [("forest", len(figures.FOREST)), ("cost_against_time", 1), ("cost_by_part", 1)]
)
def test_figures_show_themselves(shown: Shown, drawn: str, panels: int) -> None:
    figure = getattr(shown.plot, drawn)()
    assert len(figure.axes) == panels
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_it_is_a_table_with_what_it_says(shown: Shown) -> None:
    html = shown._repr_html_()
    assert html.count("<tr>") == 1 + len(shown.arms)
    assert f'<data value="{shown.kpi("cheapest", "cost_per_order").mean}">' in html
    assert all(f"<li>{line}</li>" in html for line in verdicts(shown))


def test_in_a_line_it_is_what_was_compared(shown: Shown) -> None:
    name = shown.experiment.scenario.name
    assert repr(shown) == f"<Comparison of nearest, cheapest in {name}, 2 replications>"
    assert repr(shown.experiment.scenario) == (f"<Scenario {name}: 4 sites, 3 places, 4 products, 1 measured day>")


def test_in_words_it_begins_with_who_is_best_and_has_no_goal_left_out(shown: Shown) -> None:
    best, against, goals, *_ = shown.says().split("\n\n")
    assert "costs least" in best
    assert against.startswith("Against nearest, cheapest")
    assert goals.startswith("nearest has met")


def test_a_kpi_by_replication_has_a_column_a_strategy(shown: Shown) -> None:
    found = shown.by_replication("cost_per_order")
    assert found.shape == (2, 2)
    first = shown.replications[0]["cheapest"].sums.pairs["cost_per_order"]
    assert found.loc[0, "cheapest"] == first[0] / first[1]


def test_what_is_asked_amiss_is_refused_with_what_was_meant(shown: Shown) -> None:
    with pytest.raises(FulfillSimError, match=r"unknown KPI 'cost_per_oder' .*did you mean cost_per_order\?"):
        shown.kpi("cheapest", "cost_per_oder")
    with pytest.raises(FulfillSimError, match=r"strategy 'cheap' .*did you mean cheapest\?"):
        shown.kpi("cheap", "cost_per_order")
    with pytest.raises(FulfillSimError, match="replications: 0 - expected a whole number of at least 1"):
        sim.compare(shown.experiment.scenario, replications=0)
    with pytest.raises(FulfillSimError, match="replications: '3' - expected"):
        sim.compare(shown.experiment.scenario, replications="3")  # type: ignore[arg-type]


def test_a_name_will_do_where_there_is_one(tmp_path: Path) -> None:
    found = sim.compare(str(write(tmp_path)), "nearest", replications=2, days=1, workers=1)
    assert found.arms == ("nearest",)
    with pytest.raises(FulfillSimError, match="nearest alone: nothing to hold it against"):
        found.plot.forest()


def test_a_notebook_can_complete_what_there_is() -> None:
    assert {"compare", "load", "optimize"} <= set(dir(sim))
