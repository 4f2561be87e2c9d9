"""The phrases and marks by which mail clients say that a quotation or a signature begins, in their languages."""

import re
from collections.abc import Sequence

# "On 21 Nov 2026, at 10:00, Ana Ruiz <ana@example.com> wrote:" as clients put it, on one line or broken into some.
ATTRIBUTION = re.compile(
    r"[\s>*_]*(?:"
    r"(?:on|at|in)\b.{3,400}\b(?:wrote|writes|said)"  # English
    r"|(?:am|um|on)\b.{3,400}?\bschrieb\b.{0,200}"  # German
    r"|.{2,200}\bschrieb\s+(?:am\b|<).{3,200}"
    r"|(?:le|on)\b.{3,400}\ba\s+[ée]crit\b"  # French
    r"|(?:el|en)\b.{3,400}\bescribi[óo]\b.{0,200}"  # Spanish
    r"|(?:il|in data)\b.{3,400}\bha\s+scritto\b"  # Italian
    r"|(?:em|no dia|a)\b.{3,400}\bescreveu\b.{0,200}"  # Portuguese
    r"|(?:op)\b.{3,400}\b(?:schreef|het volgende geschreven)\b.{0,200}"  # Dutch
    r"|(?:den|på)\b.{3,400}\bskrev\b.{0,200}"  # Danish, Norwegian, Swedish
    r"|(?:dnia|w dniu)\b.{3,400}\bnapisał\(?a?\)?"  # Polish
    r"|.{3,300}\bпис(?:ал|ала|ал\(а\))"  # Russian
    r"|\d{4}[-/年].{3,300}(?:写道|寫道|のメール|さんは書きました)"  # Chinese, Japanese
    r"|\d{4}[-/年]\d\d?[-/月]\d\d?.{1,60}<[^<>\s]+@[^<>\s]+>"  # Gmail in the languages that need no verb
    r"|.{2,200}<[^<>\s]+@[^<>\s]+>\s+(?:wrote|schrieb|a écrit|escribió|napisał\(?a?\)?|пис(?:ал|ала|ал\(а\)))"
    r")\s*[:：]?[\s*_]*",
    re.IGNORECASE | re.DOTALL,
)
ATTRIBUTION_END = re.compile(
    r"(?:wrote|writes|said|schrieb.{0,200}|[ée]crit|escribi[óo].{0,200}|scritto|escreveu.{0,200}|schreef.{0,200}|geschreven"
    r"|skrev.{0,200}|napisał\(?a?\)?|пис(?:ал|ала|ал\(а\))|写道|寫道|>)\s*[:：][\s*_]*$",
    re.IGNORECASE,
)
# The line above a mail that Outlook and its relatives quote without marks.
ORIGINAL_MESSAGE = re.compile(
    r"[\s>]*[-_=]{3,}\s*(?:original[- ](?:message|nachricht|appointment)|ursprüngliche nachricht|message d['’]origine"
    r"|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|reply message|original-nachricht"
    r"|urspr.{1,10}meddelande|oprindelig meddelelse|исходное сообщение|原始邮件|原始郵件)\s*[-_=]*\s*",
    re.IGNORECASE,
)
FORWARDED_MESSAGE = re.compile(
    r"[\s>]*(?:[-_=]{2,}\s*(?:forwarded (?:message|by)|weitergeleitete nachricht|message transféré|mensaje reenviado"
    r"|messaggio (?:inoltrato|reindirizzato)|mensagem encaminhada|doorgestuurd bericht|videresendt|vidarebefordrat)"
    r"|begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message"
    r" (?:réexpédié|transféré)|inicio del mensaje reenviado|inizio messaggio inoltrato)",
    re.IGNORECASE,
)
# The header that Outlook puts above what it quotes: From, Sent, To, Subject in the language of the program.
_SENDER = r"(?:from|von|de|da|van|fra|från|od|от|发件人|寄件者|差出人)"
_FROM = re.compile(rf"[\s>*]*{_SENDER}\s*:\**\s*\S", re.IGNORECASE)
HEADER_BEGINNING = re.compile(
    r"[\s>*]*(?:(?:from|von|de|da|van|fra|från|od|от|发件人|寄件者|差出人)\s*:|[-_=]{3,})", re.IGNORECASE
)
_MORE = re.compile(
    r"[\s>*]*(?:(?P<sent>sent|date|gesendet|datum|envoyé|date d['’]envoi|enviado(?: el)?|fecha|inviato|data|verzonden"
    r"|sendt|skickat|wysłano|отправлено|дата|发送时间|日期|送信日時)|(?P<to>to|an|à|para|a|aan|til|till|do|кому|收件人|宛先)"
    r"|(?P<subject>subject|betreff|objet|asunto|oggetto|assunto|onderwerp|emne|ämne|temat|тема|主题|主旨|件名)"
    r"|cc|kopie|copie|reply-to|importance|wichtigkeit|priority)\s*:",
    re.IGNORECASE,
)
REPLY_DELIMITER = re.compile(
    r"#{2,}-.{0,200}-#{2,}\s*$|[-_*=\s]*(?:please )?(?:reply|type your reply) above this line", re.IGNORECASE
)
DEVICE_SIGNATURE = re.compile(
    r"\s*(?:(?:sent|get) (?:from|with|via) (?:my )?\w|get outlook for|von meinem .{2,60} gesendet|gesendet"
    r" (?:von|mit|aus) |diese nachricht wurde von meinem .{2,60} gesendet"
    r"|envoyé (?:de(?:puis)?|à partir d[e'’]) ?(?:mon|ma|l['’])?"
    r"|télécharge[rz] outlook|enviado (?:desde|de) mi |enviado desde |obtener outlook|inviato da |verzonden vanaf |"
    r"skickat från |sendt fra |outlook für (?:ios|android) )",
    re.IGNORECASE,
)
QUOTE_MARK = re.compile(r"\s{0,3}(?:>|\|\s?>)")
SIGNATURE_DASHES = re.compile(r"--\s?")
RULE_LINE = re.compile(r"\s*[_-]{20,}\s*")


def is_quoted_header(lines: Sequence[str], position: int) -> bool:
    """Whether Outlook's header of a quoted mail begins here."""
    if not _FROM.match(lines[position]):
        return False
    found: set[str] = set()
    for line in lines[position + 1 : position + 9]:
        if match := _MORE.match(line):
            found |= {name for name, value in match.groupdict().items() if value}
    return len(found) >= 2
