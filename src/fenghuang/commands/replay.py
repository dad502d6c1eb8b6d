"""`fenghuang replay CAMPAIGN`: a frozen campaign computed again from what was stored, compared to the last digit."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any

MOST = 50


def register(commands: Any) -> None:
    parser = commands.add_parser("replay", help="重算已归档的评价，与存档逐位比较")
    parser.add_argument("campaign", metavar="评价", help="单位代码/年度（如 331003/2022），或页面地址中的编号")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0: the same to the last digit. 1: the differences. 2: no such frozen campaign."""
    from fenghuang.commands.web import django_ready

    django_ready()
    from fenghuang.domain.campaign.replay import replay

    campaign = _find(args.campaign)
    if campaign is None or not campaign.is_frozen:
        why = (
            f"{campaign}处于“{campaign.get_state_display()}”，还没有归档" if campaign else f"没有评价“{args.campaign}”"
        )
        print(f"{why}；请给出已归档的评价，如 331003/2022", file=sys.stderr)
        return 2
    found = replay(campaign)
    for note in found.notes:
        print(note)
    for line in found.differences[:MOST]:
        print(line)
    if len(found.differences) > MOST:
        print(f"…… 共 {len(found.differences)} 处")
    print(f"{campaign}：{found.firms:,} 家企业已重算，归档指纹 {campaign.seal}")
    print(f"与存档有 {len(found.differences)} 处不同" if found.differences else "等级和得分与存档逐位一致")
    return 1 if found.differences else 0


def _find(text: str) -> Any:
    from fenghuang.domain.campaign.models import Campaign

    if named := re.fullmatch(r"(\w{1,12})/(\d{4})", text):
        return Campaign.objects.filter(unit=named[1], year=int(named[2])).select_related("unit").first()
    number = re.fullmatch(r"\d{1,15}", text)
    return Campaign.objects.filter(pk=int(text)).select_related("unit").first() if number else None
