"""From runs to the page."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from sim.files import atomic_path
from sim.report.html.section import section_of
from sim.study.runs.recorded import read_comparison
from sim.study.runs.store import versions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jinja2 import Environment

    from sim.study.runs.results import Run


def environment() -> Environment:
    """Return what fills in this package's templates; whatever is put into them is text, unless they say otherwise."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("sim.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(runs: Sequence[Run]) -> str:
    """Return the report on some runs, a section each, as one HTML text.

    Raises
    ------
    FulfillSimError
        If a run compares nothing, or its files are not to be read.
    """
    sections = [section_of(read_comparison(run), f"run{k}") for k, run in enumerate(runs, 1)]
    style = (files("sim.report.html") / "templates" / "report.css").read_text(encoding="utf-8")
    version = versions()["fulfillsim"]
    return environment().get_template("report.html.j2").render(sections=sections, style=style, version=version)


def write_page(runs: Sequence[Run], path: Path) -> None:
    """Write the report on some runs, whole or not at all."""
    text = page(runs)
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
