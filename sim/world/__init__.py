"""The simulated world: the only place with SimPy."""
