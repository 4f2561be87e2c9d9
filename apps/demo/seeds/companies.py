"""The two demo companies. Every name is invented; addresses end in .test and .example."""

from dataclasses import dataclass, field

PASSWORD = "parley-demo"  # noqa: S105 - public on purpose, local mode only


@dataclass(frozen=True)
class Person:
    """Somebody who works there.

    Attributes:
        account: what stands before the @ of their email.
        role: code of a stock role.
        nick: what customers see; empty is the first name.
        skills: level by skill name.
        queues: names of the queues they serve.
        slots: slots by channel family, where they differ from the defaults.
        group: agent group, empty is the built-in one.
    """

    account: str
    role: str
    first: str
    last: str
    nick: str = ""
    skills: dict[str, int] = field(default_factory=dict)
    queues: tuple[str, ...] = ()
    slots: dict[str, int] = field(default_factory=dict)
    group: str = ""


@dataclass(frozen=True)
class Company:
    """A demo tenant.

    Attributes:
        about: what its customers write about: names a set of dialogues.
        zone: where its people are.
        widget: title, greeting and colour of its chat widget.
        groups: agent groups beside the built-in ones.
        skills: skills by group; a skill is a name, or a name and a language tag.
        codes: further disposition codes, with colours, of a set of their own.
        snoozes: whether its agents snooze conversations.
        surveys: its agents send surveys (SRV-2).
        modifies_skills: agents change the skills of conversations, with them and on transfer (XFR-1).
    """

    schema: str
    name: str
    about: str
    zone: str
    widget: tuple[str, str, str]
    groups: tuple[str, ...]
    skills: dict[str, tuple[tuple[str, str], ...]]
    codes: dict[str, tuple[tuple[str, str, str], ...]]
    people: tuple[Person, ...]
    snoozes: bool = False
    modifies_skills: bool = False
    surveys: bool = False


QUEUES = {
    "General": ("Whatever has no queue of its own.", 5),
    "Sales": ("Questions before buying, offers, quotes.", 4),
    "Support": ("Orders, deliveries, returns, faults.", 5),
    "After hours": ("What comes in when nobody is there.", 8),
}
ALL = ("General", "Sales", "Support")
LANGUAGES = (("English", "en"), ("Spanish", "es"), ("German", "de"))

ACME = Company(
    schema="acme",
    name="Velo & Vale",
    about="bicycles",
    zone="Europe/Madrid",
    snoozes=True,
    surveys=True,
    widget=("Velo & Vale", "Hi! Bicycles, parts, workshop: ask us anything.", "#1f6f5c"),
    groups=("Shop floor", "Workshop"),
    skills={
        "Languages": LANGUAGES,
        "Bicycles": (("City bikes", ""), ("Gravel bikes", ""), ("Cargo bikes", "")),
        "Topics": (("Orders", ""), ("Repairs", ""), ("Payments", "")),
    },
    codes={
        "Topic": (
            ("Order status", "Where is my order?", "#3d6fb6"),
            ("Return or exchange", "Sent back, swapped, refunded.", "#8a5cc2"),
            ("Advice", "Which one fits?", "#1f8a4c"),
            ("Workshop", "Repairs, adjustments, appointments.", "#0f7c8a"),
            ("Payment", "Cards, invoices, vouchers.", "#b4690e"),
            ("Complaint", "Something went wrong on our side.", "#c2362b"),
        )
    },
    people=(
        Person("owner", "owner", "Marta", "Quintana"),
        Person("admin", "administrator", "Jonas", "Weidner"),
        Person("supervisor", "supervisor", "Priya", "Raman", queues=ALL, skills={"English": 4, "Orders": 4}),
        Person(
            "agent1",
            "agent",
            "Lucía",
            "Ferrer",
            "Lucía",
            {"English": 4, "Spanish": 4, "Orders": 3, "City bikes": 2},
            ALL,
            group="Shop floor",
        ),
        Person(
            "agent2",
            "agent",
            "Tom",
            "Halloway",
            "Tom",
            {"English": 4, "Gravel bikes": 4, "Payments": 2},
            ALL,
            group="Shop floor",
        ),
        Person(
            "agent3",
            "agent",
            "Anke",
            "Brandt",
            "Anke",
            {"English": 3, "German": 4, "Repairs": 4},
            ("General", "Support"),
            {"chat": 4},
            "Workshop",
        ),
        Person(
            "agent4",
            "agent",
            "Samuel",
            "Okoro",
            "Sam",
            {"English": 4, "Cargo bikes": 3, "Orders": 3},
            ("Support",),
            group="Shop floor",
        ),
        Person(
            "agent5",
            "agent",
            "Elena",
            "Vidal",
            "Elena",
            {"English": 2, "Spanish": 4, "Payments": 4},
            ("Sales", "Support", "After hours"),
            group="Workshop",
        ),
        Person(
            "agent6",
            "agent",
            "Noah",
            "Lindqvist",
            "Noah",
            {"English": 4, "City bikes": 1},
            ("General", "After hours"),
            {"chat": 1},
            "Shop floor",
        ),
    ),
    modifies_skills=True,
)
GLOBEX = Company(
    schema="globex",
    name="Kettle & Crane",
    about="coffee",
    zone="Europe/Berlin",
    widget=("Kettle & Crane", "Hello! Beans, brewing, orders: how can we help?", "#8a4b2a"),
    groups=("Orders", "Roastery"),
    skills={
        "Languages": LANGUAGES,
        "Topics": (("Orders", ""), ("Subscriptions", ""), ("Brewing", ""), ("Machines", "")),
    },
    codes={
        "Topic": (
            ("Order status", "Where is my order?", "#3d6fb6"),
            ("Subscription", "New, changed, paused, ended.", "#1f8a4c"),
            ("Brewing advice", "Grind, water, recipe.", "#0f7c8a"),
            ("Machines", "Kettles, grinders, faults.", "#5b6b7c"),
            ("Payment", "Cards, invoices, vouchers.", "#b4690e"),
            ("Complaint", "Something went wrong on our side.", "#c2362b"),
        )
    },
    people=(
        Person("owner", "owner", "Henrike", "Solberg"),
        Person("admin", "administrator", "Bilal", "Haddad"),
        Person("supervisor", "supervisor", "Claire", "Dumont", queues=ALL, skills={"English": 4, "Subscriptions": 4}),
        Person(
            "agent1",
            "agent",
            "Mira",
            "Kessler",
            "Mira",
            {"English": 3, "German": 4, "Orders": 4},
            ALL,
            group="Orders",
        ),
        Person(
            "agent2",
            "agent",
            "Owen",
            "Prescott",
            "Owen",
            {"English": 4, "Subscriptions": 3},
            ALL,
            group="Orders",
        ),
        Person(
            "agent3",
            "agent",
            "Diego",
            "Molina",
            "Diego",
            {"English": 3, "Spanish": 4, "Brewing": 3},
            ("General", "Support"),
            group="Roastery",
        ),
        Person(
            "agent4",
            "agent",
            "Grace",
            "Adeyemi",
            "Grace",
            {"English": 4, "Machines": 4},
            ("Support",),
            {"chat": 4},
            "Roastery",
        ),
        Person(
            "agent5",
            "agent",
            "Florian",
            "Abt",
            "Florian",
            {"German": 4, "English": 2, "Brewing": 4},
            ("Sales", "Support", "After hours"),
            group="Roastery",
        ),
        Person(
            "agent6",
            "agent",
            "Hana",
            "Petrov",
            "Hana",
            {"English": 4, "Subscriptions": 1},
            ("General", "After hours"),
            {"chat": 1},
            "Orders",
        ),
    ),
)
COMPANIES = (ACME, GLOBEX)
OPERATOR = "operator@parley.test"
