"""The models of the room, from the pact to the editions of its operational part."""

from dialogue.pacts.models.action import ActionContribution, PactAction
from dialogue.pacts.models.edition import EditionLine, PactEdition
from dialogue.pacts.models.pact import Pact

__all__ = ["ActionContribution", "EditionLine", "Pact", "PactAction", "PactEdition"]
