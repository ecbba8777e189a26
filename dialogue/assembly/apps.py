from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "dialogue.assembly"
    label = "assembly"

    def ready(self) -> None:
        """The space shows the group's propositions; a chantier is completed when they have an outcome; authors of contributions
        hear of it and find it in what became of theirs; a decision that a proposition cites is not removed."""
        from dialogue.assembly import letters
        from dialogue.assembly.acts.fate import propositions_are_settled
        from dialogue.assembly.acts.merging import on_merge
        from dialogue.assembly.acts.propositions import decision_is_not_cited
        from dialogue.assembly.exports import personal_data
        from dialogue.assembly.pages import space_block, todo_of
        from dialogue.assembly.provenance import followups
        from dialogue.assembly.sentences import SENTENCES
        from dialogue.chantiers import audience, history
        from dialogue.chantiers import pages as space_pages
        from dialogue.chantiers.acts import life
        from dialogue.chantiers.letters import contributions as news
        from dialogue.contributions import hooks as contributions
        from dialogue.meetings.acts.capture import remove_decision
        from dialogue.people import hooks

        history.sentences.update(SENTENCES)
        space_pages.blocks.append(space_block)
        space_pages.todo_sources.append(todo_of)
        life.complete.guards.append(propositions_are_settled)
        remove_decision.guards.append(decision_is_not_cited)
        news.tellers[letters.VOTE] = letters.said_of_vote
        news.tellers[letters.FATE] = letters.said_of_fate
        contributions.followups.append(followups)
        audience.NEWS.append("assembly.outcome")
        hooks.on_merge.append(on_merge)
        hooks.exporters.append(personal_data)
