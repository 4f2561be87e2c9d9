"""The page in which a mail's HTML is shown, and the frame around it (EML-4).

A mail is a document of its own in an `<iframe src=… sandbox="{SANDBOX}">`, answered with the header
`Content-Security-Policy: {policy(...)}`. Not `srcdoc`: that would inherit the console's policy, which forbids inline
styles, and a mail is made of them. Scripts are off by the sandbox, by the policy, and because `make_safe` leaves none.
`allow-same-origin` is there so that the console can measure the page and set the frame's height; without
`allow-scripts` it lets nothing out. What is folded is a `<details>`: no script is needed to open it.
"""

import html
import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.mime.quotes import Role, Segment

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
"""Of the frame, and of the page by its policy: a link opens a new window, and that is all that can happen."""

# The mail's own colours are made for white paper: so is the page, in the dark as well. One that has none may be shown
# dark: it says so by `data-plain`, and whoever shows it sets `data-dark`.
_STYLE = """
:root{color-scheme:only light;background:#fff;color:#1a1c21}
html,body{margin:0;padding:0;overflow-x:auto;overflow-y:hidden}
body{font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;overflow-wrap:anywhere}
img{max-width:100%;height:auto}
img:not([src]){outline:1px dashed #c9ccd2;outline-offset:-1px;min-width:16px;min-height:16px}
p{margin:0 0 8px}.MsoNormal{margin:0}
blockquote{margin:0 0 0 4px;padding-left:12px;border-left:2px solid #e4e5e8}
pre{white-space:pre-wrap}
a{color:#2a55cf}
summary{display:inline-block;list-style:none;cursor:pointer;margin:8px 0;padding:0 10px;border-radius:6px;
background:#f0f1f3;color:#4f535c;line-height:20px}
summary::-webkit-details-marker{display:none}
summary:hover{background:#e4e6ea}
summary:focus-visible{outline:2px solid #2a55cf;outline-offset:2px}
.signature{color:#656a74}
:root[data-dark]{color-scheme:only dark;background:transparent;color:#edeef0}
:root[data-dark] a{color:#8aa8ff}
:root[data-dark] blockquote{border-color:#44474f}
:root[data-dark] summary{background:#2a2d33;color:#b0b4bd}
:root[data-dark] .signature{color:#9095a0}
"""
# A mail with colours or pictures of its own was made for paper.
_PAPER = re.compile(r"<[^>]*(?:color\s*[=:]|background)|<img\b", re.IGNORECASE)


def frame_policy(*, remote_images: bool, frame_ancestors: str = "'self'") -> str:
    """The page's Content-Security-Policy.

    Args:
        remote_images: whether the reader has let images from elsewhere be loaded.
        frame_ancestors: who may show it.
    """
    images = "'self' data: https: http:" if remote_images else "'self' data:"
    return (
        f"default-src 'none'; img-src {images}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
        f" frame-ancestors {frame_ancestors}; sandbox {SANDBOX}"
    )


def frame_document(segments: Iterable[Segment], *, title: str = "") -> str:
    """The page of a mail.

    Args:
        segments: from `quotes_html.split_html` of safe HTML.
        title: for screen readers: the subject, say.
    """
    body = "\n".join(map(_segment, segments))
    plain = "" if _PAPER.search(body) else " data-plain"
    return (
        f'<!doctype html><html{plain}><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>{body}</body></html>"
    )


def _segment(segment: Segment) -> str:
    if segment.is_folded:
        label = html.escape(_("Show quoted text"))
        return f'<details><summary aria-label="{label}" title="{label}">•••</summary>{segment.content}</details>'
    if segment.role == Role.SIGNATURE:
        return f'<div class="signature">{segment.content}</div>'
    return f"<div>{segment.content}</div>"
