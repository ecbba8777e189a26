"""Every write to the frame: its load, its outlines, the brand, territories and themes, priorities, dates."""

from dialogue.territories import rules as rules  # the permissions of these acts
from dialogue.territories.acts.brand import set_brand
from dialogue.territories.acts.dates import add_date, change_date, remove_date
from dialogue.territories.acts.load import NothingToChange, Report, load_frame
from dialogue.territories.acts.outlines import import_outlines
from dialogue.territories.acts.places import add_theme, change_territory, change_theme, move_commune
from dialogue.territories.acts.priorities import set_priorities

__all__ = [
    "NothingToChange",
    "Report",
    "add_date",
    "add_theme",
    "change_date",
    "change_territory",
    "change_theme",
    "import_outlines",
    "load_frame",
    "move_commune",
    "remove_date",
    "set_brand",
    "set_priorities",
]
