#!/usr/bin/env python
"""Recto's command line."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["up"] and "SECRET_KEY_FILE" not in os.environ:
        # `up` makes a checkout's own key, which has to be there before the settings ask for it.
        from config.embedded.paths import secret_key, var_dir

        os.environ.setdefault("SECRET_KEY", secret_key(var_dir()))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
