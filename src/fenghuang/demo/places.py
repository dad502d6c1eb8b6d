"""The ten units of the city and invented towns: no town here is on a map."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A county-level unit: name in the files, short form in firm names, code of the credit codes, share of firms."""

    name: str
    short: str
    adcode: str
    share: float
    towns: tuple[str, ...]


# 台州湾新区 has no national code: its firms are registered with the city (331000).
PLACES: tuple[Place, ...] = (
    Place(
        "椒江区",
        "椒江",
        "331002",
        0.09,
        ("鹭汀街道", "望桅街道", "听澜街道", "云舫街道", "砚石街道", "浮玉街道", "沙鸥镇", "雁碛镇"),
    ),
    Place(
        "黄岩区",
        "黄岩",
        "331003",
        0.14,
        ("橘屿街道", "青棹街道", "竹箬街道", "岫云街道", "澹溪镇", "枫渚镇", "鹤浦镇", "松醪镇"),
    ),
    Place(
        "路桥区",
        "路桥",
        "331004",
        0.13,
        ("虹梁街道", "蓼汀街道", "锦塘街道", "泊月街道", "芦漪镇", "稻舸镇", "葛埭镇", "盐霜镇"),
    ),
    Place(
        "临海市",
        "临海",
        "331082",
        0.13,
        ("紫垣街道", "麟台街道", "灵湫街道", "揽潮街道", "白鹇镇", "桐岫镇", "石鲸镇", "牧云镇"),
    ),
    Place(
        "温岭市",
        "温岭",
        "331081",
        0.19,
        ("曙滨街道", "长屿埠街道", "锦鳞街道", "踏浪街道", "晴滩镇", "礁湾镇", "驭风镇", "星塍镇"),
    ),
    Place(
        "玉环市",
        "玉环",
        "331083",
        0.16,
        ("玉漱街道", "珊影街道", "海棠埭街道", "帆起镇", "鲛珠镇", "鸥栖镇", "翠屿镇", "潮信乡"),
    ),
    Place(
        "天台县",
        "天台",
        "331023",
        0.05,
        ("霞标街道", "寒石街道", "桃津街道", "琼芝镇", "云屏镇", "鹿眠镇", "藤溪镇", "茶烟乡"),
    ),
    Place(
        "仙居县",
        "仙居",
        "331024",
        0.04,
        ("丹霄街道", "杨梅坞街道", "鹤影街道", "仙椽镇", "碧蹊镇", "月塘镇", "叠翠镇", "听泉乡"),
    ),
    Place(
        "三门县",
        "三门",
        "331022",
        0.04,
        ("青鲟街道", "潮汐街道", "海屏街道", "蛎湾镇", "银滩镇", "苇航镇", "沙柳埭镇", "远帆乡"),
    ),
    Place(
        "台州湾新区", "台州湾", "331000", 0.03, ("曦和街道", "启澜街道", "聚贤街道", "新潮街道", "鲲起街道", "沧屿街道")
    ),
)

BY_NAME = {place.name: place for place in PLACES}
# Part of 玉环's firms carry the county's code from before it became a city in 2017.
OLD_YUHUAN = "331021"
