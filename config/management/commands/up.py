"""`manage.py up`: the whole of Recto in one terminal."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.embedded.errors import EmbeddedError
from config.embedded.log import Log, wants_colour
from config.embedded.paths import var_dir
from config.embedded.up import UpOptions, run_up


class Command(BaseCommand):
    """Parses the options; everything else is in config.embedded, which needs no Django."""

    help = "Run Recto here: database, broker, web server and worker, until Ctrl-C."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument(
            "--port",
            type=int,
            default=os.environ.get("PORT") or 8000,
            help="port to listen on (default: PORT or 8000); another one is taken when it is not free",
        )
        parser.add_argument(
            "--demo", action="store_true", help="fill in example documents once Recto is ready"
        )
        parser.add_argument(
            "--exit", action="store_true", help="with --demo: stop afterwards, with the demo's exit code"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until stopped.

        Raises:
            CommandError: a wrong option, or a server that cannot be started.
        """
        if options["exit"] and not options["demo"]:
            raise CommandError("--exit only goes with --demo.")
        chosen = UpOptions(var_dir(), options["host"], options["port"], options["demo"], options["exit"])
        try:
            code = run_up(chosen, Log(sys.stdout, colour=wants_colour(sys.stdout, os.environ)))
        except EmbeddedError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            code = 130
        if code:
            sys.exit(code)
