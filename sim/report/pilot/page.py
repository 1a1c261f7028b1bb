"""The plan as one page of HTML that needs nothing else, and as Markdown."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from sim.report.html.charts import Chart
from sim.report.html.page import environment
from sim.report.html.svg import inline_svg
from sim.report.pilot import figures, words
from sim.report.pilot.sheets import sheets
from sim.study.runs.store import versions

if TYPE_CHECKING:
    from sim.report.pilot.sheets import Sheet
    from sim.study.pilot.registered import PlannedLook
    from sim.study.pilot.sizing import Sizing


class Told(NamedTuple):
    """All that a plan says, ready to be printed anywhere."""

    title: str
    facts: tuple[str, ...]
    verdict: str
    tone: str
    naive: str
    sheets: tuple[Sheet, ...]
    risks: tuple[str, ...]
    registration: str


def told_of(sizing: Sizing, looks: list[PlannedLook]) -> Told:
    """Return what a plan says."""
    study, plan = sizing.study, sizing.study.plan
    weeks = study.weeks()
    return Told(
        f"A pilot of {study.treatment} in {study.base.scenario.name}",
        (
            f"{len(study.stores.sites)} stores, {int(study.stores.able.sum())} can take part",
            f"{plan.pilots} simulated pilots a design, {weeks.all} weeks each",
            f"seed {study.seed}",
        ),
        words.verdict(sizing),
        "keep" if sizing.chosen is None else "choose",
        words.naive(sizing),
        tuple(sheets(sizing, looks)),
        tuple(words.risks(sizing)),
        words.registration(sizing, looks),
    )


def html(sizing: Sizing, told: Told) -> str:
    """Return the page."""
    drawn = (
        (figures.designs_beside_truth(sizing), "Designs", "what each would say on average, and the truth"),
        (figures.power_curve(sizing), "Power", "against the number treated, for less or more in common"),
        (figures.store_map(sizing), "Where", "treated stores, and those they are compared with"),
    )
    charts = [Chart(title, note, inline_svg(figure, f"p{k}", note)) for k, (figure, title, note) in enumerate(drawn)]
    style = (files("sim.report.html") / "templates" / "report.css").read_text(encoding="utf-8")
    template = environment().get_template("pilot.html.j2")
    return template.render(told=told, charts=charts, style=style, version=versions()["fulfillsim"])


def markdown(told: Told) -> str:
    """Return the plan as Markdown."""
    lines = [f"# {told.title}", "", " · ".join(told.facts), "", f"**{told.verdict}**", ""]
    if told.naive:
        lines += [told.naive, ""]
    for sheet in told.sheets:
        heads = [_cell(head) for head in sheet.heads]
        lines += [f"## {sheet.title}", "", sheet.note, "", f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
        lines += [f"| {' | '.join(map(_cell, row))} |" for row in sheet.rows]
        lines.append("")
    if told.risks:
        lines += ["## Risks", "", *(f"- {risk}" for risk in told.risks), ""]
    lines += ["## To register before it begins", "", *(f"{line}\n" for line in told.registration.splitlines())]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
