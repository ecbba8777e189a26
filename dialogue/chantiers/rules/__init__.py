"""Permission sentences of the chantiers room."""
