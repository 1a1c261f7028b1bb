"""Why a site serves or does not, and why a plan came out as it did: one word each, for people and for machines."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Reason codes. Those of a site say what it met first; those of a plan say how it ended."""

    # why a site was not asked
    SWITCHED_OFF = "switched_off"
    DOES_NOT_DELIVER_THERE = "does_not_deliver_there"
    TOO_FAR = "too_far"
    DISTANCE_UNKNOWN = "distance_unknown"
    WRONG_ATTRIBUTE = "wrong_attribute"
    ATTRIBUTE_UNKNOWN = "attribute_unknown"
    CANNOT_HANDLE = "cannot_handle"
    WRONG_CHANNEL = "wrong_channel"
    AT_CAPACITY = "at_capacity"
    REFUSED_BEFORE = "refused_before"
    REFUSED_RECENTLY = "refused_recently"
    BELOW_MINIMUM_STOCK = "below_minimum_stock"
    BELOW_WEEKS_OF_SUPPLY = "below_weeks_of_supply"
    TOO_LATE = "too_late"
    DOUBTFUL_STOCK = "doubtful_stock"
    NO_CONDITION_MET = "no_condition_met"
    FORBIDDEN_CONDITION_MET = "forbidden_condition_met"
    EXCLUDED_BY_SCORE = "excluded_by_score"
    KEPT_OUT = "kept_out"
    # why a site that was asked gives nothing
    NO_STOCK = "no_stock"
    PINNED_ELSEWHERE = "pinned_elsewhere"
    NOT_NEEDED = "not_needed"
    # told by explanations: why a site could not be asked,
    MAY_NOT_SERVE = "may_not_serve"
    CLOSED = "closed"
    CARRIER_DOES_NOT_TAKE_IT = "carrier_does_not_take_it"
    ALL_PROMISED = "all_promised"
    HELD_BACK = "held_back"
    # why one that could have served was not chosen,
    LACKS_PART = "lacks_part"
    DEARER = "dearer"
    LATER = "later"
    FARTHER = "farther"
    WORTH_KEEPING = "worth_keeping"
    PENALISED = "penalised"
    LOWER_KIND = "lower_kind"
    RANKED_LOWER = "ranked_lower"
    EQUAL = "equal"
    # and what the chosen ones do
    SERVES_ALL = "serves_all"
    SERVES_PART = "serves_part"
    # how a plan ended
    WHOLE = "whole"
    SPLIT = "split"
    PART = "part"
    INSUFFICIENT_STOCK = "insufficient_stock"
    INCOMPLETE = "incomplete"
    BELOW_SHIPMENT_THRESHOLD = "below_shipment_threshold"
    PERMANENT_EXCEPTION = "permanent_exception"
    DESTINATION_REQUIRED = "destination_required"
