"""How much work a site can take on: limits, the local calendar they are counted by, and what is counted."""
