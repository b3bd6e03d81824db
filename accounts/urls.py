from django.urls import path

from accounts import views

urlpatterns = [path("workspace", views.workspace_switch, name="workspace_switch")]
