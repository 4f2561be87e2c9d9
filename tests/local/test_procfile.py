"""A Procfile as a shell would read it, and how the ends of its programs are said."""

from pathlib import Path

import pytest

from config.local import state
from config.local.procfile import expand, read_procfile
from config.local.programs import describe_exit


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("${PORT:-8000}", "9000"),
        ("${HOST:-127.0.0.1}:$PORT", "127.0.0.1:9000"),
        ("${EMPTY:-default}", "default"),
        ("${MISSING}", ""),
        ("plain", "plain"),
    ],
)
def test_variables_expand_as_in_a_shell(text: str, expanded: str) -> None:
    assert expand(text, {"PORT": "9000", "EMPTY": ""}) == expanded


def test_a_procfile_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "Procfile"
    path.write_text("# comment\n\nweb: serve --name 'two words' ${PORT:-1}\nmail-in: listen\n")

    assert read_procfile(path, {}) == [("web", ["serve", "--name", "two words", "1"]), ("mail-in", ["listen"])]


def test_a_broken_procfile_is_named(tmp_path: Path) -> None:
    path = tmp_path / "Procfile"
    path.write_text("web serve\n")

    with pytest.raises(state.LocalError, match="Procfile: expected “name: command”, found “web serve”"):
        read_procfile(path, {})


def test_ends_are_described() -> None:
    assert [describe_exit(3), describe_exit(-9)] == ["exit code 3", "signal SIGKILL"]
