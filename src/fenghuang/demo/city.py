"""The demonstration city: firms, facts, projects and seeded faults of two years, as the departments' files."""

from __future__ import annotations

from pathlib import Path
from random import Random

from fenghuang.demo import things
from fenghuang.demo.facts import YearDraw, draw_traits, forget, wanted_land
from fenghuang.demo.faults import MISSING, PER_FIRM, Faults
from fenghuang.demo.firms import Firm, make_firms, rename
from fenghuang.demo.land import make_land
from fenghuang.demo.names import Names
from fenghuang.demo.power import make_power
from fenghuang.demo.projects import make_projects
from fenghuang.demo.shape import DELIVERIES, MARK, YEARS, Sheet, dump, file_name, templates
from fenghuang.demo.sheets import City, blur, make_sheets
from fenghuang.demo.truth import Truth, about, case_rows, numbered, sample_firms
from fenghuang.demo.write import write_file

SMALLEST = 300


def write_city(out: Path, firms: int, seed: int) -> Truth:
    """Write the city's files, 说明.txt and truth.json into the folder; the same (firms, seed) gives the same bytes."""
    if firms < SMALLEST:
        raise ValueError(f"a city needs at least {SMALLEST} firms, or the seeded faults find no room")
    out.mkdir(parents=True, exist_ok=True)
    sheets, truth = make_city(firms, seed)
    for year in YEARS:
        for names, _, form in DELIVERIES:
            if is_delivered(names[0], year):
                write_file(out / file_name(names[0], year), [sheets[year][name] for name in names], form)
    (out / "truth.json").write_text(dump(truth.as_dict()), encoding="utf-8")
    (out / "说明.txt").write_text(leaflet(firms, seed, truth), encoding="utf-8")
    return truth


def make_city(count: int, seed: int) -> tuple[dict[int, dict[str, Sheet]], Truth]:
    """All sheets by year and template, faults included, and the truth about them."""
    firms, names = make_firms(count, seed)
    renamed = rename_some(firms, names, seed)
    traits = draw_traits(firms, seed)
    land = make_land(firms, wanted_land(firms, traits), seed)
    facts = {year: YearDraw(year, firms, traits, land.used[year], seed).facts() for year in YEARS}
    meters = make_power(firms, land, facts, seed)
    for year in YEARS:
        forget(facts[year], firms, seed)
    projects = make_projects(firms, facts, seed)
    city = City(firms, facts, land, meters, projects)
    sheets = {year: make_sheets(year, city) for year in YEARS}
    sheets[things.YEAR] |= things.make_things(land, projects, seed)
    faults = Faults(sheets, firms, names, seed)
    keep_cases_clean(faults, city)
    faults.seed_all(renamed)
    discrepancies = things.Discrepancies(faults, seed)
    discrepancies.seed_all(names)
    draw = Random(f"{seed}/order")
    for year in YEARS:
        blur(sheets[year]["tax"], ("tax", "local_contribution"), draw)
        for sheet in sheets[year].values():
            draw.shuffle(sheet.rows)
    found = numbered(faults.marks, sheets)
    files = [file_name(name[0], year) for year in YEARS for name, _, _ in DELIVERIES if is_delivered(name[0], year)]
    rows = {
        f"{year}/{template}": len(sheets[year][template].rows)
        for year in YEARS
        for template in templates()
        if is_delivered(template, year)
    }
    return sheets, Truth(
        about=about(count, seed, found),
        files=files,
        rows=rows,
        faults=found,
        cases=case_rows(projects, sheets),
        samples=sample_firms(city, faults, seed),
        discrepancies=discrepancies.found,
    )


def is_delivered(template: str, year: int) -> bool:
    """Whether the sheet comes: one never does, some were begun in the last year."""
    return (template, year) != MISSING and things.comes(template, year)


def keep_cases_clean(faults: Faults, city: City) -> None:
    """The threshold projects, and the taxes on which their amounts hang, stay without faults."""
    cases = [project for project in city.projects if project.case]
    for year in YEARS:
        codes = {project.code for project in cases if project.year == year}
        payers = {project.firm.uscc for project in cases if project.year == year}
        faults.reserve([row for row in faults.sheets[year]["projects"].rows if row[0] in codes])
        faults.reserve([row for row in faults.sheets[year]["tax"].rows if row[0] in payers])


def rename_some(firms: list[Firm], names: Names, seed: int) -> dict[str, str]:
    """Rename a few firms for the second year: code -> old name. Twice the faults of a kind: renaming is common."""
    draw = Random(f"{seed}/renamed")
    steady = [firm for firm in firms if len(firm.years) == len(YEARS)]
    chosen = draw.sample(steady, max(2, round(2 * len(firms) * PER_FIRM)))
    return {firm.uscc: rename(names, firm) for firm in chosen}


def leaflet(count: int, seed: int, truth: Truth) -> str:
    """What lies in the folder, for people."""
    names = "\n".join(f"  {name}" for name in truth.files)
    return (
        f"{MARK}：虚构的城市、企业和数字，与任何真实企业无关。\n"
        f"企业 {count} 家，种子 {seed}；数据年度 {'、'.join(map(str, YEARS))}。同样的企业数和种子产生同样的文件。\n\n"
        f"各部门报送文件：\n{names}\n\n"
        f"未报送（有意缺失）：{file_name(*MISSING)}\n"
        f"文件中有意埋入 {len(truth.faults)} 处错误，位置和应有结果见 truth.json（只供测试核对，不是报送文件）。\n"
        "编码：工业企业名录为 GBK 的 CSV，主要污染物排放量为带 BOM 的 UTF-8 CSV，其余为 XLSX。\n"
    )
