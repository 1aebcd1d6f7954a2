"""环境自检: one fault at a time, each with its own message and next step."""

from dataclasses import replace

import pytest

from tuijie_xl import doctor
from tuijie_xl.doctor import Machine, examine, report

SOUND = Machine("Windows", (3, 12, 1), 64, r"C:\Python\python.exe", r"C:\Python\python.exe", (), "0.37.8", "Excel.Application.16",
                64, 2, False, True, None, frozenset({"msyh", "simsun", "simhei", "simfang"}), r"D:\推介\申报.xlsm", None, True)
FAULTS = [
    ("太旧", {"python": (3, 8, 1)}), ("命令 python 找不到", {"found_python": None}), ("缺少 pandas", {"missing": ("pandas",)}),
    ("没有安装，Excel 里的按钮", {"xlwings": None}), ("没有找到 Microsoft Excel", {"excel": None}),
    ("禁用所有宏，按钮", {"macro_warnings": 4}), ("只允许有数字签名的宏", {"macro_warnings": 3}),
    ("阻止来自互联网的宏", {"internet_macros_blocked": True, "book_zone": 3}), ("停用了 Windows Script Host", {"script_host": False}),
    ("OneDrive 或 SharePoint", {"book": "https://firm.sharepoint.com/a.xlsm"}), ("来自互联网”的标记", {"book_zone": 3}),
    ("太长（", {"book": "D:\\" + "层" * 230}), ("没有写入权限", {"book_folder_writable": False}),
]
NOTES = [
    ("32 位：大批量", {"python_bits": 32, "excel_bits": 32}), ("与 Python 的 64 位不同", {"excel_bits": 32}),
    ("没有 Excel，请用命令行", {"system": "Linux"}), ("生僻字", {"book": r"D:\𠮷\a.xlsm"}),
    ("只有 WPS", {"wps": "12.1", "excel": None}), ("同时装有 WPS", {"wps": "12.1"}),
    ("缺少 仿宋", {"fonts": frozenset({"msyh", "simsun", "simhei"})}),
]


def test_a_sound_machine_has_no_fault():
    assert "可以正常使用" in report(examine(SOUND))
    assert all(one.state == "ok" and not one.remedy for one in examine(SOUND))


@pytest.mark.parametrize(("words", "change"), FAULTS)
def test_each_fault_says_what_and_what_next(words, change):
    found = [one for one in examine(replace(SOUND, **change)) if words in one.words]
    assert [one.state for one in found] == ["fault"] and found[0].remedy.endswith("。")
    assert "处需要处理" in report(examine(replace(SOUND, **change)))


@pytest.mark.parametrize(("words", "change"), NOTES)
def test_what_is_only_worth_knowing_is_a_note(words, change):
    assert [one.state for one in examine(replace(SOUND, **change)) if words in one.words] == ["note"]


def test_every_fault_has_a_message_of_its_own():
    said = [next(one.words for one in examine(replace(SOUND, **change)) if words in one.words) for words, change in FAULTS]
    assert len(set(said)) == len(FAULTS)


def test_this_machine_can_be_examined(tmp_path):
    facts = doctor.look_around(str(tmp_path / "a b.xlsm"))
    assert facts.python_bits in (32, 64) and facts.missing == () and facts.book_folder_writable
    assert report(examine(facts)).startswith("环境自检")
    assert "含有空格" in report(examine(facts))


def test_a_download_mark_is_read(tmp_path):
    book = tmp_path / "a.xlsm"
    (tmp_path / "a.xlsm:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n", "utf-8")
    assert doctor._zone(book) == 3 and doctor._zone(tmp_path / "b.xlsm") is None
