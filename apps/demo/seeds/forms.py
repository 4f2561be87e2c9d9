"""The forms of the demo tenants: one whose fields are secured one by one, one that is secured as a whole (FRM-1)."""

from typing import Any

from apps.demo.seeds.companies import Company
from apps.forms.actions import form_fields_set, form_publish, form_save
from apps.forms.models import Form, FormField

REASONS = ["Returned", "Cancelled in time", "Charged twice", "Something else"]

REFUND: tuple[dict[str, Any], ...] = (
    {"kind": "note", "label": "We pay back within five working days, to the account that you name here."},
    {"label": "Account holder", "is_required": True, "says": "As it stands on your bank statement."},
    {
        "label": "IBAN",
        "is_required": True,
        "placeholder": "ES00 0000 0000 0000 0000 0000",
        "pattern": r"[A-Za-z]{2}\s?[0-9]{2}(\s?[0-9A-Za-z]){10,30}",
        "pattern_says": "An IBAN begins with two letters and two digits.",
        "secure": "mask",
        "mask": "*",
        "keep": 4,
    },
    {"label": "Order number", "placeholder": "10-4711"},
    {"label": "Why we pay back", "name": "why", "kind": "dropdown", "options": REASONS, "is_required": True},
    {
        "label": "What happened",
        "kind": "area",
        "is_required": True,
        "shown_by": "why",
        "shown_value": "Something else",
    },
    {"label": "I am the holder of this account", "kind": "toggle", "is_required": True},
)

IDENTITY: tuple[dict[str, Any], ...] = (
    {"label": "Full name", "is_required": True, "says": "As it stands in your passport or identity card."},
    {"label": "Date of birth", "kind": "date", "least": "1900-01-01", "most": "today", "is_required": True},
    {"label": "Document", "kind": "radio", "options": ["Passport", "Identity card", "Driving licence"]},
    {"label": "Number of the document", "shown_by": "document", "shown_test": "filled", "is_required": True},
    {"kind": "heading", "label": "Where you live"},
    {"label": "Address", "kind": "address", "is_required": True},
)


def forms_make(company: Company) -> None:
    """Both, published, for every queue and everybody."""
    del company
    _make("Refund", "Your refund", "Where we pay back to: holder, IBAN, reason.", REFUND)
    _make("Identity check", "Please tell us who you are", "Name, birth, document, address.", IDENTITY, is_secured=True)


def _make(name: str, title: str, description: str, fields: tuple[dict[str, Any], ...], **more: Any) -> None:
    form = form_save(
        form=Form(name=name, title=title, description=description, **more), queues=[], agent_groups=[], actor=None
    )
    rows = [FormField(form=form, position=place, **field) for place, field in enumerate(fields)]
    form_fields_set(form=form, kept=rows, gone=[])
    form_publish(form=form, actor=None)
