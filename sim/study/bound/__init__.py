r"""The clairvoyant bound: what no router can beat on a replication, though it knew all orders and the true stock.

*What is bounded*: the cost of the measured orders as `cost_per_order_placed` counts it, to the cent: picking, packing,
packaging, label and fees of every parcel, rounded part by part as the ledger rounds them, and the margin of every unit
that nobody gets; and, once an order, the contacts and the penalty for cancelling any of it. Units still open when a run
is over count as cancelled (`kpis.catalogue.SETTLED`). What some plan may avoid paying (a search in vain, a second
parcel after a short pick) counts for nothing. Not in it: what is not booked to orders, such as wages by the minute,
inbound freight and storage, and what is paid for late orders, of which a clairvoyant need have none.

*What a clairvoyant may do*: put each measured order into any parcels from any sites whatever, several from one site
too, now or later, or leave units of it at their margin, as long as all orders together take from no shelf more than
its stock at the start and all that is received there until the run ends at the latest. He need not wait for a receipt;
orders of other days and walk-in customers who share the shelf leave everything to him. Each of these can only make the
bound lower. So what the ledger books under any strategy is a solution of this problem, or dearer than one.

*How*: with prices ``p >= 0`` of stock, one for each product and site,

    L(p) = sum over orders of min over plans (cost(plan) + p . taken(plan))  -  p . supply

is a lower bound whatever p is (Lagrange; Geoffrion 1974), because every minimum is over all plans: a model pruned of
columns is no bound. Prices come from the configuration LP (`sim.routing.prices.configuration`), by column generation.
Where all plans can be listed the integer programme itself is solved, and its dual bound taken.
"""
