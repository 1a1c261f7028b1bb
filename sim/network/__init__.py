"""What everyone knows: sites, places, products, carriers, calendars."""
