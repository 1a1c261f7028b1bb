"""The gate itself on trial: changes known to be faults, changes known to be none, and candidates that are equal."""
