"""The audit package: what is in it, the same bytes twice, and the same outputs when it is made again."""

import json
import shutil
import zipfile
from hashlib import sha256

import pytest

from tuijie_xl import evidence

HEADER = "企业名称,统一社会信用代码,省份,城市,企业总部所在地,业务交付主体在中国,外包业务上年度营业额（万元）,从事服务外包工作的员工（人）"
ROWS = "甲科技有限公司,913706833104614358,山东省,济南市,境内,是,3000,85\n乙有限公司,,山东省,济南市,境内,是,约300,20"


@pytest.fixture
def sent(tmp_path):
    """Two files of the same name from two bureaus, one of them damaged."""
    folder = tmp_path / "报送"
    for name, text in (("山东/表.csv", f"{HEADER}\n{ROWS}"), ("浙江/表.csv", f"{HEADER}\n丙有限公司,,浙江省,杭州市,境内,是,5000,400")):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, "utf-8-sig")
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    return folder


def contents(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_inputs_give_the_same_bytes_wherever_they_lie(tuijie, sent, tmp_path):
    elsewhere = shutil.copytree(sent, tmp_path / "别处" / "甲")
    tuijie("audit", sent, "-o", tmp_path / "一.zip", "--with-inputs")
    tuijie("audit", elsewhere, "-o", tmp_path / "二.zip", "--with-inputs")
    assert (tmp_path / "一.zip").read_bytes() == (tmp_path / "二.zip").read_bytes()


def test_made_again_from_the_package_the_outputs_are_the_same_bytes(tuijie, sent, tmp_path, monkeypatch):
    tuijie("audit", sent, "-o", tmp_path / "存档.zip", "--with-inputs")
    place = tmp_path / "解压"
    zipfile.ZipFile(tmp_path / "存档.zip").extractall(place)
    told = json.loads((place / evidence.CONTENTS).read_text("utf-8"))
    monkeypatch.chdir(place)
    tuijie(*told["command"].split()[1:])
    made = {file.relative_to(place).as_posix(): sha256(file.read_bytes()).hexdigest()
            for file in (place / evidence.RESULTS).rglob("*") if file.is_file()}
    assert made == {one["path"]: one["sha256"] for one in told["outputs"]} and len(made) >= 4


@pytest.mark.parametrize("whole", [False, True])
def test_inputs_are_there_as_hashes_and_on_request_as_copies(tuijie, edition, sent, tmp_path, whole):
    tuijie("audit", sent, "-o", tmp_path / "存档.zip", *(["--with-inputs"] if whole else []))
    held = contents(tmp_path / "存档.zip")
    told = json.loads(held[evidence.CONTENTS])
    assert [one["sha256"] for one in told["inputs"]] == [
        sha256(file.read_bytes()).hexdigest() for file in sorted(sent.rglob("*")) if file.is_file()]
    assert sorted(name for name in held if name.startswith(evidence.INPUTS)) == sorted(one["path"] for one in told["inputs"] if whole)
    assert ("没有输入文件" in held[evidence.NOTE].decode()) != whole
    assert held[f"{evidence.EDITION}/fields.csv"] == (edition.folder / "fields.csv").read_bytes()
    assert len(json.loads(held[evidence.FINDINGS])["applicants"]) == 3
    assert not any(str(tmp_path.parent).encode() in value or b"/tmp/" in value for value in held.values())


def test_a_folder_without_files_is_refused(tuijie, tmp_path):
    (tmp_path / "空").mkdir()
    code, _, err = tuijie("audit", tmp_path / "空", "-o", tmp_path / "存档.zip")
    assert code == 2 and "没有任何文件" in err and not (tmp_path / "存档.zip").exists()
