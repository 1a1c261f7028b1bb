"""The life of an order, from the office to the last unit handed over."""
