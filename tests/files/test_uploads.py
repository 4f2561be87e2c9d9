"""CHAT-9: uploads: announced, received once, sent with one message, or swept."""

import asyncio
import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.actions import user_deactivate
from apps.core.errors import DomainError
from apps.files.actions import (
    file_receive,
    file_rules_save,
    file_unsent_expire,
    upload_announce,
    upload_withdraw,
    uploads,
)
from apps.files.choices import FileState
from apps.files.deadlines import files_unsent
from apps.files.models import UNSENT_LIFE, FileRules, StoredFile, Uploader
from apps.files.steps import files_attach
from apps.files.tickets import ticket_url
from apps.tenants.actions import tenant_freeze
from apps.timers.actions import FiringResult, wakeup_fire
from apps.timers.models import Wakeup
from apps.timers.reconciliation import tenant_wakeups_reconcile
from tests.support.browser import Browser, user_as
from tests.support.media import EXE, PDF, by_customer, picture
from tests.support.race import race

pytestmark = pytest.mark.django_db(transaction=True)


def wakeups() -> QuerySet[Wakeup]:
    """Those of files."""
    return Wakeup.objects.filter(kind__startswith="files.")


def expect(size: int = len(PDF), name: str = "a.pdf", **options: Any) -> StoredFile:
    uploader = options.pop("uploader", None) or Uploader(outsider_id=uuid4())
    return upload_announce(name=name, size=size, uploader=uploader, scope=options.pop("scope", None))


def put(address: str, content: bytes, host: str = "acme.localhost") -> Any:
    browser = Browser(host)
    return browser._ask("put", address, data=content, content_type="application/octet-stream")


def kept(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def code(refused: Any) -> str:
    with pytest.raises(DomainError) as raised:
        refused()
    return raised.value.code


# --- Announcing


def test_what_can_be_refused_at_once_is(acme: Any) -> None:
    assert code(lambda: expect(0)) == "file_empty"
    assert code(lambda: expect(20 * 1024 * 1024 + 1)) == "file_too_large"
    assert code(lambda: expect(name="a.exe")) == "file_type_refused"
    assert expect(20 * 1024 * 1024, "..\\x/\u202ea.pdf").name == "a.pdf"
    assert StoredFile.objects.count() == 1


def test_the_rules_are_the_tenants_own(acme: Any, globex: Any) -> None:
    rules = FileRules.load()
    rules.max_megabytes, rules.kinds, rules.customers_send = 1, ["pdf"], False
    file_rules_save(rules=rules)
    agent = Uploader(user_id=user_as("agent").pk)
    assert code(expect) == "files_off"
    assert code(lambda: expect(1024 * 1024 + 1, uploader=agent)) == "file_too_large"
    assert code(lambda: expect(name="a.png", uploader=agent)) == "file_type_refused"
    assert expect(uploader=agent).uploader_id == agent.user_id
    with tenant_context(globex):
        expect(2 * 1024 * 1024, "a.png")


def test_nobody_has_more_waiting_than_they_could_send(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_UNSENT", 2)
    ana = Uploader(outsider_id=uuid4())
    expect(uploader=ana)
    expect(uploader=ana)
    assert code(lambda: expect(uploader=ana)) == "too_many_files"
    expect()


# --- Receiving


def test_what_is_received_is_kept_as_it_is_and_with_its_tenant(acme: Any, media: Path) -> None:
    content = picture("JPEG", (1000, 500))
    file = by_customer(uuid4(), content, "photo.JPG")
    assert (file.state, file.name, file.size) == (FileState.READY, "photo.JPG", len(content))
    assert (file.media_type, file.kind, file.width, file.height) == ("image/jpeg", "image", 1000, 500)
    assert kept(media) == [f"tenants/acme/{file.path}", f"tenants/acme/{file.thumbnail_path}"]
    assert (media / "tenants" / "acme" / file.path).read_bytes() == content


def test_what_is_refused_leaves_nothing(acme: Any, media: Path) -> None:
    file = expect(len(EXE))
    assert code(lambda: file_receive(file_id=file.pk, stream=BytesIO(EXE))) == "file_type_mismatch"
    assert (kept(media), StoredFile.objects.count(), wakeups().count()) == ([], 0, 0)
    assert code(lambda: file_receive(file_id=file.pk, stream=BytesIO(PDF))) == "file_unknown"


def test_no_more_is_read_than_was_said(acme: Any, media: Path) -> None:
    """Too many bytes are refused while they come in."""

    class Endless:
        given = 0

        def read(self, size: int, /) -> bytes:
            self.given += size
            return bytes(size)

    stream = Endless()
    assert code(lambda: file_receive(file_id=expect(100_000).pk, stream=stream)) == "file_too_large"
    assert stream.given == 2 * 64 * 1024
    assert kept(media) == []


def test_less_than_was_said_is_refused(acme: Any, media: Path) -> None:
    """A connection that broke, or a browser that lied: nobody is handed out half a file."""
    file = expect(len(PDF) + 2)
    assert code(lambda: file_receive(file_id=file.pk, stream=BytesIO(PDF))) == "file_incomplete"
    assert (kept(media), StoredFile.objects.count()) == ([], 0)
    answer = put(ticket_url(expect(3, "a.txt")), b"a")
    assert (answer.status_code, answer.json()["code"]) == (422, "file_incomplete")


def test_nobody_else_on_the_machine_reads_what_was_sent(acme: Any, media: Path) -> None:
    by_customer(uuid4(), picture(), "a.png")
    modes = {path.is_dir(): set() for path in media.rglob("*")}
    for path in media.rglob("*"):
        modes[path.is_dir()].add(oct(path.stat().st_mode & 0o777))
    assert modes == {True: {"0o700"}, False: {"0o600"}}


def test_the_same_upload_at_the_same_time_is_received_once(acme: Any, media: Path) -> None:
    file = expect()
    answers = race([lambda: file_receive(file_id=file.pk, stream=BytesIO(PDF)) for _ in range(8)])
    refused = {answer.code for answer in answers if isinstance(answer, DomainError)}
    assert refused <= {"file_busy"}
    assert sum(not isinstance(answer, DomainError) for answer in answers) >= 1
    assert kept(media) == [f"tenants/acme/{file.path}"]
    assert file_receive(file_id=file.pk, stream=BytesIO(b"")).sha256 == StoredFile.objects.get().sha256


# --- By its address


def test_a_ticket_uploads_one_file_and_takes_it_back(acme: Any, media: Path) -> None:
    content = picture()
    file = expect(len(content), "a.png")
    address = ticket_url(file)
    answer = put(address, content)
    assert answer.status_code == 201
    assert answer.json()["file"] == {
        "id": str(file.pk),
        "name": "a.png",
        "kind": "image",
        "media_type": "image/png",
        "size": len(content),
        "thumbnail": True,
        "width": 640,
        "height": 400,
    }
    assert put(address, content).status_code == 201
    assert Browser("acme.localhost")._ask("delete", address).status_code == 204
    assert (kept(media), StoredFile.objects.count(), wakeups().count()) == ([], 0, 0)
    assert put(address, content).json()["code"] == "file_unknown"


def test_a_refusal_says_why(acme: Any) -> None:
    answer = put(ticket_url(expect(len(EXE))), EXE)
    assert (answer.status_code, answer.json()["code"]) == (422, "file_type_mismatch")
    assert answer.json()["message"] == "This file is not what its name says it is."
    answer = put(ticket_url(expect(5)), PDF)
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")


def test_tickets_that_are_none(acme: Any, globex: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made up, changed, of another tenant, too old, of somebody who has been deactivated; of a frozen tenant."""
    file = expect()
    address = ticket_url(file)
    for wrong in ("/files/x", "/files/a:b:c", address[:-2], f"{address[:-1]}{'A' if address[-1] != 'A' else 'B'}"):
        assert (put(wrong, PDF).status_code, put(wrong, PDF).json()["code"]) == (403, "ticket_refused")
    assert put(address, PDF, "globex.localhost").status_code == 403
    user = user_as("agent")
    gone = ticket_url(expect(uploader=Uploader(user_id=user.pk)))
    user_deactivate(user=user, actor=None)
    assert put(gone, PDF).json()["code"] == "file_unknown"
    with monkeypatch.context() as patch:
        patch.setattr("apps.files.views.UPLOAD_SECONDS", -1)
        assert put(address, PDF).status_code == 403
    assert {each.state for each in StoredFile.objects.all()} == {FileState.EXPECTED}
    tenant_freeze(tenant=acme, frozen=True)
    assert put(address, PDF).status_code == 503
    assert Browser("acme.localhost").get(address).status_code == 503


# --- Sending


def test_only_ones_own_and_only_for_what_they_were_uploaded_for(acme: Any) -> None:
    ana, bo, chat, other = uuid4(), uuid4(), uuid4(), uuid4()
    mine, bound = by_customer(ana), by_customer(ana, scope=chat)

    def send(*files: StoredFile, who: Any = ana, scope: Any = chat) -> list[StoredFile]:
        with transaction.atomic():
            return files_attach(file_ids=[file.pk for file in files], uploader=Uploader(outsider_id=who), scope=scope)

    assert code(lambda: send(mine, who=bo)) == "file_unknown"
    assert code(lambda: send(bound, scope=other)) == "file_unknown"
    assert code(lambda: send(mine, mine)) == "file_unknown"
    assert code(lambda: send(mine, StoredFile(pk=uuid4()))) == "file_unknown"
    assert code(lambda: send(expect(uploader=Uploader(outsider_id=ana)))) == "file_unknown"
    assert code(lambda: send(*[by_customer(ana) for _ in range(11)])) == "too_many_files"
    with transaction.atomic():
        assert code(lambda: files_attach(file_ids=[mine.pk], uploader=Uploader(), scope=chat)) == "file_unknown"
    assert [file.pk for file in send(bound, mine)] == [bound.pk, mine.pk]
    assert code(lambda: send(mine)) == "file_used"
    upload_withdraw(file_id=mine.pk)
    assert StoredFile.objects.filter(pk=mine.pk, unsent_until=None).exists()


# --- Sweeping


def test_what_is_not_sent_is_deleted_after_a_day(acme: Any, media: Path) -> None:
    """Also what was only announced, and what a process died over."""
    unsent, sent, announced, broken = by_customer(uuid4(), picture(), "a.png"), by_customer(uuid4()), expect(), expect()
    StoredFile.objects.filter(pk=broken.pk).update(state=FileState.RECEIVING)
    left = media / "tenants" / "acme" / broken.path
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"half of")
    with transaction.atomic():
        files_attach(file_ids=[sent.pk], uploader=Uploader(outsider_id=sent.outsider), scope=uuid4())
    assert {wakeup.object_id for wakeup in wakeups()} == {unsent.pk, announced.pk, broken.pk}
    for wakeup in list(wakeups()):
        assert timedelta(0) < wakeup.due_at - timezone.now() <= UNSENT_LIFE
        fired = wakeup_fire(schema="acme", kind=wakeup.kind, object_id=wakeup.object_id, due_at=wakeup.due_at)
        assert fired == FiringResult.DONE
    assert [file.pk for file in StoredFile.objects.all()] == [sent.pk]
    assert kept(media) == [f"tenants/acme/{sent.path}"]


def test_a_sweep_that_comes_up_after_the_file_was_sent_does_nothing(acme: Any, media: Path) -> None:
    file = by_customer(uuid4())
    due_at = file.unsent_until
    assert due_at is not None
    with transaction.atomic():
        files_attach(file_ids=[file.pk], uploader=Uploader(outsider_id=file.outsider), scope=uuid4())
    file_unsent_expire(file_id=file.pk, due_at=due_at)
    assert (StoredFile.objects.count(), len(kept(media))) == (1, 1)


def test_wake_ups_agree_with_the_files(acme: Any) -> None:
    file = by_customer(uuid4())
    assert list(files_unsent()) == [(file.pk, file.unsent_until)]
    assert tenant_wakeups_reconcile(schema="acme", repair=False) == []


# --- The door


async def knock(
    path: str, body: list[bytes], *, method: str = "PUT", length: int | None = None
) -> tuple[int, Any, int]:
    """Send a request to the application, piece by piece.

    Returns:
        Status, the answer's code, and how many pieces were taken.
    """
    from config.asgi import application

    headers = [(b"host", b"acme.localhost"), (b"content-type", b"application/octet-stream")]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
    scope |= {"headers": headers, "http_version": "1.1", "scheme": "http", "client": ["127.0.0.1", 1], "asgi": {}}
    scope |= {"server": ["acme.localhost", 80], "root_path": ""}
    last = len(body) - 1
    pieces = [{"type": "http.request", "body": piece, "more_body": at < last} for at, piece in enumerate(body)]
    taken, sent = iter(pieces), []
    count = 0

    async def receive() -> Any:
        nonlocal count
        count += 1
        piece = next(taken, None)
        if piece is None:
            await asyncio.sleep(60)
        return piece

    async def send(message: Any) -> None:
        sent.append(message)

    await application(scope, receive, send)
    content = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return sent[0]["status"], json.loads(content).get("code") if content[:1] == b"{" else None, count


async def test_the_door_counts_what_comes_in(acme: Any, layer: Any) -> None:
    """Refused before a byte is taken where that is known, else at the first byte too many."""
    from apps.realtime.tenant_threads import run_in_tenant

    address = await run_in_tenant(acme, lambda: ticket_url(expect(1000)))
    assert await knock(address, [b""], length=1001) == (413, "file_too_large", 0)
    assert await knock(address, [bytes(400)] * 9) == (413, "file_too_large", 3)
    assert await knock("/files/none", [bytes(400)] * 9) == (403, "ticket_refused", 0)
    mega = bytes(1024 * 1024)
    assert await knock("/signin/", [mega] * 20, method="POST") == (413, "file_too_large", 7)
    assert await knock("/signin/", [b""], method="POST", length=7 * 1024 * 1024) == (413, "file_too_large", 0)
    good = await run_in_tenant(acme, lambda: ticket_url(expect(len(PDF))))
    assert (await knock(good, [PDF[:10], PDF[10:]], length=len(PDF)))[0] == 201
