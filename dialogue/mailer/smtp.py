"""Django's SMTP backend, but for the envelope of automatic answers: their sender is empty (RFC 3834), so that no server answers them."""

from __future__ import annotations

import smtplib

from django.core.mail.backends import smtp
from django.core.mail.message import EmailMessage, sanitize_address


class EmailBackend(smtp.EmailBackend):
    def _send(self, email_message: EmailMessage) -> bool:
        if email_message.extra_headers.get("Auto-Submitted") != "auto-replied":
            return bool(super()._send(email_message))  # type: ignore[misc]
        encoding = email_message.encoding or "utf-8"
        readers = [sanitize_address(address, encoding) for address in email_message.recipients()]
        content = email_message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own message
        try:
            self.connection.sendmail("", readers, content)  # type: ignore[union-attr]  # open, or we would not be here
        except smtplib.SMTPException:
            if not self.fail_silently:
                raise
            return False
        return True
