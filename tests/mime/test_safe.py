"""EML-4: HTML made safe: payload families inert, remote images held back, images of the mail shown, looks kept."""

import re

import pytest

from apps.mime.frame import SANDBOX, frame_document, frame_policy
from apps.mime.markup import KNOWN, markup_tokens
from apps.mime.quotes import Role, Segment
from apps.mime.quotes_html import split_html
from apps.mime.safe import HELD, content_ids, make_safe, style_of
from tests.support.html_payloads import ALL

KEPT_ATTRIBUTES = re.compile(
    r"href|src|data-held-src|alt|title|style|class|id|dir|lang|align|valign|bgcolor|width|height|border|color|face|size"
    r"|target|rel|type|colspan|rowspan|cellpadding|cellspacing"
)
AROUND = ("{}", "<p>before{}after", "<table><tr><td>{}</td></tr></table>", "<b><i>{}</b></i>")
BAD_STYLE = re.compile(r"url|expression|position|\\|/\*|@|content|behavior")


def safe(html: str, *, remote_images: bool = False) -> str:
    return make_safe(html, image_address=lambda _id: None, remote_images=remote_images).html


def shape(html: str) -> list[object]:
    """The pieces of some HTML, whatever the order of attributes."""
    return [(token.name, token.is_end, token.text, token.attributes) for token in markup_tokens(html)]


@pytest.mark.parametrize(("family", "payload"), ALL)
def test_a_payload_leaves_nothing_behind_that_could_do_anything(family: str, payload: str) -> None:
    for around in AROUND:
        once = safe(around.format(payload))
        for token in markup_tokens(once):
            assert not token.name or token.name in KNOWN
            for name, value in token.attributes.items():
                assert KEPT_ATTRIBUTES.fullmatch(name), (family, once)
                assert name != "src", (family, once)
                assert name != "href" or re.match(r"https?://|mailto:|tel:", value), (family, once)
                assert name != "style" or not BAD_STYLE.search(value), (family, once)
        if HELD not in once:
            assert shape(safe(once)) == shape(once)


def test_what_people_write_stays() -> None:
    html = (
        '<p style="color: #333; margin: 0 0 8px">Hello <b>Ana</b>,<br>see <a href="https://acme.test/a?x=1&amp;copy=2">'
        '<span style="text-decoration: underline">there</span></a></p><ul><li>one</li><li>two</li></ul>'
        '<table border="1" width="100%"><tbody><tr><td bgcolor="#eee" colspan="2">3</td></tr></tbody></table>'
        '<blockquote type="cite">old</blockquote>'
    )
    kept = safe(html).replace(' target="_blank" rel="noopener noreferrer nofollow"', "")
    assert kept == html


def test_links_open_elsewhere_and_tell_nobody_where_from() -> None:
    assert safe("<a href=https://x.example/>x</a>") == (
        '<a href="https://x.example/" target="_blank" rel="noopener noreferrer nofollow">x</a>'
    )
    assert safe("<a href=mailto:bo@x.example target=_top>x</a>").startswith(
        '<a href="mailto:bo@x.example" target="_blank"'
    )


def test_remote_images_are_held_back_and_counted() -> None:
    html = "<img src=http://x.example/a.png alt=Logo width=10><img src='//x.example/b.png'><img src=c.png>"
    held = make_safe(html, image_address=lambda _id: None)
    assert held.held_images == 2
    assert held.html == (
        f'<img alt="Logo" width="10" {HELD}="http://x.example/a.png"><img {HELD}="https://x.example/b.png"><img>'
    )
    shown = make_safe(html, image_address=lambda _id: None, remote_images=True)
    assert shown.held_images == 0
    assert shown.html == (
        '<img alt="Logo" width="10" src="http://x.example/a.png"><img src="https://x.example/b.png"><img>'
    )


def test_images_of_the_mail_are_shown_from_where_we_keep_them() -> None:
    html = "<img src=cid:logo@x><img src='CID:%6Cogo@x'><img src=cid:gone@x alt=Gone>"
    found = make_safe(html, image_address={"logo@x": "/mail/1/image/2"}.get)
    assert found.html == '<img src="/mail/1/image/2"><img src="/mail/1/image/2"><img alt="Gone">'
    assert found.shown_ids == {"logo@x"}
    assert content_ids(html) == {"logo@x", "%6Cogo@x", "gone@x"}


def test_a_picture_written_into_the_mail_is_shown() -> None:
    assert safe("<img src='data:image/png;base64,AAAA'>") == '<img src="data:image/png;base64,AAAA">'
    assert safe("<img src='data:image/svg+xml;base64,AAAA'>") == "<img>"


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("COLOR:Red;font:bold 12px/1.5 'Open Sans', Arial", "color: Red; font: bold 12px/1.5 'Open Sans', Arial"),
        (
            "color: rgb(1, 2, 3) !important; background-color:#fff",
            "color: rgb(1, 2, 3) !important; background-color: #fff",
        ),
        ("display:none; display:flex; display:table-cell", "display: none; display: table-cell"),
        ("margin:-1px; margin:1px; padding:0 0 0 1em", "margin: 1px; padding: 0 0 0 1em"),
        ("position:fixed; z-index:9; top:0; opacity:0; float:left", "float: left"),
        ("color:red;;;:x;y", "color: red"),
        ("color:" + "x" * 400, ""),
    ],
)
def test_styles_do_colours_type_and_boxes(style: str, kept: str) -> None:
    assert style_of(style) == kept


def test_the_page_folds_history_without_a_script() -> None:
    segments = split_html('<p>New</p><blockquote type="cite">Old</blockquote>')
    page = frame_document(segments, title="Parcel <1>")
    assert "<title>Parcel &lt;1&gt;</title>" in page
    assert re.search(r"<div><p>New</p></div>\n<details><summary [^>]+>•••</summary><blockquote type=\"cite\">Old", page)
    assert "<script" not in page
    assert frame_document([Segment("Ana", Role.SIGNATURE)]).count('<div class="signature">Ana</div>') == 1


def test_the_policy_lets_nothing_run_and_nothing_be_sent() -> None:
    assert "allow-scripts" not in SANDBOX
    assert "allow-forms" not in SANDBOX
    assert frame_policy(remote_images=False) == (
        "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
        f" frame-ancestors 'self'; sandbox {SANDBOX}"
    )
    assert "img-src 'self' data: https: http:;" in frame_policy(remote_images=True)
