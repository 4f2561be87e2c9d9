"""Changes of how customers are answered, and of what they meet and see meanwhile, as administrators make them."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.actions import audited_action
from apps.core.errors import DomainError
from apps.queues.models import Queue
from apps.routing.choices import Refusal
from apps.routing.models import ChannelRules, Flow, RoutingSettings, WaitingExperience


@transaction.atomic
@audited_action("rules")
def channel_rules_save(*, rules: ChannelRules) -> ChannelRules:
    """Write the answering rules of a channel family (AGT-6); offers that ring already keep their time.

    Raises:
        ValidationError: a value is not acceptable.
    """
    rules.full_clean()
    rules.save()
    return rules


@transaction.atomic
@audited_action("settings")
def routing_settings_save(*, settings: RoutingSettings) -> RoutingSettings:
    """Write what holds for routing in the whole tenant; who waits already keeps the deadlines they have.

    Raises:
        ValidationError: a value is not acceptable.
    """
    settings.full_clean()
    settings.save()
    return settings


@transaction.atomic
@audited_action("flow")
def flow_save(*, flow: Flow, queues: Iterable[Queue]) -> Flow:
    """Make a flow or write its changes (RTE-4); who has met it already does not meet it again.

    Args:
        flow: with its new values.
        queues: the queues that run it; none means every queue without one of its own.

    Raises:
        ValidationError: a value is not acceptable.
    """
    flow.full_clean()
    flow.save()
    flow.queues.set(queues)
    return flow


@transaction.atomic
@audited_action("flow")
def flow_delete(*, flow: Flow) -> None:
    """Delete a flow that somebody made (RTE-4).

    Raises:
        DomainError: ``flow_built_in``.
    """
    if flow.is_stock:
        raise DomainError(Refusal.FLOW_BUILT_IN, _("This flow is built in: change it instead."))
    flow.delete()


@transaction.atomic
@audited_action("experience")
def waiting_experience_save(*, experience: WaitingExperience, queues: Iterable[Queue]) -> WaitingExperience:
    """Make a waiting experience or write its changes (RTE-5); waiting customers see it with their next question.

    Args:
        experience: with its new values.
        queues: the queues whose customers see it; none for the default one, at least one for all others.

    Raises:
        DomainError: ``waiting_queues``, ``waiting_queue_taken``.
        ValidationError: a value is not acceptable.
    """
    queues = list(queues)
    if experience.is_default == bool(queues):
        message = _("The default serves every queue without its own; every other one names its queues.")
        raise DomainError(Refusal.WAITING_QUEUES, message)
    experience.full_clean()
    # The queues' rows decide between two who give the same queue something at the same time.
    mine = Queue.objects.select_for_update(no_key=True).filter(pk__in=[queue.pk for queue in queues]).order_by("pk")
    others = WaitingExperience.objects.exclude(pk=experience.pk)
    for queue in mine:
        other = others.filter(queues=queue).first()
        if other is not None:
            message = _("“%(queue)s” has “%(other)s” already.") % {"queue": queue, "other": other}
            raise DomainError(Refusal.WAITING_QUEUE_TAKEN, message)
    experience.save()
    experience.queues.set(queues)
    return experience


@transaction.atomic
@audited_action("experience")
def waiting_experience_delete(*, experience: WaitingExperience) -> None:
    """Delete a waiting experience; its queues have the default one then (RTE-5).

    Raises:
        DomainError: ``waiting_default``.
    """
    if experience.is_default:
        raise DomainError(Refusal.WAITING_DEFAULT, _("The default one stays: change it instead."))
    experience.delete()
