from django.urls import path

from dialogue.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.people, name="people"),
    path("entrer/", views.sign_in, name="sign_in"),
]
