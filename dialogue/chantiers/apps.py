from django.apps import AppConfig


class ChantiersConfig(AppConfig):
    name = "dialogue.chantiers"
    label = "chantiers"

    def ready(self) -> None:
        """Tells the people room what happens here when somebody leaves, loses a mandate, is merged, or asks for their
        data; the territories room, that a frame brings chantiers; the mailer, the titles of the groups, who is
        still in them, and who answers for an address; the contributions room, what became of a contribution."""
        from dialogue.chantiers.acts.leaving import on_leaving, on_mandate_ended, on_merge, preview_merge
        from dialogue.chantiers.audience import answers_for_address, may_still_receive
        from dialogue.chantiers.exports_members import personal_data
        from dialogue.chantiers.frame import load
        from dialogue.chantiers.letters import contributions as _letters  # noqa: F401  (declares the kind)
        from dialogue.chantiers.letters.post import group_names
        from dialogue.chantiers.provenance import followups
        from dialogue.contributions import hooks as contributions
        from dialogue.mailer import audience, spaces
        from dialogue.people import hooks
        from dialogue.territories.frame import loaders

        hooks.on_leaving.append(on_leaving)
        hooks.on_mandate_ended.append(on_mandate_ended)
        hooks.on_merge.append(on_merge)
        hooks.merge_previews.append(preview_merge)
        hooks.exporters.append(personal_data)
        loaders.append(load)
        contributions.followups.append(followups)
        spaces.register("chantier", group_names)
        audience.register("chantier", may_still_receive)
        audience.answerers.append(answers_for_address)
