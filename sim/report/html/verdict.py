"""The verdict in one sentence: which option to choose, to keep what there is, or that it cannot be told yet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.report.html.amounts import usd, usd_between, wait
from sim.report.words import MAIN, briefly, sentence
from sim.study.statistics.estimate import LEVEL, replications_to_tell
from sim.study.worth import ahead

if TYPE_CHECKING:
    from sim.study.runs.recorded import Recorded
    from sim.study.worth import Worth

Tone = Literal["choose", "keep", "open"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run comes to.

    Parameters
    ----------
    best
        The arm it is about: of the options that miss fewest goals the one worth most, and of those that cannot be told
        from it in worth the one that delivers soonest.
    """

    tone: Tone
    sentence: str
    best: str


def verdict(recorded: Recorded, worths: tuple[Worth, ...]) -> Verdict:
    """Say what a run comes to: by what the options are worth a year, where that is known, else by cost an order."""
    base = recorded.baseline
    if not worths:
        return Verdict("open", f"Only {base} was run, so there is nothing to choose between.", base)
    if recorded.count < 2:
        return Verdict("open", "One replication has no interval, so nothing can be told yet: run at least ten.", base)
    missed = {arm: _missed(recorded, arm) for arm in recorded.arms}
    fewest = min(missed[worth.arm] for worth in worths)
    known = [worth for worth in worths if missed[worth.arm] == fewest and not math.isnan(worth.net.mean)]
    if not known:
        return _by_cost(recorded)
    best = _fastest_of_the_first(recorded, known)
    net, spare = best.net, missed[base] - fewest
    amount, interval = usd(abs(net.mean)), f"95 % interval {usd_between(net, signed=True)}"
    amount += f" a year {'more' if net.mean >= 0 else 'less'}"
    worth = f"is worth {amount} than {base} ({interval}"
    if _is_sure(best):
        if spare < 0:
            told = f"{best.arm} {worth}) but misses {_counted(-spare, 'goal')} more: weigh the goals first."
            return Verdict("open", told, best.arm)
        told = f"Choose {best.arm}: it {worth}), {_traits(recorded, best.arm)}"
        fewer = f", and it misses {_counted(spare, 'goal')} fewer" if spare > 0 else ""
        return Verdict("choose", f"{told}{fewer}{_pays_back(best)}.", best.arm)
    if net.high < 0:
        if spare > 0:
            told = f"{best.arm} {worth}) but misses {_counted(spare, 'goal')} fewer"
            return Verdict("open", f"{told}: whether that is worth it is yours to say.", best.arm)
        return Verdict("keep", f"Keep {base}: even the best of the others, {best.arm}, {worth}).", base)
    if net.low == net.high == 0:
        return Verdict("keep", f"Keep {base}: none of the others is worth more, and {best.arm} exactly as much.", base)
    more = replications_to_tell(net, recorded.count, 0.0) if net.low <= 0 else None
    hint = "; with so many options at once it may be luck" if net.low > 0 else ""
    hint = f"; about {more} replications would tell" if more and more > recorded.count else hint
    return Verdict("open", f"It cannot be told yet: at a first look {best.arm} {worth}{hint}).", best.arm)


def _fastest_of_the_first(recorded: Recorded, options: list[Worth]) -> Worth:
    """Return the option worth most, or one that cannot be told from it in worth and fill and delivers sooner."""
    first = max(options, key=lambda worth: worth.net.mean)
    equal = [
        worth
        for worth in options
        if ahead(recorded, first, worth).low <= 0
        and recorded.between(worth.arm, first.arm, "order_fill_rate").verdict != "worse"
        and recorded.between(worth.arm, first.arm, "delivery_hours_mean").verdict == "better"
        and _is_sure(worth) >= _is_sure(first)
    ]
    return min(equal, key=lambda worth: recorded.kpi(worth.arm, "delivery_hours_mean").mean, default=first)


def _is_sure(worth: Worth) -> bool:
    return worth.net.low > 0 and worth.p <= 1 - LEVEL


def _by_cost(recorded: Recorded) -> Verdict:
    best = next(arm for arm in recorded.ranking("cost_per_order") if arm != recorded.baseline)
    found = recorded.difference(best, "cost_per_order")
    told = f"Against {recorded.baseline}, {best} {sentence(found)}; what it is worth a year the run does not tell."
    sure = found.verdict == "better" and recorded.family("cost_per_order")[best] <= 1 - LEVEL
    return Verdict("choose" if sure else "open", told, best)


def _pays_back(worth: Worth) -> str:
    if worth.fixed is None or worth.pays_back_days is None:
        return ""
    return f"; the {usd(worth.fixed.once)} to be paid once are back after {wait(worth.pays_back_days)}"


def _traits(recorded: Recorded, arm: str) -> str:
    cost, fill, time = (briefly(recorded.difference(arm, name)) for name in MAIN)
    return f"{cost}, {fill}, and {time}"


def _missed(recorded: Recorded, arm: str) -> int:
    return sum(1 for (which, _), outcome in recorded.outcomes.items() if which == arm and outcome == "missed")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
