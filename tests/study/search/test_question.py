"""What may be asked of an optimisation; what is wrong is told at its line, all at once, before anything is run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.errors import FulfillSimError, ScenarioError
from sim.scenario.load import load
from sim.study.search.decisions import space_of
from sim.study.search.question import question_of, read_question, said
from tests.tiny import write

RIGHT = """\
minimise: cost_per_order
subject_to:
  order_fill_rate: at least 98 %
strategies: [cheapest, balanced]
vary:
  site_kinds.store.feed.every: [5 min, 60 min]
  routing.max_parcels: 1..3
sites:
  where: {kinds: [dc]}
  at_least: 1
stock:
  shares:
    dc: 20 %..80 %
    store: 20 %..80 %
  step: 5 %
search: {runs: 40, replications: 2}
final: {finalists: 2, runs: 60, matters: 0.10USD}
"""


def asked(folder: Path, old: str = "", new: str = "") -> Path:
    """Write the question with something else in it."""
    assert old in RIGHT
    path = folder / "asked.yaml"
    path.write_text(RIGHT.replace(old, new, 1), encoding="utf-8")
    return path


def refused(folder: Path, old: str, new: str) -> str:
    """Return what is told of it, without the folder; the scenario is asked too if the question is right by itself."""
    scenario = load(write(folder / "tiny"))
    with pytest.raises(FulfillSimError) as error:
        space_of(read_question(asked(folder, old, new), {}), scenario)
    return str(error.value).replace(f"{folder}/", "")


def test_a_question_that_is_right_is_understood_and_has_as_many_candidates_as_there_are(tmp_path: Path) -> None:
    question = read_question(asked(tmp_path), {})
    assert [kpi.name for kpi in question.objectives] == ["cost_per_order"]
    assert question.matters == 0.10
    assert (question.asked.candidates, question.asked.most) == (19, 20)
    space = space_of(question, load(write(tmp_path / "tiny")))
    # strategies, feeds, parcels; one DC, the other or both; 20 to 80 % in steps of 5
    assert space.count == 2 * 2 * 3 * 3 * 13
    assert len({each.key for each in space.every()}) == space.count


def test_what_matters_is_the_margin_of_the_kpi_where_nothing_is_said(tmp_path: Path) -> None:
    assert read_question(asked(tmp_path, ", matters: 0.10USD", ""), {}).matters == 0.05


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("minimise: cost_per_order", "minimise: cost_per_oder", "asked.yaml:1: minimise"),
        ("minimise: cost_per_order", "minimise: cost_per_oder", "did you mean cost_per_order?"),
        ("minimise: cost_per_order", "minimize: cost_per_order", "unknown key 'minimize'"),
        ("minimise: cost_per_order", "says: nothing", "nothing is to be best - expected minimise or maximise"),
        ("minimise: cost_per_order", "minimise: [cost_per_order, cost_per_order]", "is to be best twice"),
        ("order_fill_rate: at", "order_fil_rate: at", "asked.yaml:3: subject_to.order_fil_rate: no such KPI"),
        ("at least 98 %", "at least 98 USD", "asked.yaml:3: subject_to.order_fill_rate: 'at least 98 USD' - expected"),
        ("[cheapest, balanced]", "[cheapest, balansed]", "asked.yaml:4: strategies[1]: unknown strategy 'balansed'"),
        ("[cheapest, balanced]", "[cheapest, balansed]", "did you mean balanced?"),
        ("[5 min, 60 min]", "[5 min, 5 min]", "asked.yaml:6: vary.'site_kinds.store.feed.every': '5 min' twice"),
        ("[5 min, 60 min]", "[5 min, 60]", "asked.yaml:6: site_kinds.store.feed.every: bare number 60 - expected"),
        ("store.feed.every", "stor.feed.every", "did you mean store?"),
        ("1..3", "3..1", "asked.yaml:7: vary.'routing.max_parcels': '3..1' - expected the low end first"),
        ("1..3", "1..300", "asked.yaml:7: routing.max_parcels: 300 - expected at most 99"),
        ("1..3", "2", "asked.yaml:7: vary.'routing.max_parcels': 2 - expected a list of values, or a range"),
        ("kinds: [dc]", "kinds: [third_party]", "no site has it: 'third_party' - expected one of dc, store"),
        ("at_least: 1", "at_least: 3", "asked.yaml:10: sites.at_least: 3 - expected at most 2"),
        ("at_least: 1", "at_most: 5", "asked.yaml:10: sites.at_most: 5 - expected at most 2"),
        ("where: {kinds: [dc]}\n  at_least: 1", "at_least: 0", "expected at least 1: nobody else is there"),
        ("at_least: 1", "off: dark", "asked.yaml:10: sites.off: 'dark' - expected one of closed, sends_nothing"),
        ("20 %..80 %\n    store", "20 %\n    store", "asked.yaml:13: stock.shares.dc: '20 %' - expected least"),
        ("    dc: 20 %..80 %\n", "    third_party: 20 %..80 %\n", "asked.yaml:12: stock.shares: no share for dc"),
        ("dc: 20 %..80 %", "dc: 85 %..90 %", "at least 105 % and at most 170 % in all - expected shares that"),
        ("step: 5 %", "step: 7 %", "asked.yaml:15: stock.step: 7 % - expected a step that goes into 100 %"),
        ("runs: 40", "runs: 3", "search.runs: 3 - expected at least 4: two candidates of 2 replications"),
        ("runs: 60", "runs: 20", "final.runs: 20 - expected at least 30: 10 replications of 2 finalists"),
        ("0.10USD", "0.1pp", "asked.yaml:17: final.matters: "),
        ("0.10USD", "0USD", "asked.yaml:17: final.matters: '0USD' - expected more than zero"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in refused(tmp_path, old, new)


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    path = asked(tmp_path)
    text = RIGHT.replace("98 %", "98").replace("1..3", "3..1").replace("7 %", "5 %").replace("step: 5 %", "step: 7 %")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_question(path, {})
    assert [problem.line for problem in error.value.problems] == [3, 7, 15]


def test_a_file_and_options_are_not_mixed(tmp_path: Path) -> None:
    with pytest.raises(FulfillSimError, match=r"asked\.yaml and options for minimise - expected one of the two"):
        read_question(asked(tmp_path), {"minimise": "cost_per_order", "search": {"runs": None}})


def test_options_say_what_a_file_says() -> None:
    blocks: dict[str, Any] = {
        "minimise": "cost_per_order, delivery_hours_mean", "maximise": None,
        "subject_to": ["order_fill_rate=at least 98 %"],
        "strategies": "cheapest,balanced", "vary": ["a.b=1..3", "a.c+a.d=5 min,nightly"],
        "search": {"runs": 20, "replications": None},
    }  # fmt: skip
    question = question_of(said(blocks))
    assert [kpi.name for kpi in question.objectives] == ["cost_per_order", "delivery_hours_mean"]
    assert [goal.value for goal in question.goals] == [0.98]
    assert [axis.paths for axis in question.axes] == [("a.b",), ("a.c", "a.d")]
    assert question.axes[1].values == ("5 min", "nightly")
    assert (question.asked.search.runs, question.asked.search.replications) == (20, 4)


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ({"subject_to": ["order_fill_rate"]}, "--subject-to 'order_fill_rate' - expected such as"),
        ({"vary": ["a.b"]}, "--over 'a.b' - expected path=value,value or path=low..high"),
        ({"minimise": "cost"}, "options: minimise"),
    ],
)
def test_options_that_cannot_be_read_are_told(option: dict[str, Any], told: str) -> None:
    with pytest.raises(FulfillSimError) as error:
        question_of(said({"minimise": "cost_per_order", "vary": ["a.b=1,2"], **option}))
    assert told in str(error.value)


def test_the_shipped_question_fits_the_network_it_is_asked_of_and_its_candidates_are_as_many_as_the_readme_says() -> (
    None
):
    root = Path(__file__).parents[3]
    space = space_of(read_question(root / "scenarios" / "where_to_send_from.yaml", {}), load("starter"))
    assert f"{int(space.count):,}" in (root / "README.md").read_text(encoding="utf-8")
