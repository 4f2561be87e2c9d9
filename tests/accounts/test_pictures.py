"""TEN-4: pictures are checked by content, encoded anew, and kept with their tenant."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tenants.utils import tenant_context
from PIL import Image

from apps.accounts.actions import user_set_picture
from apps.accounts.models import User
from apps.accounts.pictures import MAX_BYTES
from apps.core.errors import DomainError
from tests.support.browser import Browser, user_as


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A folder of this test's own; the storage remembers the last one."""
    settings.MEDIA_ROOT = str(tmp_path)
    default_storage.__dict__.get("_wrapped", default_storage).__dict__.pop("relative_media_root", None)
    yield tmp_path
    default_storage.__dict__.get("_wrapped", default_storage).__dict__.pop("relative_media_root", None)


def upload(kind: str = "PNG", size: tuple[int, int] = (400, 300), name: str = "me.png", **options: Any) -> Any:
    file = BytesIO()
    Image.new("RGB", size, "#336699").save(file, kind, **options)
    return SimpleUploadedFile(name, file.getvalue())


def give(user: User, file: Any) -> User:
    return user_set_picture(user=user, upload=file, actor=None)


def test_ten_4_a_picture_becomes_a_small_square_without_its_metadata(acme: Any, media: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    user = give(user_as("agent"), upload("JPEG", name="../../evil.svg", exif=exif))
    path = media / "tenants" / "acme" / user.picture.name
    with Image.open(path) as kept:
        assert (kept.format, kept.size) == ("WEBP", (256, 256))
    assert b"taken at home" not in path.read_bytes()
    assert user.picture.name.startswith("pictures/")
    assert len(user.picture.name) > 30


def test_ten_4_its_address_is_its_key_on_its_own_host(acme: Any, globex: Any) -> None:
    user = give(user_as("agent"), upload())
    address = f"/{user.picture.name}"
    answer = Browser("acme.localhost").get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Browser("globex.localhost").get(address).status_code == 404
    assert Browser("acme.localhost").get("/pictures/guess.webp").status_code == 404
    with tenant_context(globex):
        assert not user_as("agent").picture


def test_ten_4_a_new_picture_has_a_new_address_and_the_old_is_gone(
    acme: Any, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    user = give(user_as("agent"), upload())
    old = user.picture.name
    with django_capture_on_commit_callbacks(execute=True):
        user = give(user, upload())
    assert user.picture.name != old
    assert [path.name for path in media.rglob("*.webp")] == [Path(user.picture.name).name]
    with django_capture_on_commit_callbacks(execute=True):
        give(user, None)
    assert list(media.rglob("*.webp")) == []
    assert Browser("acme.localhost").get(f"/{old}").status_code == 404


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        SimpleUploadedFile("a.png", b""),
        SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 60),
        SimpleUploadedFile("a.jpg", b"MZ" * 500),
    ],
)
def test_ten_4_what_is_no_picture_is_refused(acme: Any, file: Any) -> None:
    with pytest.raises(DomainError, match="picture_unreadable"):
        give(user_as("agent"), file)


def test_ten_4_what_is_too_large_is_refused(acme: Any) -> None:
    with pytest.raises(DomainError, match="picture_too_large"):
        give(user_as("agent"), SimpleUploadedFile("a.png", b"x" * (MAX_BYTES + 1)))
    with pytest.raises(DomainError, match="picture_too_large"):
        give(user_as("agent"), upload(size=(8000, 5001)))


def test_ten_4_other_kinds_of_image_are_refused(acme: Any) -> None:
    with pytest.raises(DomainError, match="picture_unreadable"):
        give(user_as("agent"), upload("GIF", name="a.gif"))
