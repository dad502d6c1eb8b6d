"""The database refuses to change what was decided: texts, scorings and grades ever, all else of a frozen campaign."""

from django.db import migrations

WRITTEN_ONCE = ("campaign_content", "campaign_scoring", "campaign_grade")
OF_A_CAMPAIGN = ("campaign_objection", "campaign_regrade")


def sqlite():
    for table in WRITTEN_ONCE:
        for verb in ("UPDATE", "DELETE"):
            yield f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
                      BEGIN SELECT RAISE(ABORT, 'what was decided is never changed'); END"""
    for verb in ("UPDATE", "DELETE"):
        yield f"""CREATE TRIGGER campaign_frozen_no_{verb.lower()} BEFORE {verb} ON campaign_campaign
                  WHEN OLD.state = 'frozen'
                  BEGIN SELECT RAISE(ABORT, 'a frozen campaign is never changed'); END"""
    for table in ("campaign_scoring", *OF_A_CAMPAIGN):
        for verb in ("INSERT",) if table == "campaign_scoring" else ("INSERT", "UPDATE", "DELETE"):
            row = "NEW" if verb == "INSERT" else "OLD"
            yield f"""CREATE TRIGGER {table}_frozen_no_{verb.lower()} BEFORE {verb} ON {table}
                      WHEN (SELECT state FROM campaign_campaign WHERE id = {row}.campaign_id) = 'frozen'
                      BEGIN SELECT RAISE(ABORT, 'a frozen campaign is never changed'); END"""  # noqa: S608


def postgresql():
    yield """CREATE FUNCTION campaign_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'what was decided is never changed'; END $$"""
    yield """CREATE FUNCTION campaign_refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
             DECLARE number bigint;
             BEGIN
               IF TG_OP = 'INSERT' THEN number := NEW.campaign_id; ELSE number := OLD.campaign_id; END IF;
               IF (SELECT state FROM campaign_campaign WHERE id = number) = 'frozen' THEN
                 RAISE EXCEPTION 'a frozen campaign is never changed';
               END IF;
               IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
               RETURN NEW;
             END $$"""
    for table in WRITTEN_ONCE:
        yield f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
                  FOR EACH ROW EXECUTE FUNCTION campaign_refuse()"""
    yield """CREATE TRIGGER campaign_frozen_no_change BEFORE UPDATE OR DELETE ON campaign_campaign
             FOR EACH ROW WHEN (OLD.state = 'frozen') EXECUTE FUNCTION campaign_refuse()"""
    yield """CREATE TRIGGER campaign_scoring_frozen BEFORE INSERT ON campaign_scoring
             FOR EACH ROW EXECUTE FUNCTION campaign_refuse_frozen()"""
    for table in OF_A_CAMPAIGN:
        yield f"""CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
                  FOR EACH ROW EXECUTE FUNCTION campaign_refuse_frozen()"""


def create(apps, schema_editor):
    statements = {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]
    for statement in statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("campaign", "0001_initial")]
    operations = [migrations.RunPython(create)]
