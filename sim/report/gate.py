"""The gate's verdict in a terminal, in a pull request (Markdown) and in a CI system (JUnit XML)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from rich import box
from rich.table import Table
from rich.text import Text

from sim.files import atomic_path
from sim.report.say import say
from sim.study.gate.told import HEADS, SIDES, rows, sentences, whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from sim.study.gate.run import Result

_STYLE = {"pass": "green", "fail": "bold red", "undecided": "yellow", None: "dim"}
_MARK = {"pass": "pass", "fail": "**FAIL**", "undecided": "**undecided**", None: "-"}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd]")


def head(results: Sequence[Result]) -> str:
    """Return the verdict in a line."""
    baseline, candidate = results[0].gate.sides
    said = f"{whole(results)}: {candidate.name} against {baseline.name}"
    return said + (", identical" if all(result.identical for result in results) else "")


def print_gate(results: Sequence[Result], console: Console) -> None:
    """Print a table a scenario, what is to be said beneath, what was judged, and the verdict."""
    for result in results:
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title=result.gate.scenario.name, title_justify="left")
        for k, name in enumerate(HEADS):
            table.add_column(name, justify="right" if 0 < k < len(HEADS) - 1 else "left", no_wrap=True)
        for row in rows(result):
            table.add_row(*row.cells[:-1], Text(row.cells[-1], style=_STYLE[row.verdict]))
        console.print(table)
        for line in sentences(result):
            say(console, line)
        for line in _judged(result):
            say(console, line, style="dim")
    say(console, f"\n{head(results)}", style=_STYLE[whole(results)])


def markdown(results: Sequence[Result]) -> str:
    """Return the verdict as a comment of a pull request."""
    lines = [f"### Gate: {_plain(head(results))}", ""]
    for result in results:
        lines += [f"**{_plain(result.gate.scenario.name)}**: {result.verdict}", ""]
        if found := rows(result):
            lines += ["| " + " | ".join(HEADS) + " |", "|---|---|" + "---:|" * (len(HEADS) - 3) + "---|"]
            lines += [f"| {' | '.join(map(_plain, row.cells[:-1]))} | {_MARK[row.verdict]} |" for row in found]
            lines.append("")
        lines += [f"- {_plain(line.strip())}" for line in sentences(result)]
        lines += ["", *[f"<sub>{_plain(line)}</sub>  " for line in _judged(result)], ""]
    return "\n".join(lines)


def junit(results: Sequence[Result]) -> bytes:
    """Return the verdict as a suite of tests a scenario, a case a margin."""
    suites = Xml.Element("testsuites", name="fulfillsim gate")
    for result in results:
        name = f"gate.{result.gate.scenario.name}"
        suite = Xml.SubElement(suites, "testsuite", name=_legal(name))
        for row in rows(result):
            case = Xml.SubElement(
                suite, "testcase", classname=_legal(name), name=_legal(f"{row.cells[0]}, {row.cells[1]}")
            )
            told = "; ".join([f"{head}: {cell}" for head, cell in zip(HEADS[2:], row.cells[2:], strict=True)])
            if row.verdict is None:
                Xml.SubElement(case, "skipped", message=row.cells[-1])
            elif row.verdict != "pass":
                Xml.SubElement(case, "failure", type=row.verdict, message=_legal(told))
        for side, faults in zip(SIDES, result.faults, strict=True):
            case = Xml.SubElement(suite, "testcase", classname=_legal(name), name=f"faults of the {side}")
            if faults.total > result.gate.policy.most:
                told = "; ".join([f"{fault.times} x {fault.kind}: {fault.first}" for fault in faults.found()])
                Xml.SubElement(case, "failure", type="fail", message=_legal(told))
        cases = suite.findall("testcase")
        suite.set("tests", str(len(cases)))
        suite.set("failures", str(sum(1 for case in cases if case.find("failure") is not None)))
        suite.set("skipped", str(sum(1 for case in cases if case.find("skipped") is not None)))
    Xml.indent(suites)
    return bytes(Xml.tostring(suites, encoding="utf-8", xml_declaration=True)) + b"\n"


def write(content: bytes, path: Path) -> None:
    """Write a file whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def _judged(result: Result) -> list[str]:
    """Return what exactly was judged."""
    gate = result.gate
    found = [f"margins {gate.margins.file}, sha256 {gate.margins.digest[:12]}"]
    found.append(f"scenario {gate.scenario.name}, sha256 {gate.scenario.digest[:12]}, seed {gate.seed}")
    for name, side in zip(SIDES, gate.sides, strict=True):
        told = ", ".join([f"{key} {value[:40]}" for key, value in side.judged(gate.scenario).items()])
        found.append(f"{name} {side.name}: {told}")
    return found


def _plain(text: str) -> str:
    """Return text that a page takes for text, in one cell of a table."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_|\[\]@#~])", r"\\\1", text).replace("\n", " ")


def _legal(text: str) -> str:
    return _NOT_IN_XML.sub("?", text)
