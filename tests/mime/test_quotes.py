"""EML-4: what a mail says itself and what it quotes, by the habits of clients and languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.mime.plain import to_text
from apps.mime.quotes import Role, is_forward, new_text, split_text
from apps.mime.quotes_html import split_html
from apps.mime.safe import make_safe

N, Q, S = Role.NEW, Role.QUOTED, Role.SIGNATURE

ATTRIBUTIONS = {
    "Gmail": "On Fri, Nov 20, 2026 at 9:00 AM Acme Support <support@acme.test> wrote:",
    "Gmail in two lines": "On Fri, Nov 20, 2026 at 9:00 AM Acme Support, a very long name <\nsupport@acme.test> wrote:",
    "Gmail in German": "Am Fr., 20. Nov. 2026 um 09:00 Uhr schrieb Acme <support@acme.test>:",
    "Gmail in French": "Le ven. 20 nov. 2026 à 09:00, Acme <support@acme.test> a écrit :",
    "Gmail in Spanish": "El vie, 20 nov 2026 a las 9:00, Acme (<support@acme.test>) escribió:",
    "Gmail in Italian": "Il giorno ven 20 nov 2026 alle ore 09:00 Acme <support@acme.test> ha\nscritto:",
    "Gmail in Portuguese": "Em sex., 20 de nov. de 2026 às 09:00, Acme <support@acme.test> escreveu:",
    "Gmail in Dutch": "Op vr 20 nov 2026 om 09:00 schreef Acme <support@acme.test>:",
    "Gmail in Swedish": "Den fre 20 nov. 2026 kl 09:00 skrev Acme <support@acme.test>:",
    "Gmail in Polish": "pt., 20 lis 2026 o 09:00 Acme <support@acme.test> napisał(a):",
    "Gmail in Russian": "пт, 20 нояб. 2026 г. в 09:00, Acme <support@acme.test> писал(а):",
    "Gmail in Japanese": "2026年11月20日(金) 9:00 Acme <support@acme.test>:",
    "Thunderbird": "On 11/20/26 09:00, Acme wrote:",
    "Thunderbird in German": "Am 20.11.26 um 09:00 schrieb Acme Support:",
    "Thunderbird in French": "Le 20/11/2026 à 09:00, Acme a écrit :",
    "Thunderbird in Spanish": "El 20/11/26 a las 09:00, Acme escribió:",
    "Apple Mail": "On 20 Nov 2026, at 09:00, Acme <support@acme.test> wrote:",
    "Apple Mail in German": "Am 20.11.2026 um 09:00 schrieb Acme <support@acme.test>:",
    "Yahoo": "On Friday, November 20, 2026 at 09:00:00 AM GMT+1, Acme <support@acme.test> wrote:",
    "Yahoo in Spanish": "El viernes, 20 de noviembre de 2026, 09:00:00 CET, Acme <support@acme.test> escribió:",
    "mutt": "Acme <support@acme.test> wrote:",
}


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
def test_a_quotation_and_the_line_above_it_are_folded(attribution: str) -> None:
    text = f"Where is it?\n\nAna\n\n{attribution}\n\n> It left.\n>\n> > And before?\n"
    segments = split_text(text)
    assert [segment.role for segment in segments if segment.content.strip()] == [N, Q]
    assert new_text(segments) == "Where is it?\n\nAna"
    assert [segment.is_folded for segment in segments if segment.role == Q] == [True]
    assert "\n".join(segment.content for segment in segments) == text


@pytest.mark.parametrize(
    "header",
    [
        "From: Acme <support@acme.test>\nSent: Friday, November 20, 2026 9:00 AM\nTo: Ana\nSubject: RE: Parcel",
        "Von: Acme <support@acme.test>\nGesendet: Freitag, 20. November 2026 09:00\nAn: Ana\nBetreff: AW: Paket",
        "De : Acme <support@acme.test>\nEnvoyé : vendredi 20 novembre 2026 09:00\nÀ : Ana\nObjet : RE: Colis",
        "De: Acme <support@acme.test>\nEnviado: viernes, 20 de noviembre de 2026 9:00\nPara: Ana\nAsunto: RE: Paquete",
        "Da: Acme\nInviato: venerdì 20 novembre 2026\nA: Ana\nOggetto: R: Pacco",
        "From: Acme\nDate: Friday, 20 November 2026\nTo: Ana\nCc: Bo\nSubject: Parcel",
        "*From:* Acme\n*Sent:* Friday\n*To:* Ana\n*Subject:* Parcel",
        "发件人: Acme\n发送时间: 2026年11月20日\n收件人: Ana\n主题: 包裹",
    ],
)
@pytest.mark.parametrize("rule", ["", "________________________________\n", "-----Original Message-----\n"])
def test_what_outlook_quotes_has_no_marks(header: str, rule: str) -> None:
    segments = split_text(f"Where is it?\n\n{rule}{header}\n\nIt left.\n\nFrom: somebody else\n")
    assert new_text(segments) == "Where is it?"
    assert [(segment.role, segment.is_folded) for segment in segments] == [(N, False), (Q, True)]


@pytest.mark.parametrize(
    "line",
    [
        "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
        "-----Mensaje original-----",
        "##- Please type your reply above this line -##",
    ],
)
def test_lines_above_the_history(line: str) -> None:
    assert new_text(split_text(f"Where is it?\n\n{line}\nIt left.\n")) == "Where is it?"


@pytest.mark.parametrize(
    ("signature", "client"),
    [
        ("-- \nAna Ruiz\nParcels Ltd", "by the standard"),
        ("--\nAna Ruiz", "without its space"),
        ("Sent from my iPhone", "iPhone"),
        ("Von meinem iPhone gesendet", "iPhone in German"),
        ("Envoyé de mon iPhone", "iPhone in French"),
        ("Enviado desde mi iPhone", "iPhone in Spanish"),
        ("Get Outlook for Android", "Outlook"),
        ("Gesendet mit der GMX Mail App", "GMX"),
    ],
)
def test_signatures(signature: str, client: str) -> None:
    segments = split_text(f"Where is it?\n\n{signature}\n\nOn 11/20/26 09:00, Acme wrote:\n> It left.\n")
    assert [segment.role for segment in segments if segment.content.strip()] == [N, S, Q], client
    assert new_text(segments) == "Where is it?"


def test_answers_between_quotations_are_not_folded() -> None:
    segments = split_text("> When?\nToday.\n\n> Where?\nHere.\n")
    assert [(segment.role, segment.is_folded) for segment in segments] == [
        (Q, False),
        (N, False),
        (Q, False),
        (N, False),
    ]
    assert new_text(segments) == "Today.\n\nHere."


def test_an_answer_below_what_it_quotes() -> None:
    segments = split_text("On 11/20/26 09:00, Acme wrote:\n> It left.\n\nThanks!\n")
    assert [(segment.role, segment.is_folded) for segment in segments] == [(Q, True), (N, False)]
    assert new_text(segments) == "Thanks!"


@pytest.mark.parametrize(
    "text",
    [
        "> all of it\n> is quoted",
        "---------- Forwarded message ---------\nFrom: Bo <bo@x.example>\nSubject: Parcel\nTo: Ana\n\nIt left.",
        "See below.\n\nBegin forwarded message:\n\nFrom: Bo\nDate: Fri\nSubject: Parcel\nTo: Ana\n\nIt left.",
        "I wrote on Friday:\nnothing came.",
        "From: what I see there are two parcels.\nTo: be sure, count.",
        "a > b\n5 --\n- - -\n--- not a signature",
        "",
    ],
)
def test_what_is_not_history_is_not_folded(text: str) -> None:
    segments = split_text(text)
    assert all(segment.role == N and not segment.is_folded for segment in segments)
    assert "\n".join(segment.content for segment in segments) == text


def test_a_mail_that_hands_on_another_is_shown_whole() -> None:
    text = "For you.\n\nFrom: Bo\nSent: Friday\nTo: Ana\nSubject: Parcel\n\nIt left."
    assert [segment.role for segment in split_text(text, forward=True)] == [N]
    assert [segment.role for segment in split_text(text)] == [N, Q]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Fwd: x", True),
        ("FW: x", True),
        ("WG: x", True),
        ("TR : x", True),
        ("RV: x", True),
        ("Re: Fwd: x", False),
        ("", False),
    ],
)
def test_subjects_of_mails_that_hand_on(subject: str, expected: bool) -> None:
    assert is_forward(subject) is expected


OUTLOOK = (
    '<p class="MsoNormal"><b>From:</b> Acme<br><b>Sent:</b> Friday<br><b>To:</b> Ana<br><b>Subject:</b> RE: Parcel</p>'
)
GERMAN = "<b>Von:</b> Acme<br><b>Gesendet:</b> Freitag<br><b>An:</b> Ana<br><b>Betreff:</b> AW: Paket"
PAGES = {
    "Gmail": '<div dir="ltr">New</div><br><div class="gmail_quote gmail_quote_container">'
    '<div class="gmail_attr">On Fri, Acme wrote:<br></div>'
    '<blockquote class="gmail_quote" style="margin:0">Old</blockquote></div>',
    "Gmail of old": '<div class="gmail_extra">New<br><div class="gmail_quote">On Fri, Acme wrote:'
    "<br><blockquote>Old</blockquote></div></div>",
    "Apple Mail": "<div>New</div><div><br><blockquote type='cite'>"
    "<div>On 20 Nov 2026, at 09:00, Acme wrote:</div><br><div>Old</div></blockquote></div>",
    "Thunderbird": '<p>New</p><div class="moz-cite-prefix">On 11/20/26, Acme wrote:'
    '<br></div><blockquote type="cite" cite="mid:x">Old</blockquote>',
    "Yahoo": '<div>New</div><div id="ydp1yahoo_quoted_123" class="ydp1yahoo_quoted">'
    "<div>On Friday, Acme wrote:</div><div>Old</div></div>",
    "Outlook on the web": '<div>New</div><div id="appendonsend"></div><hr>'
    '<div id="divRplyFwdMsg"><b>From:</b> Acme</div><div>Old</div>',
    "Outlook on a phone": '<div>New</div><div id="mail-editor-reference-message-container"><div>Old</div></div>',
    "Outlook on the desk": '<div><p class="MsoNormal">New</p><div>'
    f'<div style="border:none;border-top:solid #E1E1E1 1.0pt">{OUTLOOK}</div></div><p>Old</p></div>',
    "Outlook in German": f"<div><p>New</p><div>{GERMAN}</div>Old</div>",
    "Outlook of old": "<p>New</p><p>-----Original Message-----<br>From: Acme<br>Sent: Friday</p><p>Old</p>",
    "Proton": '<div>New</div><div class="protonmail_quote">On Friday, Acme wrote:'
    '<br><blockquote type="cite">Old</blockquote></div>',
    "GMX": '<div>New<div name="quote"><div><b>Gesendet:</b> Freitag</div><div>Old</div></div></div>',
    "an attribution that has no mark": "<p>New</p><p>On Fri, 20 Nov 2026, Acme &lt;support@acme.test&gt; wrote:"
    '</p><blockquote type="cite">Old</blockquote>',
}


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES)
def test_what_clients_quote_in_html(html: str) -> None:
    safe = make_safe(html, image_address=lambda _id: None).html
    segments = split_html(safe)
    assert [(segment.role, segment.is_folded) for segment in segments] == [(N, False), (Q, True)]
    assert to_text(segments[0].content).strip() == "New"
    assert "Old" in segments[1].content
    for segment in segments:
        assert make_safe(segment.content, image_address=lambda _id: None).html == segment.content


def test_a_signature_in_html() -> None:
    html = '<div>New</div><span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">Ana</div>'
    safe = make_safe(html, image_address=lambda _id: None).html
    assert [segment.role for segment in split_html(safe) if to_text(segment.content).strip()] == [N, S]


def test_answers_between_quotations_in_html() -> None:
    html = (
        '<blockquote type="cite">When?</blockquote><p>Today.</p><blockquote type="cite">Where?</blockquote><p>Here.</p>'
    )
    assert [(segment.role, segment.is_folded) for segment in split_html(html)] == [(Q, False), (N, False)] * 2


@pytest.mark.parametrize(
    "html",
    [
        '<blockquote type="cite">all of it</blockquote>',
        (
            '<div>For you</div><div class="gmail_quote">'
            '<div class="gmail_attr">---------- Forwarded message ---------<br>From: Bo</div>It left.</div>'
        ),
        "<blockquote>A poem, not a mail</blockquote><p>Nice?</p>",
        "<p>From: what I see there are two.</p>",
        "<p>no quotation</p>",
    ],
)
def test_html_that_is_not_history_is_not_folded(html: str) -> None:
    safe = make_safe(html, image_address=lambda _id: None).html
    assert [(segment.content, segment.role) for segment in split_html(safe)] == [(safe, N)]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello<br>you</p><p>there</p>", "Hello\nyou\n\nthere"),
        ("<div>one</div><div>two</div><div><br></div><div>three</div>", "one\ntwo\n\nthree"),
        ("a   b\n c&nbsp;d &lt;e&gt; &amp;amp;", "a b c d <e> &amp;"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1\t2\n3"),
        ("<pre>a\n  b</pre>c", "a\n  b\n\nc"),
        (
            "<a href=https://x.example/>there</a> <a href=https://x.example>x.example</a>",
            "there <https://x.example/> x.example",
        ),
        ("<a href='mailto:a@x.example'>write</a><a href='javascript:x'>y</a>", "writey"),
        ("<img src=x alt='A logo'><img src=y>", "[A logo]"),
        ("<style>p{}</style><title>t</title><script>x</script>a<!-- b -->", "a"),
        ("<p style='display:none'>pre<b>header</b></p>a", "a"),
        ("", ""),
        ("&#0;&#xD800;a", "\ufffd\ufffda"),
    ],
)
def test_text_of_html(html: str, text: str) -> None:
    assert to_text(html) == text


@given(st.text("> \nOn wrote:From-_aé", max_size=200))
def test_nothing_is_lost(text: str) -> None:
    assert "\n".join(segment.content for segment in split_text(text)) == text
