"""What mail that is being sent does when its agent ends a conversation, or leaves; what is answered by itself."""

from django.utils.translation import gettext as _

from apps.accounts.events import UserDeactivating, UserSigningOut
from apps.accounts.models import User
from apps.conversations.choices import State
from apps.conversations.events import ConversationEnding
from apps.core.errors import DomainError
from apps.core.events import subscribe
from apps.email.choices import OutboundState
from apps.email.events import CustomerMailFiled
from apps.email.models import OutboundMail
from apps.forms.events import FormSent
from apps.mailout.choices import Refusal
from apps.mailout.steps.automatic import automatic_send
from apps.mailout.steps.release import held_mails_release
from apps.mailout.steps.surveys_and_forms import form_mail_send, survey_mail_send
from apps.queues.choices import Family
from apps.surveys.events import SurveyAsked


@subscribe(ConversationEnding)
def on_ending(event: ConversationEnding) -> None:
    """What its agent has sent is said before they end it."""
    if event.conversation.agent_id is not None:
        held_mails_release(event.conversation, event.conversation.agent_id)


@subscribe(CustomerMailFiled)
def on_customer_mail(event: CustomerMailFiled) -> None:
    """Whoever has written is answered by ourselves, where the channel does so (EML-11)."""
    automatic_send(event.conversation_id, event.mail, channel=event.channel, is_new=event.is_new)


@subscribe(SurveyAsked)
def on_survey_asked(event: SurveyAsked) -> None:
    """Whoever wrote by mail is asked by mail (SRV-5)."""
    if event.request.channel == Family.EMAIL:
        survey_mail_send(event.request)


@subscribe(FormSent)
def on_form_sent(event: FormSent) -> None:
    """Whoever wrote by mail gets the form's link by mail (FRM-2)."""
    if event.sent.conversation.channel == Family.EMAIL:
        form_mail_send(event.sent)


@subscribe(UserSigningOut)
def on_signing_out(event: UserSigningOut) -> None:
    """Not while a conversation is about to begin with a mail of theirs (AGT-8).

    Raises:
        DomainError: ``user_busy``.
    """
    _refuse_while_beginning(event.user)


@subscribe(UserDeactivating)
def on_deactivating(event: UserDeactivating) -> None:
    """Neither then (TEN-7).

    Raises:
        DomainError: ``user_busy``.
    """
    _refuse_while_beginning(event.user)


def _refuse_while_beginning(user: User) -> None:
    held = OutboundMail.objects.filter(agent=user.pk, state=OutboundState.HELD, conversation__state=State.ARRIVED)
    if held.exists():
        message = _("A mail of %(user)s is just leaving: take it back, or try again in a few seconds.")
        raise DomainError(Refusal.USER_BUSY, message % {"user": user}, count=1)
