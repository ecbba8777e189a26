"""Doors of restitution: what is published, and what the coordination prepares."""

from django.urls import path, register_converter

from dialogue.restitution.gatherings import PATTERN
from dialogue.restitution.views import conference, points, public


class GatheringConverter:
    """« conseils-6 », « conference-3 »."""

    regex = PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(GatheringConverter, "gathering")

app_name = "restitution"
PILOT = "pilotage/restitution/"
WHOLE = PILOT + "<gathering:slug>/conference/"
ONE = PILOT + "<gathering:slug>/<slug:code>/"
OUT = "restitution/<gathering:slug>"
urlpatterns = [
    path(PILOT, points.gatherings_page, name="pilot"),
    path(PILOT + "<gathering:slug>/", points.gathering_page, name="pilot_gathering"),
    path(PILOT + "<gathering:slug>/preparer/", points.draft, name="draft"),
    path(WHOLE, conference.prepare, name="prepare_conference"),
    path(WHOLE + "apercu/", conference.preview, name="preview_conference"),
    path(WHOLE + "<slug:move>/", conference.turn, name="turn_conference"),
    path(ONE, points.prepare, name="prepare"),
    path(ONE + "apercu/", points.preview, name="preview"),
    path(ONE + "<slug:move>/", points.turn, name="turn"),
    path("restitution/", public.index, name="index"),
    path(OUT + "-diapositives.pdf", public.conference_file, {"what": "slides"}, name="conference_slides"),
    path(OUT + ".pdf", public.conference_file, {"what": "pdf"}, name="conference_pdf"),
    path(OUT + ".pptx", public.conference_file, {"what": "pptx"}, name="conference_pptx"),
    path(OUT + "/", public.gathering, name="gathering"),
    path(OUT + "/differences/<int:before>-<int:after>/", public.compare_conferences, name="compare_conferences"),
    path(OUT + "/<slug:code>-diapositives.pdf", public.point_file, {"what": "slides"}, name="point_slides"),
    path(OUT + "/<slug:code>.pdf", public.point_file, {"what": "pdf"}, name="point_pdf"),
    path(OUT + "/<slug:code>.pptx", public.point_file, {"what": "pptx"}, name="point_pptx"),
    path(OUT + "/<slug:code>/", public.point, name="point"),
    path(OUT + "/<slug:code>/differences/<int:before>-<int:after>/", public.compare_points, name="compare_points"),
    path("rejoindre/<int:number>/", public.join, name="join"),
]
