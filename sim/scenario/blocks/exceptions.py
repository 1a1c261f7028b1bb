"""Sites that differ from others of their kind: all stores in the West, or one DC by name.

exceptions:
  - where: {kinds: [store], states: [CA, OR, WA]}
    set: {pickers: 2, feed.every: 5 min}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from sim.fields import Model, Text
from sim.network.site import SiteKind

if TYPE_CHECKING:
    from sim.files import Row


class Where(Model):
    """Some of the sites: those that meet every condition given."""

    kinds: tuple[SiteKind, ...] | None = None
    states: tuple[Text, ...] | None = None
    sites: tuple[Text, ...] | None = None

    def holds(self, site: Row) -> bool:
        """Return whether a row of the table of sites is meant."""
        return (
            (self.kinds is None or site["kind"] in self.kinds)
            and (self.states is None or site["state"] in self.states)
            and (self.sites is None or site["id"] in self.sites)
        )


class SiteException(Model):
    """What is different at some sites from the block of their kind; of several the later counts.

    ``{where: {kinds: [store], states: [CA, OR, WA]}, set: {pickers: 2, feed.every: 5 min}}``
    """

    where: Where
    set: dict[Text, Any] = Field(min_length=1)
    """New values by path within the block, such as `feed.every`."""
