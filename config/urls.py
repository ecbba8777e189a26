"""All doors, room by room."""

from django.conf import settings
from django.urls import include, path

from config import health

urlpatterns = [
    path("sante/", health.health, name="health"),
    path("", include("dialogue.ui.urls")),
    path("", include("dialogue.mailer.urls")),
    path("", include("dialogue.people.urls")),
    path("", include("dialogue.territories.urls")),
    path("", include("dialogue.contributions.urls")),
    path("", include("dialogue.chantiers.urls")),
    path("", include("dialogue.discussion.urls")),
    path("", include("dialogue.documents.urls")),
    path("", include("dialogue.deliverables.urls")),
    path("", include("dialogue.meetings.urls")),
    path("", include("dialogue.assembly.urls")),
    path("", include("dialogue.pacts.urls")),
    path("", include("dialogue.evaluation.urls")),
    path("", include("dialogue.restitution.urls")),
    path("", include("dialogue.logbook.urls")),
    path("", include("dialogue.search.urls")),
    path("", include("dialogue.archive.urls")),
    path("", include("dialogue.opendata.urls")),
    path("", include("dialogue.inbox.urls")),
    path("", include("dialogue.portal.urls")),
    path("compte/", include("allauth.urls")),
]
if settings.DEMO:
    urlpatterns += [path("demo/", include("dialogue.demo.urls"))]
if settings.ENABLE_ADMIN:
    from django.contrib import admin

    urlpatterns += [path("technique/", admin.site.urls)]
if settings.BENCH:
    urlpatterns += [path("vivant/", health.bare, name="bare")]
