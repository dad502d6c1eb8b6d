"""On how many deliveries running an exit must show; and the database keeps what was settled as it was settled."""

from django.db import migrations, models

# What is written until it is settled, and by which column it is known to be.
SETTLED = {
    "casework_part": "OLD.settled_on IS NOT NULL OR OLD.dropped <> ''",
    "casework_measure": "OLD.done_on IS NOT NULL",
}
KEPT = (*SETTLED, "casework_plan")


def sqlite():
    for table, settled in SETTLED.items():
        yield f"""CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {settled}
                  BEGIN SELECT RAISE(ABORT, 'what is settled is never changed'); END"""
    for table in KEPT:
        yield f"""CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
                  BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END"""


def postgresql():
    for table, settled in SETTLED.items():
        yield f"""CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
                  FOR EACH ROW WHEN ({settled}) EXECUTE FUNCTION casework_refuse()"""
    for table in KEPT:
        yield f"""CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
                  FOR EACH ROW EXECUTE FUNCTION casework_refuse()"""


def create(apps, schema_editor):
    statements = {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]
    for statement in statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_case_tally")]
    operations = [
        migrations.AddField(
            model_name="period",
            name="deliveries",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="连续达标的数据交付（次）"),
        ),
        migrations.RunPython(create),
    ]
