"""The block `merge:` of a scenario: sites where parcels of one order meet and leave as one."""

from __future__ import annotations

from sim.fields import Cents, Minutes, Model


class MergeBlock(Model):
    """Parcels wait at the site for the last of them; what is refused on the way is no longer waited for."""

    time: Minutes = 0.0
    """Working time of the site between the last arrival and the merged parcel's being ready."""
    cost_per_parcel: Cents = 0.0
    """Of each parcel that is merged."""
