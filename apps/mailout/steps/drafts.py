"""Drafts that go, and what goes with them, under their lock (EML-9)."""

from uuid import UUID

from apps.email.models import MailDraft
from apps.files.steps import files_detach


def draft_drop(draft: MailDraft) -> None:
    """Delete a locked draft; its files are swept unless they go with something else."""
    file_ids = draft_file_ids(draft)
    draft.delete()
    files_detach(file_ids=file_ids)


def draft_file_ids(draft: MailDraft) -> list[UUID]:
    """The files of a draft, in their order."""
    return list(draft.files.order_by("position").values_list("file_id", flat=True))
