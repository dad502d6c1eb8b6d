"""The password of the tests' people, and a session for one of them."""

from typing import Any

PASSWORD = "Geheimnis-der-Pruefung-7"


def session_of(user: Any) -> str:
    """The key of a session of this user, as a browser keeps it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
