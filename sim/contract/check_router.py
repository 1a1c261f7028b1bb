"""The public examiner: it holds what a router says, whatever is behind it, against the laws of the contract.

report = check_router(lambda: MyRouter(...), network)
print(report)
assert report.ok
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.examination import FailedError
from sim.contract.examination_ways import WAY_LAWS, WaysExamination, ways_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.contract.messages import Plan
    from sim.contract.router import Router
    from sim.network.network import Network

LAWS = {
    "answers": "every call is answered, none raises",
    "known": "only sites, services and products that exist; only products of the order; only positive units",
    "conservation": "per product, parcels + backordered + unfilled = what was ordered",
    "unfilled_named": "what is not served is named, as backordered or as unfilled",
    "oversell": "never more from a site than it was told is there, minus the router's own open promises",
    "refuser": "no parcel from a site that has refused this order",
    "reach": "no parcel from a site that does not deliver there",
    "supply": "what waits for goods on their way has a site and a date, and no more of them than are said to come",
    "time_travel": "now <= ship_at <= deliver_at",
    "costs": "a finite amount of at least 0 for each part of the cost",
    "available": "what may be published is no more than what may be promised",
    "wake": "who keeps lines says when to wake him, and a tick moves that moment on",
    "kept": "a decision of its own is about lines that it kept",
    "held": "what is held is decided by the minute that was said",
    "offered": "an order is offered only to sites that could serve all of it",
    "claimed": "who claims an order first has it, whole",
    "news_untouched": "news belongs to the host: its arrays are not changed",
    "deterministic": "the same calls get the same answers",
    "line_order": "the order of the lines does not change the cost",
}
# Orders that are asked with their lines in both directions.
PROBES = 30


@dataclass(frozen=True, slots=True)
class Violation:
    """A law that was broken, and the first message that broke it."""

    law: str
    message: str

    def __str__(self) -> str:
        return f"{self.law} ({(LAWS | WAY_LAWS)[self.law]})\n    {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """What the examination found.

    Parameters
    ----------
    decisions
        Plans that were asked for and held against the laws.
    us_median, us_p99
        Microseconds a decision took.
    laws
        How many laws were asked about.
    """

    violations: tuple[Violation, ...]
    decisions: int
    us_median: float
    us_p99: float
    laws: int = len(LAWS)

    @property
    def ok(self) -> bool:
        """Whether every law was kept."""
        return not self.violations

    def __str__(self) -> str:
        speed = f"{self.decisions} decisions, {self.us_median:.0f} us each (p99 {self.us_p99:.0f})"
        if self.ok:
            return f"all {self.laws} laws kept in {speed}"
        return "\n".join([f"{len(self.violations)} of {self.laws} laws broken in {speed}", *map(str, self.violations)])


def check_router(
    make_router: Callable[[], Router], network: Network, *, steps: int = 600, seed: int = 1, ways: bool = False
) -> Report:
    """Drive a router through scripted and random days and hold all it says against the laws of the contract.

    Parameters
    ----------
    make_router
        Returns a fresh router that has heard nothing yet; called several times. If it has a method `close`, that is
        called when it has been examined.
    steps
        Length of the random days: orders, picks, refusals, releases, sales, receipts, news, ticks.
    seed
        The same seed asks the same questions.
    ways
        Whether it is also asked for orders that are collected, for kits and for dates, and told of sites that close.
    """
    broken: dict[str, str] = {}
    seconds: list[float] = []
    answers: list[list[object]] = []
    for scripted in (True, False, False):
        with _examined(make_router, network, seed) as exam:
            with suppress(FailedError):  # noted; what follows would only repeat it
                _scripted_day(exam, network) if scripted else _random_days(exam, steps)
            broken = {**exam.broken, **broken}
            seconds += exam.seconds
            if not scripted:
                answers.append(exam.answers)
    for first, second in zip(*answers, strict=False):
        if first != second:
            broken.setdefault("deterministic", f"a fresh router, told the same, said {second} - expected {first}")
            break
    for law, message in _probe_line_order(make_router, network, seed).items():
        broken.setdefault(law, message)
    if ways:
        with _examined(make_router, network, seed) as exam:
            ways_day(exam, network)
        broken = {**exam.broken, **broken}
    violations = tuple(Violation(law, broken[law]) for law in LAWS | WAY_LAWS if law in broken)
    microseconds = np.array(seconds or [0.0]) * 1e6
    p99 = float(np.quantile(microseconds, 0.99, method="higher"))
    laws = len(LAWS | WAY_LAWS) if ways else len(LAWS)
    return Report(violations, len(seconds), float(np.median(microseconds)), p99, laws)


def _scripted_day(exam: WaysExamination, network: Network) -> None:
    """Ask, one after the other, what every router meets in its first hour."""
    served = np.argwhere(network.zone > 0)
    place, site = (int(i) for i in served[0])
    exam.stock_only({})
    exam.order([(0, 1)], place)  # nobody has it
    exam.check_available()
    exam.stock_only({(0, site): 2})
    exam.order([(0, 1)], place)
    exam.order([(0, 1)], place)
    exam.order([(0, 1)], place)  # the third of two
    exam.pick_one()
    exam.tell([site])
    exam.order([(0, 1)], place)  # picked and reported: gone, not free again
    exam.release_one()
    exam.check_available()
    exam.order([(0, 1)], place)
    for restocked in (False, True):
        exam.stock_only({(0, site): 3})
        exam.order([(0, 3)], place)
        exam.steal(0, site, 2)
        exam.pass_time(1.0)
        exam.pick_one(restocked)  # two are refused
        exam.order([(0, 2)], place)
    exam.stock_only({(0, j): 1 for j in range(len(network.sites))})
    exam.order([(0, len(network.sites) + 1)], place)  # more than all have together
    exam.pass_time(7 * 1440.0)  # whatever is kept has its turn
    exam.open_shop(5)
    for _ in range(10):
        exam.random_order()


def _random_days(exam: WaysExamination, steps: int) -> None:
    exam.open_shop(4)
    exam.check_available()
    for _ in range(steps):
        exam.random_step()


def _probe_line_order(make_router: Callable[[], Router], network: Network, seed: int) -> dict[str, str]:
    """Ask two routers the same orders, one of them with the lines reversed."""
    if len(network.products) == 1:
        return {}
    rng = np.random.default_rng(seed)
    products = min(len(network.products), 6)
    asked = 0
    while asked < PROBES:
        with _examined(make_router, network, seed) as one, _examined(make_router, network, seed) as other:
            try:
                one.open_shop(9, share=0.4)
                other.open_shop(9, share=0.4)
                alike = True
                while alike and asked < PROBES:
                    asked += 1
                    skus = rng.choice(products, int(rng.integers(2, min(3, products) + 1)), replace=False).tolist()
                    lines = [(sku, int(rng.integers(1, 3))) for sku in skus]
                    plan, reverse = one.order(lines), other.order(reversed(lines))
                    if abs(_cents(plan) - _cents(reverse)) > 1e-6 * max(_cents(plan), 1.0):
                        told = f"{lines} costs {_cents(plan):.4f} cents, its lines reversed {_cents(reverse):.4f}"
                        return {"line_order": f"{told}: {plan} and {reverse}"}
                    # equally good plans that differ: from here on the two stand differently
                    alike = _shares(plan) == _shares(reverse)
            except FailedError:
                return one.broken | other.broken
    return {}


@contextmanager
def _examined(make_router: Callable[[], Router], network: Network, seed: int) -> Iterator[WaysExamination]:
    router = make_router()
    try:
        yield WaysExamination(router, network, seed)
    finally:
        close = getattr(router, "close", None)
        if close is not None:
            close()


def _cents(plan: Plan) -> float:
    return sum([sum(parcel.cents) for parcel in plan.parcels])


def _shares(plan: Plan) -> list[tuple[int, list[tuple[int, int]]]]:
    return sorted((parcel.site, sorted(parcel.lines)) for parcel in plan.parcels)
