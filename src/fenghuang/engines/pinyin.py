"""Chinese words by their pinyin, for search."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=20_000)
def _syllable(character: str) -> str:
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(character)[0])


def pinyin(name: str) -> tuple[str, str]:
    """Initials and full pinyin ("椒江" -> "jj", "jiaojiang"). Character by character: enough for a search."""
    syllables = [_syllable(character).lower() for character in name if character.isalnum()]
    return "".join(syllable[:1] for syllable in syllables)[:100], "".join(syllables)[:600]
