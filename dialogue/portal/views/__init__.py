"""Doors of the portal: what is public, what is one's own, what is the coordination's."""
