"""Where a scenario reacts to decisions, so that no bound exists, and how to freeze it.

A bound is over all decisions, with orders and supply as they are. Where a decision moves a receipt, a shopper or what
he pays for, there is no such thing: what is dear today may bring in tomorrow what makes it worth while.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario.load import Scenario


class Reaction(NamedTuple):
    """A field by which a scenario reacts.

    Parameters
    ----------
    path
        As in its file, dots between.
    says
        What reacts to what.
    frozen
        The value with which it does not; None: without it.
    """

    path: str
    says: str
    frozen: Any = None

    @property
    def can_be_frozen(self) -> bool:
        """Whether one value freezes it: exceptions are of many kinds."""
        return self.path != "exceptions"

    @property
    def instead(self) -> str:
        """What would freeze it, as it is written."""
        expected = f"no {self.path}" if self.frozen is None else f"{self.path}: {self.frozen}"
        return f"expected {expected}" + (", or --frozen" if self.can_be_frozen else " of that kind")


_BLOCKS = {
    "transfers": "goods are sent on from where decisions left them",
    "returns": "what comes back is on sale again where decisions have brought it",
    "pick_up": "who may collect depends on what is believed to be there, and costs at the counter on who comes",
    "merge": "parcels are billed leg by leg",
    "order_messages": "shoppers call off, or move, what is not being picked by then",
}
_SHOP = {
    "response": "how many come depends on the dates that are promised",
    "abandonment": "shoppers leave for the dates that are promised",
    "carts": "what lies in a cart is not shown to others",
    "open_channels": "shoppers of a closed channel find nothing, or switch",
}


def reactions(scenario: Scenario) -> list[Reaction]:
    """Return every field by which a scenario reacts to decisions; none: a bound exists."""
    return list(_reactions(scenario))


def _reactions(scenario: Scenario) -> Iterator[Reaction]:
    file, shop = scenario.file, scenario.file.storefront
    if file.replenishment == "rules":
        yield Reaction("replenishment", "sites send for goods by what decisions leave on their shelves", "forecast")
    for name, says in _BLOCKS.items():
        if getattr(file, name) is not None:
            yield Reaction(name, says)
    if shop.share_who_wait < 1:
        says = "shoppers who are shown too little leave, and that depends on who was served from where"
        yield Reaction("storefront.share_who_wait", says, "100 %")
    if shop.substitution:
        yield Reaction("storefront.substitution", "shoppers take another product for one that is not shown", "0 %")
    if shop.share_who_switch:
        yield Reaction("storefront.share_who_switch", _SHOP["open_channels"], "0 %")
    for name, says in _SHOP.items():
        if getattr(shop, name) is not None:
            yield Reaction(f"storefront.{name}", says)
    if file.carriers.claims is not None:
        yield Reaction(
            "carriers.claims", "parcels are lost, sent once more and paid back by the carrier they went with"
        )
    for kind, block in file.site_kinds.items():
        path = f"site_kinds.{kind.value}"
        if block.records is not None:
            if block.counting is not None:
                yield Reaction(f"{path}.counting", "records are put right where picks come short")
            yield Reaction(f"{path}.records", "units are lost and found on the shelves that are picked from")
        if block.stock.supplied_by == "dc" and file.replenishment != "none":
            says = "a DC sends what decisions leave on its own shelves"
            yield Reaction(f"{path}.stock.supplied_by", says, "trucks")
        if block.stock.review == "continuous" and file.replenishment != "none":
            yield Reaction(f"{path}.stock.review", "a site orders the moment that its stock falls", "periodic")
    yield from _exceptions(scenario)


def _exceptions(scenario: Scenario) -> Iterator[Reaction]:
    """Tell of sites that differ from their kind in what counts here."""
    kinds = scenario.file.site_kinds
    for site, block in zip(scenario.network.sites, scenario.site_blocks, strict=True):
        usual = kinds[site.kind]
        for mine, its in ((block.records, usual.records), (block.stock, usual.stock)):
            if mine != its and (block.records is not None or _reacts(block.stock) > _reacts(usual.stock)):
                yield Reaction("exceptions", f"{site.id} keeps records, or sends for goods, by what is left on shelves")
                return


def _reacts(stock: Any) -> bool:
    return bool(stock.supplied_by == "dc" or stock.review == "continuous")


def refuse_if_it_reacts(scenario: Scenario, name: str = "") -> None:
    """Say that there is no bound if there is none.

    Parameters
    ----------
    name
        What the scenario is called among others.

    Raises
    ------
    ScenarioError
        With every field by which it reacts.
    """
    told = f"{name}: " if name else ""
    found = [
        scenario.source.problem(tuple(each.path.split(".")), f"{told}no bound exists: {each.says} - {each.instead}")
        for each in reactions(scenario)
    ]
    if found:
        raise ScenarioError(found)
