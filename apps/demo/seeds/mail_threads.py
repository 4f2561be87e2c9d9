"""Past conversations by mail in a demo tenant: the mails that filing and sending leave behind."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Message
from apps.demo.customer_mail import mail_html
from apps.demo.seeds.history import uuid_at
from apps.demo.seeds.received_mails import received_mail_write
from apps.demo.seeds.simulation import SimulatedConversation
from apps.email.body import address_pairs, mail_body
from apps.email.choices import RawState
from apps.email.models import MailChannel, MailMessage, MailThread, Participant, RawMail
from apps.email.tokens import reference_new, reply_address, subject_tag
from apps.mime.compose import compose_mail, message_id_for
from apps.mime.parse import parse_mail
from apps.mime.replies import quote_text, references_for, reply_subject
from apps.mime.types import Address, OutgoingMail, ParsedMail


@dataclass
class SimulatedThread:
    """A conversation's mails, written one after another: each answers the one before."""

    rng: Random
    channel: MailChannel
    conversation: Conversation
    past: SimulatedConversation
    script: dict[str, Any]
    sent: list[ParsedMail] = field(default_factory=list)

    def write(self, messages: list[Message]) -> None:
        """Write what belongs to the mails of these messages, in order."""
        thread = MailThread.objects.create(
            conversation=self.conversation,
            channel=self.channel,
            subject=self.script["subject"],
            reference=reference_new(),
        )
        Participant.objects.create(conversation=self.conversation, address=self.past.who.email)
        for message in messages:
            self._write(message, subject_tag(thread.reference))

    def _write(self, message: Message, tag: str) -> None:
        is_ours = message.side == Side.AGENT
        outgoing = self._outgoing(message, tag if is_ours else "")
        raw = compose_mail(outgoing)
        mail = parse_mail(raw)
        self.sent.append(mail)
        reading = mail_body(mail)
        MailMessage.objects.create(
            message=message,
            conversation=self.conversation,
            raw=None if is_ours else self._received(message, mail, raw),
            is_outgoing=is_ours,
            mail_id=mail.message_id,
            in_reply_to=next(iter(mail.in_reply_to), ""),
            references=list(mail.references),
            subject=mail.subject,
            sender=address_pairs(mail.from_),
            reply_to=address_pairs(mail.reply_to),
            to=address_pairs(mail.to),
            date=mail.date,
            text=reading.text,
            quoted=reading.quoted,
            html=reading.html,
        )

    def _outgoing(self, message: Message, tag: str) -> OutgoingMail:
        ours = Address(self.channel.display_name, self.channel.address)
        answers = reply_address(self.channel.address, self.conversation.pk)
        customer = Address(self.past.who.name, self.past.who.email)
        before = self.sent[-1] if self.sent else None
        body = f"{message.body}\n\n-- \n{self.channel.signature}" if tag else message.body
        subject = reply_subject(before.subject) if before else self.script["subject"]
        host = self.channel.address if tag else self.past.who.email
        has_html = bool(tag) or self.script.get("html", False)
        return OutgoingMail(
            message_id=message_id_for(uuid_at(self.rng, message.created_at), host.rpartition("@")[2]),
            date=message.created_at,
            from_=ours if tag else customer,
            to=(customer if tag else Address(ours.name, answers if before else ours.address),),
            reply_to=Address(ours.name, answers) if tag else None,
            subject=subject if not tag or tag in subject else f"{subject} {tag}",
            text="\n\n".join([body, *([quote_text(before)] if before else [])]),
            html=mail_html(body, before) if has_html else "",
            in_reply_to=before.message_id if before else "",
            references=references_for(before) if before else (),
        )

    def _received(self, message: Message, mail: ParsedMail, raw: bytes) -> RawMail:
        row = RawMail(
            id=uuid_at(self.rng, message.created_at),
            channel=self.channel,
            conversation=self.conversation,
            received_at=message.created_at,
            state=RawState.MATCHED if self.sent[:-1] else RawState.NEW,
            sender=self.past.who.email,
        )
        return received_mail_write(row, mail, raw)
