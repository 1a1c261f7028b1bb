"""Changes that change nothing: what is refactored, reordered or written otherwise has to pass with exactly 0.0."""

from __future__ import annotations

from sim.study.gate.trial.change import Change

HARMLESS: tuple[Change, ...] = (
    Change(
        "terms of a difference the other way round",
        (("belief/belief.py", "available[cells] = news.on_hand - open_promises - safety_stock[cells]",
          "available[cells] = news.on_hand - safety_stock[cells] - open_promises"),),
    ),
    Change(
        "a mask by index instead of by function",
        (("offers/offers.py", "np.putmask(scores, row < quantity, np.inf)", "scores[row < quantity] = np.inf"),),
    ),
    Change(
        "a search by halves written as a loop",
        (("promise.py", "            k = bisect_left(latest, now)\n            if k == len(latest):",
          "            k = 0\n            while k < len(latest) and latest[k] < now:\n                k += 1\n"
          "            if k == len(latest):"),),
    ),
    Change(
        "a cache taken out",
        (("cost.py", "        found = self._handling.get((lines, units))\n", "        found = None\n"),),
    ),
    Change(
        "a small cache for a large one",
        (("offers/offers.py", "@lru_cache(maxsize=4096)\ndef partitions", "@lru_cache(maxsize=4)\ndef partitions"),),
    ),
    Change(
        "a sum of lines by Counter",
        (("offers/lines.py", "        wanted[sku] = wanted.get(sku, 0) + quantity\n",
          "        wanted.setdefault(sku, 0)\n        wanted[sku] += quantity\n"),),
    ),
    Change("times in other units", routing={"backorders": {"retry_every": "120 min", "give_up_after": "48 h"}}),
    Change("what is usual written out",
           routing={"strategies.cheapest.status": "active", "pools": {}, "ring_fences": []}),
    Change("another draft beside it", routing={"strategies.draft": {"status": "draft", "choose": "nearest"}}),
    Change("a neighbour changed, which is not judged", routing={"strategies.by_rules.steps.0.allocate": "greedy"}),
    Change("strategies that are not judged taken out",
           routing={"strategies.drawn": None, "strategies.drawn_again": None}),
)  # fmt: skip
