"""The agencies of 台政发〔2021〕27号 in its order, and three that deliver sheets without being named there."""

from django.db import migrations

DEPARTMENTS = [
    ("natural_resources", "市自然资源规划局"),
    ("construction", "市建设局"),
    ("law_enforcement", "市综合执法局"),
    ("development_reform", "市发展改革委"),
    ("economy", "市经信局"),
    ("tax", "市税务局"),
    ("ecology", "市生态环境局"),
    ("administrative_service", "市行政服务中心"),
    ("civil_air_defence", "市人防办"),
    ("market_regulation", "市市场监管局"),
    ("finance", "市财政局"),
    ("investment_promotion", "市投资促进中心"),
    ("finance_office", "市金融办"),
    ("central_bank", "人行台州市中心支行"),
    ("banking_regulator", "台州银保监分局"),
    ("emergency", "市应急管理局"),
    ("fire", "市消防救援支队"),
    ("science", "市科技局"),
    ("commerce", "市商务局"),
    ("military_civil", "市委军民融合办"),
    ("public_security", "市公安局"),
    ("customs", "台州海关"),
    ("leading_group_office", "市制造业高质量发展领导小组办公室"),
    ("organisation", "市委组织部"),
    ("publicity", "市委宣传部"),
    ("statistics", "市统计局"),
    ("human_resources", "市人力社保局"),
    ("power_supply", "台州供电公司"),
]


def seed(apps, schema_editor):
    Department = apps.get_model("accounts", "Department")
    for order, (code, name) in enumerate(DEPARTMENTS, start=1):
        Department.objects.using(schema_editor.connection.alias).update_or_create(
            code=code, defaults={"name": name, "order": order}
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_organisation")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
