"""The block `drop_ship:` of a kind of site: vendors who send their own goods to our shoppers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from sim.fields import Between, Model, PositiveCount, Share, plain
from sim.network.site import SiteKind
from sim.scenario.blocks.feeds import EventFeed

if TYPE_CHECKING:
    from sim.scenario.schema import SiteKindBlock


class FileErrors(Model):
    """Counts in the vendor's inventory file that are wrong, each day anew; only what the file tells can be."""

    share: Share
    """Of the counts."""
    units: PositiveCount
    """The most that one is wrong by; up and down, and every size, are as likely, but none is told as below zero."""


class DropShipBlock(Model):
    """His stock is not ours: it is on no balance of ours, we buy a unit when an order of ours takes it."""

    price: Annotated[float, Between(plain, 0, 100)] = 1.0
    """What he takes for a unit, relative to what it costs us from a supplier (`unit_cost_usd`)."""
    file_errors: FileErrors | None = None
    """Absent: his file is right when it is written."""


def not_ours(kind: SiteKind, block: SiteKindBlock) -> str | None:
    """Return what is wrong with a block as that of a vendor, or of a site of our own."""
    if kind is not SiteKind.VENDOR:
        return "drop_ship - expected it at vendors only" if block.drop_ship is not None else None
    if block.stock.cost_per_order or block.stock.cost_per_unit:
        return "stock.cost_per_order and cost_per_unit are his own - expected neither at a vendor"
    if block.contract is not None:
        return "contract - expected it at sites that work for us: a vendor asks for his price"
    errors = None if block.drop_ship is None else block.drop_ship.file_errors
    if errors is not None and isinstance(block.feed, EventFeed):
        return "drop_ship.file_errors with a feed of single events - expected a file: poll or batch"
    return None
