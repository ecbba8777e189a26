"""Doors of the open data."""
