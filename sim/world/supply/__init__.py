"""How goods come in: orders to suppliers, goods on their way, transfers between sites."""
