"""Two people at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection
from django.utils import translation


def at_once(*deeds: Callable[[], Any]) -> list[str]:
    """Runs each deed in a thread of its own, all starting together; says "done", or the name of what was raised."""
    start, outcomes = Barrier(len(deeds)), ["" for _deed in deeds]

    def run(index: int, deed: Callable[[], Any]) -> None:
        translation.activate("fr")
        try:
            start.wait(timeout=10)
            deed()
            outcomes[index] = "done"
        except Exception as error:  # noqa: BLE001 (what was raised is the answer)
            outcomes[index] = type(error).__name__
        finally:
            connection.close()

    threads = [Thread(target=run, args=(index, deed)) for index, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes
