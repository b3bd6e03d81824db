"""Typed reading of the environment; the only place that touches os.environ."""

import json
import os
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on"}


def env_str(name: str, default: str = "") -> str:
    """The variable `name`, or the content of the file that `<name>_FILE` points to, or the default."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get(name, default)


def env_bool(name: str, *, default: bool) -> bool:
    value = env_str(name)
    return value.lower() in TRUE_WORDS if value else default


def env_int(name: str, default: int) -> int:
    value = env_str(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env_str(name, default).split(",") if part.strip()]


def env_decimal(name: str, default: str = "0") -> Decimal:
    """An amount such as 25 or 0.50, not below zero."""
    try:
        value = Decimal(env_str(name) or default)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise ImproperlyConfigured(f"{name} must be an amount such as 25 or 0.50, not {env_str(name)!r}.")
    return value


def env_prices(name: str) -> dict[str, tuple[Decimal, Decimal]]:
    """Prices as `model=in/out` parted by commas, "*" for all other models; per million tokens."""
    prices = {}
    for part in env_list(name):
        try:
            model, price = part.rsplit("=", 1)
            read, written = (Decimal(number.strip()) for number in price.split("/"))
            prices[model.strip()] = (read, written)
        except (ValueError, InvalidOperation):
            message = f"{name} must look like gpt-4o-mini=0.15/0.60,*=1/4, not {part!r}."
            raise ImproperlyConfigured(message) from None
    return prices


def embedded_url(services_file: Path, key: str) -> str:
    """The address of a server that `manage.py up` runs in this checkout; empty when it does not run."""
    try:
        return str(json.loads(services_file.read_text())[key])
    except (OSError, ValueError, KeyError):
        return ""


def database_from_url(url: str, *, pool_size: int) -> dict[str, Any]:
    """Django's database settings for `postgres://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must start with postgres://; Recto runs on PostgreSQL only.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0 if pool_size else 60,
        "CONN_HEALTH_CHECKS": not pool_size,
        "OPTIONS": options,
    }
