from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "dialogue.evaluation"
    label = "evaluation"

    def ready(self) -> None:
        """The group's space, in the room below, shows the survey and the evaluation; the history tells their acts; whoever closes their
        account takes their links away, and finds in their data which surveys they were asked to answer."""
        from dialogue.chantiers import history, pages
        from dialogue.evaluation.acts.survey import on_leaving
        from dialogue.evaluation.exports import personal_data
        from dialogue.evaluation.pages import evaluation_block, todo_of
        from dialogue.evaluation.sentences import SENTENCES
        from dialogue.people import hooks

        pages.blocks.append(evaluation_block)
        pages.todo_sources.append(todo_of)
        history.sentences.update(SENTENCES)
        hooks.on_leaving.append(on_leaving)
        hooks.exporters.append(personal_data)
