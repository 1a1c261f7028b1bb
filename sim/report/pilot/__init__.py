"""A pilot's plan, as it is printed, mailed and read."""
