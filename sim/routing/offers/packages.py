"""From what a site gives to the packages it sends: a chain of splitters, each of which only ever splits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.contract.messages import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Splitter = Callable[["Package"], list["Package"]]


class Package(NamedTuple):
    """Units that travel together.

    Parameters
    ----------
    lines
        What is in it, in the order of the order.
    later
        Whether the units are still to come.
    """

    site: int
    lines: tuple[Line, ...]
    later: bool = False

    @property
    def units(self) -> int:
        """Return how many units are in it."""
        return sum(line.quantity for line in self.lines)


def packages(
    skus: tuple[int, ...],
    gives: Mapping[int, Iterable[int]],
    later: Mapping[int, Iterable[int]],
    splitters: Iterable[Splitter] = (),
) -> list[Package]:
    """Return the packages of a plan: one per site and state, on hand before later, then split further in turn.

    Parameters
    ----------
    skus
        The product of each line.
    gives, later
        Units that each site gives by line, on hand and from later supply.
    """
    found = []
    for state, shares in ((False, gives), (True, later)):
        for site, basket in shares.items():
            lines = tuple(Line(sku, units) for sku, units in zip(skus, basket, strict=True) if units)
            found.append(Package(site, lines, state))
    for splitter in splitters:
        found = [part for package in found for part in splitter(package)]
    return found


def by_profile(profile: Mapping[int, str]) -> Splitter:
    """Return a splitter by a word known of each product, such as its delivery profile or shipping category.

    Parts come in the order in which the words first appear.
    """

    def split(package: Package) -> list[Package]:
        parts: dict[str, list[Line]] = {}
        for line in package.lines:
            parts.setdefault(profile.get(line.sku, ""), []).append(line)
        return [package._replace(lines=tuple(lines)) for lines in parts.values()]

    return split


def by_weight(weight: Mapping[int, float], most: float) -> Splitter:
    """Return a splitter that fills packages unit by unit up to a weight; what is heavier than that travels alone."""

    def split(package: Package) -> list[Package]:
        parts: list[dict[int, int]] = []
        load = 0.0
        for sku, quantity in package.lines:
            for _ in range(quantity):
                load += weight[sku]
                # a sum of decimals such as 0.1 must not go over a limit that it meets exactly
                if not parts or round(load, 9) > most:
                    parts.append({})
                    load = weight[sku]
                parts[-1][sku] = parts[-1].get(sku, 0) + 1
        return [package._replace(lines=tuple(Line(*item) for item in part.items())) for part in parts]

    return split
