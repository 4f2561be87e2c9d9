"""What follows when the provider at which somebody signs in says in which groups they are."""

from apps.accounts.events import OpenIDGroupsSaid
from apps.core.events import subscribe
from apps.scim.actions import sign_in_groups_set


@subscribe(OpenIDGroupsSaid)
def on_groups_said(event: OpenIDGroupsSaid) -> None:
    """They have the role of the groups that an administrator has given one (TEN-6)."""
    sign_in_groups_set(user=event.user, issuer=event.issuer, names=event.groups)
