"""FRM-6: what is found, however it is written, and what is left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import DomainError
from apps.masking.check_digits import is_iban, is_luhn
from apps.masking.choices import BAR, MaskingMethod, RuleKind, Speaker
from apps.masking.custom_patterns import (
    MOST_PROGRAM,
    WINDOW,
    check_custom_pattern,
    compile_pattern,
    find_custom_pattern,
)
from apps.masking.engine import FINDS, ActiveRule, Ruleset
from apps.masking.normalization import NormalizedText
from tests.masking.numbers import FALSE, TRUE

EVERY = [(kind, each) for kind, numbers in TRUE.items() for each in numbers]
NONE = [(kind, each) for kind, numbers in FALSE.items() for each in numbers]


def rule(kind: str, method: str = MaskingMethod.REDACT, **more) -> ActiveRule:
    return ActiveRule(kind=kind, method=method, who=Speaker.BOTH, **more)


def own(pattern: str, method: str = MaskingMethod.REDACT, **more) -> ActiveRule:
    return rule(RuleKind.OWN, method, pattern=pattern, told_as="customer number", **more)


def names(pairs: list[tuple[str, str]]) -> list[str]:
    return [f"{kind}-{place}" for place, (kind, _each) in enumerate(pairs)]


AROUND = (("", ""), ("It is ", "."), ("(", ")"), ("no. ", " and thanks\n"), ("\u2192", "\u2190"), ("é: ", "!"))


@pytest.mark.parametrize(("kind", "number"), EVERY, ids=names(EVERY))
def test_frm_6_a_number_is_found_whatever_it_stands_between(kind: str, number: str) -> None:
    ruleset = Ruleset([rule(kind)])
    prefix = "IBAN" if number.startswith("IBANDE") else ""
    for before, after in (
        ("", ""),
        ("It is ", "."),
        ("(", ")"),
        ("no. ", " and thanks\n"),
        ("\u2192", "\u2190"),
        ("é: ", "!"),
    ):
        masked = ruleset.apply(before + number + after)
        assert masked.text == before + prefix + BAR + after
        assert masked.removed == (kind,)


@pytest.mark.parametrize(("kind", "text"), NONE, ids=names(NONE))
def test_frm_6_what_is_none_stays(kind: str, text: str) -> None:
    assert Ruleset([rule(kind)]).apply(f"See {text}.").text == f"See {text}."


def test_every_kind_has_a_finder_and_examples() -> None:
    assert set(FINDS) == set(TRUE) == set(FALSE) == set(RuleKind) - {RuleKind.OWN}


@pytest.mark.parametrize(
    ("keep", "found", "shown"),
    [
        (4, "4111 1111 1111 1111", "•••• •••• •••• 1111"),
        (0, "4111-1111-1111-1111", "••••-••••-••••-••••"),
        (4, "4\u200b111111111111111", "••••••••••••1111"),
        (4, "3782 822463 10005", "•••• •••••• •0005"),
    ],
)
def test_frm_6_signs_stand_for_all_but_the_last(keep: int, found: str, shown: str) -> None:
    assert Ruleset([rule(RuleKind.CARD, MaskingMethod.MASK, keep_last=keep)]).apply(found).text == shown


def test_frm_6_of_what_is_short_at_least_half_is_masked() -> None:
    assert Ruleset([own("pin [0-9]{4}", MaskingMethod.MASK, keep_last=4)]).apply("pin 1234").text == "••• •234"
    assert Ruleset([own("[0-9]{4}", MaskingMethod.MASK, keep_last=4)]).apply("1234").text == "••34"


def test_frm_6_a_text_stands_in_its_place_and_each_kind_is_told_once() -> None:
    cards = rule(RuleKind.CARD, MaskingMethod.REPLACE, replacement="[card]")
    numbers = own(r"\bKD-[0-9]{6}\b", MaskingMethod.REPLACE, replacement="[customer]")
    masked = Ruleset([cards, numbers]).apply(
        "KD-123456: 4111 1111 1111 1111, 5555 5555 5555 4444; KD\u2013\uff16\uff15\uff14321"
    )
    assert masked.text == "[customer]: [card], [card]; [customer]"
    assert masked.removed == ("card", "own:customer number")


def test_frm_6_two_cards_side_by_side() -> None:
    masked = Ruleset([rule(RuleKind.CARD, MaskingMethod.MASK, keep_last=4)]).apply(
        "4111 1111 1111 1111 5555 5555 5555 4444"
    )
    assert masked.text == "•••• •••• •••• 1111 •••• •••• •••• 4444"


def test_frm_6_what_stays_of_one_number_makes_no_other() -> None:
    # The last four that stay, and what follows them, pass for a card themselves.
    text = "4111 1111 1111 4242 4242 4242 4242"
    masked = Ruleset([rule(RuleKind.CARD, MaskingMethod.MASK, keep_last=4)]).apply(text)
    assert not list(FINDS[RuleKind.CARD](NormalizedText(masked.text)))


def test_frm_6_a_replacement_that_never_ends_is_cut_short() -> None:
    assert (
        Ruleset([rule(RuleKind.CARD, MaskingMethod.REPLACE, replacement="4111111111111111")])
        .apply("5555555555554444")
        .text
        == BAR
    )


def test_frm_6_a_number_over_several_pieces_leaves_all_of_them() -> None:
    pieces = ["Card 41", "11 11", "", "11 1111 1", "111, thanks"]
    found, removed = Ruleset([rule(RuleKind.CARD)]).apply_to(pieces)
    assert found == [f"Card {BAR}", "", "", "", ", thanks"]
    assert removed == ("card",)


# --- Any number, in any formatting


def with_luhn(digits: str) -> str:
    return next(digits + check for check in "0123456789" if is_luhn(digits + check))


CARDS = st.one_of(
    st.from_regex(r"4[0-9]{14}", fullmatch=True),
    st.from_regex(r"5[1-5][0-9]{13}", fullmatch=True),
    st.from_regex(r"3[47][0-9]{12}", fullmatch=True),
    st.from_regex(r"6011[0-9]{11}", fullmatch=True),
    st.from_regex(r"62[0-9]{13}", fullmatch=True),
).map(with_luhn)
ZEROS = [0x30, 0xFF10, 0x660, 0x6F0, 0x966, 0x1D7CE]
UNSEEN = ["", "", "", "\u200b", "\u00ad", "\u2060", "\ufe0f"]
GAPS = ["", " ", "-", ".", "/", "_", "\u00a0", "\u2013", "\u3000", " - ", ":", "|", ","]


@st.composite
def formatted(draw, numbers) -> str:
    """A number in any groups with one gap, in any script, with what can't be seen between its signs."""
    number, gap, zero = draw(numbers), draw(st.sampled_from(GAPS)), draw(st.sampled_from(ZEROS))
    cuts = set(draw(st.lists(st.integers(1, len(number) - 1), max_size=len(number))))
    signs = [chr(zero + int(each)) if each.isdigit() else each for each in number]
    return "".join(
        (gap if place in cuts else "") + (draw(st.sampled_from(UNSEEN)) if place else "") + sign
        for place, sign in enumerate(signs)
    )


@pytest.mark.slow
@given(
    formatted(CARDS), st.sampled_from(["", "Card: ", "x", "my card is ", "\n"]), st.sampled_from(["", ".", " ok", "\n"])
)
def test_frm_6_no_card_survives_in_any_formatting(number: str, before: str, after: str) -> None:
    masked = Ruleset([rule(RuleKind.CARD, MaskingMethod.MASK, keep_last=4)]).apply(before + number + after)
    assert masked.removed == ("card",)
    left = [sign for sign in NormalizedText(masked.text).signs if sign.isdigit()]
    assert len(left) == 4


def with_check(bban: str) -> str:
    return next(f"DE{check:02d}{bban}" for check in range(2, 99) if is_iban(f"DE{check:02d}{bban}"))


@given(formatted(st.from_regex(r"[0-9]{18}", fullmatch=True).map(with_check)))
def test_frm_6_no_iban_survives_in_any_formatting(number: str) -> None:
    assert Ruleset([rule(RuleKind.IBAN)]).apply(f"to {number}!").text == f"to {BAR}!"


@given(st.text(alphabet="0123456789 -4\n.", max_size=120))
def test_frm_6_nothing_that_passes_is_left_of_any_digits(text: str) -> None:
    ruleset = Ruleset([rule(kind, MaskingMethod.MASK, keep_last=4) for kind in FINDS])
    masked = ruleset.apply(text)
    assert [kind for kind, find in FINDS.items() if list(find(NormalizedText(masked.text)))] == []
    assert masked.removed or masked.text == text


@given(st.text(max_size=200))
def test_frm_6_any_text_is_taken_and_one_without_numbers_stays(text: str) -> None:
    masked = Ruleset([rule(kind) for kind in FINDS]).apply(text)
    assert masked.text == text or masked.removed


# --- Patterns of one's own


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("(", "pattern_wrong"),
        ("[0-9", "pattern_wrong"),
        (r"(a)\1", "pattern_wrong"),
        ("(?=a)", "pattern_wrong"),
        ("a*", "pattern_empty"),
        ("", "pattern_empty"),
        (r"\w{1,900}x{900}", "pattern_too_large"),
    ],
)
def test_frm_6_a_pattern_that_can_not_be_used_is_refused(pattern: str, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        check_custom_pattern(pattern)
    assert refused.value.code == code


EVIL = ["(a+)+$", "(a|aa)+$", "(x+x+)+y", "(.*a){12}$", r"^(\w+\s?)*$", r"([ab]*)a[ab]{20}", r"(a?){80}a{80}"]


@pytest.mark.parametrize("pattern", EVIL)
def test_frm_6_no_pattern_hangs_on_any_text(pattern: str) -> None:
    """In an engine that backtracks, each of these takes longer than the universe has been there."""
    compiled = compile_pattern(pattern)
    assert compiled.programsize <= MOST_PROGRAM
    for text in ("a" * 10_000 + "!", "x" * 10_000, "ab" * 5_000 + "!", "word " * 2_000 + "!"):
        list(find_custom_pattern(pattern, text))


def test_frm_6_a_match_at_the_seam_of_two_windows_is_found_once() -> None:
    text = ("x" * (WINDOW - 1030)) + " KD-123456 " + ("y" * WINDOW) + " KD-654321"
    spans = list(find_custom_pattern(r"KD-[0-9]{6}", text))
    assert [text[start:end] for start, end in spans] == ["KD-123456", "KD-654321"]


@given(st.integers(WINDOW - 1100, WINDOW + 100))
def test_frm_6_wherever_it_stands_in_a_long_text(place: int) -> None:
    text = "-" * place + "KD123456" + "-" * WINDOW
    assert list(find_custom_pattern(r"KD[0-9]{6}", text)) == [(place, place + 8)]


def test_frm_6_what_takes_too_long_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr(time, "thread_time", lambda: float(next(clock)))
    with pytest.raises(DomainError) as refused:
        Ruleset([rule(RuleKind.CARD)]).apply("4111 1111 1111 1111")
    assert refused.value.code == "masking_too_long"
