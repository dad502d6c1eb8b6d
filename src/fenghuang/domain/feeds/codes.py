"""统一社会信用代码 (GB 32100-2015): check digit, what is wrong with a code, and what it might have been.

A proposal is only ever shown to people: two firms differ by one character more often than one would like.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
LOOKALIKE = str.maketrans({"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U"})
LENGTH = 18
MOST = 5  # proposals that a person still reads


def check_digit(body: str) -> str:
    """The 18th character for the first 17."""
    total = sum(VALUE[letter] * weight for letter, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


@lru_cache(maxsize=200_000)
def is_valid(code: str) -> bool:
    """18 characters of the alphabet, the region in digits, and the right check digit."""
    return (
        len(code) == LENGTH
        and code[2:8].isascii()
        and code[2:8].isdigit()
        and all(letter in VALUE for letter in code)
        and code[17] == check_digit(code[:17])
    )


def fault(code: str) -> tuple[str, str]:
    """The kind of fault of an invalid code, and what is expected, for people."""
    if code.isdigit() and len(code) == 15:
        return "fifteen_digits", "18 位统一社会信用代码"
    if len(code) != LENGTH:
        return (
            "seventeen_characters" if len(code) == LENGTH - 1 else "wrong_length"
        ), f"18 位统一社会信用代码（现为 {len(code)} 位）"
    if letters := sorted({letter for letter in code if letter not in VALUE}):
        return "letter_for_digit", f"数字和 I、O、S、V、Z 以外的大写字母（现有“{'、'.join(letters)}”）"
    if code.isdigit() and code.endswith("000"):
        return "wrong_check_digit", "完整的 18 位代码（可能以数字形式存放而丢失了末几位，请改为文本格式）"
    return "wrong_check_digit", "与前 17 位相符的末位（GB 32100-2015）"


@lru_cache(maxsize=10_000)  # asked again for what the row withholds, and when the plan is made again
def repairs(code: str) -> tuple[str, ...]:
    """Valid codes at the distance of one usual slip: lookalike letters, a lost, wrong or doubled character, a swap."""
    found: dict[str, None] = {}

    def consider(candidate: str) -> None:
        if candidate != code and is_valid_uncached(candidate):
            found.setdefault(candidate)

    code = code.upper()
    consider(code.translate(LOOKALIKE))
    if len(code) == LENGTH - 1:
        for place in range(LENGTH):
            for letter in ALPHABET:
                consider(code[:place] + letter + code[place:])
    elif len(code) == LENGTH + 1:
        for place in range(LENGTH + 1):
            consider(code[:place] + code[place + 1 :])
    elif len(code) == LENGTH:
        for place in range(LENGTH - 1):
            consider(code[:place] + code[place + 1] + code[place] + code[place + 2 :])
        for place in range(LENGTH):
            for letter in ALPHABET:
                consider(code[:place] + letter + code[place + 1 :])
    return tuple(found)


is_valid_uncached = is_valid.__wrapped__


def proposals(code: str, known: Collection[str]) -> list[str]:
    """What an invalid code might have been: firms that we know first; without one, the lookalike reading alone."""
    candidates = repairs(code)
    if firms := [candidate for candidate in candidates if candidate in known]:
        return firms[:MOST]
    lookalike = code.translate(LOOKALIKE)
    return [lookalike] if lookalike in candidates else []
