"""Ways to fulfil an order: collected, merged, in kits, all at once, in so many packages."""
