"""Margins as they stand in a reviewed file: what a candidate must not make worse, and what it is said to improve."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from sim.errors import ScenarioError, expected_one_of, shown
from sim.fields import Model, Text
from sim.files import read_text, read_yaml, validate
from sim.study.kpis.amounts import example, read_amount, told
from sim.study.kpis.catalogue import BY_NAME

if TYPE_CHECKING:
    from sim.files import YamlFile
    from sim.study.kpis.kpi import Kpi

USUAL = Path(__file__).with_name("margins.yaml")
"""The margins that are taken if none are given, with comments: a file to begin with."""
Side = Literal["higher", "lower"]
EITHER = "either way"
_GUARD = re.compile(r"at most (?P<amount>.+?) (?P<side>higher|lower|either way)")
_CLAIM = re.compile(r"at least (?P<amount>.+?) (?P<side>higher|lower)")


@dataclass(frozen=True, slots=True)
class Margin:
    """One line of the file.

    Parameters
    ----------
    side
        A guard: the direction that is worse. A claim: the one that is better.
    amount
        In the KPI's own unit. A guard: by how much it may be worse at most. A claim: better at least.
    """

    kpi: Kpi
    side: Side
    amount: float
    claim: bool = False

    @property
    def sign(self) -> int:
        """What turns a difference, candidate minus baseline, into one that is the worse the greater it is."""
        return 1 if (self.side == "higher") != self.claim else -1

    @property
    def limit(self) -> float:
        """What a difference so turned must not exceed."""
        return -self.amount if self.claim else self.amount

    def says(self) -> str:
        """Return it as people say it."""
        return f"at {'least' if self.claim else 'most'} {told(self.kpi, self.amount)} {self.side}"

    def briefly(self) -> str:
        """Return it as a signed amount, such as ``+0.1 USD``."""
        return ("+" if self.side == "higher" else "-") + told(self.kpi, self.amount).replace(" points", " pp")


@dataclass(frozen=True, slots=True)
class Margins:
    """All lines of a file, and the SHA-256 of its text."""

    guards: tuple[Margin, ...]
    claims: tuple[Margin, ...]
    file: str
    digest: str


class MarginsFile(Model):
    """The file as it is written."""

    guards: dict[Text, Text] = Field(min_length=1)
    claims: dict[Text, Text] = Field(default_factory=dict)


def read_margins(path: Path) -> Margins:
    """Read a file of margins.

    Raises
    ------
    ScenarioError
        With every problem found, each with its line.
    """
    source = read_yaml(path)
    file = validate(MarginsFile, source)
    problems = []
    found: dict[str, list[Margin]] = {"guards": [], "claims": []}
    for block, margins in found.items():
        for name, text in getattr(file, block).items():
            try:
                margins += _read(name, text, claim=block == "claims")
            except ValueError as error:
                problems.append(source.problem((block, name), str(error)))
    if problems:
        raise ScenarioError(problems)
    return Margins(tuple(found["guards"]), tuple(found["claims"]), str(path), _digest(source))


def _digest(source: YamlFile) -> str:
    return hashlib.sha256(read_text(source.path).encode()).hexdigest()


def _read(name: str, text: str, claim: bool) -> list[Margin]:
    """Read one line; what may change neither way is two margins."""
    if name not in BY_NAME:
        raise ValueError(f"unknown KPI {expected_one_of(name, BY_NAME)}")
    kpi = BY_NAME[name]
    good: Side = "lower" if kpi.better == "low" else "higher"
    bad: Side = "higher" if kpi.better == "low" else "lower"
    expected = f"at least {example(kpi)} {good}" if claim else f"at most {example(kpi)} {bad}"
    match = (_CLAIM if claim else _GUARD).fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{shown(text)} - expected {expected}")
    side, wanted = match["side"], good if claim else bad
    if kpi.better == "neither" and side != EITHER:
        wanted = "lower" if side == "lower" else "higher"
    if side not in (wanted, EITHER):
        what = "an improvement" if claim else "a change for the worse"
        raise ValueError(f"{shown(text)}: {side} is not {what} of this KPI - expected {expected}")
    try:
        amount = read_amount(kpi, match["amount"])
    except ValueError as error:
        raise ValueError(f"{error} - expected {expected}") from None
    if amount < 0:
        raise ValueError(f"{shown(text)}: an amount below zero - expected {expected}")
    sides: tuple[Side, ...] = ("higher", "lower") if side == EITHER else (wanted,)
    return [Margin(kpi, each, amount, claim) for each in sides]
