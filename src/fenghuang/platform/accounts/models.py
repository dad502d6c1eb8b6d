"""People, and what they answer for: ten county-level units, their townships, the departments of the city."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models


class Unit(models.Model):
    """A county-level unit. Its code is the national one; 台州湾新区 has none and no polygon, its code is 'tzw'."""

    code = models.SlugField("代码", primary_key=True, max_length=12)
    name = models.CharField("名称", max_length=30, unique=True)
    order = models.PositiveSmallIntegerField("次序", unique=True)
    has_polygon = models.BooleanField("有行政区划图形", default=True)

    class Meta:
        ordering = ["order"]
        verbose_name = verbose_name_plural = "县级单位"

    def __str__(self) -> str:
        return self.name


class Township(models.Model):
    """A township or street of a unit, as the statistics office's directory names it; the national code where known."""

    unit = models.ForeignKey(Unit, verbose_name="县（市、区）", on_delete=models.PROTECT, related_name="townships")
    name = models.CharField("名称", max_length=60)
    code = models.CharField("代码", max_length=12, blank=True)

    class Meta:
        ordering = ["unit__order", "name"]
        verbose_name = verbose_name_plural = "乡镇（街道）"
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="township_once")]

    def __str__(self) -> str:
        return f"{self.unit}{self.name}"


class Department(models.Model):
    """An agency that answers for clauses of the document, or delivers sheets; the code is the pack's id of it."""

    code = models.SlugField("代码", primary_key=True, max_length=40)
    name = models.CharField("名称", max_length=60, unique=True)
    order = models.PositiveSmallIntegerField("次序", unique=True)

    class Meta:
        ordering = ["order"]
        verbose_name = verbose_name_plural = "部门"

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    CITY = "city_official", "市级专班"
    CLERK = "department_clerk", "部门经办"
    COUNTY = "county_official", "县级经办"
    TOWNSHIP = "township_official", "乡镇（街道）经办"
    AUDITOR = "auditor", "审计"
    OPERATOR = "operator", "运维"
    FIRM = "firm", "企业"


class Users(UserManager["User"]):
    """The manager's own name for `create_superuser` of the command line: such a user operates the system."""

    def create_superuser(self, username, email=None, password=None, **extra):  # type: ignore[no-untyped-def]
        return super().create_superuser(username, email, password, **{"role": Role.OPERATOR, **extra})


class User(AbstractUser):
    """Who acts. What a person may do follows from role, unit, township and agency (`rules.py`), not from groups.

    `department` says in free words where somebody works; `agency` is the department whose sheets a clerk answers for.
    """

    role = models.CharField("角色", max_length=20, choices=Role.choices, default=Role.COUNTY)
    unit = models.ForeignKey(Unit, verbose_name="单位", null=True, blank=True, on_delete=models.PROTECT)
    township = models.ForeignKey(Township, verbose_name="乡镇（街道）", null=True, blank=True, on_delete=models.PROTECT)
    agency = models.ForeignKey(Department, verbose_name="所属部门", null=True, blank=True, on_delete=models.PROTECT)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    display_name = models.CharField("姓名", max_length=60, blank=True)
    department = models.CharField("工作单位", max_length=60, blank=True)
    # The password of a demonstration account is public: it enters only where FENGHUANG_DEMO=1.
    is_demo = models.BooleanField("演示账号", default=False)

    # Whoever gave the password knows it: until the person has chosen another, only that page opens (middleware.py).
    must_change_password = models.BooleanField("须修改密码", default=False)

    objects: ClassVar[Users] = Users()  # type: ignore[assignment]

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role="county_official") | models.Q(unit__isnull=False),
                name="county_official_has_unit",
                violation_error_message="县级经办必须属于一个县级单位。",
            ),
            models.CheckConstraint(
                condition=(models.Q(role="township_official") & models.Q(township__isnull=False, unit__isnull=False))
                | (~models.Q(role="township_official") & models.Q(township__isnull=True)),
                name="township_official_has_township",
                violation_error_message="乡镇（街道）经办必须属于一个乡镇（街道），其他角色没有乡镇（街道）。",
            ),
            models.CheckConstraint(
                condition=(models.Q(role="department_clerk") & models.Q(agency__isnull=False))
                | (~models.Q(role="department_clerk") & models.Q(agency__isnull=True)),
                name="department_clerk_has_agency",
                violation_error_message="部门经办必须属于一个部门，其他角色没有部门。",
            ),
            models.CheckConstraint(
                condition=(models.Q(role="firm") & models.Q(uscc__regex=r"^[0-9A-Z]{18}$"))
                | (~models.Q(role="firm") & models.Q(uscc="")),
                name="firm_user_has_uscc",
                violation_error_message="企业账号必须有 18 位统一社会信用代码，其他角色没有。",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    # The operator who looks as this person (viewing.py); never stored.
    seen_by: ClassVar[User | None] = None

    def clean(self) -> None:
        """A township lies in its unit."""
        super().clean()
        if self.township and self.township.unit_id != self.unit_id:
            raise ValidationError({"township": "乡镇（街道）不属于所选的县（市、区）。"})

    @property
    def place(self) -> str:
        """What the person answers for, in words: 黄岩区, 黄岩区澹溪镇, 市税务局; blank for who sees all."""
        parts = (self.agency, self.township or self.unit, self.uscc)
        return " · ".join(str(part) for part in parts if part)

    def units(self) -> models.QuerySet[Unit]:
        """The units whose figures this person may see; every scoped query starts here."""
        if not self.is_active or (self.role == Role.FIRM and not self.is_superuser):
            return Unit.objects.none()
        if self.role in BOUND and not self.is_superuser:
            return Unit.objects.filter(pk=self.unit_id)
        if self.role == Role.CLERK and self.unit_id and not self.is_superuser:
            return Unit.objects.filter(pk=self.unit_id)
        return Unit.objects.all()

    @property
    def sees_all_units(self) -> bool:
        """Whether queries need no filter by unit."""
        if not self.is_active or self.is_superuser:
            return self.is_active
        return self.role in WHOLE or (self.role == Role.CLERK and not self.unit_id)

    @property
    def sees_whole_city(self) -> bool:
        """Whether the person sees all that happens, jobs and uploads of others included."""
        return self.is_active and (self.is_superuser or self.role in WHOLE)

    def within(self, prefix: str = "") -> models.Q:
        """Rows of firms this person may see, of a model with `unit` and `township`; of its relation with a prefix."""
        if self.sees_all_units:
            return models.Q()
        found = models.Q(**{f"{prefix}unit__in": self.units()})
        if self.role == Role.TOWNSHIP:
            found &= models.Q(**{f"{prefix}township": self.township.name if self.township else None})
        return found


BOUND = (Role.COUNTY, Role.TOWNSHIP)
WHOLE = (Role.CITY, Role.AUDITOR, Role.OPERATOR)


class Invitation(models.Model):
    """A link that lets a person choose the first password: once, for seven days. Only its hash is kept."""

    user = models.ForeignKey(User, verbose_name="账号", on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField("令牌哈希", max_length=64, unique=True)
    made_at = models.DateTimeField("生成时间", auto_now_add=True)
    expires_at = models.DateTimeField("有效至")
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "邀请"

    def __str__(self) -> str:
        return f"{self.user} 的邀请"


class ApiToken(models.Model):
    """What another system shows in place of a person's password: for one purpose, until a day. Its hash is kept."""

    class Scope(models.TextChoices):
        DELIVER = "deliver", "报送文件"

    user = models.ForeignKey(User, verbose_name="账号", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField("用途", max_length=60)
    scope = models.CharField("范围", max_length=10, choices=Scope.choices, default=Scope.DELIVER)
    digest = models.CharField("令牌哈希", max_length=64, unique=True)
    made_at = models.DateTimeField("生成时间", auto_now_add=True)
    expires_at = models.DateTimeField("有效至")
    revoked_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = "接口令牌"

    def __str__(self) -> str:
        return f"{self.user} 的接口令牌“{self.name}”"
