"""What every answer promises the browser, how much may be uploaded, and that no secret lies in the repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from addresses import fill, people, places, routes
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "connect-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}


@pytest.mark.django_db
def test_every_answer_carries_the_headers(request, small_city) -> None:
    who = people(request)
    given = places(who["county"])
    addresses = [fill(route, given) for route in routes()]
    for role in ("anonymous", "city", "county", "operator"):
        for address in [*addresses, "/nowhere/", "/firms/91330000000000000X/"]:
            client = Client(raise_request_exception=False)
            if who[role] is not None:
                client.force_login(who[role], backend="django.contrib.auth.backends.ModelBackend")
            check(client.get(address), f"{role} {address}")
    elsewhere = Client(raise_request_exception=False).get("/", HTTP_HOST="elsewhere.example")
    assert elsewhere.status_code == 400
    assert "请求无法处理" in elsewhere.content.decode()


def check(answer: object, where: str) -> None:
    headers = answer.headers  # type: ignore[attr-defined]
    assert {name: headers.get(name) for name in HEADERS} == HEADERS, where
    rules = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split(";")}
    assert {name: rules[name] for name in POLICY} == POLICY, where
    assert "unsafe-eval" not in headers["Content-Security-Policy"], where
    assert "unsafe-inline" not in str({name: rules[name] for name in rules if name != "style-src-attr"}), where
    if headers["Content-Type"].startswith("text/html"):
        assert "no-store" in headers["Cache-Control"], where
        text = answer.content.decode()  # type: ignore[attr-defined]
        assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", text), where
        assert not re.findall(r"<[a-z][^>]*\son[a-z]+=", text), where
        assert not re.findall(r"javascript:", text), where


def settings_with(**environment: str) -> list[str]:
    """Cookie and transport settings as another process reads them."""
    names = (
        "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT SESSION_COOKIE_HTTPONLY SECURE_HSTS_SECONDS "
        "SESSION_COOKIE_SAMESITE SESSION_EXPIRE_AT_BROWSER_CLOSE DEBUG"
    )
    code = f"from fenghuang.config import settings as s; print(*[getattr(s, n) for n in '{names}'.split()])"
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FENGHUANG_") or k == "FENGHUANG_HOME"}
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, env={**kept, **environment}, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_cookies_behind_tls(tmp_path: Path) -> None:
    plain = settings_with(FENGHUANG_HOME=str(tmp_path))
    secure = settings_with(FENGHUANG_HOME=str(tmp_path), FENGHUANG_HTTPS="1", FENGHUANG_HOSTS="fh.example")
    assert plain == ["False", "False", "False", "True", "0", "Lax", "True", "False"]
    assert secure == ["True", "True", "True", "True", "31536000", "Lax", "True", "False"]


def test_the_secret_key_is_made_here_and_readable_by_us_alone(tmp_path: Path) -> None:
    settings_with(FENGHUANG_HOME=str(tmp_path))
    key = tmp_path / "secret_key"
    assert len(key.read_text()) > 60
    assert key.stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_uploads_have_limits(as_user, city, monkeypatch) -> None:
    client = as_user(city)

    def send(*files: SimpleUploadedFile) -> tuple[int, str]:
        answer = client.post("/data/upload", {"files": list(files)})
        return answer.status_code, answer.content.decode()

    def file(name: str, size: int = 10) -> SimpleUploadedFile:
        return SimpleUploadedFile(name, b"x" * size)

    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE <= 10 * 2**20
    assert settings.UPLOAD_MAX_BYTES < 200 * 2**20
    monkeypatch.setattr(settings, "UPLOAD_MAX_BYTES", 100)
    assert send(file("大.xlsx", 101))[1].count("超过") == 1
    assert "不是 XLSX 或 CSV" in send(file("坏.exe"))[1]
    assert "一次最多上传" in send(*(file(f"{i}.xlsx") for i in range(31)))[1]
    status, text = send(*(file(f"{i}.xlsx") for i in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)))
    assert status == 400
    assert "请求无法处理" in text


SECRETS = [
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"\bAKIA[0-9A-Z]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{30,}",
    r"\bxox[bp]-[A-Za-z0-9-]{20,}",
    r"\b(?:sk|pk)-[A-Za-z0-9]{32,}",
    r"(?i)postgres(?:ql)?://[^\s:/]+:(?!密码|PASSWORD|\$)[^\s@/]{4,}@",
    r"(?i)\b(?:secret_key|api_key|token|password)\s*[:=]\s*[\"'][^\"'\s]{12,}[\"']",
]
KNOWN = {  # path: what stands there on purpose
    "src/fenghuang/platform/accounts/actions.py": "DEMO_PASSWORD",  # enters only where FENGHUANG_DEMO=1
    "tests/people.py": "PASSWORD",  # of people that live as long as a test
}


def test_no_secrets_in_the_repository() -> None:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    found = []
    for name in filter(None, done.stdout.decode().split("\0")):
        path = ROOT / name
        if not path.is_file() or path.suffix in {".png", ".woff2"}:
            continue
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            known = KNOWN.get(name)
            if any(re.search(secret, line) for secret in SECRETS) and not (known and line.startswith(known)):
                found.append(f"{name}: {line.strip()[:80]}")
    assert not found
    assert not [name for name in done.stdout.decode().split("\0") if re.search(r"sqlite3|secret_key$|\.env$", name)]
