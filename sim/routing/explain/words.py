"""An explanation in plain words: what was decided, why it is split, why not nearer or sooner, what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.routing.explain.because import because, passed
from sim.routing.explain.changes import Knob
from sim.routing.explain.contrasts import best_alone, fastest, fullest, nearest
from sim.routing.explain.verdicts import Verdict
from sim.routing.explain.waits import day, waiting, without_date
from sim.routing.promise import ANY_TIME
from sim.routing.rules.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.routing.explain.contrasts import Contrast
    from sim.routing.explain.counterfactuals import Counterfactual
    from sim.routing.explain.explanation import Explanation
    from sim.routing.explain.told import Sending, SiteView


def describe(of: Explanation) -> str:
    """Return the explanation as Markdown: a few sentences and a table of the sites that matter."""
    rows = [f"| {' | '.join(row)} |" for row in (HEAD, ["---"] * len(HEAD), *table(of))]
    return "\n".join([*[f"- {sentence}" for sentence in sentences(of)], "", *rows]) + "\n"


def sentences(of: Explanation) -> list[str]:
    """Return a few sentences that a planner can read."""
    told = [*_dates_asked(of), *_decided(of), *passed(of), *_why_split(of), *_why_not_nearer(of), *_why_not_sooner(of)]
    if of.relaxed:
        told.append(f"To find this, these limits were given up: {', '.join(map(_spaced, of.relaxed))}.")
    told += [would_change(each) for each in of.counterfactuals]
    return told


HEAD = ["site", "verdict", "why", "has", "news", "km", "alone, USD", "delivers"]


def table(of: Explanation, most: int = 12) -> list[list[str]]:
    """Return a row for each site that matters under `HEAD`: those chosen, then those that came nearest to it."""
    order = {verdict: k for k, verdict in enumerate(Verdict)}
    sites = sorted(of.sites, key=lambda s: (order[s.verdict], _number(s.score), _number(s.distance_km)))
    return [_row(of, site) for site in sites[:most]]


def _row(of: Explanation, site: SiteView) -> list[str]:
    has = ", ".join(f"{max(0, shelf.believed)}/{shelf.wanted} {shelf.product}" for shelf in site.shelves)
    alone = site.alone
    return [
        site.site, _spaced(site.verdict), because(of, site.site, site.reason), has, f"{site.news_age_min:.0f} min",
        "" if site.distance_km is None else f"{site.distance_km:.0f}",
        "" if alone is None else f"{alone.total_cents / 100:.2f}", "" if alone is None else delivery(of, alone),
    ]  # fmt: skip


def would_change(found: Counterfactual) -> str:
    """Say one counterfactual."""
    serves = "have served it" if found.serves == "all" else "have served part of it"
    amount = abs(found.amount)
    match found.knob:
        case Knob.COST:
            change = f"if its cost were {usd(amount)} lower"
        case Knob.STOCK:
            change = f"with {_units(found.products or {}, 'more ')}"
        case Knob.SAFETY_STOCK:
            change = f"if it held back {amount:.0f} {'unit' if amount == 1 else 'units'} less of each product"
        case Knob.DISTANCE:
            change = f"if it were {amount:.1f} km nearer"
        case Knob.CUT_OFF:
            change = f"if it took orders {amount:.0f} min longer before the pick-up"
        case Knob.NEWS_AGE:
            change = f"if the news of its stock were {_whole(found.to)} min old or less"
        case Knob.DAY_VALUE:
            change = f"if a day to the delivery were worth {usd(found.to or 0)}"
        case Knob.WEIGHT:
            change = f"if the rule {_spaced(found.rule)} weighed {found.to or 0:.2f}"
        case Knob.FILTER:
            change = f"without the limit {_spaced(found.rule)}"
        case Knob.CAPACITY:
            change = f"if it took on {amount:g} more {found.unit}"
        case Knob.REFUSAL:
            change = "if it had not refused it before"
    return f"{found.site} would {serves} {change}."


def usd(cents: float) -> str:
    """Return an amount of money."""
    return f"{cents / 100:.2f} USD"


def delivery(of: Explanation, sending: Sending) -> str:
    """Return the day on which a parcel should arrive, where the shopper lives or collects it."""
    network, collect_at = of.record.parts.network, of.order.collect_at
    there = network.places[of.order.place] if collect_at < 0 else network.sites[collect_at]
    return "never" if sending.deliver_at is None else day(of, sending.deliver_at, there.time_zone)


def _dates_asked(of: Explanation) -> list[str]:
    order = of.order
    there = of.record.parts.network.places[order.place].time_zone
    told = []
    if of.at < order.hold_until:
        told.append(
            f"The order is held until {day(of, order.hold_until, there)}: nothing is promised before. What follows is "
            "what would be decided now, to be sent from then on."
        )
    if order.deliver_from > ANY_TIME:
        told.append(
            f"It is not to be delivered before {day(of, order.deliver_from, there)}: whoever would be sooner hands it "
            "over later."
        )
    return told


def _decided(of: Explanation) -> list[str]:
    asked = f"Order {of.order.id} ({_units(of.named(of.order.lines))})"
    told = []
    for k, parcel in enumerate(of.parcels):
        age = of.at - float(of.record.observed_at[of.plan.parcels[k].site])
        told.append(
            f"{f'{asked} is' if k == 0 else 'It is also'} served from {parcel.site} with {_units(parcel.lines)} "
            f"{_how(parcel)} for {usd(parcel.total_cents)}, {_when(of)} {delivery(of, parcel)}; the news of the stock "
            f"there was {age:.0f} min old."
        )
        if parcel.penalties:
            amounts = ", ".join(f"{_spaced(name)} {cents / 100:+.2f}" for name, cents in parcel.penalties.items())
            told.append(f"Besides cost, what steered this parcel was: {amounts} USD.")
    network = of.record.parts.network
    for leg in of.plan.onward:
        by, site = network.services[leg.service].id, network.sites[leg.site].id
        told.append(f"All of it leaves {site} as one parcel by {by} for {usd(sum(leg.cents))}.")
    told += waiting(of)
    for lines, what in ((without_date(of), "waits for stock"), (of.plan.unfilled, "is given up")):
        if lines:
            subject = f"{_units(of.named(lines))} of order {of.order.id}"
            told.append(f"{subject} {what}: {_shortage(of)}.")
    return told


def _how(parcel: Sending) -> str:
    if parcel.via is None:
        return f"by {parcel.service}" if parcel.service else "at its counter"
    by = parcel.service or ("truck" if parcel.via != parcel.site else "hand")
    return f"by {by} via {parcel.via}"


def _when(of: Explanation) -> str:
    return "delivered" if of.order.collect_at < 0 else "ready"


def _shortage(of: Explanation) -> str:
    if of.plan.reason in ("whole", "split", "part", "keep"):
        return "no more of it could be had from sites that may serve it"
    return f"the rules ended with {_spaced(of.plan.reason)}"


def _why_split(of: Explanation) -> list[str]:
    if len(of.plan.parcels) < 2:
        return []
    alone = best_alone(of)
    if alone is None:
        holders = "; ".join(f"{each.site} lacks {_lacking(each)}" for each in fullest(of))
        return [f"It is split because no site that may serve it has everything: {holders}."]
    if alone.more_cents is None:
        return []
    if alone.total_cents > 0:
        return [f"It is split because one parcel from {alone.site} would cost {_dearer(alone)}."]
    return [f"It is split although {alone.site} has everything: {alone.site} {because(of, alone.site, alone.reason)}."]


def _why_not_nearer(of: Explanation) -> list[str]:
    found = nearest(of)
    if found is None:
        return []
    site = f"The nearest site, {found.site} at {found.distance_km:.0f} km,"
    if found.lacks and found.reason in (Reason.LACKS_PART, Reason.NO_STOCK, Reason.RANKED_LOWER, Reason.NOT_NEEDED):
        return [f"{site} lacks {_lacking(found)}."]
    if found.reason is Reason.DEARER and found.more_cents is not None and found.total_cents > 0:
        return [f"{site} would cost {_dearer(found)}."]
    return [f"{site} {because(of, found.site, found.reason)}."]


def _why_not_sooner(of: Explanation) -> list[str]:
    found = fastest(of)
    if found is None or found.days_later is None or found.more_cents is None:
        return []
    days = -found.days_later
    price = _dearer(found) if found.total_cents > 0 else f"{usd(-found.total_cents)} less"
    earlier = f"{days} {'day' if days == 1 else 'days'} earlier"
    return [f"{found.site} could deliver {earlier}, at {price}; it {because(of, found.site, found.reason)}."]


def _dearer(than: Contrast) -> str:
    parts = than.more_cents or {}
    told = ", ".join(f"{part} {cents / 100:+.2f}" for part, cents in parts.items() if round(cents, 1))
    return f"{usd(than.total_cents)} more" + (f" ({told})" if told else "")


def _lacking(found: Contrast) -> str:
    return _listed([f"{shelf.lacks} of {shelf.product}" for shelf in found.lacks])


def _units(lines: Mapping[str, int], more: str = "") -> str:
    return _listed([f"{quantity} {more}of {product}" for product, quantity in lines.items()])


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _spaced(word: str) -> str:
    return str(word).replace("_", " ")


def _whole(value: float | None) -> str:
    return f"{int(value or 0)}"


def _number(value: float | None) -> float:
    return float("inf") if value is None else value
