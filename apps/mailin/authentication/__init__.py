"""Whether a mail comes from where its From says (EML-3): SPF, DKIM and DMARC, checked when it is filed.

Never while the other server waits, and never so that a mail is lost or held up: what can't be found out in time was
not checked, and such a From is what it always was, a claim.
"""

from apps.mailin.authentication.check import mail_authenticate
from apps.mailin.authentication.results import Authentication, Check, Result

__all__ = ["Authentication", "Check", "Result", "mail_authenticate"]
