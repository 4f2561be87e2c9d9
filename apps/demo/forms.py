"""What a customer of the demo fills in."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.demo.shop import SHOP_CUSTOMERS
from apps.email.models import MailChannel
from apps.mime.types import Part

MOST_FILES = 10
FIRST = next(iter(SHOP_CUSTOMERS.values()))


class Files(forms.FileField):
    """Several files at once."""

    class Input(forms.ClearableFileInput):
        """A field for several files."""

        allow_multiple_selected = True

    widget = Input

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """All of them.

        Raises:
            ValidationError: too many, or together larger than a mail may be.
        """
        found = [super(Files, self).clean(each, initial) for each in data or []]
        largest = settings.MAIL_MAX_MEGABYTES * 1024 * 1024 * 2 // 3
        if len(found) > MOST_FILES or sum(each.size for each in found) > largest:
            raise forms.ValidationError(_("These are too many files for one mail."))
        return found


class AnswerForm(forms.Form):
    """An answer of somebody to whom a mail was sent."""

    author = forms.ChoiceField(label=_("Answer as"))
    body = forms.CharField(
        label=_("Your answer"), max_length=100_000, widget=forms.Textarea(attrs={"rows": 5, "required": True})
    )
    enclosed = Files(label=_("Files"), required=False)

    def __init__(self, *args: Any, recipients: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["author"]
        field.choices = [(each, each) for each in recipients]


class MailForm(forms.Form):
    """A new mail to the company."""

    name = forms.CharField(label=_("Your name"), max_length=80, initial=FIRST.name, required=False)
    address = forms.EmailField(label=_("Your address"), max_length=254, initial=FIRST.email)
    to = forms.ChoiceField(label=_("To"))
    subject = forms.CharField(label=_("Subject"), max_length=250)
    body = forms.CharField(label=_("Message"), max_length=100_000, widget=forms.Textarea(attrs={"rows": 10}))
    enclosed = Files(label=_("Files"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.choices = [(each, each) for each in MailChannel.objects.filter(is_active=True)]


def mail_parts(files: list[Any]) -> list[Part]:
    """Files, as parts of a mail."""
    return [_part(each) for each in files]


def _part(file: Any) -> Part:
    return Part(name=file.name, media_type=file.content_type or "application/octet-stream", content=file.read())
