"""What a survey's score is in words."""

from django.utils.translation import gettext as _

from apps.surveys.choices import Kind
from apps.surveys.models import SurveyRequest


def score_text(request: SurveyRequest) -> str:
    """The score as people read it; empty before there is one."""
    if request.score is None:
        return ""
    if request.kind == Kind.LIKE:
        return _("Like") if request.score else _("Dislike")
    return _("%(score)d of %(best)d") % {"score": request.score, "best": request.best}
