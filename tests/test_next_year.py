"""A made-up 2019 edition, another threshold, leaf and material: everything runs, and no code changes."""

import json
import re
import shutil

import pytest
from python_calamine import CalamineWorkbook

from tuijie_xl import cli
from tuijie_xl.edition import EDITIONS, load_edition


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture(scope="module")
def next_year(tmp_path_factory):
    folder = tmp_path_factory.mktemp("editions") / "2019"
    shutil.copytree(EDITIONS / "2018", folder)
    edit(folder / "edition.toml", 'id = "2018"', 'id = "2019"')
    edit(folder / "edition.toml", "2018年服务外包推介", "2019年服务外包推介")
    edit(folder / "edition.toml", "statistics_year = 2017", "statistics_year = 2018")
    edit(folder / "edition.toml", "2018-07-03", "2019-06-30")
    edit(folder / "criteria.toml", "value = 3000", "value = 4000")
    line = next(x for x in (folder / "taxonomy.csv").read_text("utf-8").splitlines() if ",物联网," in x)
    code = line.split(",")[1]
    edit(folder / "taxonomy.csv", line, line + "\n" + line.replace(code, f"{code}X").replace("物联网", "区块链"))
    line = next(x for x in (folder / "materials.csv").read_text("utf-8").splitlines() if x.startswith("company,licence"))
    new = re.sub("^company,licence,([^,]*),", "company,security,材料：信息安全承诺书,", line)
    head = (folder / "materials.csv").read_text("utf-8").splitlines()[1].split(",")
    assert "aliases" not in head or new.count(",") == line.count(",")
    new = re.sub(r"营业执照[^,|]*", "", new.split("信息安全承诺书", 1)[1])
    (folder / "materials.csv").write_text((folder / "materials.csv").read_text("utf-8").replace(
        line, f"{line}\ncompany,security,材料：信息安全承诺书{new}"), "utf-8")
    return folder


def test_the_edition_loads_with_its_own_data(next_year):
    edition = load_edition(next_year)
    assert (edition.id, edition.statistics_year, edition.deadline.isoformat()) == ("2019", 2018, "2019-06-30")
    assert "区块链" in edition.vocabularies["service"].by_label and len(edition.vocabularies["service"].leaves) == 41
    assert "security" in {m.id for m in edition.materials_of("company")}


def test_everything_runs_on_it(next_year, tmp_path, capsys):
    def tuijie(*words):
        code = cli.main([*map(str, words), "-e", str(next_year)])
        return code, capsys.readouterr().out

    assert tuijie("template", "-o", tmp_path)[0] == cli.PROBLEMS        # its officers' workbook has not been built
    labels = CalamineWorkbook.from_path(str(tmp_path / "推介填报_2019.xlsx")).get_sheet_by_name("企业").to_python()[4]
    assert "区块链" in labels and "材料：信息安全承诺书" in labels

    rows = ["企业名称,统一社会信用代码,省份,城市,企业总部所在地,业务交付主体在中国,2018年外包业务营业额（万元）,从事服务外包工作的员工（人）,区块链",
            "甲有限公司,913706833104614358,山东省,济南市,境内,是,3999.99,300,√", "乙有限公司,,山东省,济南市,境内,是,4000,300,"]
    (tmp_path / "甲.csv").write_text("\n".join(rows), "utf-8")
    found = json.loads(tuijie("validate", tmp_path / "甲.csv", "--json")[1])
    assert found["edition"] == "2019" and [a["verdict"] for a in found["applicants"]] == ["ineligible", "eligible"]
    assert "security" in {m["id"] for m in found["applicants"][0]["materials"]}

    code, out = tuijie("run", tmp_path / "甲.csv", "-o", tmp_path / "结果")
    assert "符合 1，不符合 1" in out and (tmp_path / "结果/推介总表_2019.xlsx").exists()
    page = CalamineWorkbook.from_path(str(tmp_path / "结果/申报单位表/山东省.xlsx")).get_sheet_by_index(1).to_python()
    text = "".join(str(cell) for row in page for cell in row)
    assert "☑ 区块链" in text and "信息安全承诺书" in text and "2019年6月30日" in text
