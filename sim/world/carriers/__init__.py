"""Parcels on their way: labels, legs, services, transit, trouble, and claims."""
