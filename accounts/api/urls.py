from django.urls import path

from accounts.api import views

urlpatterns = [
    path("auth/me", views.MeView.as_view()),
    path("auth/ws-ticket", views.WsTicketView.as_view()),
    path("api-keys", views.ApiKeyListView.as_view()),
    path("api-keys/<uuid:key_id>", views.ApiKeyView.as_view()),
]
