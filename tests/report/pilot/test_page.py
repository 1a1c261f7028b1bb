"""The plan on a page, and as Markdown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.report.pilot import words
from sim.report.pilot.page import html, markdown, told_of
from sim.study.pilot.registered import looks_of

if TYPE_CHECKING:
    from sim.study.pilot.sizing import Sizing


def test_the_page_needs_nothing_else_and_says_all(sizing: Sizing) -> None:
    looks = looks_of(sizing)
    told = told_of(sizing, looks)
    page = html(sizing, told)
    assert not re.search(r"<script|<link|src=|@import|url\((?!#)", page)
    for text in (told.verdict, "To register before it begins", "Balance", "Risks"):
        assert text in page
    assert page.count("<svg") == 3
    for sheet in told.sheets:
        assert all(len(row) == len(sheet.heads) for row in sheet.rows), sheet.title


def test_a_name_is_text_on_the_page(sizing: Sizing) -> None:
    told = told_of(sizing, looks_of(sizing))._replace(title="<b>a|b</b>", verdict="1 < 2 & 3")
    page = html(sizing, told)
    assert "<b>a|b</b>" not in page
    assert "&lt;b&gt;a|b&lt;/b&gt;" in page
    assert "1 &lt; 2 &amp; 3" in page


def test_markdown_has_every_table_whole(sizing: Sizing) -> None:
    told = told_of(sizing, looks_of(sizing))
    text = markdown(told)
    lines = text.splitlines()
    for sheet in told.sheets:
        at = lines.index(f"## {sheet.title}") + 4
        width = len(sheet.heads) + 1
        assert lines[at].count("|") == lines[at + 1].count("|") == width
        assert len(sheet.rows) == sum(1 for line in lines[at + 2 : at + 2 + len(sheet.rows)] if line.startswith("| "))


def test_a_chosen_design_is_said_with_its_power_cost_and_bias(sizing: Sizing) -> None:
    chosen = replace(sizing, chosen=sizing.shown)
    said = words.verdict(chosen)
    assert re.search(r"\d stores by before and after, beside others, \d weeks of which 2 before: finds -\d", said)
    assert "USD, and is wrong by +" in said
    register = words.registration(sizing, looks_of(sizing))
    treated = [name for name, ever in zip(sizing.study.stores.names, sizing.proposal.ever, strict=True) if ever]
    assert f"Treated. {', '.join(treated)}." in register
    assert "Two-sided level 5%" in register


def test_a_look_is_planned_by_what_is_known_then(sizing: Sizing) -> None:
    looks = looks_of(sizing)
    weeks = sizing.weeks(sizing.shown)
    assert looks[-1].week == weeks.all
    assert sum(look.level for look in looks) >= 0.05 - 1e-9
    assert all(look.level <= 0.05 + 1e-9 for look in looks)


def test_the_naive_pilot_is_said_beside_it(sizing: Sizing) -> None:
    assert words.naive(sizing).startswith("The 3 best stores, before and after, would say -")
