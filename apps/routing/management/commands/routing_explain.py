"""Why a conversation was offered to whom (RTE-10)."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import get_tenant_model, tenant_context

from apps.accounts.models import User
from apps.conversations.models import Conversation
from apps.queues.models import Skill
from apps.routing.models import Offer


class Command(BaseCommand):
    """Prints every offer of a conversation: when, to whom, what became of it, and who was passed over."""

    help = "Explain the offers of a conversation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A conversation, and whose it is."""
        parser.add_argument("conversation", type=UUID)
        parser.add_argument("--tenant", required=True, help="schema name of the tenant")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Enter the tenant and print."""
        tenant = get_tenant_model().objects.filter(schema_name=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']}.")
        with tenant_context(tenant):
            conversation = Conversation.objects.select_related("queue").filter(pk=options["conversation"]).first()
            if conversation is None:
                raise CommandError("There is no such conversation in this tenant.")
            self._explain(conversation)

    def _explain(self, conversation: Conversation) -> None:
        offers = list(conversation.offers.select_related("agent").order_by("created_at"))
        print(f"{conversation.pk}  {conversation.queue}  {conversation.get_state_display()}  {len(offers)} offers")
        names = _names(offers)
        for offer in offers:
            self._print_offer(offer, names)

    def _print_offer(self, offer: Offer, names: dict[str, str]) -> None:
        told = offer.explanation
        print(f"\n{offer.created_at:%Y-%m-%d %H:%M:%S}  {offer.agent}: {offer.get_state_display()}")
        if "by_hand" in told:
            by = f" by {names.get(told['by'], told['by'])}" if "by" in told else ""
            return print(f"  {told['by_hand']}{by}")
        if not told:
            return None
        print(f"  strategy {told['strategy']}, {told['counted']} in the queue")
        if told["skills"]:
            print(f"  skills   {', '.join(names.get(skill, skill) for skill in told['skills'])}")
        if told["preferred_only"]:
            print("  only preferred agents were asked")
        for agent in told["considered"]:
            print(f"  behind   {names.get(agent, agent)}")
        for agent, reason in told["passed_over"]:
            print(f"  not      {names.get(agent, agent)}: {reason}")
        return None


def _names(offers: list[Offer]) -> dict[str, str]:
    """Names of every agent and skill that the explanations mention, in two queries."""
    mentioned: set[str] = set()
    for offer in offers:
        told = offer.explanation
        mentioned |= {*told.get("skills", []), *told.get("considered", [])}
        mentioned |= {agent for agent, _reason in told.get("passed_over", [])} | {told.get("by", "")}
    mentioned.discard("")
    people = {str(user.pk): user.full_name for user in User.objects.filter(pk__in=mentioned)}
    return people | {str(skill.pk): skill.name for skill in Skill.objects.filter(pk__in=mentioned)}
