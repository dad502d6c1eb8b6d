"""The database refuses to change or delete what was entered: entries and revenue ever, a claim once it was decided."""

from django.db import migrations

WRITTEN_ONCE = ("ledger_entry", "ledger_revenue")
KEPT = ("ledger_account", "ledger_claim", "ledger_tally")
DECIDED = "OLD.state IN ('withdrawn', 'reversed')"


def sqlite():
    for table in WRITTEN_ONCE:
        for verb in ("UPDATE", "DELETE"):
            yield f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
                      BEGIN SELECT RAISE(ABORT, 'what was entered is never changed'); END"""
    for table in KEPT:
        yield f"""CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
                  BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END"""
    yield f"""CREATE TRIGGER ledger_claim_no_update BEFORE UPDATE ON ledger_claim WHEN {DECIDED}
              BEGIN SELECT RAISE(ABORT, 'a decided claim is never changed'); END"""


def postgresql():
    yield """CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'what was entered is never changed'; END $$"""
    for table in WRITTEN_ONCE:
        yield f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
                  FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"""
    for table in KEPT:
        yield f"""CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
                  FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"""
    yield f"""CREATE TRIGGER ledger_claim_no_update BEFORE UPDATE ON ledger_claim
              FOR EACH ROW WHEN ({DECIDED}) EXECUTE FUNCTION ledger_refuse()"""


def create(apps, schema_editor):
    statements = {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]
    for statement in statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_ledgers")]
    operations = [migrations.RunPython(create)]
