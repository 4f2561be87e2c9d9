"""What happens to surveys, told to the apps above inside the same transaction."""

from dataclasses import dataclass

from apps.surveys.models import SurveyRequest


@dataclass(frozen=True)
class SurveyAsked:
    """A conversation has ended and its customer is asked (SRV-2, SRV-3)."""

    request: SurveyRequest
