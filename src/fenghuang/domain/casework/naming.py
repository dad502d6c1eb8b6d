"""Whom a person enters by hand: the subject as the form names it, and the firm behind a parcel, project or promise."""

from __future__ import annotations

from collections.abc import Mapping

from fenghuang.domain.casework.code import Found
from fenghuang.domain.registry.land_models import Milestone, Parcel
from fenghuang.domain.registry.models import Firm, Project
from fenghuang.domain.registry.queries import search_firms
from fenghuang.law.registers.declaration import SUBJECTS, Register
from fenghuang.platform.accounts.models import User
from fenghuang.platform.refusals import Refused

PROMISED = "commitment"  # a promise is somebody's; a parcel or a project may have nobody that is known


def named(user: User, register: Register, given: Mapping[str, str]) -> Found:
    """The subject that the form names; Refused says what is missing."""
    why = given.get("reason", "").strip()
    if register.subject == "firm":
        firm = _firm(user, given.get("subject", ""))
        if firm is None:
            raise Refused("请先查找并选择企业")
        return Found(firm.uscc, firm.name, firm, firm.unit_id or "", firm.township, why)
    code, title = given.get("subject", "").strip()[:60], given.get("title", "").strip()[:200]
    if not code or not title:
        raise Refused(f"请填写{SUBJECTS[register.subject]}的代码和名称")
    unit = user.units().filter(pk=given.get("unit", "")).first()
    if unit is None:
        raise Refused("请选择所在县（市、区）")
    firm = _behind(user, register, code, given.get("uscc", "").strip())
    township = user.township.name if user.township else given.get("township", "").strip()[:60]
    return Found(code, title, firm, unit.pk, township or (firm.township if firm else ""), why)


def _behind(user: User, register: Register, code: str, uscc: str) -> Firm | None:
    """The firm that was filled in; else the one that the registry knows for the code."""
    if uscc:
        firm = _firm(user, uscc)
        if firm is None:
            raise Refused(f"企业库中没有统一社会信用代码为“{uscc[:40]}”的企业，或不在您的范围内")
        return firm
    if register.subject == PROMISED:
        raise Refused("请填写作出承诺的企业的统一社会信用代码")
    return _known(register.subject, code)


def _known(subject: str, code: str) -> Firm | None:
    """The holder of a parcel by the latest land list; whose a project is by the latest delivery of it."""
    one: Parcel | Project | Milestone | None = None
    if subject == "parcel":
        one = Parcel.objects.current().filter(counts=True, reference=code).order_by("-year").first()
    elif subject == "project":
        one = Project.objects.current().filter(code=code).order_by("-year").first()
        one = one or Milestone.objects.current().filter(counts=True, code=code).order_by("-year").first()
    return one.firm if one else None


def _firm(user: User, uscc: str) -> Firm | None:
    uscc = uscc.replace("\0", "")[:18].upper()
    return search_firms(user, uscc).filter(uscc=uscc).first() if uscc else None
