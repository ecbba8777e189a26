"""The room's periodic work, part by part; the worker imports this module."""

from dialogue.contributions import tasks_deposit as _deposit  # noqa: F401
from dialogue.contributions import tasks_sorting as _sorting  # noqa: F401
