"""Sourcing rules: who may serve, in what order they are asked, how much each gives, and what happens to the rest."""
