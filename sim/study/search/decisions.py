"""What a question leaves open in a scenario: its space of candidates, the ends of which are tried before any run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.errors import Problem, ScenarioError, expected_one_of
from sim.network.site import SiteKind
from sim.scenario.blocks.site_blocks import strange
from sim.scenario.changes import telling
from sim.scenario.load import with_other_values
from sim.study.experiment import USUAL, Variant, routing_of
from sim.study.search.sites_and_stock import Shares, Sites
from sim.study.search.space import titles_of
from sim.study.search.variables import Field, Space, Strategies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.files import Key
    from sim.scenario.load import Scenario
    from sim.study.search.question import Question
    from sim.study.search.variables import Candidate, Option


def space_of(question: Question, scenario: Scenario) -> Space:
    """Return all candidates that a question leaves open.

    Raises
    ------
    ScenarioError
        With everything in the question that the scenario cannot have: each value of a list, both ends of a range.
    """
    problems: list[Problem] = []
    strategies = Strategies(_strategies(question, scenario, problems))
    fields = [Field(axis, title) for axis, title in zip(question.axes, titles_of(list(question.axes)), strict=True)]
    sites, stock = _sites(question, scenario, problems), _stock(question, scenario, problems)
    if not problems:
        source = question.source
        places: dict[str, Key] = {
            "network.closed": ("sites",),
            "routing.capacity": ("sites",),
            "stock_total": ("stock",),
        }
        for axis, said in zip(question.axes, question.asked.vary, strict=True):
            places |= dict.fromkeys(axis.paths, ("vary", said))
        lines = {path: source.lines[key] for path, key in places.items() if key in source.lines}
        for option in _ends(fields, sites, stock):
            try:
                routing_of(with_other_values(scenario, option.values, str(source.path), lines))
            except ScenarioError as error:
                problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return Space(strategies, (*fields, *([sites] if sites else []), *([stock] if stock else [])))


def variant_of(scenario: Scenario, candidate: Candidate, said: str) -> Variant:
    """Return a scenario as a candidate has it.

    Parameters
    ----------
    said
        Where the question stands: tables that it names are looked for beside it.

    Raises
    ------
    ScenarioError
        If it cannot be: values that are right one by one need not be so together.
    """
    if not candidate.values:
        return Variant(scenario, routing_of(scenario))
    other = with_other_values(scenario, candidate.values, said, {})
    return Variant(other, routing_of(other))


def _ends(fields: list[Field], sites: Sites | None, stock: Shares | None) -> Iterator[Option]:
    for field in fields:
        last = field.count - 1
        ends = range(len(field.axis.values)) if field.axis.range is None else (0, 1 if math.isinf(last) else last)
        yield from (field.option((end,)) for end in ends)
    for variable in (sites, stock):
        if variable is not None:
            yield variable.option([1.0] * len(variable.knobs))


def _strategies(question: Question, scenario: Scenario, problems: list[Problem]) -> tuple[str, ...]:
    config = routing_of(scenario)
    asked = tuple(dict.fromkeys(question.asked.strategies))
    for k, name in enumerate(asked):
        if name not in config.strategies:
            message = f"unknown strategy {expected_one_of(name, config.strategies)}"
            problems.append(question.source.problem(("strategies", k), message))
    live = config.live(scenario.file.clock.start) or list(config.strategies)
    return asked or (USUAL if USUAL in live else live[0],)


def _sites(question: Question, scenario: Scenario, problems: list[Problem]) -> Sites | None:
    block = question.asked.sites
    if block is None:
        return None
    closed = scenario.file.network.closed
    whole = with_other_values(scenario, {"network.closed": []}, "network.closed") if closed else scenario
    rows = [{"id": site.id, "kind": site.kind, "state": site.state} for site in whole.network.sites]
    names = tuple(str(row["id"]) for row in rows if block.where.holds(row))
    at_most = len(names) if block.at_most is None else block.at_most
    problems += strange(question.source, ("sites",), block.where, rows)
    with telling(problems, question.source, ("sites", "at_most")):
        if at_most > len(names):
            raise ValueError(f"{at_most} - expected at most {len(names)}, as many as there are")
    with telling(problems, question.source, ("sites", "at_least")):
        if block.at_least > at_most:
            raise ValueError(f"{block.at_least} - expected at most {at_most}")
        if not block.at_least and len(names) == len(rows):
            raise ValueError("0 - expected at least 1: nobody else is there to send anything")
    if block.off == "closed":
        return Sites(names, block.at_least, at_most, block.off, tuple(name for name in closed if name not in names))
    limits = scenario.source.at(("routing", "capacity"))
    return Sites(names, block.at_least, at_most, block.off, tuple(limits if isinstance(limits, list) else ()))


def _stock(question: Question, scenario: Scenario, problems: list[Problem]) -> Shares | None:
    block = question.asked.stock
    if block is None:
        return None
    there = {site.kind for site in scenario.network.sites} - {SiteKind.VENDOR}
    with telling(problems, question.source, ("stock", "shares")):
        if missing := sorted(there - set(block.shares)):
            raise ValueError(f"no share for {missing[0].value} - expected one for each kind of site of ours")
    for kind in block.shares:
        with telling(problems, question.source, ("stock", "shares", kind.value)):
            if kind not in there:
                raise ValueError(f"no such site of ours: {expected_one_of(kind.value, [each.value for each in there])}")
    low, high = zip(*question.shares.values(), strict=True)
    return Shares(tuple(question.shares), low, high, block.steps, block.units or scenario.units_stocked)
