"""Delimited text: encodings told by content, delimiters, Excel's tricks for text, damage."""

import pytest
from sheet_files import grid, refusal

from tuijie_xl.files.delimited import read_grid
from tuijie_xl.problem import UnusableFile

CODE = "913706833104614358"
PLAIN = [["企业名称", "代码", "数"], ["甲公司", CODE, "3,000"], ["乙公司", "0012", None]]


def rows(text: str) -> list[list]:
    return read_grid("a.csv", text.encode()).rows


def as_text(delimiter: str) -> str:
    return "".join(delimiter.join(f'"{cell}"' if cell and delimiter in cell else cell or "" for cell in row) + "\r\n" for row in PLAIN)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，", "；"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_same_table_in_every_encoding_with_every_delimiter(tmp_path, encoding, delimiter):
    (tmp_path / "a.xls").write_bytes(as_text(delimiter).encode(encoding))
    assert grid(tmp_path / "a.xls").rows == PLAIN


@pytest.mark.parametrize("delimiter", ["、", "/", "。"])
def test_signs_that_join_words_are_no_delimiters(delimiter):
    assert rows(f"甲{delimiter}乙\n丙{delimiter}丁\n") == [[f"甲{delimiter}乙"], [f"丙{delimiter}丁"]]


@pytest.mark.parametrize("text, expected", [
    ("sep=;\n甲;1,5\n", [[None, None], ["甲", "1,5"]]),                   # the line is counted: rows keep their numbers
    ('"sep=\t"\r\n甲\t乙,丙\r\n', [[None, None], ["甲", "乙,丙"]]),
    ("SEP=^\na^b\n", [[None, None], ["a", "b"]]),
    ("sep=a\nb,c\n", [["sep=a", None], ["b", "c"]]),                      # no delimiter: a letter
])
def test_the_line_that_names_the_delimiter(text, expected):
    assert rows(text) == expected


@pytest.mark.parametrize("written, expected", [
    (f'="{CODE}"', CODE), (f"'{CODE}", CODE), ("'0012", "0012"), ("'91370683MA3F46U80X", "91370683MA3F46U80X"),
    ("'90后'", "'90后'"), ("'", "'"), ("'ABC", "'ABC"), ("it's", "it's"), ("=A1", "=A1"), ('"甲\n乙"', "甲\n乙"), ('"甲""乙"', '甲"乙'),
])
def test_tricks_that_keep_a_code_a_text(written, expected):
    assert rows(f"代码,邻\n{written},1\n")[1] == [expected, "1"]


@pytest.mark.parametrize("data, expected", [
    ("甲\0\0,乙\0\n1,2\n".encode(), [["甲", "乙"], ["1", "2"]]),           # fields padded with NUL
    ("甲,乙\n1,2\n".encode() + bytes(100), [["甲", "乙"], ["1", "2"]]),     # a file padded to its block
    ("甲,乙\n1,2\n".encode("gb18030") + b"\x1a", [["甲", "乙"], ["1", "2"]]),
    ("一,一\n一,一\n一,1\n".encode("utf-16-le"), [["一", "一"], ["一", "一"], ["一", "1"]]),      # 一 is 4E 00
    (b"\n \n", [[None], [" "]]), ("甲,乙,1,2".encode("utf-16-be"), [["甲", "乙", "1", "2"]]),
])
def test_bytes_that_pad(data, expected):
    assert read_grid("a.csv", data).rows == expected


@pytest.mark.parametrize("data, words", [
    ("甲,乙\n丙,".encode() + bytes(4096), "不完整"),                        # the end of the file was never written
    (bytes(5000), "没有内容"), (b"a\x01b\n", "无法识别"), ("甲,乙\n丙".encode()[:-1], "无法识别"), ('甲,"乙\n'.encode(), "引号"),
])
def test_damage_is_refused(data, words):
    with pytest.raises(UnusableFile, match=words):
        read_grid("a.csv", data)


def test_text_that_looks_like_markup_or_a_mail_and_is_none(tmp_path):
    (tmp_path / "a.csv").write_text("<甲>,乙\n1,2\n", "utf-8")
    assert grid(tmp_path / "a.csv").rows == [["<甲>", "乙"], ["1", "2"]]
    (tmp_path / "b.csv").write_text("单位:万元\n甲,乙\n1,2\n", "utf-8")
    assert grid(tmp_path / "b.csv").rows[1:] == [["甲", "乙"], ["1", "2"]]


def test_a_file_of_nothing_but_a_mark_is_refused_or_empty(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf")
    assert "没有内容" in refusal(tmp_path / "a.csv")
