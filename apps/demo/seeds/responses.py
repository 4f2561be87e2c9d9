"""The standard responses of the demo tenants: what each company says beside what every tenant begins with (CON-8)."""

import tomllib
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from apps.agents.models import AgentGroup
from apps.demo.seeds.companies import Company
from apps.queues.models import Queue, Skill
from apps.responses.actions import response_save
from apps.responses.models import Response, ResponseGroup

TEXTS = Path(__file__).with_name("responses.toml")


def responses_make(company: Company) -> None:
    """A group of the company's own, and texts in the built-in ones; some for a few alone, some that expire."""
    made = tomllib.loads(TEXTS.read_text())[company.about]
    ResponseGroup.objects.create(name=made["group"], description=made["description"], position=50)
    groups = {group.name: group for group in ResponseGroup.objects.all()}
    for text in made["response"]:
        response_save(
            response=Response(
                group=groups[text["group"]],
                name=text["name"],
                shortcut=text["shortcut"],
                chat_body=text["text"],
                email_body=text.get("email", ""),
                language=text.get("language", ""),
                expires_at=timezone.now() + timedelta(days=text["days"]) if "days" in text else None,
            ),
            queues=Queue.objects.filter(name__in=text.get("queues", ())),
            skills=Skill.objects.filter(name__in=text.get("skills", ())),
            agent_groups=AgentGroup.objects.filter(name__in=text.get("agents", ())),
            actor=None,
        )
