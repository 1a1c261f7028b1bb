"""What stands on shelves, what records say of it, and all that takes from either."""
