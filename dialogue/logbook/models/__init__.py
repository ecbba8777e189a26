"""The carnet de voyage: what is gathered, and the editions that are made of it."""

from dialogue.logbook.models.edition import BoundFile, Chapter, Edition, GovernanceFigure, Placement
from dialogue.logbook.models.entry import Editor, LogbookEntry, is_editor

__all__ = ["BoundFile", "Chapter", "Edition", "Editor", "GovernanceFigure", "LogbookEntry", "Placement", "is_editor"]
