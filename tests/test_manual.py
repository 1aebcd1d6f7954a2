"""The manual: whole, current, without loose ends; found, opened and placed where officers look for it."""

import re
import subprocess
import sys
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from memory_book import MemoryBook

from tuijie_xl import cli, delivery, manual
from tuijie_xl.buttons import BUTTONS
from tuijie_xl.delivery import place_manual
from tuijie_xl.desk import press
from tuijie_xl.edition import editions, load_edition
from tuijie_xl.layout.officer import plan_officer
from tuijie_xl.manual import manual_name, manual_of, open_file
from tuijie_xl.problem import UnusableFile, catalogue

ROOT = Path(cli.__file__).parents[1]
SOURCES = ROOT / "docs/manual"
NAME = manual_name("2018")


@pytest.fixture(scope="module")
def maker():
    """docs/manual/build.py as a module."""
    sys.path.insert(0, str(SOURCES))
    before = sys.modules.pop("build", None)         # workbook/build.py may bear the name
    try:
        import build
        return build
    finally:
        sys.path.remove(str(SOURCES))
        sys.modules.pop("build", None)
        if before:
            sys.modules["build"] = before


@pytest.fixture(scope="module")
def html():
    return manual_of("2018").read_text("utf-8")


@pytest.fixture(scope="module")
def text(html):
    """What a reader sees, without blanks."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]+>", "", body)))


def plain(words: str) -> str:
    return re.sub(r"\s", "", words)


# ------------------------------------------------------------------ what is in it

@pytest.mark.parametrize("name", editions())
def test_the_committed_manual_is_current(name, maker, tmp_path):
    made = {path.name: path for path in maker.build(tmp_path)}
    assert made[manual_name(name)].read_bytes() == manual_of(name).read_bytes(), "run python docs/manual/build.py"


def test_every_command_with_its_options(html):
    for name, help_, arguments in cli.COMMANDS:
        assert f"<h3><code>tuijie {name}</code>　{escape(help_)}</h3>" in html
        for words, options in arguments:
            assert options["help"] in unescape(html) and all(word in html for word in words if word.startswith("-"))


def test_every_button_with_what_it_does(text):
    for button in BUTTONS:
        assert plain(button.label + button.screentip + "。" + button.supertip) in text


def test_every_column_with_its_help_and_other_names(html, edition):
    for f in edition.all_fields:
        row = re.search(rf"<tr><td><b>{re.escape(escape(f.label))}</b><br><small>{re.escape(edition.cite(f.source))}</small>.*?</tr>", html)
        assert row and escape(f.help) in html and f.unit in row[0], f
    assert all(escape("、".join(f.aliases)) in html for f in edition.all_fields)


def test_every_standard_and_material_with_its_clause(html, text, edition):
    for criterion in edition.criteria:
        assert plain(criterion.label + edition.clauses[criterion.clause].words) in text
        assert f"<tr><td>{edition.cite(criterion.clause)}</td><td><b>{criterion.label}</b>" in html
    for material in edition.materials:
        assert re.search(rf"<tr><td><b>{re.escape(material.name)}</b></td>.*?<td>{re.escape(edition.cite(material.clause))}</td></tr>", html)


def test_every_problem_with_message_and_remedy_in_the_words_of_the_catalogue(html, text):
    for code, entry in catalogue().items():
        assert f'<small class="code">{code}</small>' in html
        for said in (entry["message"], entry["remedy"]):
            assert all(plain(part) in text for part in re.split(r"\{\w+\}", said))


def test_every_term_of_every_list(text, edition):
    for vocabulary in edition.vocabularies.values():
        assert all(plain(term.label) in text and plain(term.definition.removesuffix("。")) in text for term in vocabulary.terms)


# ------------------------------------------------------------------ no loose ends

class Tags(HTMLParser):
    """ids, links and sources of a page; tags that are never closed."""

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.sources, self.open = [], [], [], []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if "href" in found else []
        self.sources += [found["src"]] if "src" in found else []
        if tag not in ("meta", "img", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_links_lead_somewhere_and_nothing_comes_from_outside(html):
    page = Tags()
    page.feed(html)
    assert not page.open and len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids) and len(page.links) > len(page.ids)
    assert len(page.sources) >= 7 and all(source.startswith("data:image/png;base64,") for source in page.sources)
    assert not re.search(r"<(script|link|iframe)|@import|url\(", html)


def test_no_placeholder_and_no_mark_of_the_sources_is_left(html):
    shown = re.sub(r'src="data:[^"]+"|<style>.*?</style>', "", html, flags=re.DOTALL)
    assert not re.search(r"\{\{|\}\}|\{\w+\}|\*\*|\]\(|TODO|TBD|待写|待补图|XXX|None", shown)


def test_the_chapters_hold_no_word_of_one_year(edition):
    words = "".join(path.read_text("utf-8") for path in SOURCES.glob("*.md"))
    for own in (edition.title, edition.id, str(edition.statistics_year), edition.last_day, "3000", "300 人", "35 万"):
        assert own not in words


@pytest.mark.parametrize(("source", "error"), [
    ("# 甲\n\n{{nobody}}\n", KeyError), ("# 甲\n\n说 {{nobody}}。\n", KeyError), ("# 甲\n\n[乙](#乙)\n", KeyError),
    ("# 甲\n\n![图](没有.png)\n", FileNotFoundError), ("# 甲\n\n## 乙\n\n# 乙\n", ValueError),
])
def test_a_loose_end_in_a_chapter_stops_the_build(maker, edition, tmp_path, monkeypatch, source, error):
    for name in ("page.html", "style.css"):
        (tmp_path / name).write_text((SOURCES / name).read_text("utf-8"), "utf-8")
    (tmp_path / "01.md").write_text(source, "utf-8")
    monkeypatch.setattr(maker, "HERE", tmp_path)
    with pytest.raises(error):
        maker.page(edition)


# ------------------------------------------------------------------ opening it

class Recorder:
    """Stands for what the system starts; ``answer`` is given back, or raised."""

    def __init__(self, answer):
        self.answer, self.calls = answer, []

    def __call__(self, *words, **_):
        self.calls.append(words)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


PATH = Path("/报送 资料/操作手册.html")


def test_windows_is_given_the_path_itself(monkeypatch):
    start = Recorder(None)
    monkeypatch.setattr(manual.os, "startfile", start, raising=False)
    assert open_file(PATH, "win32") and start.calls == [(PATH,)]
    monkeypatch.setattr(manual.os, "startfile", Recorder(OSError(1155, "no program")), raising=False)
    assert not open_file(PATH, "win32")


@pytest.mark.parametrize(("answer", "opened"), [
    (subprocess.CompletedProcess([], 0), True), (subprocess.CompletedProcess([], 1), False),
    (FileNotFoundError(2, "open"), False), (subprocess.TimeoutExpired("open", 20), False)])
def test_macos_opens_the_path_and_says_whether_it_could(monkeypatch, answer, opened):
    run = Recorder(answer)
    monkeypatch.setattr(manual.subprocess, "run", run)
    assert open_file(PATH, "darwin") is opened and run.calls == [(["open", str(PATH)],)]


@pytest.mark.parametrize(("screens", "answer", "opened", "tried"), [
    ({}, True, False, 0), ({"DISPLAY": ":0"}, True, True, 1), ({"WAYLAND_DISPLAY": "w"}, False, False, 1),
    ({"DISPLAY": ":0"}, manual.webbrowser.Error("none"), False, 1)])
def test_linux_needs_a_screen(monkeypatch, screens, answer, opened, tried):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in screens.items():
        monkeypatch.setenv(name, value)
    browser = Recorder(answer)
    monkeypatch.setattr(manual.webbrowser, "open", browser)
    assert open_file(PATH, "linux") is opened and len(browser.calls) == tried
    assert all(words == (PATH.as_uri(),) and words[0].isascii() for words in browser.calls)


# ------------------------------------------------------------------ the button

@pytest.fixture
def book(edition, tmp_path):
    return MemoryBook(plan_officer(edition, 5), tmp_path / "推介 申报.xlsm")


def test_help_opens_the_manual_of_the_books_edition_and_leaves_the_book_alone(book, edition):
    before = book.state()
    assert press("help", book, edition) == "" and book.opened == [manual_of("2018")]
    assert book.state() == before and not book.told


def test_help_without_a_browser_goes_to_the_instructions_and_says_where_the_manual_is(book, edition):
    book.has_browser = False
    assert NAME in press("help", book, edition) and book.here.sheet == "填表说明"
    del book.pages["填表说明"]
    assert NAME in press("help", book, edition)


def test_help_of_an_edition_without_a_manual_goes_to_the_instructions(book, edition):
    other = replace(edition, id="1999")
    assert press("help", book, other) == "" and book.here.sheet == "填表说明" and not book.opened
    del book.pages["填表说明"]
    assert "tuijie template" in press("help", book, other)


def test_a_live_book_opens_files_as_the_account_does(monkeypatch):
    live = pytest.importorskip("tuijie_xl.live.book")
    asked = Recorder(True)
    monkeypatch.setattr(live, "open_file", asked)
    assert live.LiveBook.open_file(object(), PATH) is True and asked.calls == [(PATH,)]


# ------------------------------------------------------------------ the command line and what is handed out

@pytest.mark.parametrize("opened", [True, False])
def test_the_command_opens_the_manual_and_says_where_it_is(tuijie, monkeypatch, opened):
    asked = Recorder(opened)
    monkeypatch.setattr(manual, "open_file", asked)
    code, out, err = tuijie("manual")
    assert (code, out) == (cli.CLEAN, f"操作手册：{manual_of('2018')}\n") and asked.calls == [(manual_of("2018"),)]
    assert ("双击" in err) is not opened


def test_a_program_without_the_manual_says_what_is_missing(tuijie, edition, tmp_path, monkeypatch):
    monkeypatch.setattr(manual, "FOLDER", tmp_path)
    code, out, err = tuijie("manual")
    assert (code, out) == (cli.UNUSABLE, "") and "没有带上 2018 年度的操作手册" in err
    assert place_manual(edition, tmp_path / "推介").startswith("没有放操作手册：这份程序里没有带上")
    with pytest.raises(UnusableFile, match="操作手册"):
        delivery.bundle(edition, tmp_path / "包.zip", "3.11")


def test_the_manual_lies_beside_the_workbook_and_a_former_one_is_kept(edition, tmp_path):
    (tmp_path / NAME).write_text("旧的", "utf-8")
    assert place_manual(edition, tmp_path) == f"操作手册已放在：{tmp_path / NAME}"
    assert (tmp_path / NAME).read_bytes() == manual_of("2018").read_bytes()
    assert [path.read_text("utf-8") for path in (tmp_path / "上一版").iterdir()] == ["旧的"]


def test_a_manual_that_cannot_be_placed_is_only_a_note(edition, tmp_path):
    (tmp_path / NAME).mkdir()
    assert place_manual(edition, tmp_path).startswith("没有放操作手册：已有同名的文件夹")


def test_template_gives_both_books(tuijie, tmp_path):
    code, out, _ = tuijie("template", "-o", tmp_path)
    assert code == cli.CLEAN and "tuijie manual" in out
    for name in ("推介填报_2018.xlsx", "推介申报_2018.xlsm"):
        assert (tmp_path / name).read_bytes() == (ROOT / "workbook" / name).read_bytes() and str(tmp_path / name) in out


def test_template_of_an_edition_without_a_built_workbook_says_what_is_missing(tuijie, tmp_path, monkeypatch):
    monkeypatch.setattr(delivery, "_HERE", tmp_path / "somewhere/tuijie_xl")
    code, out, err = tuijie("template", "-o", tmp_path)
    assert code == cli.PROBLEMS and (tmp_path / "推介填报_2018.xlsx").exists() and "推介填报_2018.xlsx" in out
    assert "推介申报_2018.xlsm" in err and "没有带上 2018 年度的申报工作簿" in err


def test_template_leaves_a_workbook_alone_that_somebody_works_in(tuijie, tmp_path):
    (tmp_path / "推介申报_2018.xlsm").write_bytes(b"mine")
    code, out, _ = tuijie("template", "-o", tmp_path)
    assert code == cli.CLEAN and "没有改动" in out and (tmp_path / "推介申报_2018.xlsm").read_bytes() == b"mine"


def test_editions_of_the_manual_are_those_of_the_program():
    assert {path.name for path in manual.FOLDER.iterdir()} == {manual_name(load_edition(name).id) for name in editions()}
