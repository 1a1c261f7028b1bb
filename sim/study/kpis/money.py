"""KPIs of money beside the cost of parcels. Where nothing is charged, those of charges are nothing over nothing."""

from __future__ import annotations

from sim.ledger.accounts import FIXED, OF_CHARGES, OF_STOCK, Account, title
from sim.study.kpis.kpi import Kpi

_SERVED = "count(*) FILTER (units_picked > 0)"
_SERVED_IF_CHARGED = f"(SELECT {_SERVED} FROM orders WHERE (SELECT count(*) FROM charges) > 0)"
_PLACED_IF_CONTACTS = (
    f"(SELECT count(*) FROM orders WHERE (SELECT count(*) FROM charges WHERE account = {int(Account.CONTACTS)}) > 0)"
)
_STOCK = " + ".join(f"{account.name.lower()}_cents" for account in OF_STOCK)
_STOCK_OF_ONLINE = f"coalesce((SELECT sum(({_STOCK}) * online_share) FROM site_costs), 0)"
_WAGES = "coalesce((SELECT sum(cents + wait_cents + gave_up_cents) FROM labour), 0)"
_CHARGED = "coalesce((SELECT sum(cents) FROM charges), 0)"
_FIXED = ", ".join(str(int(account)) for account in FIXED)
_VARIABLE = f"coalesce((SELECT sum(cents) FILTER (account NOT IN ({_FIXED})) FROM charges), 0)"
_EARNED = "sales_cents - refund_cents - lost_refund_cents - goods_cents + goods_back_cents + till_margin_cents"
_MEANING = {
    Account.CONTACTS: "Shoppers' contacts about late and cancelled orders, at their mean",
    Account.PENALTIES: "What was paid for late and cancelled orders",
    Account.PEAK_FEES: "Third parties' surcharge for parcels above the agreed volume",
    Account.STORAGE: "Third parties' storage in the measured days",
    Account.LEASE: "Leases for the measured days",
    Account.EQUIPMENT: "Equipment, as much of it as falls on the measured days",
    Account.LICENCES: "Licences for the measured days",
    Account.ONBOARDING: "Onboarding, as much of it as falls on the measured days",
}

MONEY_KPIS: tuple[Kpi, ...] = (
    Kpi("revenue_per_order", "Revenue per order", "USD", "high", 0.50,
        "Price of the units picked, over the orders that got at least one unit.",
        "sum(sales_cents) / 100", _SERVED),
    Kpi("gross_margin_rate", "Gross margin", "share", "high", 0.002,
        "Price less cost of the units picked, over their price; neither of those lost on their way and paid back.",
        "sum(sales_cents - lost_refund_cents - goods_cents)", "sum(sales_cents - lost_refund_cents)"),
    Kpi("all_in_cost_per_order", "Cost per order, all in", "USD", "low", 0.05,
        "All cost booked to the orders, what their returns cost, all charges (contacts, penalties, third parties' "
        "storage and peak fees, fixed costs), wages by shift (but for those of serving walk-in customers, with what it "
        "costs that these wait or leave), and of what the stock of each site cost in the measured days (inbound, "
        "transfers, holding, obsolescence, shrink, mis-shipments, counting) the share of the units that left for "
        "online orders; over the orders that got at least one unit.",
        f"(coalesce(sum(cost_cents + return_cents), 0) + {_CHARGED} + {_WAGES} + {_STOCK_OF_ONLINE}) / 100", _SERVED),
    Kpi("contribution_per_order", "Contribution per order", "USD", "high", 0.05,
        "Price less cost of the units picked and kept, and margin on what shoppers bought besides when they collected "
        "their order or brought something back, less all cost but the fixed, over the orders that got at least one "
        "unit.",
        f"(coalesce(sum({_EARNED} - cost_cents - return_cents), 0) - {_VARIABLE} - {_WAGES} - {_STOCK_OF_ONLINE}) "
        "/ 100", _SERVED),
    Kpi("contacts_per_order", "Contacts per order", "per order", "low", 0.001,
        "Shoppers' contacts about late and cancelled orders, at their mean, over all orders placed.",
        f"coalesce(sum(quantity) FILTER (account = {int(Account.CONTACTS)}), 0)", _PLACED_IF_CONTACTS, "charges"),
    *(Kpi(f"{account.name.lower()}_cost_per_order", f"Cost of {title(account)} per order", "USD", "low", 0.05,
          f"{_MEANING[account]}, over the orders that got at least one unit.",
          f"coalesce(sum(cents) FILTER (account = {int(account)}), 0) / 100", _SERVED_IF_CHARGED, "charges")
      for account in OF_CHARGES),
)  # fmt: skip
