"""What a run over many asks the database again and again is asked once: inside `remembering()` the answers are kept.

A function with `@remembered` is then asked once for the same arguments; outside it always looks anew. It is for what
does not change with the run itself (limits the city set, who works in an agency), never for what the run locks.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """One run: it ends with what it kept, however it ends."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def remembered(function: F) -> F:
    """The function, asked once for the same (hashable, positional) arguments while a run remembers."""

    @wraps(function)
    def ask(*args: Hashable) -> Any:
        answers = _answers.get()
        if answers is None:
            return function(*args)
        key = (function, *args)
        if key not in answers:
            answers[key] = function(*args)
        return answers[key]

    return ask  # type: ignore[return-value]
