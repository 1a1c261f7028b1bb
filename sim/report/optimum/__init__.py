"""An optimisation as people see it."""
