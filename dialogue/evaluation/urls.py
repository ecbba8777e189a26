"""Doors of the evaluation: of a chantier, of its survey, of the whole process."""

from django.urls import path

from dialogue.evaluation.views import chantier, pilot, process, survey

app_name = "evaluation"
SPACE = "chantiers/<slug:slug>/espace/"
PILOT = "pilotage/evaluation/"
urlpatterns = [
    path("chantiers/<slug:slug>/evaluation/", chantier.published, name="chantier"),
    path("chantiers/<slug:slug>/evaluation.pdf", chantier.as_pdf, name="chantier_pdf"),
    path(SPACE + "evaluation/", chantier.write, name="write"),
    path(SPACE + "evaluation/publier/", chantier.publish, name="publish"),
    path(SPACE + "evaluation/corriger/", chantier.correct, name="correct"),
    path(SPACE + "evaluation/lecteurs/", chantier.circle, name="circle"),
    path(SPACE + "enquete/", survey.survey, name="survey"),
    path(SPACE + "enquete/ouvrir/", survey.open_survey, name="survey_open"),
    path(SPACE + "enquete/clore/", survey.close, name="survey_close"),
    path("enquete/merci/", survey.thanks, name="thanks"),
    path("enquete/<str:token>/", survey.answer, name="answer"),
    path("evaluation/", process.latest, name="process"),
    path("evaluation/aujourd-hui/", process.today, name="today"),
    path("evaluation/aujourd-hui.<slug:extension>", process.export, name="export"),
    path("evaluation/<int:year>/", process.edition, name="edition"),
    path("evaluation/<int:year>.<slug:extension>", process.edition_file, name="edition_file"),
    path(PILOT, pilot.pilot, name="pilot"),
    path(PILOT + "relancer/", pilot.remind_all, name="remind_all"),
    path(PILOT + "relancer/<slug:slug>/", pilot.remind, name="remind"),
    path(PILOT + "gouvernance/", pilot.governance, name="governance"),
    path(PILOT + "<int:year>/", pilot.year, name="year"),
    path(PILOT + "<int:year>/publier/", pilot.publish, name="year_publish"),
]
