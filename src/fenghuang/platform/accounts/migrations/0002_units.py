"""The ten county-level units of Taizhou, in the order the document names them, and the table of the shared cache."""

from django.core.management import call_command
from django.db import migrations

# 台州湾新区 is no national division: no code, no polygon. 玉环 is 331083 since 2017.
UNITS = [
    ("331002", "椒江区"),
    ("331003", "黄岩区"),
    ("331004", "路桥区"),
    ("331082", "临海市"),
    ("331081", "温岭市"),
    ("331083", "玉环市"),
    ("331023", "天台县"),
    ("331024", "仙居县"),
    ("331022", "三门县"),
    ("tzw", "台州湾新区"),
]


def seed(apps, schema_editor):
    Unit = apps.get_model("accounts", "Unit")
    for order, (code, name) in enumerate(UNITS, start=1):
        Unit.objects.using(schema_editor.connection.alias).update_or_create(
            code=code, defaults={"name": name, "order": order, "has_polygon": code != "tzw"}
        )


def cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(cache_table, migrations.RunPython.noop),
    ]
