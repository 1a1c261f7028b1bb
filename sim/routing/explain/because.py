"""What to say of a site for each reason it can have, and how full it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.routing.rules.reasons import Reason

if TYPE_CHECKING:
    from sim.routing.explain.explanation import Explanation

REASONS: dict[Reason, str] = {
    Reason.SWITCHED_OFF: "is switched off",
    Reason.CLOSED: "takes no orders for now",
    Reason.DOES_NOT_DELIVER_THERE: "does not deliver there",
    Reason.TOO_FAR: "is farther than the rules allow",
    Reason.DISTANCE_UNKNOWN: "has no known distance",
    Reason.WRONG_ATTRIBUTE: "is not of the kind the rules ask for",
    Reason.ATTRIBUTE_UNKNOWN: "does not say what the rules ask for",
    Reason.CANNOT_HANDLE: "has not what the goods call for",
    Reason.WRONG_CHANNEL: "does not serve this channel",
    Reason.AT_CAPACITY: "has taken on all it can",
    Reason.REFUSED_BEFORE: "has refused this order before",
    Reason.REFUSED_RECENTLY: "has refused this order too recently",
    Reason.BELOW_MINIMUM_STOCK: "has less stock than the rules ask for",
    Reason.BELOW_WEEKS_OF_SUPPLY: "would run out too soon",
    Reason.TOO_LATE: "would deliver too late",
    Reason.DOUBTFUL_STOCK: "has stock counts too doubtful to rely on",
    Reason.NO_CONDITION_MET: "meets none of the conditions",
    Reason.FORBIDDEN_CONDITION_MET: "meets a condition that shuts it out",
    Reason.EXCLUDED_BY_SCORE: "lacks a figure the rules need",
    Reason.KEPT_OUT: "is kept out by a filter of another package",
    Reason.NO_STOCK: "has none of it",
    Reason.PINNED_ELSEWHERE: "is not where the order is tied to",
    Reason.NOT_NEEDED: "was not needed",
    Reason.MAY_NOT_SERVE: "may not serve orders under this strategy",
    Reason.CARRIER_DOES_NOT_TAKE_IT: "has no carrier for such a parcel",
    Reason.ALL_PROMISED: "has promised all its stock to other orders",
    Reason.HELD_BACK: "holds back what it has",
    Reason.LACKS_PART: "has only part of it",
    Reason.DEARER: "costs more",
    Reason.LATER: "delivers later",
    Reason.FARTHER: "is farther away",
    Reason.WORTH_KEEPING: "would give away stock that is worth more than is saved",
    Reason.PENALISED: "costs no more, but would be the worse choice with all that is to be weighed",
    Reason.LOWER_KIND: "is of a kind that is asked later",
    Reason.RANKED_LOWER: "comes later in the order of the rules",
    Reason.EQUAL: "is equal, but listed later",
    Reason.SERVES_ALL: "serves the whole order",
    Reason.SERVES_PART: "serves part of the order",
}
"""What to say of a site for each reason it can have."""


def because(of: Explanation, site: str, reason: Reason) -> str:
    """Return why a site does not serve; of a full one, what it has taken on and how much it may."""
    if reason is not Reason.AT_CAPACITY:
        return REASONS[reason]
    k = [each.id for each in of.record.parts.network.sites].index(site)
    limits = " and ".join(each.words() for each in of.record.full.get(k, ()) if not each.passes)
    return f"{REASONS[reason]} ({limits})" if limits else REASONS[reason]


def passed(of: Explanation) -> list[str]:
    """Say of the sites that serve which of them are full for others."""
    told = []
    for parcel, sending in zip(of.plan.parcels, of.parcels, strict=True):
        limits = " and ".join(each.words() for each in of.record.full.get(parcel.site, ()) if each.passes)
        if limits:
            told.append(f"{sending.site} is full ({limits}), but this order passes full sites.")
    return told
