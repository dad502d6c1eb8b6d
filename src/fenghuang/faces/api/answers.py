"""How the API writes: JSON with 中文 as it is, and problem details (RFC 9457) where something is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

MOST_ERRORS = 50  # of one answer; how many more there are is said
STATUSES = {
    "parameter": (400, "地址中的参数无法使用"),
    "json": (400, "请求正文不是可用的 JSON"),
    "no-rule": (404, "没有这条规则"),
    "no-policy": (404, "没有这份政策"),
    "no-clause": (404, "没有这个条款"),
    "no-page": (404, "没有这个接口"),
    "method": (405, "这个地址不接受这种请求方法"),
    "too-large": (413, "请求过大"),
    "media-type": (415, "请求正文的类型不受支持"),
    "input": (422, "数据无法使用，没有计算"),
    "rate": (429, "请求过于频繁"),
    "fault": (500, "系统出错"),
}
Error = Mapping[str, Any]


@dataclass
class Problem(Exception):
    """What is wrong with a question; `kind` is one of STATUSES, `errors` has one entry a fault."""

    kind: str
    detail: str
    errors: Sequence[Error] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, path: str) -> HttpResponse:
        """application/problem+json; `type` leads to the paragraph of the documentation that explains it."""
        status, title = STATUSES[self.kind]
        told = {
            "type": f"{reverse('api:docs')}#{self.kind}",
            "title": title,
            "status": status,
            "detail": self.detail,
            "instance": path,
        }
        if self.errors:
            told["errors"] = self.errors[:MOST_ERRORS]
        if len(self.errors) > MOST_ERRORS:
            told["more_errors"] = len(self.errors) - MOST_ERRORS
        response = HttpResponse(written(told), status=status, content_type="application/problem+json")
        for name, value in self.headers.items():
            response[name] = value
        return response


def answer(data: Any) -> HttpResponse:
    """200 with JSON."""
    return HttpResponse(written(data), content_type="application/json")


def array(parts: Iterable[Any]) -> HttpResponse:
    """200 with a JSON array."""
    return HttpResponse(b"[" + b",".join(map(written, parts)) + b"]", content_type="application/json")


def written(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).encode()
