"""What the audit log shows of this app's rows (AUD-1)."""

from apps.audit.registry import audited_model
from apps.transfers.models import TransferSettings

audited_model(TransferSettings, "transfer_settings")
