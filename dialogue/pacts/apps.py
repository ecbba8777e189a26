from __future__ import annotations

from django.apps import AppConfig


class PactsConfig(AppConfig):
    name = "dialogue.pacts"
    label = "pacts"

    def ready(self) -> None:
        """A contribution may end in an action of a pact, which its page and its dossier tell; a proposition, a deliverable, a decision
        show the path that they are on; the digest names the pacts; what an organisation leads follows it when it is merged; the
        dossier tells our acts."""
        from dialogue.assembly import pages as assembly_pages
        from dialogue.contributions import hooks as contributions
        from dialogue.contributions import sorting_file
        from dialogue.contributions.acts.sorting import undo_sorting
        from dialogue.deliverables import pages as deliverable_pages
        from dialogue.mailer import spaces
        from dialogue.meetings import pages as meeting_pages
        from dialogue.pacts import letters
        from dialogue.pacts.acts import actions
        from dialogue.pacts.acts.contributions import is_in_no_pact
        from dialogue.pacts.followups import decision_block, ending, followups, proposition_block, result_block, waiting_block
        from dialogue.pacts.sentences import SENTENCES
        from dialogue.people import hooks

        contributions.followups.append(followups)
        contributions.endings.append(ending)
        assembly_pages.proposition_blocks += [waiting_block, proposition_block]
        deliverable_pages.result_blocks.append(result_block)
        meeting_pages.decision_blocks.append(decision_block)
        undo_sorting.guards.append(is_in_no_pact)
        sorting_file.sentences.update(SENTENCES)
        spaces.register("pacte", letters.names_of)
        hooks.on_merge.append(actions.on_merge)
        hooks.merge_previews.append(actions.merge_preview)
