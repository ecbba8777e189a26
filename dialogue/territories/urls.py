from django.urls import path

from dialogue.territories.views import brand

app_name = "territories"
urlpatterns = [
    path("marque.css", brand.brand_css, name="brand_css"),
    path("marque/logo", brand.logo, name="logo"),
]
