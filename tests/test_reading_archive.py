"""Zip archives of spreadsheets: every member is a file of its own, nothing leaves the archive."""

import io
import stat
import zipfile

import pytest
from sheet_files import refusal, zipped

from tuijie_xl import actions
from tuijie_xl.edition import load_edition
from tuijie_xl.files import archive, package, sniffing
from tuijie_xl.files.reading import read_book

HEAD = "企业名称,统一社会信用代码,省份"
ONE, TWO = f"{HEAD}\n甲有限公司,913706833104614358,山东省\n", f"{HEAD}\n乙有限公司,91370683310461435X,山东省\n"


def in_memory(parts: dict) -> bytes:
    buffer = io.BytesIO()
    zipped(buffer, parts)
    return buffer.getvalue()


def names(path) -> list[str]:
    return [member.relative_to(path).as_posix() for member in archive.expand(path)]


def test_every_member_is_read_under_its_own_name(tmp_path):
    path = zipped(tmp_path / "报送.zip", {"各地/": "", "各地/山东.csv": ONE, "乙.csv": TWO, "__MACOSX/._乙.csv": "x", "各地/.DS_Store": "x",
                                        "~$乙.csv": "x", "Thumbs.db": "x"})
    assert names(path) == ["各地/山东.csv", "乙.csv"]
    book = read_book(path / "各地" / "山东.csv")
    assert (book.path, book.grids[0].rows[1][0]) == (str(path / "各地" / "山东.csv"), "甲有限公司")


def test_the_main_job_takes_archives_as_they_came_by_mail(tmp_path):
    zipped(tmp_path / "报送.zip", {"山东.csv": ONE, "通知.pdf": "%PDF-1.4", "内.zip": in_memory({"乙.csv": TWO})})
    (tmp_path / "三.csv").write_text(TWO.replace("乙", "丙"), "utf-8")
    files = actions.read_files([tmp_path], load_edition("2018").folder)
    assert {(f.path.removeprefix(f"{tmp_path}/"), f.status) for f in files} == {
        ("三.csv", "imported"), ("报送.zip/山东.csv", "imported"), ("报送.zip/通知.pdf", "refused"), ("报送.zip/内.zip/乙.csv", "imported")}


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The archive with the bytes of a name replaced: zipfile itself writes no GBK names."""
    assert len(old) == len(new) and data.count(old) == 2
    return data.replace(old, new)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_utf8_flag(tmp_path, encoding):
    raw = "山东珅誠.csv".encode(encoding)                    # the GBK of 誠 ends in the byte of a backslash
    path = tmp_path / "a.zip"
    path.write_bytes(renamed(in_memory({"x" * len(raw): ONE}), b"x" * len(raw), raw))
    assert names(path) == ["山东珅誠.csv"]
    assert read_book(path / "山东珅誠.csv").grids[0].rows[1][0] == "甲有限公司"


def test_office_documents_are_no_archives(tmp_path):
    for name in ("[Content_Types].xml", "mimetype", "OFD.xml", "Index/Document.iwa"):
        path = zipped(tmp_path / "a.xlsx", {name: "x"})
        assert archive.expand(path) == [path]
    (tmp_path / "b.csv").write_text(ONE, "utf-8")
    assert archive.expand(tmp_path / "b.csv") == [tmp_path / "b.csv"]
    assert archive.expand(tmp_path / "无.zip") == [tmp_path / "无.zip"]


def test_archives_are_opened_once_inside_another_and_not_deeper(tmp_path):
    third = in_memory({"c.csv": ONE})
    path = zipped(tmp_path / "a.zip", {"b.zip": in_memory({"b.csv": TWO, "c.zip": third})})
    assert names(path) == ["b.zip/b.csv", "b.zip/c.zip"]
    assert read_book(path / "b.zip" / "b.csv").format == "csv"
    assert "先解压" in refusal(path / "b.zip" / "c.zip")


@pytest.mark.parametrize("name", ["../逃.csv", "/etc/a.csv", "C:\\a.csv", "a/../../b.csv", "..\\b.csv"])
def test_names_that_lead_out_of_the_archive_are_refused(tmp_path, name):
    path = zipped(tmp_path / "a.zip", {"好.csv": ONE, name: TWO})
    assert archive.expand(path) == [path]
    assert "不安全" in refusal(path)
    assert "不安全" in refusal(path / "好.csv")


def test_links_repeated_names_and_too_many_members_are_refused(tmp_path, monkeypatch):
    link = zipfile.ZipInfo("链接.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr(link, "/etc/passwd")
    assert "不安全" in refusal(tmp_path / "a.zip")
    assert "重名或过多" in refusal(zipped(tmp_path / "b.zip", {"a\\b.csv": ONE, "a/b.csv": TWO}))
    monkeypatch.setattr(archive, "MOST_MEMBERS", 1)
    assert "重名或过多" in refusal(zipped(tmp_path / "c.zip", {"a.csv": ONE, "b.csv": TWO}))


def test_bombs_passwords_damage_and_empty_archives(tmp_path, monkeypatch):
    path = zipped(tmp_path / "a.zip", {"a.csv": ONE})
    data = path.read_bytes()
    flagged = bytearray(data)
    flagged[data.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(flagged)
    assert archive.expand(path) == [path] and "压缩包设有密码" in refusal(path)
    path.write_bytes(data[:-30])
    assert archive.expand(path) == [path] and "损坏" in refusal(path) and "损坏" in refusal(path / "a.csv")
    assert "没有电子表格" in refusal(zipped(tmp_path / "b.zip", {}))
    monkeypatch.setattr(package, "MOST_INFLATED", 10)
    path = zipped(tmp_path / "c.zip", {"a.csv": ONE, "b.csv": "甲"})
    assert names(path) == ["a.csv", "b.csv"]                 # one that is too large leaves the others alone
    assert "解压后过大" in refusal(path / "a.csv") and read_book(path / "b.csv").grids[0].rows == [["甲"]]
    monkeypatch.undo()
    monkeypatch.setattr(sniffing, "MOST_BYTES", 300)
    path = zipped(tmp_path / "d.zip", {"a.csv": ONE * 40, "b.zip": in_memory({str(n): ONE for n in range(9)})})
    assert names(path) == ["a.csv", "b.zip"]
    assert "超过" in refusal(path / "a.csv") and "超过" in refusal(path / "b.zip")


def test_a_damaged_archive_inside_another_leaves_the_others_alone(tmp_path):
    path = zipped(tmp_path / "a.zip", {"b.zip": in_memory({"x.csv": ONE})[:-9], "c.csv": TWO})
    assert names(path) == ["b.zip", "c.csv"]
    assert "损坏" in refusal(path / "b.zip")


def test_members_that_are_empty_or_gone(tmp_path):
    path = zipped(tmp_path / "a.zip", {"空.csv": ""})
    assert "空的" in refusal(path / "空.csv")
    assert "找不到" in refusal(path / "无.csv")
