"""Reads settings from the environment and fails loudly, naming the variable and the cure."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def flag(name: str, default: bool) -> bool:
    """A yes/no variable: 1/true/yes/on or 0/false/no/off."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    text = raw.strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is not a yes or no. Write 1 or 0.")


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list; blanks are dropped."""
    return [w.strip() for w in os.environ.get(name, default).split(",") if w.strip()]


def number(name: str, default: int) -> int:
    """A whole number."""
    raw = os.environ.get(name)
    if raw is None or raw.strip() == "":
        return default
    try:
        return int(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number.") from error


def with_time_limit(options: dict, seconds: int) -> dict:
    """PostgreSQL's connection options with a limit on statements; what DATABASE_URL says comes last and wins."""
    limit = seconds * 1000
    ours = f"-c statement_timeout={limit} -c lock_timeout={limit} -c idle_in_transaction_session_timeout={2 * limit}"
    return {**options, "options": " ".join(filter(None, (ours, options.get("options"))))}


def home() -> Path:
    """The data folder (database, uploads, snapshots, issued documents): SACHHON_HOME, or ./var."""
    path = Path(os.environ.get("SACHHON_HOME", "var")).resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def secret_key(folder: Path) -> str:
    """SECRET_KEY, or one made once and kept in the data folder, readable by its owner alone."""
    from_environment = os.environ.get("SECRET_KEY")
    if from_environment:
        if len(from_environment) < 50:
            raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters. Make a longer one.")
        return from_environment
    kept = folder / "secret_key"
    try:
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept.read_text().strip()
    with os.fdopen(descriptor, "w") as handle:
        handle.write(secrets.token_urlsafe(64))
    return kept.read_text().strip()
