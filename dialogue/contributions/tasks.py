"""Background work of the room, part by part."""

from dialogue.contributions import tasks_analysis  # noqa: F401  (declares its functions)
