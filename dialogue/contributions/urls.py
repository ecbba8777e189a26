"""Doors of the room, part by part."""

from dialogue.contributions.views import analysis_urls, deposit_urls, imports_urls, sorting_urls

app_name = "contributions"
urlpatterns = [*deposit_urls.urlpatterns, *imports_urls.urlpatterns, *sorting_urls.urlpatterns, *analysis_urls.urlpatterns]
