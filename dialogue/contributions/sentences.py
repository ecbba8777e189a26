"""How the register tells the acts of this room."""

from django.utils.functional import Promise

from dialogue.contributions import sentences_analysis, sentences_deposit, sentences_imports, sentences_sorting

SENTENCES: dict[str, str | Promise] = {
    **sentences_deposit.SENTENCES,
    **sentences_imports.SENTENCES,
    **sentences_sorting.SENTENCES,
    **sentences_analysis.SENTENCES,
}
