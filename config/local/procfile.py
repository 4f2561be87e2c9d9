"""Reads a Procfile as a shell would, without one."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from config.local.state import LocalError

VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}|\$(\w+)")


def expand(text: str, env: Mapping[str, str]) -> str:
    """Replace `$NAME`, `${NAME}` and `${NAME:-default}` as a shell does."""
    return VARIABLE.sub(lambda m: env.get(m[1] or m[3]) or m[2] or "", text)


def read_procfile(path: Path, env: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return name and arguments of each line of a Procfile.

    There is no shell between us and the process, which would keep signals to itself.

    Raises LocalError for a line that isn't `name: command`.
    """
    programs = []
    for line in path.read_text().splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, command = line.partition(":")
        if not colon or not re.fullmatch(r"[\w-]+", name) or not command.strip():
            raise LocalError(f"{path.name}: expected “name: command”, found “{line}”.")
        programs.append((name, [expand(word, env) for word in shlex.split(command)]))
    return programs
