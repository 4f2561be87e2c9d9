"""What an agent is asked after signing in, and what stands above the tray while they are not Available (AGT-4)."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase

from apps.agents.choices import Base, Reserved
from apps.agents.models import Agent, AgentSettings

ASKED_STATUS = "console_asked_status"
"""Session key: the dialog that follows sign-in was shown or answered."""

PREPARING, ASKING, NOTHING = "preparing", "asking", ""


@dataclass(frozen=True)
class LoginDialog:
    """The dialog of an agent who has just come.

    Attributes:
        kind: `PREPARING` with a countdown, `ASKING` what status follows, or `NOTHING`; the page keeps the dialog that
            it has while this stays the same.
        shows: whether to render the dialog: it is asked once after each sign-in.
        until: end of the preparation.
        name: what the tenant calls the preparation.
        message: what the tenant tells its agents meanwhile.
    """

    kind: str
    shows: bool = True
    until: datetime | None = None
    name: str = ""
    message: str = ""


def login_dialog_of(agent: Agent, session: SessionBase) -> LoginDialog:
    """Which dialog this agent's page has now; what is rendered counts as asked.

    A preparation is counted by `Agent.login_prep_until`, so a reload goes on where it was.
    """
    if is_in_login_prep(agent):
        if ASKED_STATUS in session:
            del session[ASKED_STATUS]
        settings: AgentSettings = AgentSettings.load()
        name, message = settings.login_prep_name, settings.login_prep_message
        return LoginDialog(PREPARING, until=agent.login_prep_until, name=name, message=message)
    if agent.base not in {Base.OFFLINE, Base.AWAY}:
        return LoginDialog(NOTHING, shows=False)
    return _asking(agent, session)


def _asking(agent: Agent, session: SessionBase) -> LoginDialog:
    if session.get(ASKED_STATUS):
        return LoginDialog(ASKING, shows=False)
    # The first page comes before the console counts as open: what follows is the preparation, not the question.
    if agent.base == Base.OFFLINE and AgentSettings.load().login_prep:
        return LoginDialog(NOTHING, shows=False)
    session[ASKED_STATUS] = True
    return LoginDialog(ASKING)


def is_in_login_prep(agent: Agent) -> bool:
    """Whether the agent is in login preparation."""
    return agent.status.code == Reserved.LOGIN_PREP and agent.login_prep_until is not None
