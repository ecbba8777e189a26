"""The frame of a Département, read from a file: docs/frame.md.

`read(path)` gives a `Frame` or raises `Refused` with every error and its place. `loaders` is an extension list
(docs/adr/0011): the chantiers room appends `load(rows, *, by, now, places) -> int`, which gets the checked rows of the
frame's "chantiers" in file order, and answers how many it created or changed (0: nothing to do, the load was done before).
A row has the keys number, theme, territories, title, reason, reason_text, objective, deliverable and, when the file says
so, evidence_count, council. `places` gives their rows by code: `{"territories": {code: Territory}, "themes": {code: Theme},
"dates": {code: CalendarDate}}`. It runs in the transaction of the load.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dialogue.territories.frame.reading import MAX_BYTES, Frame, read

#: What upper rooms load from the same file, in the same transaction.
loaders: list[Callable[..., int]] = []

DATA = Path(__file__).resolve().parent.parent / "data"
#: The frame of 2017, carried by the project.
GIRONDE_2017 = DATA / "gironde-2017.json"

__all__ = ["DATA", "GIRONDE_2017", "MAX_BYTES", "Frame", "loaders", "read"]
