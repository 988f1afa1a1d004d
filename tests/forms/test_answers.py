"""XML to JSON: whatever a form asks and a person answers, nothing is lost and nothing is invented."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.collect.forms.answers import Types, binary_names, read_envelope, to_json

TYPES = Types(
    {
        "fields": [
            {"path": path, "type": kind}
            for path, kind in {
                "t": "string", "n": "int", "d": "decimal", "m": "select_multiple", "p": "binary", "g": "group",
                "g/t": "string", "r": "repeat", "r/n": "int", "r/s": "repeat", "r/s/t": "string",
            }.items()
        ]
    }
)  # fmt: skip

# What XML can hold, and what a question can: an answer of blanks only is an empty one.
text = st.text(
    st.characters(min_codepoint=32, max_codepoint=0xFFFD, exclude_categories=("Cs", "Cn")), min_size=1
).filter(lambda t: t.strip() and "\x7f" not in t and not any(0x80 <= ord(c) < 0xA0 for c in t))
number = st.integers(-(10**12), 10**12)
code = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
answers = st.fixed_dictionaries(
    {},
    optional={
        "t": text,
        "n": number,
        "d": st.floats(allow_nan=False, allow_infinity=False, width=32),
        "m": st.lists(code, min_size=1, max_size=4),
        "p": st.from_regex(r"[a-z0-9]{1,10}\.jpg", fullmatch=True),
        "g": st.fixed_dictionaries({}, optional={"t": text}),
        "r": st.lists(
            st.fixed_dictionaries({}, optional={"n": number, "s": st.lists(st.fixed_dictionaries({"t": text}), min_size=1, max_size=3)}),
            min_size=1, max_size=4,
        ),
    },
)  # fmt: skip


def xml(value: Any, name: str) -> str:
    if isinstance(value, dict):
        return f"<{name}>{''.join(xml(v, k) for k, v in value.items())}</{name}>"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "".join(xml(v, name) for v in value)
    said = " ".join(value) if isinstance(value, list) else str(value)
    return f"<{name}>{escape(said)}</{name}>"


@settings(deadline=None)
@given(answers)
def test_every_answer_comes_back_as_it_was_given(given_: dict[str, Any]) -> None:
    body = "".join(xml(v, k) for k, v in given_.items())
    root = read_envelope(f'<data id="f" version="1">{body}</data>'.encode()).root
    found = to_json(root, TYPES)
    assert found == {k: v for k, v in given_.items() if k != "g" or v} | (
        {"g": {}} if given_.get("g") == {} and "g" in found else {}
    )
    assert binary_names(root, TYPES) == ([given_["p"]] if "p" in given_ else [])


@settings(deadline=None)
@given(text)
def test_a_value_of_another_type_than_declared_stays_a_text(said: str) -> None:
    root = read_envelope(f'<data id="f"><n>{escape(said)}</n></data>'.encode()).root
    found = to_json(root, TYPES)["n"]
    assert found == said.strip() or int(said) == found


def test_what_the_form_does_not_know_is_kept() -> None:
    root = read_envelope(b'<data id="f"><x>1</x><y><z>2</z></y><w>a</w><w>b</w></data>').root
    assert to_json(root, TYPES) == {"x": "1", "y": {"z": "2"}, "w": ["a", "b"]}


def test_an_empty_answer_is_no_answer() -> None:
    root = read_envelope(b'<data id="f"><t/><n> </n><m></m><r><n/></r></data>').root
    assert to_json(root, TYPES) == {"r": [{}]}
