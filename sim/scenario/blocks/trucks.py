"""The block `trucks:` of a scenario: the retailer's own trucks between his sites."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from sim.fields import Between, Cents, Model, Share, Shares, TimeOfDay, whole


class TruckLateBlock(Model):
    """Now and then a truck takes some days more."""

    share: Share
    extra_days: Shares
    """Of what is late, the share that is 1, 2, ... days late."""


class TrucksBlock(Model):
    """They leave every site when the carrier does, every day it does, and go everywhere."""

    days: Annotated[int, Between(whole, 1, 31)] = 1
    """After the day they left."""
    arrive: TimeOfDay = time(8)
    """Local time where they arrive."""
    late: TruckLateBlock | None = None
    cost_per_parcel: Cents
    cost_per_unit: Cents = 0.0
