"""What the facts show of a case, for a person: figures of taxes and revenue are masked for who may not read them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

from fenghuang.domain.feeds.sensitive import FIELDS, PARTS, hidden_from
from fenghuang.language.record import MASK

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import Unit, User

SENSITIVE = frozenset(FIELDS) | {name for name, parts in PARTS.items() if parts}
FIGURE = re.compile(r"(?<![\d,.])\d[\d,.]*(?![\d,.])(?! ?年)")  # any number but a year


def told(sentence: str, facts: Mapping[str, Any], user: User | None, unit: Unit | str | None) -> str:
    """The sentence as the person may read it; None is the system itself."""
    hidden = hidden_from(user, unit) if user else frozenset[str]()
    return without_figures(sentence) if set(named(facts)) & hidden else sentence


def told_to_all(sentence: str, facts: Mapping[str, Any]) -> str:
    """The sentence where nobody knows who will read it: what many are refused is told in the log of a job."""
    return without_figures(sentence) if set(named(facts)) & SENSITIVE else sentence


def without_figures(sentence: str) -> str:
    return FIGURE.sub(MASK, sentence)


def named(facts: Any) -> Iterator[str]:
    """The names of facts at any depth: keys, and what `fact` names."""
    if isinstance(facts, Mapping):
        for key, value in facts.items():
            yield str(value if key == "fact" else key)
            yield from named(value)
    elif isinstance(facts, list | tuple):
        for one in facts:
            yield from named(one)


def fingerprint(facts: Mapping[str, Any]) -> str:
    """SHA-256 of facts that a row keeps for good: an event names them by it, and tells no figure; "" for none."""
    if not facts:
        return ""
    text = json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
