"""What the data directory of an installation on one machine holds.

Settings import this module: it stays free of anything that takes time to load.
"""

import base64
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class LocalError(Exception):
    """Something a person has to do first; the message is a sentence that says what."""


def data_dir() -> Path:
    """Return the data directory: PARLEY_DATA_DIR, relative to the checkout, or `.parley` in it."""
    return ROOT / (os.environ.get("PARLEY_DATA_DIR") or ".parley")


def read_state(directory: Path) -> dict[str, Any]:
    """Return what the last start wrote down, empty when there was none."""
    try:
        state = json.loads((directory / "state.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(directory: Path, state: dict[str, Any]) -> None:
    """Write down the running servers; a reader sees the old file or the new one, never half of one."""
    write_private(directory / "state.json", json.dumps(state, indent=2) + "\n")


def write_private(path: Path, text: str) -> None:
    """Replace a file by one that only its owner can read."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    new.replace(path)


def embedded_urls() -> tuple[str, str]:
    """Return the URLs of the database and of the broker.

    DATABASE_URL and REDIS_URL win, each for itself; the rest is what the last start of the embedded servers
    wrote down. The servers may have stopped since: connecting tells.

    Raises LocalError when the servers were never started here.
    """
    state = read_state(data_dir())
    return _url("DATABASE_URL", state, "database_url"), _url("REDIS_URL", state, "redis_url")


def _url(variable: str, state: dict[str, Any], key: str) -> str:
    url = os.environ.get(variable) or state.get(key)
    if not url:
        raise LocalError(f"{variable} is not set and no embedded servers were started here: start them with make up.")
    return str(url)


def local_secret_key() -> str:
    """Return the installation's own secret key, made at the first call and kept in the data directory."""
    return _local_secret("secret_key", lambda: secrets.token_urlsafe(50))


def local_vault_key() -> str:
    """Return the master key of the installation's vault, made and kept like the secret key."""
    return _local_secret("vault_key", lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())


def local_audit_key() -> str:
    """Return the key that signs the heads of the audit chains, made and kept like the secret key."""
    return _local_secret("audit_key", lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())


def _local_secret(name: str, make: Callable[[], str]) -> str:
    path = data_dir() / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    return _keep_first(path, make())


def _keep_first(path: Path, text: str) -> str:
    """Write a file unless another process was faster; return what it holds."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    write_private(new, text + "\n")
    try:
        os.link(new, path)  # unlike a rename, refuses to replace the key that another process made meanwhile
    except FileExistsError:
        pass
    finally:
        new.unlink(missing_ok=True)
    return path.read_text().strip()
