"""What stock is worth: prices of units at sites from linear programmes on expected demand, solved off the hot path."""
