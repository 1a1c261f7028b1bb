"""A checked scenario in a few lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.report.style import KIND_NAMES

if TYPE_CHECKING:
    from sim.study.checks.check import Checked


def summary(checked: Checked) -> str:
    """Return what a scenario holds: sites, places, lanes, demand, stock and strategies."""
    scenario, network, file = checked.scenario, checked.scenario.network, checked.scenario.file
    kinds = Counter(site.kind.value for site in network.sites)
    sites = ", ".join(f"{kinds[kind]} {KIND_NAMES[kind]}{'s' if kinds[kind] > 1 else ''}" for kind in sorted(kinds))
    given = scenario.opening_stock
    stock = scenario.stock_plan.order_up_to if given is None else given
    when = "when all is ordered up to its level" if given is None else "at the start, as given"
    supply = {"rules": "", "forecast": "; sent for by the forecast alone", "none": "; nothing comes in"}
    value = sum(int(units.sum()) * p.unit_cost_cents for units, p in zip(stock, network.products, strict=True)) / 100
    clock = file.clock
    live = checked.routing.live(clock.start)
    lines = [
        f"{scenario.name}: right. {file.title}",
        f"  sites      {len(network.sites)}: {sites}",
        f"  places     {len(network.places):,}, all reached, over {checked.lanes:,} lanes",
        f"  products   {len(scenario.goods):,}",
        f"  stock      {int(stock.sum()):,} units {when}, {value:,.0f} USD at cost{supply[file.replenishment]}",
        f"  demand     {file.demand.shoppers_per_day:,.0f} shoppers a day online, "
        f"{scenario.walk_in_rates.sum():,.0f} units a day walked in for",
        f"  time       from {clock.start}: {clock.warm_up} days of warm-up, {clock.measure} measured",
        f"  strategies {', '.join(live)} (the first is the baseline)",
    ]
    if drafts := [name for name in checked.routing.strategies if name not in live]:
        lines.append(f"  drafts     {', '.join(drafts)} (run only when named)")
    lines += [f"  note       {remark}" for remark in checked.remarks]
    return "\n".join(lines)
