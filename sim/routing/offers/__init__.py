"""Feasible ways to serve an order, and the search for the best of them."""
