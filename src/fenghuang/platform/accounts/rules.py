"""Rights as predicates over a person and a unit or department: `has_perm` or `may` in views, `require` in actions.

accounts.see_unit     (unit)  read what belongs to a unit
accounts.see_sensitive (unit) read taxes, contribution and revenue of its firms; None: of any unit
accounts.change       (unit)  change what belongs to a unit; None: what belongs to the whole city
accounts.import_data (department)  deliver its sheets and correct their rows; None: of some department
accounts.see_home             the cockpit of units; accounts.see_staff  any page of staff at all
accounts.see_worktop          the first page of a township: what waits for it
accounts.refresh              freeze, evaluate and settle anew
accounts.read_audit           read the event log
accounts.see_whatif           read scenarios of the whole city
accounts.make_whatif          save scenarios
accounts.manage_users         open and close accounts
accounts.confirm_township ((unit, township))  confirm what firms of the own township said
accounts.speak_for    (uscc)  say what a firm says of itself: its own accounts alone
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules
from django.core.exceptions import PermissionDenied

from fenghuang.platform.accounts.models import Role, Unit, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@rules.predicate
def is_active(user: User) -> bool:
    return bool(user.is_authenticated and user.is_active)


def has_role(*roles: str) -> rules.Predicate:
    """Whether the person holds one of the roles."""

    def check(user: User) -> bool:
        return getattr(user, "role", None) in roles

    return rules.Predicate(check, name="role:" + "|".join(roles))


@rules.predicate
def is_own_unit(user: User, unit: Unit | str | None) -> bool:
    code = unit.pk if isinstance(unit, Unit) else unit
    return code is not None and user.unit_id == code


@rules.predicate
def is_own_department(user: User, department: str | None) -> bool:
    """A department by its name, as templates and deliveries have it; None asks whether there is one at all."""
    return user.agency is not None and department in (None, user.agency.name)


@rules.predicate
def is_own_township(user: User, place: tuple[str, str] | None) -> bool:
    """A township as (unit code, name); an official of a township has both."""
    return place is not None and user.township is not None and (user.unit_id, user.township.name) == place


@rules.predicate
def is_own_firm(user: User, uscc: str | None) -> bool:
    return bool(uscc) and user.uscc == uscc


may_see_unit = is_active & (
    has_role(Role.CITY, Role.AUDITOR, Role.OPERATOR, Role.CLERK) | (~has_role(Role.FIRM) & is_own_unit)
)
may_see_sensitive = is_active & (has_role(Role.CITY, Role.AUDITOR) | (has_role(Role.COUNTY) & is_own_unit))
may_change = is_active & (has_role(Role.CITY) | (has_role(Role.COUNTY) & is_own_unit))
may_import = is_active & (has_role(Role.CITY, Role.OPERATOR) | (has_role(Role.CLERK) & is_own_department))
may_refresh = is_active & has_role(Role.CITY, Role.OPERATOR)
may_read_audit = is_active & has_role(Role.CITY, Role.AUDITOR, Role.OPERATOR)
may_see_whatif = is_active & has_role(Role.CITY, Role.AUDITOR, Role.OPERATOR)
may_make_whatif = is_active & has_role(Role.CITY)
may_see_staff = is_active & ~has_role(Role.FIRM)
may_see_home = may_see_staff & ~has_role(Role.TOWNSHIP)
may_see_worktop = is_active & has_role(Role.TOWNSHIP)
may_manage_users = is_active & has_role(Role.OPERATOR)
may_confirm_township = is_active & has_role(Role.TOWNSHIP) & is_own_township
may_speak_for = is_active & has_role(Role.FIRM) & is_own_firm

PERMISSIONS = {
    "accounts.see_unit": may_see_unit,
    "accounts.see_sensitive": may_see_sensitive,
    "accounts.change": may_change,
    "accounts.import_data": may_import,
    "accounts.refresh": may_refresh,
    "accounts.read_audit": may_read_audit,
    "accounts.see_whatif": may_see_whatif,
    "accounts.make_whatif": may_make_whatif,
    "accounts.see_staff": may_see_staff,
    "accounts.see_worktop": may_see_worktop,
    "accounts.see_home": may_see_home,
    "accounts.manage_users": may_manage_users,
    "accounts.confirm_township": may_confirm_township,
    "accounts.speak_for": may_speak_for,
}
for _name, _predicate in PERMISSIONS.items():
    rules.set_perm(_name, _predicate)  # type: ignore[no-untyped-call]


def may(user: User | AnonymousUser, permission: str, subject: object = None) -> bool:
    """What `user.has_perm` says, without its look into Django's groups, which we do not use: two queries a page."""
    return bool(PERMISSIONS[permission].test(user, subject)) or (user.is_active and user.is_superuser)


def require(user: User | AnonymousUser | None, permission: str, subject: object = None) -> None:
    """Raise PermissionDenied unless the person may. None is the system itself (the command line, a nightly task)."""
    if user is None:
        return
    if not PERMISSIONS[permission].test(user, subject):
        raise PermissionDenied(permission)
