"""An example or two of every verb, as its help shows them."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "compare": (
        "compare us_electronics",
        "compare us_electronics --with webhook --strategies nearest --until cost_per_order=0.05USD",
    ),
    "run": ("run us_electronics --strategy balanced --days 3",),
    "sweep": ('sweep us_electronics --over "site_kinds.store.pickers=1..3" --strategies cheapest',),
    "optimize": ("optimize starter scenarios/where_to_send_from.yaml",),
    "stale": ("stale us_electronics --strategies nearest,balanced",),
    "sensitivity": ('sensitivity us_electronics --over "site_kinds.dc.pick_time=2 min..8 min"',),
    "uncertainty": ('uncertainty us_electronics --uncertain "demand.shoppers_per_day=normal(1000, 50)"',),
    "report": (
        "report us_electronics -o report.html",
        "report results/us_electronics/RUN results/starter/RUN",
    ),
    "gate": (
        "gate ../main:cheapest .:cheapest --scenario release_gate",
        "gate cheapest new_rules.yaml:near --scenario release_gate --margins margins.yaml",
    ),
    "diff": ("diff old/us_electronics new/us_electronics",),
    "explain": ("explain old/us_electronics 107000162",),
    "shadow": (
        "shadow decisions.jsonl candidate.yaml",
        'shadow past.csv candidate.yaml --columns "order=Order ID,sku=Item"',
    ),
    "lint": ("lint scenarios/peer_rules.yaml",),
    "diff-routing": ("diff-routing before.yaml after.yaml",),
    "pilot": (
        "pilot --template > pilot.yaml",
        "pilot pick_up_roll_out --treatment in_all --plan pilot.yaml",
    ),
    "pilot-read": ("pilot-read data.csv --plan registered.yaml",),
    "power": ("power --effect 1 --variance 5 --icc 0.1 --size 10 --treated 16",),
    "new": (
        "new mine",
        "new mine --like small_business",
    ),
    "check": ("check mine --draw map.png",),
    "warm-up": ("warm-up us_electronics --replications 5",),
    "save-state": ("save-state us_electronics warm",),
    "schema": ("schema scenario",),
    "export-network": ("export-network us_electronics --config routing.yaml --strategy balanced",),
    "serve": ("serve --config routing.yaml --log decisions.jsonl",),
    "route": ("route request.json --config routing.yaml --explain",),
    "replay": ("replay decisions.jsonl --config routing.yaml",),
    "audit": ("audit results/us_electronics/RUN",),
}
"""Behind `fulfillsim`."""
