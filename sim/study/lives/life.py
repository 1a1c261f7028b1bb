"""What happened to one order, in order of time, read off a run's ledger."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.contract.messages import COST_PARTS
from sim.errors import FulfillSimError
from sim.ledger.fates import Arrival, Cancelled, Change, Goes
from sim.ledger.returned import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.ledger.ledger import Ledger
    from sim.network.network import Network

Row = dict[str, Any]

CANCELLED = {
    Cancelled.NOBODY_HAS_IT: "nobody has it",
    Cancelled.REFUSED_TOO_OFTEN: "refused too often",
    Cancelled.BY_SHOPPER: "the shopper does not want it any more",
}
GOES = {Goes.TO_SHOPPER: "", Goes.TO_COUNTER: " to the counter", Goes.TO_BE_MERGED: " to be merged"}


class Event(NamedTuple):
    """Something that happened."""

    at: float
    says: str


class Life(NamedTuple):
    """One order.

    Parameters
    ----------
    cost
        By part, cents: of its parcels, and of what was merged of them.
    """

    order: int
    events: tuple[Event, ...]
    cost: dict[str, int]


def life_of(ledger: Ledger, network: Network, order: int) -> Life:
    """Return what happened to an order.

    Raises
    ------
    FulfillSimError
        If nobody placed it.
    """
    if not any(True for _ in _rows(ledger, "order_lines", order)):
        known = ledger.order_lines.columns()["order"]
        first = f", such as {known[0]}" if len(known) else ""
        raise FulfillSimError(f"order {order}: nobody placed it - expected the number of an order of this run{first}")
    events = [event for kind in _KINDS for event in kind(ledger, network, order)]
    cost = {
        part: sum(int(row[f"{part}_cents"]) for name in ("parcels", "legs") for row in _rows(ledger, name, order))
        for part in COST_PARTS
    }
    return Life(order, tuple(sorted(events, key=lambda event: event.at)), cost)


def _rows(ledger: Ledger, table: str, order: int) -> Iterator[Row]:
    columns = getattr(ledger, table).columns()
    for k in np.flatnonzero(columns["order"] == order).tolist():
        yield {name: values[k].item() for name, values in columns.items()}


def _units(rows: Iterator[Row], network: Network, column: str = "quantity") -> str:
    return ", ".join(f"{row[column]} {network.products[row['sku']].id}" for row in rows)


def _ordered(ledger: Ledger, network: Network, order: int) -> Iterator[Event]:
    for row in _rows(ledger, "shoppers", order):
        what = _units(_rows(ledger, "order_lines", order), network)
        place = network.places[row["place"]]
        yield Event(row["at"], f"ordered {what}, {row['value_cents'] / 100:.2f} USD, to {place.name} ({place.id})")
    for row in _rows(ledger, "pick_ups", order):
        yield Event(row["at"], f"to be collected at {network.sites[row['site']].id}")
    for row in _rows(ledger, "substitutions", order):
        wanted, taken = network.products[row["wanted"]].id, network.products[row["sku"]].id
        yield Event(row["at"], f"took {row['quantity']} {taken} instead of {wanted}")


def _decided(ledger: Ledger, network: Network, order: int) -> Iterator[Event]:
    del network
    for row in _rows(ledger, "decisions", order):
        units = [(row["promised"], "promised"), (row["backordered"], "backordered"), (row["unfilled"], "given up")]
        said = ", ".join(f"{count} {what}" for count, what in units if count) or "nothing changed"
        held = "" if row["at"] == row["asked_at"] else f", held for {row['at'] - row['asked_at']:.0f} min"
        times = "" if row["attempt"] == 0 else f" (once more, attempt {row['attempt'] + 1})"
        again = f", {_parcels(row['withdrawn'])} withdrawn" if row["withdrawn"] else ""
        age = f", stock news {row['stock_age_min']:.0f} min old" if row["parcels"] else ""
        yield Event(row["at"], f"decided{times}: {said}, {_parcels(row['parcels'])}{age}{held}{again}")


def _sent(ledger: Ledger, network: Network, order: int) -> Iterator[Event]:
    for row in _rows(ledger, "declines", order):
        yield Event(row["at"], f"{network.sites[row['site']].id} does not want it: {row['units']} units")
    trips = {row["parcel"]: row for row in _rows(ledger, "trips", order)}
    for row in _rows(ledger, "parcels", order):
        site, number = network.sites[row["site"]].id, row["parcel"]
        name = f"parcel {number} at {site}"
        asked = _units((pick for pick in _rows(ledger, "picks", order) if pick["parcel"] == number), network, "asked")
        yield Event(row["reached_at"], f"{name}: asked for {asked}")
        short = row["asked"] - row["picked"]
        found = f"{short} of {row['asked']} not on the shelf" if short else "all there"
        yield Event(row["picked_at"], f"{name}: picked, {found}")
        if math.isinf(row["handed_at"]):
            continue
        yield Event(row["packed_at"], f"{name}: packed")
        service = "" if row["service"] < 0 else f" by {network.services[row['service']].id}"
        yield Event(row["handed_at"], f"{name}: left{service}{GOES[Goes(row['goes'])]}, {row['km']:.0f} km")
        yield Event(row["delivered_at"], f"{name}: {_arrived(trips.get(number))}")
    for row in _rows(ledger, "legs", order):
        site = network.sites[row["site"]].id
        yield Event(row["ready_at"], f"merged at {site}: {_parcels(row['parcels'])}, {row['units']} units")
        yield Event(row["delivered_at"], f"what was merged at {site} is delivered")


def _arrived(trip: Row | None) -> str:
    if trip is None:
        return "delivered"
    what = {Arrival.SOUND: "delivered", Arrival.LOST: "lost", Arrival.DAMAGED: "delivered, spoilt"}
    days = trip["late_days"]
    late = f", {days} {'day' if days == 1 else 'days'} late by the carrier" if days > 0 else ""
    return what[Arrival(trip["arrival"])] + late + (", who is in trouble" if days > 0 and trip["in_trouble"] else "")


def _ended(ledger: Ledger, network: Network, order: int) -> Iterator[Event]:
    for row in _rows(ledger, "cancellations", order):
        product = network.products[row["sku"]].id
        yield Event(row["at"], f"cancelled {row['quantity']} {product}: {CANCELLED[Cancelled(row['why'])]}")
    for row in _rows(ledger, "changes", order):
        wish = "calls it off" if Change(row["what"]) is Change.CALLED_OFF else "changes the address"
        yield Event(row["at"], f"the shopper {wish}, {'in time' if row['done'] else 'too late'}")
    for row in _rows(ledger, "claims", order):
        back = f"{row['refund_cents'] / 100:.2f} USD paid back"
        then = f"{row['again']} units go out again" if row["again"] else back
        yield Event(row["at"], f"a parcel is missed or spoilt: {then}")
    for row in _rows(ledger, "hand_overs", order):
        how = "collected" if row["collected"] else "not collected: it goes back to the shelf"
        yield Event(row["at"], f"{how} at {network.sites[row['site']].id}")


def _returned(ledger: Ledger, network: Network, order: int) -> Iterator[Event]:
    for row in _rows(ledger, "returns", order):
        product = network.products[row["sku"]].id
        if math.isfinite(row["handed_at"]):
            yield Event(row["handed_at"], f"1 {product} goes back")
        if math.isfinite(row["refunded_at"]):
            yield Event(row["refunded_at"], f"{row['refund_cents'] / 100:.2f} USD refunded for {product}")
        if math.isfinite(row["settled_at"]):
            yield Event(row["settled_at"], f"1 {product} is {State(row['state']).name.lower().replace('_', ' ')}")


_KINDS = _ordered, _decided, _sent, _ended, _returned


def _parcels(count: int) -> str:
    return "1 parcel" if count == 1 else f"{count} parcels"
