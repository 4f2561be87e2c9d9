"""What the snooze dialog sends."""

from django import forms


class SnoozeForm(forms.Form):
    """How long a conversation is put aside: the key of a length, or an end in the agent's own zone (SNZ-1)."""

    option = forms.CharField(required=False)
    until = forms.DateTimeField(required=False)
