from django.urls import URLPattern

app_name = "mailer"
urlpatterns: list[URLPattern] = []
