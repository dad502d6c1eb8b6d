"""统一社会信用代码: the check digit, what is wrong, and what is proposed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as reference

from fenghuang.domain.feeds import codes

bodies = st.tuples(
    st.sampled_from(["91", "92", "93", "12"]),
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.text(codes.ALPHABET, min_size=9, max_size=9),
).map("".join)


@given(bodies)
def test_check_digit_is_that_of_the_standard(body: str) -> None:
    code = body + codes.check_digit(body)
    assert codes.is_valid(code)
    assert reference.is_valid(code)


@given(st.text(codes.ALPHABET + "IOSVZ", min_size=16, max_size=19))
def test_agrees_with_the_reference_on_anything(code: str) -> None:
    if code[:8].isdigit():
        assert codes.is_valid(code) == reference.is_valid(code)


@given(bodies, st.integers(0, 17), st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_found_and_the_true_code_among_the_proposals(body: str, place: int, letter: str) -> None:
    true = body + codes.check_digit(body)
    wrong = true[:place] + letter + true[place + 1 :]
    if wrong != true:
        assert not codes.is_valid(wrong)
        assert true in codes.proposals(wrong, {true})


@given(bodies, st.integers(0, 17))
def test_a_lost_character_is_proposed_only_for_known_firms(body: str, place: int) -> None:
    true = body + codes.check_digit(body)
    short = true[:place] + true[place + 1 :]
    assert codes.proposals(short, {true}) == [true]
    assert codes.proposals(short, set()) == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("91331002MA2KXXXX0", "seventeen_characters"),
        ("331002123456789", "fifteen_digits"),
        ("91331O02MA28GAAA1X", "letter_for_digit"),
        ("91331002MA28GAAA11", "wrong_check_digit"),
        ("1234", "wrong_length"),
    ],
)
def test_kinds_of_faults(code: str, kind: str) -> None:
    assert codes.fault(code)[0] == kind
