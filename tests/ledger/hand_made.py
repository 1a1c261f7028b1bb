"""A ledger written by hand: nine orders and two shoppers who left, in a world of two products and three sites.

The measured window goes from minute 1000 to minute 2000.

=====  =====  ==========  ======================================================================================
order  at     wants       what becomes of it
=====  =====  ==========  ======================================================================================
7      999    1 A         too early to be measured
1      1000   1 A         one parcel, handed over and delivered on the promised minute
2      1200   1 A, 2 B    split over two sites; the second parcel is handed over late, but delivered in time
3      1300   2 A         its site has one left; the other comes from elsewhere, handed over late, delivered in time
5      1400   1 A, 1 B    A at once, B after a day in the backorder queue, from the same site
4      1450   1 B         its site has none, nor has anybody else
6      1500   1 A         promised, and still in the picking queue when the run ends
11     1600   3 B         nobody has it
8      2000   1 A         too late to be measured
=====  =====  ==========  ======================================================================================

In the window walk-in customers of site 2 want four A and get them, then three more and get none. There site 2 also
loses an A, books a B too many, sends a B for an A, and counts twice. Shoppers 1 and 2 change their address in time, 3
too late; 3 would have cancelled, 6 does in the last minute. The labels of 1 and 2 fail twice and once. Two journeys
between sites are paid for.

Shopper 1 sends his A back: it is on the shelf of site 0 again. Shopper 2 brings both B to site 2: one is liquidated,
one on the shelf there. The A that 3 sends back is in the post when the run ends, and 5 has yet to send his.

Carriers are late with a parcel of 2, in a spell of trouble, and with one of 3, whose other parcel comes spoilt: the
shopper gets his money back, and so do we.
"""

from __future__ import annotations

import math

import numpy as np

from sim.ledger.accounts import Account
from sim.ledger.fates import Arrival, Cancelled, Change, Fate
from sim.ledger.ledger import Ledger
from sim.ledger.movements import Why
from sim.ledger.returned import State, Way

A, B = 0, 1
NEVER = math.inf
#        picking, packing, packaging, label, fees
NEAR = (60, 45, 70, 700, 0)
FAR = (60, 45, 70, 800, 0)
DEAR = (70, 50, 80, 900, 10)
SEARCH = (60, 0, 0, 0, 0)
NIL = (0, 0, 0, 0)


def hand_made() -> Ledger:
    """Return a fresh copy of the ledger."""
    ledger = Ledger(
        opening_stock=np.array([[6, 2, 5], [0, 2, 1]], dtype=np.int32),
        closing_stock=np.array([[2, 1, 0], [0, 0, 3]], dtype=np.int32),
        measured=(1000.0, 2000.0),
        cancellation_limits={0: 0.2},
        obsolescence_share=0.5,
    )
    orders = {
        7: (999, {A: 1}), 1: (1000, {A: 1}), 2: (1200, {A: 1, B: 2}), 3: (1300, {A: 2}), 5: (1400, {A: 1, B: 1}),
        4: (1450, {B: 1}), 6: (1500, {A: 1}), 11: (1600, {B: 3}), 8: (2000, {A: 1}),
    }  # fmt: skip
    left = {
        9: (990, Fate.TURNED_AWAY), 10: (1550, Fate.TURNED_AWAY), 12: (1650, Fate.ABANDONED),
        13: (1660, Fate.CART_GIVEN_UP),
    }  # fmt: skip
    # whether he had a cart, was told a date; units he looked for another product for, and those he found
    at_the_storefront = {3: (0, 1, 0, 0), 12: (0, 1, 0, 0), 5: (1, 0, 1, 1), 13: (1, 0, 0, 0), 4: (0, 0, 1, 0)}
    arrivals = sorted(
        [(at, order) for order, (at, _) in orders.items()] + [(at, order) for order, (at, _) in left.items()]
    )
    for at, order in arrivals:
        wants = orders[order][1] if order in orders else {B: 2}
        units, fate = sum(wants.values()), Fate.ORDERED if order in orders else left[order][1]
        seen = at_the_storefront.get(order, (0, 0, 0, 0))
        ledger.shoppers.append((order, at, 0, len(wants), units, fate, 1000 * units, 400 * units, 0, *seen))
        if fate == Fate.ORDERED:
            for sku, quantity in wants.items():
                ledger.order_lines.append((order, sku, quantity))
    ledger.substitutions.append((5, 1400, A, B, 1))
    for row in (
        # order, at, attempt, parcels, promised, backordered, unfilled, stock age, ship by, deliver by
        (7, 999, 0, 1, 1, 0, 0, 1000, 1100, 2500),
        (1, 1000, 0, 1, 1, 0, 0, 5, 1100, 2500),
        (2, 1200, 0, 2, 3, 0, 0, 10, 1300, 3000),
        (3, 1300, 0, 1, 2, 0, 0, 5, 1400, 4000),
        (3, 1350, 1, 1, 1, 0, 0, 7, 1700, 4500),
        (5, 1400, 0, 1, 1, 1, 0, 6, 1500, 3000),
        (4, 1450, 0, 1, 1, 0, 0, 0, 1500, 3000),
        (4, 1500, 1, 0, 0, 0, 1, 0, 0, 0),
        (6, 1500, 0, 1, 1, 0, 0, 8, 1600, 3000),
        (11, 1600, 0, 0, 0, 0, 3, 0, 0, 0),
        (8, 2000, 0, 1, 1, 0, 0, 1000, 2100, 3500),
        (5, 2840, 0, 1, 1, 0, 0, 20, 2900, 5500),
    ):
        order, at, attempt, *rest = row
        ledger.decisions.append((order, at, at, attempt, 0, *rest, 0, 0))  # decided when asked, nothing withdrawn
    parcels = (
        # order, site, attempt, after backorder, decided, picked, packed, handed, delivered, [(sku, asked, got)], cents
        (7, 0, 0, 0, 999, 1010, 1020, 1100, 2400, [(A, 1, 1)], NEAR),
        (1, 0, 0, 0, 1000, 1020, 1030, 1100, 2500, [(A, 1, 1)], NEAR),
        (2, 0, 0, 0, 1200, 1220, 1230, 1250, 2600, [(A, 1, 1)], FAR),
        (2, 1, 0, 0, 1200, 1280, 1290, 1350, 3000, [(B, 2, 2)], DEAR),
        (3, 2, 0, 0, 1300, 1340, 1345, 1350, 3600, [(A, 2, 1)], NEAR),
        (3, 1, 1, 0, 1350, 1370, 1380, 1500, 3700, [(A, 1, 1)], DEAR),
        (5, 0, 0, 0, 1400, 1420, 1430, 1500, 2800, [(A, 1, 1)], NEAR),
        (4, 1, 0, 0, 1450, 1490, NEVER, NEVER, NEVER, [(B, 1, 0)], SEARCH),
        (8, 0, 0, 0, 2000, 2020, 2030, 2100, 3500, [(A, 1, 1)], NEAR),
        (5, 0, 0, 1, 2840, 2850, 2860, 2900, 5000, [(B, 1, 1)], NEAR),
    )
    for number, (order, site, attempt, late, decided, *times, picks, cents) in enumerate(parcels):
        asked, got = (sum(pick[k] for pick in picks) for k in (1, 2))
        row = (
            number,
            order,
            site,
            0,
            attempt,
            late,
            decided,
            decided + 1,
            *times,
            len(picks),
            asked,
            got,
            *cents,
            0,
            30.0,
        )
        ledger.parcels.append(row)
        for sku, asked_units, got_units in picks:
            ledger.picks.append((number, order, sku, site, times[0], asked_units, got_units))
    ledger.cancellations.append((4, 1500, B, 1, Cancelled.NOBODY_HAS_IT, 400))
    ledger.cancellations.append((11, 1600, B, 3, Cancelled.NOBODY_HAS_IT, 1200))
    ledger.declines.append((6, 1510, 1, 1))
    ledger.purchases.append((2, 1280, 1, B, 2, 1200, 2000))
    ledger.receipts.append((1700, B, 2, 3, -1))
    ledger.receipts.append((2800, B, 0, 1, -1))
    for at, sku, wanted, sold in ((900, B, 2, 0), (1330, A, 4, 4), (1900, A, 3, 0), (2100, B, 1, 1)):
        ledger.walk_ins.append((at, sku * 3 + 2, wanted, sold))
    for row in (
        # at, pairs, equal, value, pairs on record, of them equal, near, units on shelves, wrong, phantoms
        # and what it costs to have it for the day, pairs carried, of them empty
        (800, 10, 0, 90_000, 8, 0, 0, 50, 50, 50, 90, 6, 6),
        (1200, 10, 9, 50_000, 8, 6, 7, 40, 5, 4, 30, 6, 1),
        (1800, 10, 7, 43_000, 8, 5, 7, 30, 9, 6, 20, 6, 2),
        (2200, 10, 0, 90_000, 8, 0, 0, 50, 50, 50, 90, 6, 6),
    ):
        ledger.snapshots.append(row)
    for order in ((900, 2, 1, 5, 9_999, 1), (1100, 2, 1, 3, 2_500, 1_500), (1700, 0, 1, 1, 600, 500)):
        ledger.supply_orders.append(order)
    for journey in ((999, 0, 1, 1, 9, 9_999, 0), (1000, 1, 2, 2, 3, 1_400, 0), (1600, 2, 1, 1, 4, 700, 0)):
        ledger.journeys.append(journey)
    for movement in (
        (900, A * 3 + 2, Why.LOST, 0, 0, -9_999),
        (1500, A * 3 + 2, Why.LOST, -1, 0, -700),
        (1510, B * 3 + 2, Why.MISKEYED, 0, 1, 0),
        (1520, A * 3 + 2, Why.MIS_SHIPPED, 1, 0, 700),
        (1520, B * 3 + 2, Why.MIS_SHIPPED, -1, 0, -500),
    ):
        ledger.movements.append(movement)
    for account, at, site, order, quantity, cents in (
        (Account.LEASE, 990, 0, -1, 1, 9_999),
        (Account.LEASE, 1000, 0, -1, 1, 400),
        (Account.EQUIPMENT, 1999, 2, -1, 1, 80),
        (Account.LICENCES, 1500, -1, -1, 1, 60),
        (Account.ONBOARDING, 1500, 1, -1, 1, 100),
        (Account.STORAGE, 1500, 1, -1, 0.2, 120),
        (Account.PEAK_FEES, 1280, 1, 2, 1, 40),
        (Account.CONTACTS, 4000, -1, 3, 0.5, 250),
        (Account.CONTACTS, 2500, -1, 7, 0.5, 9_999),
        (Account.PENALTIES, 4000, -1, 3, 1, 300),
    ):
        ledger.charges.append((at, account, site, order, quantity, cents))
    for day in (
        (0, 0, 480, 400, 0, 9, 999, 999, 0, 0, 0, 9_999, 0, 0, 9, 999),
        (1440, 0, 480, 360, 60, 3, 90, 60, 0, 0, 0, 480, 0, 0, 0, 0),
        (1440, 2, 120, 60, 0, 1, 30, 30, 4, 15, 10, 120, 40, 20, 1, 30),
    ):
        ledger.labour.append(day)
    for sku in (A, B):
        ledger.products.append((sku, 1000, 600, 500.0))
    for site, kind, from_dc in ((0, "dc", 0), (1, "third_party", 0), (2, "store", 1)):
        ledger.sites.append((site, f"site_{site}", kind, 1, from_dc))
    ledger.places.append((0, "West"))
    for count in ((1000, 2, 2, 1, 1, 0, 30, 900), (1990, 2, 2, 0, 0, 0, 60, 1_000), (2000, 2, 2, 2, 9, 0, 999, 9_999)):
        ledger.counts.append(count)
    for change in (
        (7, 1000, Change.MOVED, 1, 0),
        (1, 1010, Change.MOVED, 1, 0),
        (2, 1210, Change.MOVED, 1, 0),
        (3, 1310, Change.MOVED, 0, 0),
        (3, 1311, Change.CALLED_OFF, 0, 0),
        (6, 1999, Change.CALLED_OFF, 1, 0),
    ):
        ledger.changes.append(change)
    for label in ((0, 7, 1000, 9), (1, 1, 1100, 2), (2, 2, 1300, 1)):
        ledger.labels.append(label)
    for back in (
        # order, parcel, sku, number, way, reason, grade, state, site, shelf,
        # delivered, handed in, received, inspected, settled, refunded; refund and costs
        (7, 0, A, 0, Way.BY_MAIL, -1, 2, State.DESTROYED, 0, -1, 2400, 2500, 2600, 2700, 2700, 2700, *[9_999] * 7),
        (1, 1, A, 0, Way.BY_MAIL, -1, 0, State.ON_SALE, 0, 0, 2500, 5380, 8260, 9700, 9700, 9700, 1000, 700, 300, *NIL),
        (2, 3, B, 0, Way.IN_STORE, -1, 1, State.LIQUIDATED, 2, -1, 3000, *[4440] * 5, 1000, 0, 150, 0, 375, 2000, 600),
        (
            2,
            3,
            B,
            1,
            Way.IN_STORE,
            -1,
            0,
            State.ON_SALE,
            2,
            2,
            3000,
            *[4440] * 3,
            5160,
            4440,
            1000,
            0,
            150,
            50,
            0,
            0,
            0,
        ),
        (3, 4, A, 0, Way.BY_MAIL, -1, -1, State.UNDER_WAY, 0, -1, 3600, 5000, *[math.nan] * 4, 0, 0, 0, *NIL),
        (5, 9, B, 0, Way.BY_MAIL, -1, -1, State.WITH_SHOPPER, -1, -1, 5000, *[math.nan] * 5, 0, 0, 0, *NIL),
    ):
        ledger.returns.append(back)
    for parcel, late_days, in_trouble, waited, packages, arrival in (
        (0, 9, 1, 9, 9, Arrival.SOUND),
        (1, 0, 1, 0, 1, Arrival.SOUND),
        (2, 2, 1, 0, 2, Arrival.SOUND),
        (3, 0, 0, 1, 1, Arrival.SOUND),
        (4, 1, 0, 0, 1, Arrival.SOUND),
        (5, 0, 0, 0, 1, Arrival.DAMAGED),
        (6, 0, 0, 0, 1, Arrival.SOUND),
        (8, 9, 1, 9, 9, Arrival.SOUND),
        (9, 0, 0, 0, 3, Arrival.SOUND),
    ):
        order, *_, handed, delivered, _, _ = parcels[parcel]
        how = late_days, in_trouble, waited, packages, arrival
        ledger.trips.append(
            (parcel, order, 0, handed, handed + 1, delivered, *how, 100.0 * parcel, 1.0, 0.1 * parcel, -1)
        )
    ledger.claims.append((5, 3, 3900, Arrival.DAMAGED, 1, 0, 300, 1000, 1300, 1000))
    ledger.records["opening"] = ledger.opening_stock.copy()
    ledger.records["closing"] = np.array([[2, 1, 0], [0, 0, 5]], dtype=np.int32)
    return ledger
