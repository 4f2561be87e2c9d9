"""Messages with files."""

from typing import Any
from uuid import uuid4

from apps.conversations.actions import message_post
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import AttachedFiles, MessageDraft
from apps.files.models import StoredFile, Uploader


def say(conversation: Conversation, *files: StoredFile, actor: Any = None, body: str = "", **options: Any) -> Message:
    uploader = Uploader(user_id=actor.pk) if actor else Uploader(outsider_id=files[0].outsider if files else uuid4())
    enclosed = AttachedFiles(tuple(file.pk for file in files), options.pop("uploader", uploader)) if files else None
    return message_post(
        conversation_id=conversation.pk,
        draft=MessageDraft(
            side="agent" if actor else "customer",
            client_id=options.pop("client_id", None) or uuid4(),
            body=body,
            author=actor,
            attached=enclosed,
        ),
    )
