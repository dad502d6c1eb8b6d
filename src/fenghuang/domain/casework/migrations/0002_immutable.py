"""The database refuses to change what was done: movements, remarks and files ever, an answer once it was given."""

from django.db import migrations

WRITTEN_ONCE = ("casework_movement", "casework_attachment", "casework_comment")


def sqlite():
    for table in WRITTEN_ONCE:
        for verb in ("UPDATE", "DELETE"):
            yield f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
                      BEGIN SELECT RAISE(ABORT, 'what was done is never changed'); END"""
    yield """CREATE TRIGGER casework_answer_no_update BEFORE UPDATE ON casework_answer WHEN OLD.answer <> ''
             BEGIN SELECT RAISE(ABORT, 'an answer is given once'); END"""
    for table in ("casework_answer", "casework_case"):
        yield f"""CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
                  BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END"""


def postgresql():
    yield """CREATE FUNCTION casework_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'what was done is never changed'; END $$"""
    for table in WRITTEN_ONCE:
        yield f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
                  FOR EACH ROW EXECUTE FUNCTION casework_refuse()"""
    yield """CREATE TRIGGER casework_answer_no_update BEFORE UPDATE ON casework_answer
             FOR EACH ROW WHEN (OLD.answer <> '') EXECUTE FUNCTION casework_refuse()"""
    for table in ("casework_answer", "casework_case"):
        yield f"""CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
                  FOR EACH ROW EXECUTE FUNCTION casework_refuse()"""


def create(apps, schema_editor):
    statements = {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]
    for statement in statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_cases")]
    operations = [migrations.RunPython(create)]
