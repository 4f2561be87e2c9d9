"""Twice as much as fits: it refuses early, answers the rest in time, and loses nothing that it has acknowledged."""

from tests.bench.load import P95_SECONDS, Outcome
from tests.bench.rows.messages import converse, find_held, talking
from tests.bench.run import Run
from tests.bench.table import Aim, Row, percentile
from tests.bench.world import Scene, in_bench


async def measure(run: Run) -> None:
    """Measure what becomes of messages at twice the held rate."""
    async with talking(run) as (_processes, scene):
        held = run.held or await find_held(run, scene)
        scene.forget()
        outcome = await converse(scene, rate=2 * held, seconds=run.sizes.overload_seconds)
        await _report(run, scene, outcome)


async def _report(run: Run, scene: Scene, outcome: Outcome) -> None:
    answers = {key: scene.answers[key] for key in outcome.sent if key in scene.answers}
    acked = {key: at for key, (at, frame) in answers.items() if frame["type"] == "ack"}
    refused = [frame for _at, frame in answers.values() if frame["type"] == "error"]
    early = [frame for frame in refused if frame["code"] == "busy" and frame.get("retry_after")]
    waits = [at - outcome.sent[key] for key, at in acked.items()]
    lost = await in_bench(_not_stored, set(acked))
    run.rows += [
        Row("overload: messages a second offered", len(outcome.sent) / outcome.seconds, "/s"),
        Row("overload: acknowledged", len(acked), ""),
        Row("overload: refused with busy and retry_after", len(early), ""),
        Row("overload: refused otherwise", len(refused) - len(early), ""),
        Row("overload: neither within the time", len(outcome.sent) - len(answers), "", aim=Aim(0, of_floor=False)),
        Row(
            "overload: send to ack, p95 of the acknowledged",
            percentile(waits, 0.95) * 1000,
            "ms",
            aim=Aim(P95_SECONDS * 1000, of_floor=False),
        ),
        Row("overload: acknowledged but lost", lost, "", aim=Aim(0, of_floor=False)),
        Row("overload: told an agent twice", scene.repeated, "", aim=Aim(0, of_floor=False)),
    ]


def _not_stored(keys: set[str]) -> int:
    from apps.conversations.models import Message

    stored = Message.objects.filter(client_id__in=keys).values_list("client_id", flat=True)
    return len(keys - {str(key) for key in stored})
