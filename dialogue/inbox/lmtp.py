"""The LMTP door (RFC 2033), for the mail server of this machine: one mail, one recipient, one answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from pathlib import Path
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session
from django.conf import settings
from django.db import DatabaseError

from dialogue.inbox import addresses
from dialogue.inbox.reception import Arrival, Clerk
from dialogue.inbox.stages import Way

logger = logging.getLogger(__name__)

#: Seconds for the mails in hand once the door is told to close.
PATIENCE = 10


class Server(LMTP):
    """Some programs write a whole page in one line; the limit of the mail's size is the only one that matters."""

    line_length_limit = 8 << 20


class Door:
    """What is answered, command by command."""

    def __init__(self, clerk: Clerk) -> None:
        self.clerk = clerk
        self.in_hand = 0
        self.idle = asyncio.Event()
        self.idle.set()

    async def handle_RCPT(  # noqa: N802 (the library's name)
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if envelope.rcpt_tos:
            # LMTP answers once a recipient: whoever has several comes again, which every server does by itself.
            return "452 4.5.3 One recipient at a time"
        if addresses.read(address) is None:
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.in_hand += 1
        self.idle.clear()
        try:
            arrival = Arrival(bytes(envelope.original_content or b""), envelope.mail_from or "", envelope.rcpt_tos[0], Way.LMTP)
            await asyncio.wrap_future(self.clerk.hand_over(arrival))
        except DatabaseError as problem:
            logger.warning("a mail must come again: %s", problem)
            return "451 4.3.0 Try again later"
        except Exception:
            logger.exception("a mail must come again")
            return "451 4.3.0 Try again later"
        finally:
            self.in_hand -= 1
            if not self.in_hand:
                self.idle.set()
        return "250 2.0.0 Stored"


async def serve(where: str, *, ready: Any = None) -> None:
    """Listens until SIGTERM or SIGINT. `where` is the path of a socket, or `host:port`. `ready` is called once the door is open."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    clerk = Clerk()
    door = Door(clerk)

    def made() -> Server:
        return Server(
            door, data_size_limit=settings.INBOX_MAX_BYTES, enable_SMTPUTF8=True, ident="Dialogue territorial", loop=loop
        )

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    server = await _listen(loop, made, where)
    if ready:
        ready()
    await stop.wait()
    server.close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await door.idle.wait()
    clerk.close()


async def _listen(loop: asyncio.AbstractEventLoop, made: Any, where: str) -> asyncio.AbstractServer:
    if "/" in where:
        _make_room(where)
        server = await loop.create_unix_server(made, path=where, backlog=100)
        _open_to_others(where)
        return server
    host, _colon, port = where.rpartition(":")
    return await loop.create_server(made, host=host or "127.0.0.1", port=int(port), backlog=100)


def _make_room(where: str) -> None:
    """A server that was killed leaves its socket behind."""
    path = Path(where)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)


def _open_to_others(where: str) -> None:
    """The mail server has an account of its own; the rights of the folder say who may enter."""
    Path(where).chmod(0o666)
