"""What firms are searched by, in a narrow table of its own, filled from the names that are known."""

from collections import defaultdict

import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor):
    firm_model, words = apps.get_model("registry", "Firm"), apps.get_model("registry", "FirmWords")
    names = defaultdict(list)
    events = apps.get_model("registry", "FirmEvent").objects.filter(countered_by__isnull=True)
    spans = apps.get_model("registry", "FirmName").objects.order_by("id")
    for rows in (spans, events.exclude(kind="countered").exclude(name="").order_by("id")):
        for firm, name in rows.values_list("firm_id", "name"):
            names[firm].append(name)

    def lines(*texts):
        return "\n".join(dict.fromkeys(text.lower() for text in texts))

    firms = firm_model.objects.order_by("id").values_list("id", "uscc", "name", "initials", "pinyin")
    words.objects.bulk_create(
        (
            words(firm_id=firm, uscc=uscc, names=lines(name, *names[firm]), latin=lines(initials, pinyin))
            for firm, uscc, name, initials, pinyin in firms
        ),
        batch_size=2000,
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_land")]

    operations = [
        migrations.CreateModel(
            name="FirmWords",
            fields=[
                (
                    "firm",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="registry.firm",
                        verbose_name="企业",
                    ),
                ),
                ("uscc", models.CharField(max_length=18, verbose_name="统一社会信用代码")),
                ("names", models.TextField(verbose_name="名称")),
                ("latin", models.TextField(verbose_name="拼音")),
            ],
            options={"verbose_name": "企业检索词", "verbose_name_plural": "企业检索词"},
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
