"""Copies of what a queue has one of: they need queues that have none."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from apps.queues.models import Queue
from apps.tenants.admin_duplicate import DuplicateForm


class QueuesDuplicateForm(DuplicateForm):
    """What the copy is called, and which queues it serves."""

    queues = forms.ModelMultipleChoiceField(
        label=_("Queues"), queryset=Queue.objects.none(), widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    def __init__(self, row: Any, data: Any) -> None:
        super().__init__(row, data)
        free = self.free_queues().order_by("name")
        self.fields["queues"].queryset = free  # type: ignore[attr-defined]
        if not free.exists():
            self.fields["queues"].help_text = _t("Every queue has its own: take one out of another first.")

    def free_queues(self) -> QuerySet[Queue]:
        """The queues that may be chosen."""
        raise NotImplementedError

    def changes(self) -> dict[str, Any]:
        """The name, and the queues by theirs."""
        return super().changes() | {"queues": sorted(queue.name for queue in self.cleaned_data["queues"])}
