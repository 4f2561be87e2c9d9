"""What a data directory keeps (addresses, a secret key, notes of servers), without Django and without servers."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.local import embedded, state


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PARLEY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    return tmp_path / "data"


def test_nothing_imports_django() -> None:
    code = "import sys, config.local.__main__; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=state.ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


def test_urls_before_any_start_say_what_to_do(data_dir: Path) -> None:
    with pytest.raises(state.LocalError, match=r"DATABASE_URL is not set .* make up"):
        state.embedded_urls()


def test_given_urls_win_each_for_itself(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data_dir.mkdir()
    state.write_state(data_dir, {"database_url": "postgresql://embedded", "redis_url": "redis://embedded"})
    monkeypatch.setenv("REDIS_URL", "redis://outside")

    assert state.embedded_urls() == ("postgresql://embedded", "redis://outside")


def test_the_secret_key_is_made_once_and_private(data_dir: Path) -> None:
    key = state.local_secret_key()

    assert len(key) >= 50
    assert state.local_secret_key() == key
    assert stat.S_IMODE((data_dir / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in data_dir.iterdir()] == ["secret_key"]


def test_a_killed_servers_note_goes_though_its_number_is_in_use(tmp_path: Path) -> None:
    note = tmp_path / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{tmp_path}\n")

    embedded._forget_killed_server(note)

    assert not note.exists()


def test_a_live_servers_note_stays(tmp_path: Path) -> None:
    note = tmp_path / "postmaster.pid"
    server = subprocess.Popen([sys.executable, "-c", "input()", str(tmp_path)], stdin=subprocess.PIPE)
    note.write_text(f"{server.pid}\n")
    try:
        with pytest.raises(state.LocalError, match=f"process {server.pid}"):
            embedded._forget_killed_server(note)
    finally:
        server.communicate()
    assert note.exists()
