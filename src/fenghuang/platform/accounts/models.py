"""People and the ten county-level units they answer for."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
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


class Role(models.TextChoices):
    CITY = "city_official", "市级经办"
    COUNTY = "county_official", "县级经办"
    AUDITOR = "auditor", "审计"
    OPERATOR = "operator", "运维"


class Users(UserManager["User"]):
    """The manager's own name for `create_superuser` of the command line: such a user operates the system."""

    def create_superuser(self, username, email=None, password=None, **extra):  # type: ignore[no-untyped-def]
        return super().create_superuser(username, email, password, **{"role": Role.OPERATOR, **extra})


class User(AbstractUser):
    """Who acts. What a person may do follows from role and unit alone (`rules.py`), not from Django's groups."""

    role = models.CharField("角色", max_length=20, choices=Role.choices, default=Role.COUNTY)
    unit = models.ForeignKey(Unit, verbose_name="单位", null=True, blank=True, on_delete=models.PROTECT)
    display_name = models.CharField("姓名", max_length=60, blank=True)
    department = models.CharField("部门", max_length=60, blank=True)
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
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def units(self) -> models.QuerySet[Unit]:
        """The units whose data this person may see; every scoped query starts here."""
        if not self.is_active:
            return Unit.objects.none()
        if self.role == Role.COUNTY and not self.is_superuser:
            return Unit.objects.filter(pk=self.unit_id)
        return Unit.objects.all()

    @property
    def sees_all_units(self) -> bool:
        """Whether queries need no filter by unit."""
        return self.is_active and (self.is_superuser or self.role != Role.COUNTY)
