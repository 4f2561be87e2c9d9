"""A long past in seconds: conversations and messages made by the database itself."""

from django.db import connection

from apps.agents.models import Agent
from tests.support.people import ContactFactory, default_queue

TABLES = ("conversations_conversation", "conversations_message", "conversations_segment", "routing_offer")


def fill_past(agent: Agent, *, conversations: int, messages: int) -> None:
    """Closed conversations of one agent, each with messages, a segment and an offer, as constraints allow.

    Args:
        agent: who had them all.
        conversations: how many.
        messages: how many each has.
    """
    contact, queue = ContactFactory(), default_queue()
    known = {"queue": queue.pk, "contact": contact.pk, "agent": agent.pk, "n": conversations, "m": messages}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO conversations_conversation (id, channel, state, contact_id, queue_id, agent_id, priority,
                returned, first_arrived_at, queued_at, queue_entered_at, last_number, version, last_line, language,
                ended_at, ended_by, end_cause, closed_at, accepted_at, reply_first)
            SELECT gen_random_uuid(), 'chat', 'closed', %(contact)s, %(queue)s, %(agent)s, 5,
                false, at, at, at, %(m)s, 5, 'Thank you', 'en',
                at + interval '9 min', 'customer', 'ended', at + interval '10 min', at + interval '1 min', false
            FROM (SELECT now() - (i || ' min')::interval AS at FROM generate_series(20, %(n)s + 19) AS i) AS past
            """,
            known,
        )
        cursor.execute(
            """
            INSERT INTO conversations_message (id, conversation_id, number, client_id, side, kind, body, created_at)
            SELECT gen_random_uuid(), c.id, i, gen_random_uuid(), 'customer', 'text', 'Where is my parcel?',
                c.first_arrived_at + (i || ' s')::interval
            FROM conversations_conversation c CROSS JOIN generate_series(1, %(m)s) AS i WHERE c.state = 'closed'
            """,
            known,
        )
        cursor.execute(
            """
            INSERT INTO conversations_segment (id, conversation_id, kind, queue_id, agent_id, started_at, ended_at)
            SELECT gen_random_uuid(), id, 'agent', queue_id, agent_id, first_arrived_at, closed_at
            FROM conversations_conversation WHERE state = 'closed'
            """
        )
        cursor.execute(
            """
            INSERT INTO routing_offer
                (id, conversation_id, agent_id, state, created_at, expires_at, ended_at, explanation)
            SELECT gen_random_uuid(), id, agent_id, 'accepted', first_arrived_at, first_arrived_at, accepted_at, '{}'
            FROM conversations_conversation WHERE state = 'closed'
            """
        )
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
