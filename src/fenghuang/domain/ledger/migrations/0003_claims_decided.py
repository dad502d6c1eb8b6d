"""A granted claim becomes reversed with its entry, and nothing else; what was withdrawn or reversed stays as it is."""

from django.db import migrations

SAME = " AND ".join(f"NEW.{name} = OLD.{name}" for name in ("kind", "unit_id", "project", "sort", "amount", "entry_id"))
DECIDED = f"""OLD.state IN ('withdrawn', 'reversed')
              OR (OLD.state = 'granted' AND NOT (NEW.state = 'reversed' AND {SAME}))"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER ledger_claim_no_update")
        schema_editor.execute(
            f"""CREATE TRIGGER ledger_claim_no_update BEFORE UPDATE ON ledger_claim WHEN {DECIDED}
                BEGIN SELECT RAISE(ABORT, 'a decided claim is never changed'); END"""
        )
    else:
        schema_editor.execute("DROP TRIGGER ledger_claim_no_update ON ledger_claim")
        schema_editor.execute(
            f"""CREATE TRIGGER ledger_claim_no_update BEFORE UPDATE ON ledger_claim
                FOR EACH ROW WHEN ({DECIDED}) EXECUTE FUNCTION ledger_refuse()"""
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_immutable")]
    operations = [migrations.RunPython(create)]
