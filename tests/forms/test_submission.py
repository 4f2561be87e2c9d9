"""Every kind of field: what it takes, what it refuses, when it is seen at all (FRM-1). No database."""

from typing import Any

import pytest

from apps.forms.choices import Kind
from apps.forms.definition import Field, FormDefinition, Rule, definition_problems, field_names, pattern_matches
from apps.forms.redaction import fields_to_decrypt, mask_value, redacted_fields
from apps.forms.submission import check_submission, field_entries, value_text
from tests.support.forms import given


def one(kind: str, **fields: Any) -> FormDefinition:
    return FormDefinition(title="T", fields=(Field(name="it", kind=kind, label="It", **fields),))


def kept(definition: FormDefinition, *texts: str, **more: Any) -> Any:
    """What is kept of the only field, or the sentence that it is refused with."""
    found = check_submission(definition, given(**({"it": list(texts)} if texts else {}), **more))
    return found.errors.get("it") or found.values.get("it", "")


COLOURS = ("Red", "Green", "Blue")
GOOD = [
    ("text", {}, "  Ana\x00 Ruiz ", "Ana Ruiz"),
    ("text", {"pattern": "[A-Z]{2}[0-9]+"}, "AB12", "AB12"),
    ("area", {}, "one\r\ntwo", "one\ntwo"),
    ("number", {"least": "-1.5", "most": "10"}, "-1.5", "-1.5"),
    ("number", {}, "3,5", "3,5"),
    ("radio", {"options": COLOURS}, "Green", "Green"),
    ("dropdown", {"options": COLOURS}, "Blue", "Blue"),
    ("toggle", {}, "yes", "yes"),
    ("date", {"least": "2026-01-01"}, "2026-01-01", "2026-01-01"),
    ("datetime", {}, "2026-01-01T09:30", "2026-01-01T09:30"),
    ("phone", {}, "+34 600 123 456", "+34600123456"),
    ("email", {}, "Ana@Example.com", "ana@example.com"),
    ("url", {}, "example.com/a?b", "https://example.com/a?b"),
    ("range", {"least": "0", "most": "10"}, "7", "7"),
    ("password", {}, "s3cret", "s3cret"),
]
BAD = [
    ("text", {"least": "3"}, "ab", "At least 3 characters, please."),
    ("text", {"most": "3"}, "abcd", "At most 3 characters, please."),
    ("text", {}, "x" * 301, "At most 300 characters, please."),
    ("text", {"pattern": "[0-9]+", "pattern_says": "Digits alone."}, "12a", "Digits alone."),
    ("area", {}, "x" * 5001, "At most 5000 characters, please."),
    ("number", {}, "many", "Please enter a number."),
    ("number", {}, "NaN", "Please enter a number."),
    ("number", {"least": "2"}, "1.9", "2 or more, please."),
    ("range", {"least": "0", "most": "10"}, "11", "10 or less, please."),
    ("radio", {"options": COLOURS}, "Pink", "Please choose among what there is."),
    ("date", {}, "tomorrow", "Please enter a date."),
    ("date", {"most": "2026-12-31"}, "2027-01-01", "Not after 31 December 2026, please."),
    ("datetime", {}, "2026-13-01T10:00", "Please enter a date and a time."),
    ("phone", {}, "12", "Start with + and the country, such as +34 600 123 456."),
    ("email", {}, "ana", "Enter a whole email address, such as ana@example.com."),
    ("url", {}, "javascript:alert(1)", "Please enter a whole address, such as https://example.com."),
    ("url", {}, "ftp://example.com", "Please enter a whole address, such as https://example.com."),
]


@pytest.mark.parametrize(("kind", "fields", "typed", "value"), GOOD)
def test_what_is_right_is_kept(kind: str, fields: dict[str, Any], typed: str, value: str) -> None:
    assert kept(one(kind, **fields), typed) == value


@pytest.mark.parametrize(("kind", "fields", "typed", "says"), BAD, ids=range(len(BAD)))
def test_what_is_wrong_is_said(kind: str, fields: dict[str, Any], typed: str, says: str) -> None:
    assert kept(one(kind, **fields), typed) == says


def test_any_of_several_come_in_the_forms_order() -> None:
    definition = one("checkbox", options=COLOURS)
    assert kept(definition, "Blue", "Red", "Blue") == ["Red", "Blue"]
    assert kept(definition, "Blue", "Pink") == "Please choose among what there is."
    assert value_text(definition.fields[0], ["Red", "Blue"]) == "Red, Blue"


def test_an_address_has_lines() -> None:
    definition = one("address", is_required=True)
    lines = {"it__street": "Calle Mayor 1", "it__postcode": "28013", "it__city": "Madrid", "it__country": "Spain"}
    assert kept(definition, **lines) == "Calle Mayor 1\n28013 Madrid\nSpain"
    assert kept(definition, **lines | {"it__street": ""}) == "Please give street and town at least."
    assert kept(definition) == "Please fill this in."


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in {Kind.HEADING, Kind.NOTE}])
def test_what_is_required_is_asked_for(kind: str) -> None:
    fields = {"options": COLOURS, "least": "0", "most": "9"}
    fields = {k: v for k, v in fields.items() if k == "options" or kind in {"number", "range"}}
    assert kept(one(kind, **fields, is_required=True)).startswith("Please")
    assert kept(one(kind, **fields)) == ("no" if kind == Kind.TOGGLE else "")


def test_a_field_that_is_not_seen_is_not_asked_for_and_keeps_nothing() -> None:
    """Rules of rules: what is hidden itself counts as empty."""
    definition = FormDefinition(
        title="T",
        fields=(
            Field(name="pet", kind="radio", label="Pet", options=("Dog", "None")),
            Field(name="name", kind="text", label="Name", is_required=True, shown_by=Rule("pet", "is", "Dog")),
            Field(name="age", kind="number", label="Age", is_required=True, shown_by=Rule("name", "filled")),
            Field(name="why", kind="text", label="Why", shown_by=Rule("pet", "is_not", "Dog")),
        ),
    )
    assert check_submission(definition, given(pet="None", name="Rex", age="3", why="Allergy")).values == {
        "pet": "None",
        "why": "Allergy",
    }
    assert check_submission(definition, given(pet="Dog", why="x")).errors == {"name": "Please fill this in."}
    assert check_submission(definition, given(pet="Dog", name="Rex", age="3")).values == {
        "pet": "Dog",
        "name": "Rex",
        "age": "3",
    }
    assert check_submission(definition, given()).values == {}


def test_a_pattern_that_others_never_come_to_the_end_of() -> None:
    assert pattern_matches("(a|aa)+", "a" * 20)
    assert not pattern_matches("(a|aa)+", "a" * 60 + "b")
    assert not pattern_matches("(a|aa)+", "A" * 20)


def test_names_are_made_of_labels() -> None:
    labels = [("", "Card number"), ("", "Card number"), ("card_number_3", "x"), ("", "2nd Ñandú"), ("", "日本")]
    assert field_names(labels) == ["card_number", "card_number_2", "card_number_3", "field_2nd_nandu", "field"]


def test_the_page_shows_what_was_typed_but_no_password() -> None:
    definition = FormDefinition(
        title="T",
        fields=(Field(name="a", kind="text", label="A"), Field(name="b", kind="password", label="B")),
    )
    entries = field_entries(definition, given(a="one", b="two"), {"b": "Wrong."})
    assert [(entry.text, entry.error) for entry in entries] == [("one", ""), ("", "Wrong.")]


# --- What keeps a form from being published


def wrong(*fields: Field, **of_spec: Any) -> list[str]:
    return [
        str(problem) for problem in definition_problems(FormDefinition(**{"title": "T", "fields": fields} | of_spec))
    ]


def text(name: str, **fields: Any) -> Field:
    return Field(**{"name": name, "kind": "text", "label": name.title()} | fields)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ([], "There is nothing to fill in yet: add a field."),
        ([text("a", kind="note")], "There is nothing to fill in yet: add a field."),
        ([text("a"), text("a")], "A: Another field is called “a”, too."),
        ([text("A")], "A: A name has small letters, digits and _, a letter first."),
        ([text("a", kind="radio")], "A: There is nothing to choose from: write one option on each line."),
        ([text("a", kind="radio", options=("x", "x"))], "A: An option is there twice."),
        ([text("a", least="x")], "A: “x” is no number."),
        ([text("a", kind="date", most="x")], "A: “x” is no date: write it as 2026-12-31, or today."),
        ([text("a", least="3", most="2")], "A: The least is more than the most."),
        ([text("a", kind="range", least="3")], "A: A slider needs a least and a most."),
        ([text("a", pattern="(")], "A: This is no regular expression: missing ): (."),
        ([text("a", secure="replace")], "A: Say which other text agents see."),
        ([text("a", secure="mask", mask="")], "A: A mask needs one character, and shows at most 6."),
        (
            [text("a", shown_by=Rule("b", "is", "1")), text("b")],
            "A: It depends on “b”, and no field above it is called so.",
        ),
        (
            [text("a", kind="radio", options=("x",)), text("b", shown_by=Rule("a", "is", "y"))],
            "B: “y” is no option of “A”.",
        ),
        (
            [text("a", secure="redact"), text("b", shown_by=Rule("a", "filled"))],
            "B: It depends on the secured “A”: secure it as well.",
        ),
    ],
    ids=range(16),
)
def test_a_form_that_can_not_be_is_refused(fields: list[Field], says: str) -> None:
    assert wrong(*fields) == [says]


def test_a_good_form_has_no_problems() -> None:
    assert wrong(text("a", secure="redact"), text("b", shown_by=Rule("a", "filled")), is_secured=True) == []
    assert wrong(text("a", kind="date", least="today")) == []


# --- What agents see


def test_frm_3_labels_show_and_secured_values_do_not() -> None:
    definition = FormDefinition(
        title="T",
        fields=(
            text("a"),
            text("b", secure="redact"),
            text("c", secure="replace", replacement="on file"),
            text("d", secure="mask", mask="#", keep=4),
            text("e", kind="heading", says="More"),
        ),
    )
    assert fields_to_decrypt(definition) == ["a", "d"]
    values = {"a": "Ana", "d": "4111 1111 1111 1234"}
    assert [(each.text, each.is_secured) for each in redacted_fields(definition, values)] == [
        ("Ana", False),
        ("••••••••", True),
        ("on file", True),
        ("###############1234", True),
        ("More", False),
    ]
    whole = FormDefinition(title="T", fields=definition.fields, is_secured=True)
    assert fields_to_decrypt(whole) == []
    assert [each.text for each in redacted_fields(whole, {})] == ["••••••••"] * 4 + ["More"]


@pytest.mark.parametrize(
    ("value", "keep", "shows"),
    [("123456789", 4, "*****6789"), ("12345678", 4, "********"), ("", 4, "••••••••"), ("x" * 90, 0, "*" * 24)],
)
def test_a_mask_never_shows_half_of_a_value(value: str, keep: int, shows: str) -> None:
    assert mask_value(value, "*", keep) == shows
