"""The engine over HTTP: sessions that are told the news, and calls that carry their own stock."""
