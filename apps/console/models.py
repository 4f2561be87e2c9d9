"""How each agent likes their console; where they work from does not matter."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.console.choices import Order


class Preferences(models.Model):
    """What one agent has chosen; without a row everything stands at its default.

    What belongs to a device and not to a person, such as sounds and the theme, is kept by the browser.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="console_preferences"
    )
    order = models.CharField(_("order of the tray"), max_length=8, choices=Order.choices, default=Order.NEED)
    # Keys that differ from their defaults, by action; an action with an empty one has none (CON-6).
    keys = models.JSONField(_("shortcuts"), default=dict, blank=True)

    class Meta:
        verbose_name = _("console preferences")
        verbose_name_plural = _("console preferences")
        constraints = [
            models.CheckConstraint(condition=models.Q(order__in=Order.values), name="console_preferences_order_known")
        ]

    def __str__(self) -> str:
        return str(self.user)
