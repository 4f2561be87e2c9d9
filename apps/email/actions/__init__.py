"""Every change of mail channels, of how mails are shown, and of which conversation they are in."""

from apps.email.actions.display import images_trust
from apps.email.actions.split_merge import conversation_merge, conversation_split, shift_undo

__all__ = ["conversation_merge", "conversation_split", "images_trust", "shift_undo"]
