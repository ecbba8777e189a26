"""Models of the assembly room."""

from dialogue.assembly.models.proposition import Opinion, Proposition
from dialogue.assembly.models.vote import AssemblySession, FormerResolution, Resolution

__all__ = ["AssemblySession", "FormerResolution", "Opinion", "Proposition", "Resolution"]
