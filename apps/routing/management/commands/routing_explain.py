"""Why a conversation was offered to whom (RTE-10)."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import get_tenant_model, tenant_context

from apps.conversations.models import Conversation
from apps.routing.explanation import explanations_of


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
        told = explanations_of(conversation)
        print(f"{conversation.pk}  {conversation.queue}  {conversation.get_state_display()}  {len(told)} offers")
        for offer, lines in told:
            print(f"\n{offer.created_at:%Y-%m-%d %H:%M:%S}  {offer.agent}: {offer.get_state_display()}")
            for line in lines:
                print(f"  {line}")
