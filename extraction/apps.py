from django.apps import AppConfig


class ExtractionConfig(AppConfig):
    name = "extraction"

    def ready(self) -> None:
        from extraction import checks, receivers  # noqa: F401  (registers, connects them)
