"""Messages as JSON and back: names instead of indices, numbers exact, everything else refused by name.

How a field is written follows from its annotation in `sim.contract.messages`: what is added there with a default is
carried along, and left out of the JSON while it has that default. Only these have a form of their own: what
`NAMED` lists is written by its name in the network, costs and penalties by their part, and stock and receipts in
columns (`wire_stock`, `wire_receipts`).
"""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from sim.contract.messages import (
    COST_PARTS,
    Decision,
    Hold,
    Later,
    Leg,
    Line,
    OnOffer,
    Order,
    Parcel,
    Plan,
    Quote,
    Revision,
)
from sim.contract.news import (
    Cancellation,
    CartHeld,
    Claim,
    Closed,
    News,
    Receipts,
    Refusal,
    Release,
    StockNews,
    TooLate,
    Unclaim,
)
from sim.contract.pickup_option import PickupOption
from sim.contract.refused import OF_LINES, OF_ORDERS, refuse
from sim.contract.wire_fields import KINDS, MAYBE_NEVER, MAYBE_NONE, MOMENTS, MOST_LINES, NAMED, PAST, Message, Unpicked
from sim.contract.wire_receipts import Rows
from sim.contract.wire_stock import Columns
from sim.contract.wire_values import MOST_UNITS, SCALARS, Values, as_object, read_float, short, write_number
from sim.errors import WireError, one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.wire_values import Codec, Read
    from sim.network.network import Network


class Wire:
    """Writes and reads the messages of one network.

    Parameters
    ----------
    spelling
        See `Values`.
    """

    def __init__(self, network: Network, spelling: Callable[[str], str] | None = None) -> None:
        self._values = Values(network, spelling)
        self._columns = Columns(self._values)
        self._rows = Rows(self._values)
        self._codecs: dict[type, Codec] = {Line: (self._write_line, self._read_line)}
        for kind in (
            Order, Parcel, Leg, Later, Plan, Hold, Refusal, Release, Cancellation, Decision, Revision, TooLate, Closed,
            Quote, PickupOption, Unpicked, OnOffer, Claim, Unclaim, CartHeld,
        ):  # fmt: skip
            self._codecs[kind] = self._message(kind)

    def plain(self, message: Message) -> dict[str, Any]:
        """Return a message as what JSON knows."""
        if isinstance(message, StockNews):
            return {"kind": "stock", **self._columns.write(message)}
        if isinstance(message, Receipts):
            return {"kind": "receipts", **self._rows.write(message)}
        plain: dict[str, Any] = self._codecs[type(message)][0](message)
        kind = next((name for name, kind in KINDS.items() if isinstance(message, kind)), None)
        return plain if kind is None else {"kind": kind, **plain}

    def order(self, value: object, where: str = "order") -> Order:
        """Read an order.

        Raises
        ------
        WireError
            What is wrong with it, where, and what was expected; so do all methods below.
        """
        if isinstance(value, dict):
            refuse(value, OF_ORDERS, where)
        order: Order = self._codecs[Order][1](value, where)
        if not 1 <= len(order.lines) <= MOST_LINES:
            raise WireError(f"{len(order.lines)} lines", f"{where}.lines", f"1 to {MOST_LINES}")
        return order

    def plan(self, value: object, where: str = "plan") -> Plan:
        """Read a plan."""
        plan: Plan = self._codecs[Plan][1](value, where)
        return plan

    def parcel(self, value: object, where: str = "parcel") -> Parcel:
        """Read a parcel."""
        parcel: Parcel = self._codecs[Parcel][1](value, where)
        return parcel

    def hold(self, value: object, where: str = "hold") -> Hold:
        """Read until when an order is held."""
        hold: Hold = self._codecs[Hold][1](value, where)
        return hold

    def quote(self, value: object, where: str = "quote") -> Quote:
        """Read a quote."""
        quote: Quote = self._codecs[Quote][1](value, where)
        return quote

    def decision(self, value: object, where: str = "decision") -> Decision | Revision | OnOffer:
        """Read what was decided when the engine was given its turn; a revision withdraws, an offer offers something."""
        keys = value if isinstance(value, dict) else {}
        kind = Revision if "withdrawn" in keys else OnOffer if "offered_to" in keys else Decision
        decision: Decision | Revision | OnOffer = self._codecs[kind][1](value, where)
        return decision

    def news(self, value: object, where: str = "news") -> News:
        """Read one piece of news."""
        tree = as_object(value, where)
        kind = tree.get("kind")
        if not isinstance(kind, str) or kind not in KINDS:
            raise WireError(f"kind {short(kind)}", f"{where}.kind", one_of(kind, KINDS))
        rest = {key: item for key, item in tree.items() if key != "kind"}
        if kind == "stock":
            return self._columns.read(rest, where)
        if kind == "receipts":
            return self._rows.read(rest, where)
        news: News = self._codecs[KINDS[kind]][1](rest, where)
        return news

    def unpicked(self, value: object, where: str) -> tuple[Unpicked, ...]:
        """Read the parts of parcels that are not picked yet."""
        parcels: tuple[Unpicked, ...] = _read_tuple(self._codecs[Unpicked][1])(value, where)
        return parcels

    def now(self, value: object, where: str = "now") -> float:
        """Read the moment at which something is to be decided; it must lie in the network's calendar."""
        return self._values.now(value, where)

    def site(self, value: object, where: str = "site") -> int:
        """Read a site's name."""
        return self._values.read_name("site", value, where)

    def stock(self, value: object, where: str = "stock") -> StockNews:
        """Read stock in columns."""
        return self._columns.read(value, where)

    def plain_stock(self, stock: StockNews) -> dict[str, Any]:
        """Return stock in columns, as a call carries it."""
        return self._columns.write(stock)

    def units(self, value: object, where: str = "available") -> NDArray[np.int64]:
        """Read a count of every product."""
        return self._columns.read_totals(value, where)

    def plain_units(self, units: NDArray[np.int64]) -> dict[str, Any]:
        """Return a count of every product, by name."""
        return self._columns.totals(units)

    # each kind of value: how it is written and how it is read

    def _message(self, kind: Any) -> Codec:
        hints = get_type_hints(kind)
        defaults: dict[str, Any] = kind._field_defaults
        codecs = {field: self._codec(field, hints[field], defaults.get(field)) for field in kind._fields}
        writers = [(field, codecs[field][0], field in defaults, defaults.get(field)) for field in kind._fields]
        measured = "quantity" in codecs  # in the unit of the message's own product

        def write(message: Any) -> dict[str, Any]:
            plain = {
                field: writer(value)
                for (field, writer, optional, default), value in zip(writers, message, strict=True)
                if not (optional and value == default)
            }
            return plain | {"quantity": self._values.quantity_out(message.sku, message.quantity)} if measured else plain

        def read(value: Any, where: str) -> Any:
            tree = as_object(value, where)
            for key in tree:
                if key not in codecs:
                    raise WireError(f"unknown key {short(key)}", f"{where}.{key}", one_of(key, codecs))
            for field in kind._fields:
                if field not in tree and field not in defaults:
                    raise WireError("missing key", f"{where}.{field}", f"{field!r}, which is required")
            read_as = {field: codecs[field][1](item, f"{where}.{field}") for field, item in tree.items()}
            if measured:
                read_as["quantity"] = self._quantity(read_as["sku"], tree["quantity"], where)
            return kind(**read_as)

        return write, read

    def _codec(self, field: str, hint: Any, default: Any = None) -> Codec:
        """Return how a field is written and read."""
        origin, arguments = get_origin(hint), get_args(hint)
        if field == "cents":
            return _write_cents, _read_cents
        if field == "penalties":
            return dict, _read_penalties
        if field == "quantity":  # it takes the product to read it
            return lambda count: count, lambda value, _: value
        if field in PAST:
            return write_number, self._values.read_past
        if field in MOMENTS:
            never = field in MAYBE_NEVER
            return write_number, self._values.read_maybe_never if never else self._values.read_moment
        if field == "deliver_quantiles":
            return lambda items: [write_number(item) for item in items], _read_tuple(self._values.read_maybe_never)
        if field in NAMED:
            return self._named(NAMED[field], hint, field in MAYBE_NONE or default == -1)
        if origin is tuple:
            write, read = self._codec("", arguments[0])
            return lambda items: [write(item) for item in items], _read_tuple(read)
        if origin in (Union, types.UnionType):
            write, read = self._codec("", next(a for a in arguments if a is not type(None)))
            return (
                lambda value: None if value is None else write(value),
                lambda value, where: None if value is None else read(value, where),
            )
        return self._codecs[hint] if hint in self._codecs else SCALARS[hint]

    def _named(self, kinds: tuple[str, ...], hint: Any, maybe_none: bool) -> Codec:
        """Return how an index is written and read, or a list of them, or a pair of two kinds."""
        arguments = get_args(hint)
        if len(kinds) == 2 and arguments[-1] is not Ellipsis:
            first, second = (self._named((kind,), int, maybe_none) for kind in kinds)
            return (
                lambda pair: [first[0](pair[0]), second[0](pair[1])],
                lambda value, where: _read_pair(value, where, first[1], second[1]),
            )
        if arguments:
            write, read = self._named(kinds, arguments[0], maybe_none)
            return lambda items: [write(item) for item in items], _read_tuple(read)
        names, kind = self._values.names[kinds[0]], kinds[0]
        return (
            lambda index: None if index < 0 else names[index],
            lambda value, where: -1 if value is None and maybe_none else self._values.read_name(kind, value, where),
        )

    def _write_line(self, line: Line) -> dict[str, Any]:
        return {"sku": self._values.names["product"][line[0]], "quantity": self._values.quantity_out(line[0], line[1])}

    def _read_line(self, value: Any, where: str) -> Line:
        tree = as_object(value, where)
        for key in tree:
            if key not in Line._fields:
                refuse(tree, OF_LINES, where)
                raise WireError(f"unknown key {short(key)}", f"{where}.{key}", one_of(key, Line._fields))
        for key in Line._fields:
            if key not in tree:
                raise WireError("missing key", f"{where}.{key}", f"{key!r}, which is required")
        sku = self._values.read_name("product", tree["sku"], f"{where}.sku")
        return Line(sku, self._quantity(sku, tree["quantity"], where))

    def _quantity(self, sku: int, value: object, where: str) -> int:
        return self._values.quantity_in(sku, value, 1, MOST_UNITS, f"{where}.quantity")


def _write_cents(cents: Iterable[float]) -> dict[str, float]:
    return {part: float(amount) for part, amount in zip(COST_PARTS, cents, strict=True)}


def _read_cents(value: Any, where: str) -> tuple[float, ...]:
    tree = as_object(value, where)
    if tree.keys() != set(COST_PARTS):
        raise WireError(f"parts {', '.join(tree) or 'missing'}", where, ", ".join(COST_PARTS))
    return tuple([read_float(tree[part], f"{where}.{part}") for part in COST_PARTS])


def _read_penalties(value: Any, where: str) -> tuple[tuple[str, float], ...]:
    return tuple([(name, read_float(cents, f"{where}.{name}")) for name, cents in as_object(value, where).items()])


def _read_pair(value: Any, where: str, first: Read, second: Read) -> tuple[Any, Any]:
    if not isinstance(value, list) or len(value) != 2:
        raise WireError(short(value), where, "a pair")
    return first(value[0], f"{where}[0]"), second(value[1], f"{where}[1]")


def _read_tuple(read: Read) -> Read:
    def items(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise WireError(short(value), where, "a list")
        return tuple([read(item, f"{where}[{i}]") for i, item in enumerate(value)])

    return items
