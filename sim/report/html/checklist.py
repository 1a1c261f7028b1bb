"""The STRESS-DES reporting checklist (Monks and others, Journal of Simulation 13, 2019), filled in from a run.

What only the people who ask can say is left to them, in so many words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.study.runs.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Item:
    """One of the twenty items.

    Parameters
    ----------
    number, title
        As the checklist has them.
    answer
        What this run says to it.
    """

    number: str
    title: str
    answer: str


def checklist(recorded: Recorded) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    """Return the items, section by section."""
    told = recorded.manifest
    resolved = told["resolved"]
    filled = _objectives(recorded, resolved), _logic(recorded, told), _data(told), _experimentation(recorded, told)
    heads = "Objectives", "Logic", "Data", "Experimentation"
    return (
        *zip(heads, filled, strict=True),
        ("Implementation", _implementation(told)),
        ("Code access", (Item("6.1", "Sharing of the model", _shared(told)),)),
    )


def _objectives(recorded: Recorded, resolved: dict[str, Any]) -> tuple[Item, ...]:
    question = resolved.get("question") or "The scenario states no question."
    aims = f"{len(recorded.arms)} arms, each against {recorded.baseline}: {', '.join(recorded.arms)}."
    return (
        Item("1.1", "Purpose of the model", f"{resolved.get('title', '')}. {question}"),
        Item("1.2", "Model outputs",
             "Each KPI is a ratio of sums, or a quantile, over the orders placed in the measured days, each followed "
             "to its end; its definition in words and in SQL stands in manifest.json. Intervals are 95 % t intervals "
             "over replications: by the delta method for ratios, by the delete-one-replication jackknife for "
             "quantiles; differences are paired by replication."),
        Item("1.3", "Aims of the experiment", aims + _until(recorded.manifest)),
    )  # fmt: skip


def _until(told: dict[str, Any]) -> str:
    until = told.get("until")
    if until is None:
        return ""
    asked = ", ".join(f"{kpi} to {value:g}" for kpi, value in until["precision"].items())
    return f" Replications were added until differences were known: {asked}; {until['at_most']} at most."


def _logic(recorded: Recorded, told: dict[str, Any]) -> tuple[Item, ...]:
    says = {name: text for name, text in told.get("says", {}).items() if text}
    changes = (
        "; ".join(f"{name}: {text}" for name, text in says.items()) or "the options differ in their routing strategy"
    )
    kinds = ", ".join(told["resolved"].get("site_kinds", {}))
    return (
        Item("2.1", "Overview of the base model",
             "A shopper sees what is published, leaves or orders; the order is routed to one or more sites, picked, "
             "packed, handed to a carrier and delivered or collected. `fulfillsim check --draw` draws the network."),
        Item("2.2", "Logic of the base model",
             "The router knows only what it has been told: stock news reach it late. Where the shelf does not have "
             "what was promised, the site refuses and the rest is routed again, or waits, or is cancelled."),
        Item("2.3", "Logic of the scenarios", f"Arms: {changes}."),
        Item("2.4", "Algorithms",
             "Routing is decided by the routing engine itself, the code that also runs as a service; its configuration "
             "is the block `routing:` of the scenario, in manifest.json."),
        Item("2.5", "Components",
             f"Entities: shoppers, orders, parcels, walk-in customers. Activities: picking, packing, hand-over, "
             f"transit. Resources: pickers and stock of sites ({kinds}). Queues: parcels at a site, first come, first "
             f"served; backorders. Entry: a shopper arrives. Exit: he left, or his order is delivered, collected or "
             f"cancelled."),
    )  # fmt: skip


def _data(told: dict[str, Any]) -> tuple[Item, ...]:
    remarks = told.get("remarks", [])
    tables = ", ".join(sorted(told.get("tables_sha256", {})))
    assumed = sum(1 for remark in remarks if remark["assumed"])
    sourced = len(remarks) - assumed
    return (
        Item("3.1", "Data sources",
             f"Tables: {tables or 'none'}, told apart by their SHA-256. {sourced} values of the scenario carry a "
             "remark on their source; see Assumptions and sources, and the scenario's README."),
        Item("3.2", "Pre-processing", "None by the tool: tables are read as they are. What was done before is told, "
             "if at all, in the scenario's README."),
        Item("3.3", "Input parameters",
             "All, with every default filled in, in manifest.json; those that nobody gave are listed on this page."),
        Item("3.4", "Assumptions", f"{assumed} values are marked as assumptions and listed on this page."),
    )  # fmt: skip


def _experimentation(recorded: Recorded, told: dict[str, Any]) -> tuple[Item, ...]:
    clock = told["resolved"]["clock"]
    opening = [told["resolved"].get(f"opening_{what}") for what in ("stock", "receipts", "backlog")]
    stock = f"the state told by {', '.join(filter(None, opening))}"
    if opening[0] is None:
        stock = "stock drawn as if replenishment had been going on for long"
    return (
        Item("4.1", "Initialisation",
             f"Not empty: {stock}. The first {clock['warm_up']:g} days are warm-up and measured by no KPI."),
        Item("4.2", "Run length",
             f"{clock['measure']:g} days from {clock['start']} plus the warm-up; measured orders are then followed to "
             f"their end, at most {clock['drain_limit']:g} days, while demand goes on."),
        Item("4.3", "Estimation",
             f"{recorded.count} independent replications of all options on common random numbers; the replication is "
             "the unit. P values are adjusted for all options by Holm's rule."),
    )  # fmt: skip


def _implementation(told: dict[str, Any]) -> tuple[Item, ...]:
    versions = ", ".join(f"{name} {value}" for name, value in told.get("versions", {}).items())
    machine = told.get("machine", {})
    system = f"{machine['system']}, {machine['architecture']}, {machine['processors']} processors" if machine else ""
    return (
        Item("5.1", "Software", f"{versions}."),
        Item("5.2", "Random sampling",
             f"Counter-based streams keyed by seed ({told['seed']}), replication, source and entity: every option "
             "meets the same luck, and it does not depend on what was decided."),
        Item("5.3", "Execution", "Events at the same minute in the order in which they were planned. Results do not "
             f"depend on the number of workers ({told.get('workers', 1)} here)."),
        Item("5.4", "System", f"{system or 'Not recorded'}; {told['wall_seconds']:g} seconds, with what was kept of "
             "earlier runs."),
    )  # fmt: skip


def _shared(told: dict[str, Any]) -> str:
    return (
        f"The simulator is open source (MIT licence). This run: scenario {told['scenario']}, SHA-256 "
        f"{told['scenario_sha256']}; the same command, version and seed give the same numbers. Whether the scenario "
        "may be shared is for its owner to say."
    )
