"""How the register tells these acts: the subject comes before, the thing after."""

from django.utils.functional import Promise

SENTENCES: dict[str, str | Promise] = {}
