"""What happened: append-only tables, what they say of each order, and the laws they must keep."""
