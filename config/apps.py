from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig


class ConfigConfig(AppConfig):
    name = "config"
    default = True


class RectoAdminConfig(SimpleAdminConfig):
    """The admin with our own site; discovers every app's admin.py."""

    default = False
    default_site = "config.admin_site.RectoAdminSite"

    def ready(self) -> None:
        super().ready()
        self.module.autodiscover()  # type: ignore[union-attr]
