"""Every change of an import."""

from apps.imports.actions.exports import export_note
from apps.imports.actions.jobs import import_cancel, import_confirm, import_look_after, import_start
from apps.imports.actions.work import import_apply, import_check

__all__ = [
    "export_note",
    "import_apply",
    "import_cancel",
    "import_check",
    "import_confirm",
    "import_look_after",
    "import_start",
]
