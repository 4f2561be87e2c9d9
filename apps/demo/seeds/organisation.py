"""What is set up in a demo tenant: queues, skills, people, widget, dispositions, snooze."""

from apps.accounts.actions import user_create
from apps.accounts.models import Role
from apps.agents.actions import agent_create, agent_set_skills
from apps.agents.models import Agent, AgentGroup, Capacity, Membership
from apps.chat.models import WidgetChannel
from apps.demo.seeds.companies import PASSWORD, QUEUES, Company, Person
from apps.dispositions.choices import Display
from apps.dispositions.models import Code, CodeSet, SetEntry
from apps.queues.choices import Level
from apps.queues.models import HoursProfile, Queue, Skill, SkillGroup
from apps.snooze.actions import snooze_settings_save
from apps.snooze.models import SnoozeSettings
from apps.transfers.models import TransferSettings

COLOURS = ("#3d6fb6", "#1f8a4c", "#b4690e", "#8a5cc2")


def queues_make(company: Company) -> None:
    """Queues beside the built-in one, skill groups and skills."""
    for name, (description, priority) in QUEUES.items():
        Queue.objects.get_or_create(name=name, defaults={"description": description, "priority": priority})
    for (name, skills), colour in zip(company.skills.items(), COLOURS, strict=False):
        group = SkillGroup.objects.create(name=name, colour=colour)
        Skill.objects.bulk_create([Skill(group=group, name=skill, language=tag) for skill, tag in skills])


def hours_make(_company: Company) -> None:
    """Three queues that are always open, and one that never is."""
    never = HoursProfile.objects.create(name="Never open", time_zone="UTC")
    Queue.objects.filter(name="After hours").update(hours=never)
    Queue.objects.exclude(name="After hours").update(hours=None)


def people_make(company: Company) -> None:
    """Everybody who signs in."""
    groups = {name: AgentGroup.objects.create(name=name) for name in company.groups}
    for person in company.people:
        agent = _sign_in(company, person)
        if person.group:
            agent.group = groups[person.group]
            agent.save(update_fields=["group"])
        _equip(agent, person)


def _sign_in(company: Company, person: Person) -> Agent:
    user = user_create(
        email=f"{person.account}@{company.schema}.test",
        first_name=person.first,
        last_name=person.last,
        nick_name=person.nick,
        role=Role.objects.get(code=person.role),
        time_zone=company.zone,
        password=PASSWORD,
        actor=None,
    )
    return agent_create(user=user)


def _equip(agent: Agent, person: Person) -> None:
    skills = {skill.name: skill for skill in Skill.objects.filter(name__in=person.skills)}
    agent_set_skills(agent_id=agent.pk, levels={skills[name].pk: Level(level) for name, level in person.skills.items()})
    Membership.objects.bulk_create(
        [Membership(agent=agent, queue=queue) for queue in Queue.objects.filter(name__in=person.queues)]
    )
    for family, limit in person.slots.items():
        Capacity.objects.filter(agent=agent, family=family).update(limit=limit)


def widget_dress(company: Company) -> None:
    """The built-in widget, dressed; its key is the tenant's name, so that examples can count on it."""
    channel = WidgetChannel.objects.earliest("id")
    channel.key = f"{company.schema}-website"
    channel.title, channel.greeting, channel.colour = company.widget
    channel.mails_transcripts = True
    channel.save(update_fields=["key", "title", "greeting", "colour", "mails_transcripts"])


def transfers_configure(company: Company) -> None:
    """Skill modification where the company wants it."""
    switches = {"skills_live": company.modifies_skills, "skills_on_transfer": company.modifies_skills}
    TransferSettings.objects.update_or_create(pk=1, defaults=switches)


def dispositions_make(company: Company) -> None:
    """A second, voluntary set beside the built-in one."""
    for place, (name, codes) in enumerate(company.codes.items(), start=1):
        code_set = CodeSet.objects.create(
            name=name, description="What was it about?", is_required=False, display=Display.LIST, position=place
        )
        made = Code.objects.bulk_create([Code(name=code, description=text, colour=hue) for code, text, hue in codes])
        SetEntry.objects.bulk_create(
            [SetEntry(code_set=code_set, code=code, position=at) for at, code in enumerate(made)]
        )


def snooze_configure(company: Company) -> None:
    """Switched on in one of the two; the other shows what it is like without."""
    if company.snoozes:
        settings: SnoozeSettings = SnoozeSettings.load()
        settings.is_on = settings.allows_custom = True
        snooze_settings_save(settings=settings)
