"""A question to be optimised, every word understood: read from a file, from options, or from Python."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import FulfillSimError, ScenarioError, shown
from sim.files import YamlFile, read_yaml, validate
from sim.scenario.changes import telling
from sim.study.kpis.amounts import amount_of
from sim.study.kpis.catalogue import BY_NAME
from sim.study.kpis.goals import problems_of_goals, read_goals
from sim.study.search.asked import Asked
from sim.study.search.space import axis_of, read_axis
from sim.units import share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.errors import Problem
    from sim.network.site import SiteKind
    from sim.study.kpis.catalogue import Kpi
    from sim.study.kpis.goals import Goal
    from sim.study.search.asked import StockBlock
    from sim.study.search.space import Axis

OPTIONS = "options"
"""Where a question stands that is in no file, for messages."""


@dataclass(frozen=True)
class Question:
    """What is asked, every word understood.

    Parameters
    ----------
    source
        Where it stands, for messages.
    goals
        What has to hold.
    axes
        Of the fields that may vary.
    shares
        Least and most steps of the stock of each kind.
    matters
        Least difference of the first objective that matters.
    """

    asked: Asked
    source: YamlFile
    goals: tuple[Goal, ...]
    axes: tuple[Axis, ...]
    shares: dict[SiteKind, tuple[int, int]]
    matters: float

    @property
    def objectives(self) -> tuple[Kpi, ...]:
        """The KPIs that are to be best, the first first."""
        return tuple(BY_NAME[name] for name in (*self.asked.minimise, *self.asked.maximise))

    def sign(self, kpi: Kpi) -> int:
        """Return by what an objective is multiplied so that less is better."""
        return 1 if kpi.name in self.asked.minimise else -1


def question_of(source: YamlFile) -> Question:
    """Check what is asked.

    Raises
    ------
    ScenarioError
        With every problem found, each at its line.
    """
    asked = validate(Asked, source)
    problems = problems_of_goals(source, asked.subject_to, "subject_to")
    axes: list[Axis] = []
    for path, said in asked.vary.items():
        with telling(problems, source, ("vary", path)):
            axes.append(axis_of(path, said))
    shares = {} if asked.stock is None else _shares(source, asked.stock, problems)
    (first, *others) = (BY_NAME[name] for name in (*asked.minimise, *asked.maximise))
    matters = first.margin
    with telling(problems, source, ("final", "matters")):
        if asked.final.matters is not None:
            if others:
                raise ValueError("there are several objectives - expected one, or nothing said of what matters")
            matters = amount_of(first, str(asked.final.matters))
    if problems:
        raise ScenarioError(problems)
    return Question(asked, source, read_goals(asked.subject_to), tuple(axes), shares, matters)


def read_question(path: Path, beside: Mapping[str, Any]) -> Question:
    """Read a question from a file.

    Parameters
    ----------
    beside
        What was said by options: nothing, since the file says all.

    Raises
    ------
    ScenarioError
        With every problem found, each at its line.
    FulfillSimError
        If options say something as well.
    """
    if twice := list(_given(beside)):
        raise FulfillSimError(
            f"{path} and options for {', '.join(twice)} - expected one of the two to say what is asked"
        )
    return question_of(read_yaml(path))


def said(blocks: Mapping[str, Any]) -> YamlFile:
    """Return a question said by options as if it stood in a file; None is not said.

    Raises
    ------
    FulfillSimError
        If an option cannot be read.
    """
    found = _given(blocks)
    for name in ("minimise", "maximise", "strategies"):
        if isinstance(found.get(name), str):
            found[name] = [each.strip() for each in found[name].split(",")]
    if "subject_to" in found:
        found["subject_to"] = dict(
            _pair("--subject-to", text, "order_fill_rate=at least 98 %") for text in found["subject_to"]
        )
    if "vary" in found:
        found["vary"] = dict(_varied(found["vary"]))
    return YamlFile(Path(OPTIONS), found, {})


def _given(blocks: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said, in blocks within blocks too."""
    found = {name: _given(block) if isinstance(block, dict) else block for name, block in blocks.items()}
    return {name: block for name, block in found.items() if block not in (None, {}, [], ())}


def _varied(texts: Sequence[str]) -> list[tuple[str, Any]]:
    axes = [(text, read_axis(text)) for text in texts]
    return [
        ("+".join(axis.paths), list(axis.values) if axis.range is None else text.partition("=")[2])
        for text, axis in axes
    ]


def _pair(option: str, text: str, example: str) -> tuple[str, str]:
    left, equals, right = (part.strip() for part in text.partition("="))
    if not (left and equals and right):
        raise FulfillSimError(f"{option} {shown(text)} - expected such as {shown(example)}")
    return left, right


def _shares(source: YamlFile, stock: StockBlock, problems: list[Problem]) -> dict[SiteKind, tuple[int, int]]:
    """Return least and most steps of each kind, which can add up to the whole."""
    steps = stock.steps
    with telling(problems, source, ("stock", "step")):
        if abs(steps * stock.step - 1) > 1e-9:
            raise ValueError(f"{100 * stock.step:.6g} % - expected a step that goes into 100 % without rest")
    found: dict[SiteKind, tuple[int, int]] = {}
    for kind, text in stock.shares.items():
        with telling(problems, source, ("stock", "shares", kind.value)):
            low, _, high = text.partition("..")
            if not (low.strip() and high.strip()):
                raise ValueError(f"{shown(text)} - expected least and most, such as '5 %..30 %'")
            least, most = share(low.strip()), share(high.strip())
            if not 0 <= least < most <= 1:
                raise ValueError(f"{shown(text)} - expected the low end first, from 0 % to 100 %")
            found[kind] = math.ceil(least * steps - 1e-9), math.floor(most * steps + 1e-9)
    if len(found) == len(stock.shares):
        lows, highs = zip(*found.values(), strict=True)
        with telling(problems, source, ("stock", "shares")):
            if not sum(lows) <= steps <= sum(highs):
                told = f"at least {100 * sum(lows) / steps:g} % and at most {100 * sum(highs) / steps:g} % in all"
                raise ValueError(f"{told} - expected shares that can add up to 100 %")
    return found
