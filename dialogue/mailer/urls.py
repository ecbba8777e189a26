from django.urls import path

from dialogue.mailer import views

app_name = "mailer"
urlpatterns = [
    path("mon-compte/notifications/", views.choices, name="choices"),
    path("mon-compte/notifications/<int:pk>/oublier/", views.forget, name="forget"),
    path("desinscription/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("pilotage/courrier/", views.failures, name="failures"),
    path("pilotage/courrier/<int:pk>/renvoyer/", views.retry, name="retry"),
    path("pilotage/courrier/adresses/<int:pk>/lever/", views.lift, name="lift"),
    path("demo/courrier/", views.folder_list, name="folder"),
    path("demo/courrier/<str:name>/", views.folder_mail, name="folder_mail"),
    path("demo/courrier/<str:name>/html/", views.folder_html, name="folder_html"),
]
