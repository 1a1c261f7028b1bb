"""Quantities and names as an order writes them, turned into what the engine counts in, or refused by name."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal

from sim.errors import RoutingError, expected_one_of
from sim.fields import Model

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SkuMatch = Literal["exact", "case_insensitive"]


def to_units(amount: Decimal | float | str, step: Decimal | float | str, what: str) -> int:
    """Return an amount in whole steps of its product.

    Decimals are taken as written: 0.3 in steps of 0.1 is 3, not 2.

    Raises
    ------
    RoutingError
        If it is not a number, negative, or not a whole number of steps.

    >>> to_units("5.5", "0.5", "SKU-1")
    11
    """
    try:
        exact, unit = Decimal(str(amount)), Decimal(str(step))
    except InvalidOperation:
        raise RoutingError(f"{what}: {amount!r} - expected a number") from None
    if not exact.is_finite() or exact < 0:
        raise RoutingError(f"{what}: {amount} - expected a quantity of at least 0")
    units = exact / unit
    if units != units.to_integral_value():
        raise RoutingError(f"{what}: {amount} - expected a multiple of its unit_step {step}")
    return int(units)


def from_units(units: int, step: Decimal | float | str) -> Decimal:
    """Return whole steps as an amount.

    >>> from_units(11, "0.5")
    Decimal('5.5')
    """
    return units * Decimal(str(step))


def common_step(amounts: Iterable[Decimal | float | str]) -> Decimal:
    """Return the largest power of ten, at most 1, of which all amounts are multiples.

    >>> common_step([5.5, 3, "0.25"])
    Decimal('0.01')
    """
    smallest = min((int(Decimal(str(amount)).normalize().as_tuple().exponent) for amount in amounts), default=0)
    return Decimal(1).scaleb(min(smallest, 0))


class SkuSpelling(Model):
    """How far the spelling of a product in an order may differ from its own."""

    ignore_case: bool = False
    trim: bool = False
    """Blanks before and behind do not count."""

    def __call__(self, name: str) -> str:
        """Return the spelling that is looked up."""
        name = name.strip() if self.trim else name
        return name.casefold() if self.ignore_case else name

    def clash(self, names: Iterable[str]) -> tuple[str, str] | None:
        """Return the first two products that would have the same name, None if there are none."""
        first: dict[str, str] = {}
        for name in names:
            before = first.setdefault(self(name), name)
            if before != name:
                return before, name
        return None


class SkuBook:
    """Finds products by the spelling in an order.

    Parameters
    ----------
    known
        Index of each product by its own spelling.
    match
        Whether upper and lower case are the same letter.

    Raises
    ------
    RoutingError
        If two products would then have the same name.
    """

    def __init__(self, known: Mapping[str, int], match: SkuMatch = "exact") -> None:
        self._fold = match == "case_insensitive"
        self._known: dict[str, int] = {}
        for name, index in known.items():
            key = self._key(name)
            if key in self._known:
                raise RoutingError(f"{name!r} - names another product too once upper and lower case are the same")
            self._known[key] = index

    def find(self, spelling: str) -> int | None:
        """Return the index of a product, None if there is none of that name."""
        return self._known.get(self._key(spelling))

    def index(self, spelling: str) -> int:
        """Return the index of a product.

        Raises
        ------
        RoutingError
            If there is none of that name.
        """
        found = self.find(spelling)
        if found is None:
            raise RoutingError(f"unknown SKU {expected_one_of(spelling, self._known)}")
        return found

    def _key(self, name: str) -> str:
        return name.casefold() if self._fold else name
