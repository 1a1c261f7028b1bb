"""Power by formula as it is asked on the command line."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import FulfillSimError, shown
from sim.study.pilot import power, wedge
from sim.study.pilot.power import clusters_needed, two_arms

if TYPE_CHECKING:
    from sim.study.pilot.power import Law, Precision


class Asked(NamedTuple):
    """What is asked, see `fulfillsim power`."""

    effect: float
    variance: float | None
    shares: str | None
    icc: float
    size: float
    size_cv: float
    treated: int | None
    control: int | None
    change: str | None
    adjusted: str | None
    wedge: str | None
    alpha: float
    wanted: float
    law: Law


def answer(asked: Asked) -> list[str]:
    """Return the answer, line by line.

    Raises
    ------
    FulfillSimError
        If what is asked does not go together.
    """
    _goes_together(asked)
    one = _variance(asked)
    if asked.wedge is not None:
        return _of_wedge(asked, one)
    of_store = power.of_cluster(one, asked.icc, asked.size, asked.size_cv)
    for said, made in ((asked.change, power.of_change), (asked.adjusted, power.of_adjusted)):
        if said is not None:
            of_store = made(of_store, power.kept_over_time(asked.icc, asked.size, *_two(said)))
    lines = [f"variance of a store's value {of_store:.6g}"]
    if asked.treated is not None:
        known = two_arms(of_store, asked.treated, asked.control or asked.treated, asked.law)
        lines += _told(asked, known, f"{asked.treated} treated, {asked.control or asked.treated} compared with")
    needed = clusters_needed(lambda count: two_arms(of_store, count, count), asked.effect, asked.wanted, asked.alpha)
    lines.append(f"{math.ceil(needed)} stores an arm ({needed:.6g}) reach a power of {asked.wanted:.0%}, by t")
    return lines


def _of_wedge(asked: Asked, one: float) -> list[str]:
    rows = (asked.wedge or "").split(",")
    if not all(re.fullmatch("[01.]+", row) for row in rows) or len({len(row) for row in rows}) > 1:
        raise FulfillSimError(
            f"--wedge {shown(asked.wedge)} - expected rows of 0 and 1 of equal length: 0111,0011,0001, or a full stop "
            "where nothing is measured"
        )
    letters = np.array([list(row) for row in rows for _ in range(asked.treated or 1)])
    design, seen = letters == "1", letters != "."
    within = one * (1 - asked.icc) / asked.size
    of_effect = wedge.variance(design, within, one * asked.icc, seen)
    known = wedge.precision(design, within, one * asked.icc, asked.law, seen)
    if known.freedom < 1:
        raise FulfillSimError(f"--wedge: {len(design)} stores - expected at least 3: more rows, or --treated in each")
    lines = [f"variance of the effect {of_effect:.12g}"]
    return lines + _told(asked, known, f"{len(design)} stores, {len(rows[0])} periods")


def _told(asked: Asked, known: Precision, who: str) -> list[str]:
    law = "normal" if math.isinf(known.freedom) else f"t with {known.freedom:g} degrees of freedom"
    smallest = known.smallest_effect(asked.wanted, asked.alpha)
    return [
        f"{who}, {law}: power {known.power(asked.effect, asked.alpha):.6f} for an effect of {asked.effect:g}",
        f"smallest effect found with a power of {asked.wanted:.0%}: {smallest:.6g}",
    ]


def _goes_together(asked: Asked) -> None:
    """Refuse what would not be looked at."""
    arms = {"--control": asked.control, "--change": asked.change, "--adjusted": asked.adjusted}
    unused = [name for name, value in arms.items() if value is not None] + ["--size-cv"] * (asked.size_cv > 0)
    if asked.wedge is not None and unused:
        raise FulfillSimError(f"{' and '.join(unused)} beside --wedge - expected one or the other")
    if asked.change is not None and asked.adjusted is not None:
        raise FulfillSimError("--change and --adjusted - expected one of the two")
    if asked.treated is None and asked.wedge is None:
        for name, said in (("--control", asked.control is not None), ("--law normal", asked.law == "normal")):
            if said:
                raise FulfillSimError(f"{name} without --treated - expected how many stores are treated")


def _variance(asked: Asked) -> float:
    if (asked.variance is None) == (asked.shares is None):
        raise FulfillSimError("expected one of the two: --variance, or --shares of a yes or no")
    return power.of_shares(*_two(asked.shares)) if asked.shares is not None else float(asked.variance or 0.0)


def _two(said: str) -> tuple[float, float]:
    try:
        first, second = (float(part) for part in said.split(","))
    except ValueError:
        raise FulfillSimError(f"{shown(said)} - expected two numbers from 0 to 1, such as 0.3,0.7") from None
    if not (0 <= first <= 1 and 0 <= second <= 1):
        raise FulfillSimError(f"{shown(said)} - expected two numbers from 0 to 1, such as 0.3,0.7")
    return first, second
