"""What is masked in what people write, and when that was last changed."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.ids import uuid7
from apps.core.models import Entity, Singleton
from apps.masking.choices import MaskingMethod, MaskingSign, RuleKind, Speaker
from apps.masking.custom_patterns import MOST_PATTERN
from apps.masking.engine import ActiveRule
from apps.queues.models import Queue

MOST_KEPT = 4
"""Characters of what is masked that may stay: as many as a card's receipt shows."""


class MaskingState(Singleton):
    """Which rules hold now: processes that have read them ask with each message whether it is still these."""

    # A new one with every change of any rule. An id and no number: a tenant that was restored never shows an old one.
    version = models.UUIDField(default=uuid7, editable=False)

    class Meta:
        verbose_name = _("masking state")
        verbose_name_plural = _("masking states")

    def __str__(self) -> str:
        return str(self.version)


class MaskingRule(Entity):
    """Something that is taken out of messages before they are stored (FRM-6)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("finds"), max_length=12, choices=RuleKind.choices, default=RuleKind.OWN)
    is_active = models.BooleanField(_("active"), default=False)
    pattern = models.CharField(_("pattern"), max_length=MOST_PATTERN, blank=True)
    told_as = models.CharField(_("called"), max_length=40, blank=True)
    method = models.CharField(
        _("what becomes of it"), max_length=8, choices=MaskingMethod.choices, default=MaskingMethod.MASK
    )
    replacement = models.CharField(_("replaced by"), max_length=80, blank=True)
    sign = models.CharField(_("sign"), max_length=1, choices=MaskingSign.choices, default=MaskingSign.DOT)
    keep_last = models.PositiveSmallIntegerField(
        _("last characters that stay"), default=MOST_KEPT, validators=[MaxValueValidator(MOST_KEPT)]
    )
    who = models.CharField(_("in the words of"), max_length=8, choices=Speaker.choices, default=Speaker.BOTH)
    all_queues = models.BooleanField(_("in all queues"), default=True)
    queues = models.ManyToManyField(Queue, verbose_name=_("queues"), blank=True, related_name="masking_rules")
    position = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("masking rule")
        verbose_name_plural = _("masking rules")
        ordering = ("position", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=~Q(kind=RuleKind.OWN), name="masking_rule_of_a_kind_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=RuleKind.OWN) & ~Q(pattern="") & ~Q(told_as="")
                | ~Q(kind=RuleKind.OWN) & Q(pattern=""),
                name="masking_rule_own_has_a_pattern",
            ),
            models.CheckConstraint(
                condition=~Q(method=MaskingMethod.REPLACE) | ~Q(replacement=""),
                name="masking_rule_replaces_by_something",
            ),
            models.CheckConstraint(condition=Q(keep_last__lte=MOST_KEPT), name="masking_rule_keeps_few"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What belongs together is there."""
        wrong = {}
        if self.kind == RuleKind.OWN:
            if not self.pattern:
                wrong["pattern"] = _("An own pattern has to be written down.")
            if not self.told_as:
                wrong["told_as"] = _("Say what it finds, such as “customer number”: people are told so.")
        if self.method == MaskingMethod.REPLACE and not self.replacement:
            wrong["replacement"] = _("Say what stands in its place.")
        if wrong:
            raise ValidationError(wrong)

    def active(self, queues: frozenset[UUID] | None) -> ActiveRule:
        """The rule, ready to be run.

        Args:
            queues: those whose messages it looks at; None looks at all.
        """
        return ActiveRule(
            kind=self.kind,
            method=self.method,
            who=self.who,
            pattern=self.pattern,
            told_as=self.told_as,
            replacement=self.replacement,
            sign=self.sign,
            keep_last=self.keep_last,
            queues=queues,
            name=self.name,
        )
