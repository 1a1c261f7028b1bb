"""How a site receives, picks, packs and hands over."""
