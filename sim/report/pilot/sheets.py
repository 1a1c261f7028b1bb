"""The tables of a pilot's plan: the same for the terminal, the page and Markdown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.report.words import number, unit_of, with_interval
from sim.study.kpis.catalogue import KPIS
from sim.study.pilot.grid import grid
from sim.study.pilot.outcomes import BY_NAME
from sim.study.pilot.power import LEAST_FOR_NORMAL
from sim.study.pilot.stores import balance

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.pilot.outcomes import Outcome
    from sim.study.pilot.registered import PlannedLook
    from sim.study.pilot.shares import Share
    from sim.study.pilot.sizing import Sizing
    from sim.study.statistics.estimate import Interval

MEASURES = {"people": "people nearest to it", "km": "km to the nearest other site", "size": "walk-in size"}
SPENDERS = {"obrien_fleming": "O'Brien and Fleming do", "pocock": "Pocock does"}
UNBALANCED = 0.25


class Sheet(NamedTuple):
    """A table: its first column names the row."""

    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def frame(sheet: Sheet) -> pd.DataFrame:
    """Return a table as a data frame, for a notebook."""
    import pandas as pd

    return pd.DataFrame(list(sheet.rows), columns=list(sheet.heads)).set_index(sheet.heads[0])


def sheets(sizing: Sizing, looks: list[PlannedLook]) -> list[Sheet]:
    """Return every table of a plan, the most asked for first."""
    found = [designs(sizing), sizes(sizing), uncertain(sizing), noise(sizing)]
    if len(looks) > 1:
        found.append(when_to_look(sizing, looks))
    return [*found, balanced(sizing), people(sizing), whole(sizing)]


def designs(sizing: Sizing) -> Sheet:
    """Return the designs side by side, each at its own size, with its power and its bias."""
    outcome, plan = BY_NAME[sizing.study.plan.outcome], sizing.study.plan
    rows = []
    for each in sizing.judged:
        mark = " (chosen)" if each is sizing.chosen else "" if each.reached else " (too weak)"
        rows.append(
            (
                each.design.title + mark,
                f"{each.cell.count} x {each.cell.after}",
                f"{each.cell.cost:,.0f}",
                percent(each.cell.power),
                share(each.laid),
                share(each.found),
                share(each.level),
                amount(outcome, each.says.mean, signed=True),
                told(outcome, each.bias, signed=True),
                f"{each.bias.mean / sizing.effect.mean:+.0%}" if sizing.effect.mean else "n/a",
            )
        )
    units = "states" if plan.stores.together == "state" else "stores"
    worlds = f"{plan.pilots} simulated pilots"
    return Sheet(
        "Designs",
        f"The whole roll-out changes {outcome.title.lower()} by {told(outcome, sizing.effect, signed=True)} "
        f"{unit(outcome)} in the mean {units[:-1]}. Each design is shown at the cheapest size that finds "
        f"{amount(outcome, sizing.wanted, signed=True)} {unit(outcome)} with a power of {plan.power:.0%}, else at the "
        f"strongest that was asked for. Bias is what its estimate is wrong by on average, over {worlds} of "
        "its own beside the same weeks with nobody treated.",
        ("design", f"{units} x weeks", "cost, USD", "power, formula", f"power, {plan.laid} laid", "found, simulated",
         "found where nothing is", f"says, {unit(outcome)}", f"bias, {unit(outcome)}", "of the effect"),
        tuple(rows),
    )  # fmt: skip


def sizes(sizing: Sizing) -> Sheet:
    """Return the grid of the shown design."""
    shown, plan, outcome = sizing.shown, sizing.study.plan, BY_NAME[sizing.study.plan.outcome]
    cells = {(cell.count, cell.after): cell for cell in shown.cells}
    rows = []
    for count in sorted({count for count, _ in cells}):
        row = [str(count)]
        for after in plan.weeks.after:
            cell = cells[count, after]
            if math.isnan(cell.power):
                row.append("n/a")
                continue
            row.append(f"{percent(cell.power)} · {amount(outcome, cell.smallest)} · {cell.cost:,.0f}")
        rows.append(tuple(row))
    return Sheet(
        f"Sizes: {shown.design.title}",
        f"Power by formula · smallest effect found with {plan.power:.0%}, {unit(outcome)} · cost, USD.",
        ("treated", *(weeks(after) for after in plan.weeks.after)),
        tuple(rows),
    )


def uncertain(sizing: Sizing) -> Sheet:
    """Return the power of the shown design if stores had less or more in common than was found."""
    shown, study = sizing.shown, sizing.study
    found = shown.noise
    rows = []
    for words, icc in (("low", found.low), ("as found", found.icc), ("high", found.high)):
        row = [f"{words}, {icc:.2f}"]
        cells = {(c.count, c.after): c for c in grid(study, shown.design, found.with_icc(icc), sizing.wanted)}
        counts = sorted({count for count, _ in cells})
        row += [percent(cells[count, shown.cell.after].power) for count in counts]
        rows.append(tuple(row))
    return Sheet(
        "Power if weeks of a store had less or more in common",
        f"Intra-cluster correlation at both ends of its 95 % interval, over {weeks(shown.cell.after)}.",
        ("correlation", *(f"{count} treated" for count in counts)),
        tuple(rows),
    )


def noise(sizing: Sizing) -> Sheet:
    """Return what stores do by themselves."""
    outcome, found = BY_NAME[sizing.study.plan.outcome], sizing.shown.noise
    rows = (
        ("standard deviation between units", f"{amount(outcome, math.sqrt(found.between))} {unit(outcome)}"),
        ("of a week about its unit's level", f"{amount(outcome, math.sqrt(found.within))} {unit(outcome)}"),
        ("intra-cluster correlation", f"{found.icc:.3f} ({found.low:.3f} to {found.high:.3f})"),
        ("correlation with the week before", f"{found.follows:+.2f}"),
    )
    return Sheet(
        "Noise of the shown design",
        f"From {found.histories} untreated histories of {found.weeks} weeks and {found.stores} units, weeks good or "
        f"bad for all taken off. With fewer than {LEAST_FOR_NORMAL} clusters in an arm the normal formula is refused: "
        "power is by noncentral t.",
        ("", "value"),
        rows,
    )


def when_to_look(sizing: Sizing, looks: list[PlannedLook]) -> Sheet:
    """Return when to look, and when to stop."""
    plan = sizing.study.plan
    return Sheet(
        "Looks",
        f"Alpha of {plan.alpha:.0%} spent as {SPENDERS[plan.spending]} (Lan and DeMets 1983), "
        "by how much is known at each look. The pilot may stop where the p value of that day is below its level.",
        ("after week", "p below"),
        tuple((str(look.week), f"{look.level:.2g}") for look in looks),
    )


def balanced(sizing: Sizing) -> Sheet:
    """Return how alike treated units and the others are."""
    stores, layout = sizing.study.stores, sizing.proposal
    others = (layout.unit >= 0) & ~layout.ever
    compared = others if others.any() else stores.fit & ~layout.ever
    rows = tuple(
        (MEASURES[each.measure], *(_measure(value) for value in (each.treated, each.compared, each.all)),
         f"{each.apart:+.2f}" + (" !" if abs(each.apart) > UNBALANCED else ""))
        for each in balance(stores.measures, layout.ever, compared)
    )  # fmt: skip
    out = [name for name, able in zip(stores.ids, stores.able, strict=True) if not able]
    note = f"{int(layout.ever.sum())} treated, {int(compared.sum())} compared with"
    note += f"; left out: {', '.join(out)}" if out else ""
    return Sheet(
        "Balance", note + f". Apart is in standard deviations; beyond {UNBALANCED} is marked.",
        ("", "treated", "compared", "all", "apart"), rows,
    )  # fmt: skip


def _measure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def people(sizing: Sizing) -> Sheet:
    """Return what is asked of the treated stores."""
    stores = sizing.study.stores
    rows = []
    for each in sizing.asked:
        j = stores.ids.index(each.store)
        rows.append(
            (
                each.store,
                *(f"{stores.measures[name][stores.unit[j]]:,.0f}" for name in ("people", "km")),
                f"{each.units:.0f}",
                f"{each.before:.0f} to {each.lines:.0f}",
                each.day,
                "n/a" if math.isnan(each.can) else f"{each.can:.0f}",
                f"{each.fill_before:.1%} to {each.fill:.1%}",
                "; ".join(each.warnings(sizing.study.plan.busy)),
            )
        )
    return Sheet(
        "Which stores, and what it asks of their people",
        "Order lines picked in the busiest hour of a day that 95 % of days do not exceed, without the pilot and with "
        "it; what the people there can pick in an hour; what walk-in customers find of what they want.",
        ("store", "people", "km", "units a week", "busiest hour", "most on", "can", "walk-in fill", "see to"),
        tuple(rows),
    )


def whole(sizing: Sizing) -> Sheet:
    """Return what the whole roll-out would do to every KPI."""
    comparison = sizing.whole
    base, arm = comparison.arms
    rows = []
    for kpi in KPIS:
        found = comparison.difference(arm, kpi.name)
        if math.isnan(found.interval.mean) or found.interval.low == found.interval.high == 0:
            continue
        change = with_interval(kpi, found.interval, signed=True)
        rows.append((kpi.title, unit_of(kpi), number(kpi, comparison.kpi(base, kpi.name).mean), change, found.verdict))
    return Sheet(
        "What the whole roll-out would do",
        "Every store treated less none, on the same tapes, with 95 % intervals.",
        ("KPI", "unit", "today", "change", "verdict"),
        tuple(rows),
    )


def weeks(count: int) -> str:
    """Return so many weeks as text."""
    return "1 week" if count == 1 else f"{count} weeks"


def unit(outcome: Outcome) -> str:
    """Return the unit an outcome is shown in."""
    return {"share": "points"}.get(outcome.unit, outcome.unit)


def amount(outcome: Outcome, value: float, signed: bool = False) -> str:
    """Return a value of an outcome as text."""
    if math.isnan(value):
        return "n/a"
    scaled = value * (100 if outcome.unit == "share" else 1)
    return f"{scaled:{'+' if signed else ''},.{0 if abs(scaled) >= 1000 else 2}f}"


def told(outcome: Outcome, interval: Interval, signed: bool = False) -> str:
    """Return an interval of an outcome as text."""
    half = interval.half_width
    return amount(outcome, interval.mean, signed) + ("" if math.isnan(half) else f" ±{amount(outcome, half)}")


def percent(value: float) -> str:
    """Return a probability as text; nothing is certain, and nothing impossible."""
    if math.isnan(value):
        return "n/a"
    return "> 99%" if value > 0.99 else "< 1%" if value < 0.01 else f"{value:.0%}"


def share(found: Share) -> str:
    """Return a share of pilots with its limits."""
    if math.isnan(found.value):
        return "n/a"
    limits = "" if math.isnan(found.low) else f" ({found.low:.0%} to {found.high:.0%})"
    return f"{found.value:.0%}{limits}"
