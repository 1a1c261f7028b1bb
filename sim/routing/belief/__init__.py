"""What the engine believes of stock, and how far."""
