"""The mailer's own periodic work."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from dialogue.mailer import bounces
from dialogue.mailer.digest import send_digests
from dialogue.mailer.models import Letter, LetterStage
from dialogue.mailer.periodic import every

#: What a letter said is not kept longer: long enough to answer "did you write to me?".
KEPT = timedelta(days=90)


@every(minutes=10)
def digests(now: datetime) -> int:
    return send_digests(timezone.now(), now)


@every(hours=6)
def keep_statistics(now: datetime) -> None:
    """SQLite chooses its indexes by statistics that nobody else gathers; PostgreSQL does it by itself. Tables that did not grow are
    left alone (https://www.sqlite.org/pragma.html#pragma_optimize)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize=0x10002")


@every(days=1)
def forget_old_letters(now: datetime) -> int:
    """Ninety days after it left, a letter loses its words; those with a key stay, empty, so as never to leave twice."""
    over = [LetterStage.SENT, LetterStage.DROPPED, LetterStage.DIGESTED]
    old = Letter.objects.filter(stage__in=over, queued_at__lt=timezone.now() - KEPT)
    old.filter(dedupe="").delete()
    bounces.forget_old(now)
    return old.exclude(text="").update(subject="", text="", html="")
