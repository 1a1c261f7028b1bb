"""What happened, and nothing else: the tables that a run leaves behind. KPIs are read off them afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import COST_PARTS
from sim.ledger.table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _table(**columns: str) -> Table:
    return Table(columns)


def _nothing() -> NDArray[np.int32]:
    return np.zeros((0, 0), dtype=np.int32)


@dataclass(frozen=True)
class Ledger:
    """The record of one run. Times are minutes since the start, money whole cents.

    Attributes
    ----------
    opening_stock, closing_stock
        Units on hand, shape (products, sites).
    cancellation_limits
        Share of orders that a seller may cancel, by channel, where that is watched.
    shoppers
        Everybody who came, in order of arrival: by which channel, whether he had a cart and was told a date before he
        ordered; units for which he `looked` for another product, as theirs was not shown, and those `substituted`. Who
        had a cart stands at the moment he left it.
    substitutions
        What was ordered instead of what was wanted.
    order_lines
        What those who ordered wanted, line by line.
    decisions
        Each plan carried out: when it was made and when the router was asked for it (earlier, if it held the order),
        parcels withdrawn by it, units by fate (`promised` net of what was withdrawn), age of the stock news of the
        sites chosen, promises, and the backordered units that are `dated` by them. What the shopper was told is an
        order's first row, or the last that promises `anew`, because he has changed the address.
    revisions
        Each revision that the router asked for: parcels to be withdrawn, and whether it came in time.
    parcels
        Each parcel that was picked (in whole or in part), its times and its cost by part. Delivery is booked at
        hand-over. A parcel of which nothing was on the shelf has no hand-over (times infinite). What is to be collected
        is delivered when it is at the counter. `goes` says where to, `km` how far that is as the crow flies.
    declines, purchases
        Each parcel that its site did not want, which is none of the parcels; units bought from vendors, what they took
        for them, and our price.
    pick_ups, hand_overs, put_back
        Each order that was to be collected: where, whether its shopper `added` to those who would have come anyway, and
        whether he waits `at_kerb`. How it ended: when all of it was ready, units and their price, whether it was
        `collected`, staff time, and what he bought besides. What nobody came for and stands on the shelf again.
    legs
        What left a site as one parcel, merged from several: when the first and (`at`) the last of them came, its times
        and its cost by part beside that of the parcels it is made of.
    closing_staged, closing_merging
        Units at the end, by site, at counters and where parcels are merged, or on their way there.
    picks
        Each line of each parcel: asked and picked.
    cancellations
        Units cancelled, by us or by the shopper.
    changes
        Each time a shopper cancelled or changed the address: whether in time for any (all) of his order, and the units
        that sites were told to give back.
    disruptions
        Each spell at each site that the tape holds, `which` in the scenario's list, whether or not the run got there;
        site -1 is a spell of carriers.
    labels
        Each parcel whose label was not printed at the first try: how often the carrier's service failed.
    trips
        Each parcel handed to a carrier, where carriers are watched, be it to a shopper or to another site, or (`leg`,
        else -1, by its row there) what was merged of several: until when it should be there by the carrier's published
        days, the working days it took more, whether a spell of trouble or a disruption made them, the days it waited
        for room, and what became of it (an `Arrival`).
    claims
        Each parcel lost or spoilt, by itself or merged with others, when the shopper tells us or the site it was to
        reach knows: its units, those of them that go out again, what the contact and the goods (at cost) cost, what is
        paid back to us, and what we pay back.
    receipts, walk_ins
        Units that came in, and from which other site (-1: from a supplier); units that walk-in customers wanted and got
        (cell = sku * number of sites + site; at a site with a feed by poll or batch, one row sums up what was wanted of
        a cell since the shelf was last looked at, `at` the last of it; no row reaches over an edge of the measurement
        window).
    snapshots
        Daily: (product, site) pairs where the router's view equals the shelf, among those where either has any; and
        what stands on all shelves, at cost. Where records can drift also, of the sites that keep one: the pairs where
        record or shelf has any, those where they are equal or within tolerance, the units on the shelves, the units by
        which records are wrong, and those of them that are phantoms (on record only). All 0 where they cannot. At last
        what it costs to have the stock there for the day, and the pairs that are `carried` by plan at sites of ours,
        with those of them whose shelf is `empty`.
    transfers, journeys, supply_orders
        Units that one site sent to another, as its supplier or to rebalance; of the latter each journey, and what it
        costs; what sites ordered, what that costs, and its value at cost.
    movements
        What changed a shelf or its record out of turn (cell = sku * number of sites + site), why, by how much, and what
        the units that reached the shelf are worth at cost.
    counts
        Each count at a site: products counted, how many records were wrong, the units by which they were, misplaced
        units found, and the labour.
    labour
        Where people have shifts, each day at each site: minutes of shifts, minutes worked (for what began that day,
        until it was done) and beyond shifts; parcels whose pick began, the minutes for which they waited and the
        longest wait; walk-in customers served by the same people, the minutes that took, worked as well, and for which
        they waited; wages for orders, wages for customers (by minutes worked), and what it costs that they waited;
        customers who left because too many waited, and what that costs beside what they wanted, which is not sold.
    charges
        What is paid beside handling and carriers, by account (`sim.ledger.accounts`): for a day at a site (-1: the
        house), or for an order; how many it is paid for.
    products, sites, places
        What was known when the run began: prices and costs of products, sites by kind, whether what stands there is
        `ours` and comes from our own DC, and the region of each place.
    opening_in_transit, closing_in_transit
        Units on their way to each site, shape (products, sites).
    closing_receipts
        What of them is due when (at the start, `opening_stock`'s tape says so): sent for, and on no shelf yet.
    obsolescence_share
        Of what it costs to have stock.
    returns
        Each unit that comes back, in order of being settled, and at last those that are not: which of the product's
        units of the order it is (`number`), `Way`, reason and grade by their number in the scenario (-1: none, or not
        known yet), `State`; the site where it is handed in or received, and that on whose `shelf` it is on sale again
        (-1: none); its stages (NaN: not reached) and the refund, which may be booked ahead; what that is, and the
        costs: the label (of all that came with it), receipt and inspection, `work` after that, and `loss`, the part of
        what it has cost that is not recovered. `till` is what its shopper bought in the store besides.
    records, opening_aside, closing_aside
        What the records say at `opening` and `closing`, shape (products, sites), and the units that are in the house
        but on no shelf, by state and cell. Empty where records cannot drift.
    """

    opening_stock: NDArray[np.int32]
    closing_stock: NDArray[np.int32]
    measured: tuple[float, float]
    cancellation_limits: dict[int, float] = field(default_factory=dict)
    shoppers: Table = field(
        default_factory=lambda: _table(
            order="i8",
            at="f8",
            place="i4",
            lines="i4",
            units="i4",
            fate="i1",
            value_cents="i8",
            margin_cents="i8",
            channel="i1",
            carted="i1",
            quoted="i1",
            looked="i4",
            substituted="i4",
        )
    )
    substitutions: Table = field(
        default_factory=lambda: _table(order="i8", at="f8", wanted="i4", sku="i4", quantity="i4")
    )
    order_lines: Table = field(default_factory=lambda: _table(order="i8", sku="i4", quantity="i4"))
    decisions: Table = field(
        default_factory=lambda: _table(
            order="i8", asked_at="f8", at="f8", attempt="i2", withdrawn="i2", parcels="i2", promised="i4",
            backordered="i4", unfilled="i4", stock_age_min="f4", ship_at="f8", deliver_at="f8", dated="i4", anew="i1",
        )
    )  # fmt: skip
    revisions: Table = field(default_factory=lambda: _table(order="i8", at="f8", withdrawn="i2", accepted="i1"))
    parcels: Table = field(
        default_factory=lambda: _table(
            parcel="i8", order="i8", site="i4", service="i1", attempt="i2", after_backorder="i1", decided_at="f8",
            reached_at="f8", picked_at="f8", packed_at="f8", handed_at="f8", delivered_at="f8", lines="i2",
            asked="i4", picked="i4", **{f"{part}_cents": "i4" for part in COST_PARTS}, goes="i1", km="f4",
        )
    )  # fmt: skip
    declines: Table = field(default_factory=lambda: _table(order="i8", at="f8", site="i4", units="i4"))
    purchases: Table = field(
        default_factory=lambda: _table(
            order="i8", at="f8", site="i4", sku="i4", units="i4", cents="i8", value_cents="i8"
        )
    )  # fmt: skip
    pick_ups: Table = field(default_factory=lambda: _table(order="i8", at="f8", site="i4", added="i1", at_kerb="i1"))
    hand_overs: Table = field(
        default_factory=lambda: _table(
            order="i8", at="f8", site="i4", ready_at="f8", units="i4", collected="i1", value_cents="i8", cents="i8",
            extra_cents="i8", extra_margin_cents="i8",
        )
    )  # fmt: skip
    put_back: Table = field(default_factory=lambda: _table(order="i8", at="f8", sku="i4", site="i4", quantity="i4"))
    picks: Table = field(
        default_factory=lambda: _table(parcel="i8", order="i8", sku="i4", site="i4", at="f8", asked="i4", picked="i4")
    )
    cancellations: Table = field(
        default_factory=lambda: _table(order="i8", at="f8", sku="i4", quantity="i4", why="i1", margin_cents="i8")
    )
    changes: Table = field(default_factory=lambda: _table(order="i8", at="f8", what="i1", done="i1", withdrawn="i4"))
    disruptions: Table = field(default_factory=lambda: _table(which="i4", site="i4", at="f8", until="f8"))
    labels: Table = field(default_factory=lambda: _table(parcel="i8", order="i8", at="f8", failures="i4"))
    trips: Table = field(
        default_factory=lambda: _table(
            parcel="i8", order="i8", service="i1", at="f8", published_at="f8", delivered_at="f8", late_days="i2",
            in_trouble="i1", waited="i2", packages="i2", arrival="i1", km="f8", kg="f8", co2_kg="f8", leg="i8",
        )
    )  # fmt: skip
    claims: Table = field(
        default_factory=lambda: _table(
            parcel="i8", order="i8", at="f8", arrival="i1", units="i4", again="i4", contact_cents="i8",
            goods_cents="i8", recovered_cents="i8", refund_cents="i8",
        )
    )  # fmt: skip
    receipts: Table = field(default_factory=lambda: _table(at="f8", sku="i4", site="i4", quantity="i4", source="i4"))
    closing_receipts: Table = field(default_factory=lambda: _table(due_at="f8", sku="i4", site="i4", quantity="i4"))
    transfers: Table = field(default_factory=lambda: _table(at="f8", sku="i4", source="i4", site="i4", quantity="i4"))
    journeys: Table = field(
        default_factory=lambda: _table(
            at="f8", source="i4", site="i4", lines="i4", units="i4", cents="i8", value_cents="i8"
        )
    )
    supply_orders: Table = field(
        default_factory=lambda: _table(at="f8", site="i4", lines="i4", units="i4", cents="i8", value_cents="i8")
    )
    walk_ins: Table = field(default_factory=lambda: _table(at="f8", cell="i8", wanted="i4", sold="i4"))
    snapshots: Table = field(
        default_factory=lambda: _table(
            at="f8", pairs="i8", equal="i8", value_cents="i8", record_pairs="i8", record_equal="i8",
            record_near="i8", shelf_units="i8", wrong_units="i8", phantom_units="i8", carrying_cents="i8",
            carried="i8", empty="i8",
        )
    )  # fmt: skip
    movements: Table = field(
        default_factory=lambda: _table(at="f8", cell="i8", why="i1", shelf="i4", record="i4", value_cents="i8")
    )
    counts: Table = field(
        default_factory=lambda: _table(
            at="f8", site="i4", products="i4", wrong="i4", wrong_units="i4", found="i4", minutes="f8", cost_cents="i8"
        )
    )
    legs: Table = field(
        default_factory=lambda: _table(
            order="i8", at="f8", site="i4", service="i1", parcels="i2", units="i4", first_at="f8", ready_at="f8",
            handed_at="f8", delivered_at="f8", **{f"{part}_cents": "i4" for part in COST_PARTS},
        )
    )  # fmt: skip
    closing_staged: dict[int, int] = field(default_factory=dict)
    closing_merging: dict[int, int] = field(default_factory=dict)
    labour: Table = field(
        default_factory=lambda: _table(
            at="f8", site="i4", paid_min="f8", worked_min="f8", overtime_min="f8", parcels="i4", waited_min="f8",
            longest_min="f8", customers="i4", served_min="f8", customers_waited_min="f8", cents="i8",
            in_store_cents="i8", wait_cents="i8", gave_up="i4", gave_up_cents="i8",
        )
    )  # fmt: skip
    charges: Table = field(
        default_factory=lambda: _table(at="f8", account="i2", site="i4", order="i8", quantity="f8", cents="i8")
    )
    products: Table = field(
        default_factory=lambda: _table(sku="i4", price_cents="i8", unit_cost_cents="i8", volume_cm3="f8")
    )
    sites: Table = field(default_factory=lambda: _table(site="i4", id="U64", kind="U16", ours="i1", from_dc="i1"))
    places: Table = field(default_factory=lambda: _table(place="i4", region="U32"))
    opening_in_transit: NDArray[np.int32] = field(default_factory=_nothing)
    closing_in_transit: NDArray[np.int32] = field(default_factory=_nothing)
    obsolescence_share: float = 0.0
    returns: Table = field(
        default_factory=lambda: _table(
            order="i8", parcel="i8", sku="i4", number="i4", way="i1", reason="i1", grade="i1", state="i1", site="i4",
            shelf="i4", delivered_at="f8", handed_at="f8", received_at="f8", inspected_at="f8", settled_at="f8",
            refunded_at="f8", refund_cents="i8", label_cents="i8", handling_cents="i8", work_cents="i8",
            loss_cents="i8", till_cents="i8", till_margin_cents="i8",
        )
    )  # fmt: skip
    records: dict[str, NDArray[np.int32]] = field(default_factory=dict)
    opening_aside: dict[str, NDArray[np.int32]] = field(default_factory=dict)
    closing_aside: dict[str, NDArray[np.int32]] = field(default_factory=dict)

    def seal(self) -> None:
        """Turn all rows into typed columns."""
        for value in vars(self).values():
            if isinstance(value, Table):
                value.columns()
