"""The mailer's own periodic work: the weekly summary (declared where it is written)."""

from dialogue.mailer import digest as digest
