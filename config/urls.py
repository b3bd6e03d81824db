from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import system_views

# Swagger UI sets styles on its elements; everything else keeps the strict policy.
docs = csp_update({"style-src": [SELF, UNSAFE_INLINE]})(
    SpectacularSwaggerSplitView.as_view(url_name="schema")
)

api: list[URLPattern | URLResolver] = [
    path("", system_views.RootView.as_view()),
    path("health", system_views.HealthView.as_view()),
    path("ready", system_views.ReadyView.as_view()),
    path("meta", system_views.MetaView.as_view()),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", docs, name="docs"),
    path("", include("accounts.api.urls")),
    path("", include("documents.api.urls")),
    path("", include("extraction.api.urls")),
]

urlpatterns = [
    path("health", system_views.HealthView.as_view(schema=None)),
    path("ready", system_views.ReadyView.as_view(schema=None)),
    path("docs", RedirectView.as_view(pattern_name="docs")),
    path("api/v1/", include(api)),
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("documents.urls")),
    path("", include("extraction.urls")),
]

handler400 = "common.api.exceptions.handler400"
handler403 = "common.api.exceptions.handler403"
handler404 = "common.api.exceptions.handler404"
handler500 = "common.api.exceptions.handler500"
