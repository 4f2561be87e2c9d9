"""Mail: stored and acknowledged, then filed, by this process alone; every second one answers the one before."""

import time
from collections.abc import Callable

from tests.bench.floors import commits
from tests.bench.rows.queries import counted
from tests.bench.run import Run
from tests.bench.table import Row, percentile
from tests.bench.world import in_bench


async def measure(run: Run) -> None:
    """Take in a morning's mail, and file it."""
    count = run.sizes.mails
    commit = percentile(commits(run.url, count), 0.5)
    receiving, for_receiving, filing, for_filing = await in_bench(_morning, count)
    run.rows += [
        Row("mail taken in: encrypted, stored, acknowledged", receiving / count * 1000, "ms", commit * 1000),
        Row("  its statements", for_receiving, ""),
        Row("mail filed: parsed, matched, written, routed", filing / count * 1000, "ms", commit * 1000),
        Row("  statements of an answer", for_filing, ""),
        Row("mails filed by one process", count / filing, "/s"),
    ]


def _morning(count: int) -> tuple[float, int, float, int]:
    """Seconds of receiving and of filing so many; and the statements that a further one takes."""
    from apps.email.models import RawMail
    from apps.mailin.actions import mails_file
    from tests.support.inbound_mails import make_channel

    channel = make_channel("support@bench.test")
    mails = [mail for number in range(count // 2) for mail in _pair(number)]
    receiving = _timed(lambda: [_receive(channel.pk, mail) for mail in mails])
    filing = _timed(lambda: mails_file(channel_id=channel.pk))
    if left := RawMail.objects.exclude(state__in=["new", "matched"]).count():
        raise RuntimeError(f"{left} mails were not filed")
    first, answer = _pair(count)
    _receive(channel.pk, first)
    mails_file(channel_id=channel.pk)
    with counted() as for_receiving:
        _receive(channel.pk, answer)
    with counted() as for_filing:
        mails_file(channel_id=channel.pk)
    return receiving, len(for_receiving), filing, len(for_filing)


def _pair(number: int) -> tuple[bytes, bytes]:
    """A customer's mail, and what they write after it."""
    from tests.support.inbound_mails import write

    sender, first = f"Ana Ruiz <ana{number}@customer.example>", f"first{number}@customer.example"
    return (
        write(sender=sender, to="support@bench.test", mail_id=first),
        write("And my name is Ana.", sender=sender, to="support@bench.test", answers=first),
    )


def _receive(channel_id: object, mail: bytes) -> None:
    from apps.mailin.actions import Envelope, mail_receive

    mail_receive(channel_id=channel_id, raw=mail, envelope=Envelope())


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
