"""The built-in set of outcomes, for actions and for forms."""

from apps.dispositions.actions import CodeChoice
from apps.dispositions.models import Code, CodeSet


def resolution(code: str = "Resolved") -> CodeChoice:
    code_set = CodeSet.objects.get(name="Resolution")
    return CodeChoice(code_set.pk, Code.objects.get(name=code).pk)


def outcome(name: str = "Resolved") -> dict[str, str]:
    """The form's fields that choose this code from the built-in set."""
    code_set = CodeSet.objects.get(name="Resolution")
    return {f"set_{code_set.pk.hex}": str(code_set.codes.get(name=name).pk)}
