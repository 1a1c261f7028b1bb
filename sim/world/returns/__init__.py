"""What shoppers send or bring back: on its way, inspected, and put on a shelf again or got rid of."""
