"""Drafts that go, and what goes with them, under their lock (EML-9)."""

from uuid import UUID

from apps.email.models import MailDraft
from apps.files.steps import files_detach
from apps.masking.choices import Speaker
from apps.masking.selectors import ruleset_for


def draft_drop(draft: MailDraft) -> None:
    """Delete a locked draft; its files are swept unless they go with something else."""
    file_ids = draft_file_ids(draft)
    draft.delete()
    files_detach(file_ids=file_ids)


def draft_mask(draft: MailDraft, *, queue_id: UUID) -> None:
    """Take out of a draft what is not to be sent, by the rules of this moment and of the queue where it is (FRM-6).

    Raises:
        DomainError: ``masking_too_long``.
    """
    ruleset = ruleset_for(queue_id=queue_id, who=Speaker.AGENT)
    draft.subject, draft.body = ruleset.apply(draft.subject).text, ruleset.apply(draft.body).text


def draft_file_ids(draft: MailDraft) -> list[UUID]:
    """The files of a draft, in their order."""
    return list(draft.files.order_by("position").values_list("file_id", flat=True))
