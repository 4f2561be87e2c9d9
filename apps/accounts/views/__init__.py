"""Pages of people: signing in and out, second factors, pictures."""

from apps.accounts.views.signin import signin_locked

__all__ = ["signin_locked"]
