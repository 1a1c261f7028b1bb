"""The one-file report as text: what it says, that it is closed in itself, and that nothing in it can do anything."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sim.report.html.page import page
from sim.report.html.section import section_of
from sim.study.runs.recorded import read_comparison
from sim.study.runs.results import Run
from tests.runs import EVIL, real_run, with_other_arm

TITLE = '<script>alert("Tiny")</script>'
VOID = {"meta", "br", "img", "link", "input", "hr"}


class Elements(HTMLParser):
    """Collects what a browser would build: elements with their attributes, and exact values by their text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.values: list[tuple[float, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "data":
            self.values.append((float(self.found[-1][1]["value"] or "nan"), data))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    planner = {"account": "licences", "per_month": "400 USD", "strategies": ["cheapest"]}
    return real_run(
        tmp_path_factory.mktemp("run"), ["nearest", "cheapest"], title=TITLE, question='Is "a" < b & c?',
        goals={"order_fill_rate": "at least 60 %"}, fixed={"planner": planner},
    )  # fmt: skip


@pytest.fixture(scope="module")
def text(run: Run) -> str:
    return page([run])


def test_the_verdict_stands_on_the_page_once_and_comes_first(run: Run, text: str) -> None:
    sentence = section_of(read_comparison(run), "run1").verdict.sentence
    assert text.count(f"<strong>{sentence}</strong>") == 1
    assert text.index("<strong>") < text.index("<h2>")


def test_every_element_is_closed(text: str) -> None:
    assert Elements(text).open == []


def test_nothing_is_a_script_or_comes_from_elsewhere(text: str) -> None:
    for tag, attributes in Elements(text).found:
        assert tag not in ("script", "link", "iframe", "img", "object", "embed", "base", "form")
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcset", "style_src")]
        for name in ("href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
    assert "@import" not in text
    assert set(re.findall(r"url\((.)", text)) <= {"#"}


def test_what_a_scenario_calls_itself_is_text(text: str) -> None:
    assert "&lt;script&gt;alert(&#34;Tiny&#34;)&lt;/script&gt;" in text
    assert "Is &#34;a&#34; &lt; b &amp; c?" in text


def test_a_strategy_whose_name_looks_like_an_element_is_text(run: Run, tmp_path: Path) -> None:
    copy = replace(run, folder=shutil.copytree(run.folder, tmp_path / "tiny" / "copy"))
    with_other_arm(copy, "cheapest", EVIL)
    elements = Elements(page([copy]))
    assert elements.open == []
    assert [tag for tag, _ in elements.found if tag == "b"] == []


def test_every_figure_in_the_tables_is_one_of_the_comparison(run: Run, text: str) -> None:
    found = run.comparison()
    exact = {
        told["mean"]
        for arms in (found["strategies"], found["differences"])
        for kpis in arms.values()
        for told in kpis.values()
    }
    exact |= {goal["mean"] for goal in found["goals"]}
    for groups in found["by"]["model"].values():
        exact |= {measure["mean"] for measures in groups.values() for measure in measures.values()}
    values = Elements(text).values
    assert len(values) > 50
    assert [value for value, _ in values if value not in exact] == []


def test_every_figure_in_the_tables_is_shown_as_it_is(text: str) -> None:
    scales = (1.0, 100.0)  # shares are shown in per cent
    for value, shown in Elements(text).values:
        number = shown.split(" ")[0].replace("−", "-")
        digits = len(number.partition(".")[2])
        assert any(abs(float(number) - value * scale) <= 0.5000001 * 10**-digits for scale in scales), (value, shown)


def test_charts_tell_what_they_show_to_those_who_do_not_see_it(text: str) -> None:
    charts = [attributes for tag, attributes in Elements(text).found if tag == "svg"]
    assert len(charts) == 7
    assert all(chart["role"] == "img" and "cheapest" in str(chart["aria-label"]) for chart in charts)


def test_names_within_the_page_are_told_apart(text: str) -> None:
    names = [attributes["id"] for _, attributes in Elements(text).found if "id" in attributes]
    assert len(names) == len(set(names))


def test_the_checklist_has_its_twenty_items(run: Run, text: str) -> None:
    numbers = re.findall(r"<dt>(\d\.\d) ", text)
    assert numbers == [f"{a}.{b}" for a, count in enumerate((3, 5, 4, 3, 4, 1), 1) for b in range(1, count + 1)]
    assert run.manifest["scenario_sha256"] in text


def test_what_nobody_gave_is_listed(text: str) -> None:
    assert '<th scope="row">replenishment</th><td>rules</td>' in text
    assert re.search(r"Not there, or not limited: .*\breturns\b", text)


def test_several_runs_have_a_section_each_and_no_name_twice(run: Run) -> None:
    elements = Elements(page([run, run]))
    assert [attributes["id"] for tag, attributes in elements.found if tag == "article"] == ["run1", "run2"]
    names = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(names) == len(set(names))


def test_the_same_run_gives_the_same_page(run: Run, text: str) -> None:
    assert page([run]) == text
