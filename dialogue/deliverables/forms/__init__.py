"""Forms of the room: what is prepared, what is published."""
