"""Invented firm names and credit codes: well formed, unique, and plainly nobody's."""

from __future__ import annotations

from random import Random

from stdnum.cn import uscc as gb32100

from fenghuang.demo.places import OLD_YUHUAN, PLACES

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BEASTS = "鲲鹏麟凤鸾鹤鸿虬螭貔狻獬鹭隼雎骅骊骧鲸鲤"
WEATHER = "霁霖霄岚曦晞昱昶翊湉溟澜瀚沧泓沅汐渺嵩峋"
THINGS = "琅珩璟瑾璞琮钰铖锴铭梓楷桓樾棠榆笙弦"

# GB/T 4754-2017 division: share of firms, codes that are written in the files, words of the trade in the name.
INDUSTRIES: dict[str, tuple[float, tuple[str, ...], tuple[str, ...]]] = {
    "13": (0.020, ("13", "1362", "1371"), ("食品", "水产食品", "农产品加工")),
    "14": (0.008, ("14", "1453"), ("罐头食品", "休闲食品")),
    "15": (0.004, ("15", "1512"), ("酒业", "饮品")),
    "16": (0.0, ("16",), ("烟草制品",)),
    "17": (0.025, ("17", "1751", "178"), ("纺织", "针纺织品", "过滤材料")),
    "18": (0.020, ("18", "1810", "183"), ("服饰", "制衣")),
    "19": (0.045, ("19", "1951", "1953", "195"), ("鞋业", "皮塑制品")),
    "20": (0.018, ("20", "2034", "203"), ("木业", "竹木制品")),
    "21": (0.014, ("21", "2110"), ("家具", "家居用品")),
    "22": (0.018, ("22", "2231", "223"), ("纸业", "纸制品")),
    "23": (0.014, ("23", "2319", "231"), ("印务", "包装印刷")),
    "24": (0.030, ("24", "2437", "2439", "243"), ("工艺品", "文体用品")),
    "25": (0.001, ("25",), ("石化",)),
    "26": (0.018, ("26", "2614", "265"), ("化工", "新材料")),
    "27": (0.014, ("27", "2710", "2720"), ("医药化学", "制药", "药业")),
    "28": (0.003, ("28", "2829"), ("化纤",)),
    "29": (0.135, ("29", "2921", "2926", "2927", "292"), ("塑料制品", "塑业", "橡塑制品", "日用塑料")),
    "30": (0.025, ("30", "3021", "3039"), ("建材", "构件", "石材")),
    "31": (0.010, ("31", "3130"), ("铸业", "钢构")),
    "32": (0.016, ("32", "3252", "325"), ("铜业", "铝业", "有色金属")),
    "33": (0.085, ("33", "3311", "3352", "3360", "338"), ("金属制品", "五金", "水暖器材", "表面处理")),
    "34": (
        0.160,
        ("34", "3441", "3443", "3422", "345", "348"),
        ("通用设备", "泵业", "阀门", "机床", "流体机械", "轴承"),
    ),
    "35": (0.070, ("35", "3525", "3553", "352"), ("模具", "专用设备", "缝制设备")),
    "36": (0.085, ("36", "3670", "367"), ("汽车部件", "汽配", "车用系统")),
    "37": (0.025, ("37", "3751", "3752", "3731"), ("摩托车部件", "船舶装备", "车辆")),
    "38": (0.090, ("38", "3812", "3821", "387", "385"), ("电机", "电器", "照明", "电气设备")),
    "39": (0.012, ("39", "3985", "397"), ("电子", "光电元件")),
    "40": (0.006, ("40", "4011", "401"), ("仪表", "测控仪器")),
    "41": (0.008, ("41", "4119"), ("日用杂品",)),
    "42": (0.006, ("42", "4210", "4220"), ("再生资源", "循环利用")),
    "43": (0.003, ("43", "4310"), ("机械修理",)),
}


def org_check(body: str) -> str:
    """Check character of a GB 11714 organisation code (eight characters), which GB 32100 codes contain."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return "0123456789X0"[11 - total % 11]


def credit_code(draw: Random, adcode: str) -> str:
    """A valid code from the series MAY..., which the registries have not reached: no real firm carries it."""
    body = "MAY" + "".join(draw.choices(ALPHABET, k=5))
    code = f"91{adcode}{body}{org_check(body)}"
    return code + gb32100.calc_check_digit(code)


class Names:
    """Draws codes and names, none twice."""

    def __init__(self, draw: Random) -> None:
        self.draw = draw
        self.codes: set[str] = set()
        self.names: set[str] = set()

    def code(self, adcode: str) -> str:
        if adcode == "331083" and self.draw.random() < 0.3:
            adcode = OLD_YUHUAN
        while (code := credit_code(self.draw, adcode)) in self.codes:
            pass
        self.codes.add(code)
        return code

    def name(self, short: str, division: str, large: bool = False) -> str:
        """Place, three-character fancy word that no founder would choose, trade, legal form."""
        draw = self.draw
        form = "股份有限公司" if large and draw.random() < 0.5 else "有限公司"
        while True:
            fancy = draw.choice(BEASTS) + draw.choice(WEATHER) + draw.choice(THINGS)
            name = f"{short}{fancy}{draw.choice(INDUSTRIES[division][2])}{form}"
            if name not in self.names:
                self.names.add(name)
                return name

    def stranger(self) -> tuple[str, str]:
        """Code and name of a firm that is in no directory."""
        place = self.draw.choice(PLACES)
        return self.code(place.adcode), self.name(place.short, "34")
