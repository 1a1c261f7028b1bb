"""Changes that are faults: each a slip that has been made somewhere, of a few characters."""

from __future__ import annotations

from sim.study.gate.trial.change import Change

FAULTS: tuple[Change, ...] = (
    Change(
        "safety stock ignored",
        (("belief/belief.py", "available[cells] = news.on_hand - open_promises - safety_stock[cells]",
          "available[cells] = news.on_hand - open_promises"),),
    ),
    Change(
        "own open promises forgotten when news comes",
        (("belief/belief.py", "available[cells] = news.on_hand - open_promises - safety_stock[cells]",
          "available[cells] = news.on_hand - safety_stock[cells]"),),
    ),
    Change(
        "belief not refreshed: only news of own picks is heard",
        (("belief/belief.py", "newer = (observed_at > heard_at) | ((observed_at == heard_at) & (picked >= known))",
          "newer = (observed_at > heard_at) & (picked > known) | (heard_at == -np.inf)"),),
    ),
    Change(
        "wrong sign in a cost: handling is taken off",
        (("cost.py", "        cents: NDArray[np.float64] = self.rates(request, basket).cents"
          ".take(self._zone[request.place])\n"
          "        cents += self._handling_by_site(",
          "        cents: NDArray[np.float64] = self.rates(request, basket).cents"
          ".take(self._zone[request.place])\n"
          "        cents -= self._handling_by_site("),),
    ),
    Change(
        "a cost part dropped: labels are not compared",
        (("cost.py", "        cents: NDArray[np.float64] = self.rates(request, basket).cents"
          ".take(self._zone[request.place])\n",
          "        cents = np.zeros(len(self._per_parcel))\n"),),
    ),
    Change(
        "wrong unit: kilograms priced as pounds",
        (("cost.py", "weight += quantity * self._weight_kg[sku]",
          "weight += quantity * self._weight_kg[sku] * 0.4536"),),
    ),
    Change(
        "off by one in a capacity: the last order of the day is turned down",
        (("capacity/capacities.py", "+ self._usage.work(limit, order.lines) > most",
          "+ self._usage.work(limit, order.lines) >= most"),),
    ),
    Change(
        "the day of a capacity never ends",
        (("capacity/usage.py", "        if now >= self._until:\n", "        if self._until == -np.inf:\n"),),
    ),
    Change(
        "who has refused an order is asked again",
        (("offers/offers.py", "        for site in self.order.refused_by:\n            scores[site] = np.inf\n", ""),),
    ),
    Change(
        "wrong time zone at a cut-off: that of the head office",
        (("promise.py", "working_time(site.hours, clock, site.time_zone, first, last)",
          "working_time(site.hours, clock, clock.time_zone, first, last)"),
         ("promise.py", "pick_ups(site.pick_up_days, site.pick_up_at, clock, site.time_zone, first, last)",
          "pick_ups(site.pick_up_days, site.pick_up_at, clock, clock.time_zone, first, last)"),
         ("promise.py", "site.lead_min, site.time_zone)", "site.lead_min)")),
    ),
    Change(
        "cut-off without the time that picking takes",
        (("promise.py", "open_time.last(open_time.worked(at) - site.lead_min)",
          "open_time.last(open_time.worked(at))"),),
    ),
    Change(
        "delivery promised on Sundays",
        (("promise.py", "self._hand_over(now, site, place, service, days, not_before)\n"
          "        return ship_at, self._end(self._business[service].after(ship_day, days), place)",
          "self._hand_over(now, site, place, service, days, not_before)\n"
          "        return ship_at, self._end(ship_day + days, place)"),),
    ),
    Change("safety stock of 10 for 1, a key hit twice", routing={"safety_stock.store": 10}),
    Change("capacity of a store 60 for 6", routing={"capacity.0.kinds.store": 60}),
    Change("stores left out, from a trial", routing={"strategies.cheapest.only": ["dc", "third_party"]}),
    Change("the block backorders dropped", routing={"backorders": None}),
    Change("one parcel an order for three", routing={"max_parcels": 1}),
    Change("splits too eager: line by line from whoever is near",
           routing={"strategies.by_rules.steps.0.allocate": "greedy"}, strategy="by_rules"),
    Change("a rule dropped: distance no longer ranks", routing={"strategies.by_rules.steps.0.rank": None},
           strategy="by_rules"),
    Change("a rule's limit of 90 miles for 900", routing={"strategies.by_rules.steps.0.filters.0.limit": "90 mi"},
           strategy="by_rules"),
)  # fmt: skip
