"""The smallest parts of the wire format: JSON itself, names, quantities, moments, and how each is refused by name."""

from __future__ import annotations

import json
import math
from collections import Counter
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from sim.errors import WireError, one_of
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from sim.network.network import Network

    Write = Callable[[Any], Any]
    Read = Callable[[Any, str], Any]
    Codec = tuple[Write, Read]

MOST_UNITS = 1_000_000
MOST_STOCK = 1_000_000_000  # counts are 32 bits wide
CENTURY = 100 * 365.25 * MINUTES_PER_DAY
MOST_INTEGER = 2**53  # beyond it other people's JSON readers round


class Values:
    """Names, quantities and moments of one network.

    Parameters
    ----------
    spelling
        Turns a product's name, however an order spells it, into the one that is looked up; None: as it is written.

    Attributes
    ----------
    names
        The names of all sites, places, products and services, each in the order of the network.
    """

    def __init__(self, network: Network, spelling: Callable[[str], str] | None = None) -> None:
        self.names: dict[str, Sequence[str]] = {
            "site": [site.id for site in network.sites],
            "place": [place.id for place in network.places],
            "product": [product.id for product in network.products],
            "service": [service.id for service in network.services],
        }
        self._index = {kind: {name: i for i, name in enumerate(names)} for kind, names in self.names.items()}
        self._spelling = spelling
        if spelling is not None:
            self._index["product"] = {spelling(name): i for name, i in self._index["product"].items()}
        steps = [product.unit_step for product in network.products]
        self._steps = [None if step == 1 else Decimal(repr(step)) for step in steps]
        clock, (first, last) = network.clock, network.days
        self._origin = datetime.combine(clock.start, time(0), ZoneInfo(clock.time_zone)).astimezone(UTC)
        self._span = first * MINUTES_PER_DAY, last * MINUTES_PER_DAY

    def quantity_out(self, sku: int, count: int) -> int | float:
        """Write a quantity in the product's own unit."""
        step = self._steps[sku]
        return int(count) if step is None else float(int(count) * step)

    def quantity_in(self, sku: int, value: object, least: int, most: int, where: str) -> int:
        """Scale a quantity to whole steps of its product, exactly."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < MOST_INTEGER:
            raise WireError(short(value), where, "a finite number of units")
        step = self._steps[sku] or 1
        # the shortest decimal that reads as this float is what was written: 0.3 is 3 steps of 0.1
        count = Decimal(repr(value)) / step
        if count != count.to_integral_value():
            name = self.names["product"][sku]
            raise WireError(f"{value!r} of {name}", where, f"a whole multiple of its unit_step {step}")
        if not least <= count <= most:
            raise WireError(f"{value!r}", where, f"{least * step} to {most * step}")
        return int(count)

    def counts(self, sku: int, value: object, length: int, least: int, where: str) -> NDArray[np.int32]:
        """Read a column of counts."""
        if not isinstance(value, list) or len(value) != length:
            found = f"{len(value)} counts" if isinstance(value, list) else short(value)
            raise WireError(found, where, f"a list of {length}: one a site")
        # in nearly every column all is whole and of one type, and numpy reads it in one go
        if self._steps[sku] is None and set(map(type, value)) <= {int}:
            if value and not least <= min(value) <= max(value) <= MOST_STOCK:
                wrong = next(i for i, count in enumerate(value) if not least <= count <= MOST_STOCK)
                raise WireError(f"{value[wrong]!r}", f"{where}[{wrong}]", f"{least} to {MOST_STOCK}")
            return np.array(value, dtype=np.int32)
        counts = [self.quantity_in(sku, count, least, MOST_STOCK, f"{where}[{i}]") for i, count in enumerate(value)]
        return np.array(counts, dtype=np.int32)

    def counts_out(self, sku: int, counts: NDArray[np.int32]) -> list[int] | list[int | float]:
        """Write a column of counts."""
        plain: list[int] = counts.tolist()
        return plain if self._steps[sku] is None else [self.quantity_out(sku, count) for count in plain]

    def read_name(self, kind: str, value: object, where: str) -> int:
        """Read the name of a site, place, product or service as its index."""
        index = self._index[kind]
        spelt = self._spelling(value) if kind == "product" and self._spelling and isinstance(value, str) else value
        found = index.get(spelt) if isinstance(spelt, str) else None
        if found is None:
            raise WireError(f"unknown {kind} {short(value)}", where, one_of(value, index))
        return found

    def read_names(self, kind: str, value: object, where: str) -> list[int]:
        """Read a list of names."""
        if not isinstance(value, list):
            raise WireError(short(value), where, f"a list of {kind} names")
        index = self._index[kind]
        try:
            return [index[name] for name in value]
        except (KeyError, TypeError):  # say which one
            return [self.read_name(kind, name, f"{where}[{i}]") for i, name in enumerate(value)]

    def read_products(self, columns: Iterable[str], where: str) -> list[int]:
        """Read the products that columns are of: one product has one column, however it is spelt."""
        spelt: dict[int, str] = {}
        for name in columns:
            before = spelt.setdefault(self.read_name("product", name, where), name)
            if before != name:
                raise WireError(f"{short(before)} and {short(name)} are one product", where, "one column each")
        return list(spelt)

    def read_moment(self, value: object, where: str) -> float:
        """Read a moment as a minute."""
        if isinstance(value, str):
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                moment = None
            if moment is not None and moment.tzinfo is not None:
                return (moment - self._origin).total_seconds() / 60
        elif not isinstance(value, bool) and isinstance(value, int | float) and abs(value) < MOST_INTEGER:
            return float(value)
        expected = "minutes since the network's start, or a date and time with offset such as 2026-02-02T10:30:00-05:00"
        raise WireError(short(value), where, expected)

    def read_maybe_never(self, value: object, where: str) -> float:
        """Read a moment that may be null: beyond the calendar."""
        return math.inf if value is None else self.read_moment(value, where)

    def read_past(self, value: object, where: str) -> float:
        """Read the moment of what has happened.

        After the calendar nothing has: all true news to come would be older. Before it much may have, within reason.
        """
        at, (first, last) = self.read_moment(value, where), self._span
        if not first - CENTURY <= at <= last:
            raise WireError(f"minute {at:g} is outside the calendar", where, f"at most {last:g}, and no century ago")
        return at

    def now(self, value: object, where: str = "now") -> float:
        """Read the moment at which something is to be decided; it must lie in the network's calendar."""
        now = self.read_moment(value, where)
        if not self._span[0] <= now <= self._span[1]:
            raise WireError(f"minute {now:g} is outside the calendar", where, f"{self._span[0]:g} to {self._span[1]:g}")
        return now


def dumps(value: Any) -> bytes:
    """Return a JSON value as bytes: the same value, the same bytes."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def loads(text: bytes, where: str = "body") -> Any:
    """Read JSON as the standard has it: no NaN, no infinity; and no name twice, of which one would be dropped.

    Raises
    ------
    WireError
        If it is not JSON.
    """

    def constant(name: str) -> None:
        raise WireError(f"{name} is no JSON", where, "finite numbers")

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        tree = dict(pairs)
        if len(tree) < len(pairs):
            twice = next(name for name, count in Counter([name for name, _ in pairs]).items() if count > 1)
            raise WireError(f"{short(twice)} stands twice in an object", where, "each name once")
        return tree

    try:
        return json.loads(text, parse_constant=constant, object_pairs_hook=members)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}", where, "a JSON object in UTF-8") from None


def short(value: object) -> str:
    """Show a value in at most 80 characters."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def as_object(value: object, where: str) -> dict[str, Any]:
    """Return a value if it is a JSON object."""
    if not isinstance(value, dict):
        raise WireError(short(value), where, "an object")
    return value


def write_number(value: float) -> float | None:
    """Write a number; null where it is infinite."""
    return float(value) if math.isfinite(value) else None


def read_float(value: Any, where: str) -> float:
    """Read a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < MOST_INTEGER:
        raise WireError(short(value), where, "a finite number")
    return float(value)


def _read_int(value: Any, where: str) -> int:
    if type(value) is not int or abs(value) > MOST_INTEGER:
        raise WireError(short(value), where, f"a whole number of at most {MOST_INTEGER}")
    return value


def _read_text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise WireError(short(value), where, "text")
    return value


def _read_bool(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise WireError(short(value), where, "true or false")
    return value


SCALARS: dict[Any, Codec] = {
    int: (int, _read_int),
    float: (float, read_float),
    str: (str, _read_text),
    bool: (bool, _read_bool),
}
