"""The chart of accounts: where money stands and what it went for, in the trade's words."""

from __future__ import annotations

from enum import IntEnum, unique

from sim.contract.messages import COST_PARTS


@unique
class Account(IntEnum):
    """An account; its hundred says what sort it is."""

    CASH = 100
    STOCK = 110
    """At cost, on the shelves of our own sites."""
    GOODS_AT_DOCK = 111
    """Received, and waiting to be put away."""
    GOODS_IN_TRANSIT = 112
    """Ordered from suppliers or sent by a DC, and not received."""

    GOODS_COMING_BACK = 113
    """Posted or handed in by shoppers, and neither on a shelf again nor sold off or destroyed."""

    CUSTOMER_DEPOSITS = 200
    """Paid by shoppers for what has not left yet."""
    SUPPLIERS = 210
    CARRIERS = 211
    WAGES = 212
    THIRD_PARTIES = 213
    OTHER_PAYABLES = 214

    CAPITAL = 300

    SALES_ONLINE = 400
    SALES_IN_STORES = 401
    REFUNDS = 402
    EXTRA_SALES = 403
    """What shoppers buy besides when they bring something back."""
    LOST_REFUNDS = 404
    """For parcels that were lost or came spoilt."""

    GOODS_ONLINE = 500
    """Cost of goods sold to shoppers."""
    GOODS_IN_STORES = 501
    EXTRA_GOODS = 502
    GOODS_BACK = 503
    """Cost of what shoppers brought or sent back."""

    PICKING = 600
    PACKING = 601
    PACKAGING = 602
    LABEL = 603
    FEES = 604
    PICK_UP = 605
    """Staff time at the counters where orders are collected."""
    CLAIMS = 606
    """Parcels lost or spoilt: the shopper's contact and the goods at cost, less what is paid back to us."""
    LABOUR = 607
    """Wages of people with shifts, who are paid by the minute and not by the line."""
    STORE_LABOUR = 608
    """The same, as far as they serve walk-in customers."""
    WALK_IN_WAITS = 609
    """What it costs to have walk-in customers wait for people who pick orders too."""
    WALK_INS_LEFT = 612
    """What it costs, beside the sale, that walk-in customers left because too many waited for these people."""
    CONTACTS = 610
    PENALTIES = 611
    PEAK_FEES = 620
    """Of third parties, for parcels above the agreed volume."""
    STORAGE = 621
    """Of third parties, by volume and month."""

    INBOUND = 630
    """Freight and handling from suppliers."""
    TRANSFER = 631
    """Freight and handling from our own DCs to stores."""
    HOLDING = 632
    OBSOLESCENCE = 633
    SHRINK = 634
    MIS_SHIPMENTS = 635
    """What went out by mistake, less what stayed."""
    COUNTING = 636

    LEASE = 640
    EQUIPMENT = 641
    LICENCES = 642
    ONBOARDING = 643

    RETURN_LABEL = 650
    RETURN_HANDLING = 651
    """Receipt and inspection."""
    RETURN_WORK = 652
    """Refurbishing and sending on."""
    RETURN_LOSS = 653
    """Cost of what came back that nobody paid for again."""


_SORTS = {1: "asset", 2: "liability", 3: "equity", 4: "income", 5: "cost of goods", 6: "cost"}

OF_PARCELS = tuple(Account[part.upper()] for part in COST_PARTS)
"""Booked parcel by parcel, in the order of `COST_PARTS`."""
OF_STOCK = (
    Account.INBOUND, Account.TRANSFER, Account.HOLDING, Account.OBSOLESCENCE, Account.SHRINK, Account.MIS_SHIPMENTS,
    Account.COUNTING,
)  # fmt: skip
"""What the stock of a site costs, whoever buys it."""
OF_LABOUR = (Account.LABOUR, Account.WALK_IN_WAITS, Account.WALK_INS_LEFT)
"""Booked day by day in the ledger's table `labour`, what orders are to bear."""
OF_RETURNS = (Account.RETURN_LABEL, Account.RETURN_HANDLING, Account.RETURN_WORK, Account.RETURN_LOSS)
"""Booked unit by unit in the ledger's table `returns`, in the order of `RETURN_CENTS`."""
FIXED = (Account.LEASE, Account.EQUIPMENT, Account.LICENCES, Account.ONBOARDING)
OF_CHARGES = (Account.CONTACTS, Account.PENALTIES, Account.PEAK_FEES, Account.STORAGE, *FIXED)
"""Booked in the ledger's table `charges`."""


def sort_of(account: Account) -> str:
    """Return what sort of account it is: asset, liability, equity, income, cost of goods or cost."""
    return _SORTS[account // 100]


def title(account: Account) -> str:
    """Return an account as people call it."""
    return account.name.replace("_", " ").lower()
