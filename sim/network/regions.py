"""Regions of the United States as its Census Bureau draws them; what is no state of theirs is its own region."""

from __future__ import annotations

_STATES = {
    "Northeast": "CT ME MA NH NJ NY PA RI VT",
    "Midwest": "IL IN IA KS MI MN MO NE ND OH SD WI",
    "South": "AL AR DE DC FL GA KY LA MD MS NC OK SC TN TX VA WV",
    "West": "AK AZ CA CO HI ID MT NV NM OR UT WA WY",
}
_REGION = {state: region for region, states in _STATES.items() for state in states.split()}


def region_of(state: str) -> str:
    """Return the region a state lies in."""
    return _REGION.get(state, state)
