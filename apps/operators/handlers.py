"""What follows from what happens to people."""

from apps.accounts.events import UserSigningOut
from apps.core.events import subscribe
from apps.operators.actions import pass_end
from apps.operators.models import OperatorPass


@subscribe(UserSigningOut)
def on_user_signing_out(event: UserSigningOut) -> None:
    """An operator who leaves is done: their pass ends with it."""
    if event.user.leaves_at is not None:
        for row in OperatorPass.objects.filter(user=event.user, ended_at=None):
            pass_end(operator_pass=row, actor=event.user)
