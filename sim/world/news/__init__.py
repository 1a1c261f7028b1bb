"""What sites tell the order system, when, and what is lost on the way."""
