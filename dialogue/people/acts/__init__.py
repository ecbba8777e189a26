"""Every write of the people room."""

from dialogue.people.acts.accounts import (
    ask_validation,
    change_account,
    declare_oneself,
    refuse_account,
    remind_waiting,
    renew_calendar_key,
    set_office,
    validate_account,
)
from dialogue.people.acts.leaving import close_account, warn_inactive
from dialogue.people.acts.organisations import (
    change_organisation,
    end_mandate,
    grant_mandate,
    merge_organisations,
    propose_organisation,
    validate_organisation,
)
from dialogue.people.hooks import exporters, merge_previews, on_leaving, on_mandate_ended, on_merge

__all__ = [
    "ask_validation",
    "change_account",
    "change_organisation",
    "close_account",
    "declare_oneself",
    "end_mandate",
    "exporters",
    "grant_mandate",
    "merge_organisations",
    "merge_previews",
    "on_leaving",
    "on_mandate_ended",
    "on_merge",
    "propose_organisation",
    "refuse_account",
    "remind_waiting",
    "renew_calendar_key",
    "set_office",
    "validate_account",
    "validate_organisation",
    "warn_inactive",
]
