"""The self-check of a frozen campaign is frozen with it."""

from django.db import migrations

TABLES = ("campaign_confirmation", "campaign_townshipcheck")


def sqlite():
    for table in TABLES:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            row = "NEW" if verb == "INSERT" else "OLD"
            yield f"""CREATE TRIGGER {table}_frozen_no_{verb.lower()} BEFORE {verb} ON {table}
                      WHEN (SELECT state FROM campaign_campaign WHERE id = {row}.campaign_id) = 'frozen'
                      BEGIN SELECT RAISE(ABORT, 'a frozen campaign is never changed'); END"""  # noqa: S608


def postgresql():
    for table in TABLES:
        yield f"""CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
                  FOR EACH ROW EXECUTE FUNCTION campaign_refuse_frozen()"""


def create(apps, schema_editor):
    statements = {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]
    for statement in statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("campaign", "0003_self_check")]
    operations = [migrations.RunPython(create)]
