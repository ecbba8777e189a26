"""Background work of the room, part by part; the worker imports this module."""

from dialogue.contributions import tasks_analysis as _analysis  # noqa: F401
from dialogue.contributions import tasks_deposit as _deposit  # noqa: F401
from dialogue.contributions import tasks_imports as _imports  # noqa: F401
from dialogue.contributions import tasks_sorting as _sorting  # noqa: F401
