"""What rules of several steps come to, worked out slowly and plainly: loops over sites, every set and split tried."""

from __future__ import annotations

from itertools import combinations, product

from sim.routing.rules.config import Rules, Step
from sim.routing.rules.decide import asked
from sim.routing.rules.situation import Situation

Gives = dict[int, list[int]]


class Plainly:
    """A draft without any cleverness; lines of one product share its shelf.

    Attributes
    ----------
    gives, left
        What each site gives, and what is still wanted, line by line.
    """

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.left = list(situation.wanted)
        self.gives: Gives = {}

    def free(self, line: int, site: int) -> int:
        """Return what is left on a shelf."""
        sku = self.situation.skus[line]
        taken = sum(n for n, s in zip(self.gives.get(site, ()), self.situation.skus, strict=False) if s == sku)
        return max(0, int(self.situation.available[line][site]) - taken)

    def take(self, line: int, site: int, units: int) -> None:
        """Have a site give some units."""
        if units:
            self.gives.setdefault(site, [0] * len(self.left))[line] += units
            self.left[line] -= units

    def allowed(self, site: int, most: int) -> bool:
        """Return whether a site may give: it does already, or one more is allowed."""
        return site in self.gives or len(self.gives) < most

    def whole(self, lines: list[int], site: int) -> bool:
        """Return whether a site has all that is left of some lines."""
        wanted: dict[int, int] = {}
        for line in lines:
            sku = self.situation.skus[line]
            wanted[sku] = wanted.get(sku, 0) + self.left[line]
        first = {self.situation.skus[line]: line for line in reversed(lines)}
        return all(self.free(first[sku], site) >= n for sku, n in wanted.items())

    def step(self, step: Step, most: int) -> None:
        """Apply one step that gives up nothing."""
        order = asked(step, self.situation)
        lines = [line for line, n in enumerate(self.left) if n]
        match step.allocate:
            case "greedy":
                for line in lines:
                    for site in order:
                        givers = sum(1 for basket in self.gives.values() if basket[line])
                        mine = site in self.gives and self.gives[site][line] > 0
                        if self.allowed(site, most) and (mine or givers < (step.max_sites_per_line or 99)):
                            self.take(line, site, min(self.left[line], self.free(line, site)))
            case "whole_lines":
                for line in lines:
                    able = (s for s in order if self.whole([line], s) and self.allowed(s, most))
                    self.all_from([line], next(able, None))
            case "one_site":
                able = (s for s in order if self.whole(lines, s) and self.allowed(s, most))
                self.all_from(lines, next(able, None))
            case "fewest_sites":
                self.smallest_set(order, lines, most)

    def all_from(self, lines: list[int], site: int | None) -> None:
        """Have one site give all that is left of some lines."""
        for line in lines if site is not None else ():
            self.take(line, site or 0, self.left[line])

    def smallest_set(self, order: list[int], lines: list[int], most: int) -> None:
        """Have the first of the smallest sets of sites give everything; nothing if no set has it."""
        useful = [site for site in order if any(self.free(line, site) for line in lines)]
        for size in range(1, len(useful) + 1):
            for chosen in combinations(useful, size):
                has_all = all(
                    sum(self.free(line, site) for site in chosen)
                    >= sum(n for n, s in zip(self.left, self.situation.skus, strict=True) if s == sku)
                    for line, sku in enumerate(self.situation.skus)
                )
                if has_all and len(self.gives.keys() | set(chosen)) <= most:
                    for line in lines:
                        for site in chosen:
                            self.take(line, site, min(self.left[line], self.free(line, site)))
                    return

    def best_offer(self, step: Step, most: int) -> tuple[int, float]:
        """Return the most units that could be given now, and the least price of so many: every split is tried."""
        situation, order = self.situation, asked(step, self.situation)
        assert situation.cost is not None
        merged: dict[int, int] = {}
        for line, n in enumerate(self.left):
            first = situation.skus.index(situation.skus[line])
            merged[first] = merged.get(first, 0) + n
        lines = [line for line, n in merged.items() if n]
        best = (0, 0.0)
        ways = [
            list(product(*(range(min(merged[line], self.free(line, site)) + 1) for line in lines))) for site in order
        ]
        for split in product(*ways):
            used = {site for site, basket in zip(order, split, strict=True) if any(basket)}
            units = [sum(basket[k] for basket in split) for k in range(len(lines))]
            fits = all(n <= merged[line] for n, line in zip(units, lines, strict=True))
            if not fits or (used - self.gives.keys() and len(self.gives.keys() | used) > most):
                continue
            price = 0.0
            for site, basket in zip(order, split, strict=True):
                if any(basket):
                    of_line = dict(zip(lines, basket, strict=True))
                    whole = tuple(of_line.get(line, 0) for line in range(len(self.left)))
                    price += float(situation.cost(whole)[site])
            best = min(best, (-sum(units), price))
        return -best[0], best[1]


def worked_out(rules: Rules, situation: Situation) -> Plainly:
    """Apply all steps."""
    draft = Plainly(situation)
    for step in rules.steps:
        draft.step(step, step.max_sites or len(situation.columns))
    return draft
