"""What a real pilot says, in words."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich.console import Console

from sim.report.pilot.sheets import amount, unit
from sim.report.say import say
from sim.study.pilot.outcomes import BY_NAME
from sim.study.pilot.reading import read_pilot, read_registered

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.pilot.reading import Reading


def read(data: Path, plan: Path, as_json: bool) -> Reading:
    """Analyse a table and print what it says."""
    reading = read_pilot(data, read_registered(plan))
    console = Console(stderr=True) if as_json else Console()
    for line in in_words(reading):
        say(console, line)
    if as_json:
        low, high = reading.found.interval(1 - reading.look.level)
        json.dump(
            {
                "effect": reading.found.effect, "low": low, "high": high, "p": reading.found.p,
                "level": reading.look.level, "week": reading.look.week, "last": reading.last, "found": reading.stops,
            },
            sys.stdout,
        )  # fmt: skip
        sys.stdout.write("\n")
    return reading


def in_words(reading: Reading) -> list[str]:
    """Return what a reading says."""
    plan, found, look = reading.plan, reading.found, reading.look
    outcome = BY_NAME[plan.outcome]
    low, high = found.interval(1 - look.level)
    limits = " to ".join(amount(outcome, value, signed=True) for value in (low, high))
    lines = [
        f"{outcome.title} of {plan.treatment}, after week {look.week} of {plan.weeks.all}, {plan.how.title}:",
        f"{amount(outcome, found.effect, signed=True)} {unit(outcome)}, {1 - look.level:.1%} interval {limits}, "
        f"p {found.p:.3g} against {look.level:.2g} at this look; {found.freedom:g} degrees of freedom.",
    ]
    expected = f"{amount(outcome, plan.expected, signed=True)} {unit(outcome)}"
    if reading.stops:
        good = (found.effect < 0) == (outcome.better == "low")
        lines.append(
            f"An effect is shown: it is {'better' if good else 'worse'} than without. Expected was {expected}."
        )
    elif not reading.last:
        lines.append("Not shown yet: go on to the next look that was planned.")
    else:
        within = low <= plan.expected <= high
        lines.append(
            f"No effect is shown. That is not none: the expected {expected} lies "
            f"{'within' if within else 'outside'} the interval."
        )
    return lines
