"""What a routing engine and its host say to one another. Both towers know it; it knows neither."""
