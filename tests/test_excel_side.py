"""The calls into Excel over COM, on objects that record them: which are made, in which order, and what a refusal becomes."""

import sys
from contextlib import ExitStack
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from tuijie_xl.book import Chart, Print
from tuijie_xl.desk.openbook import CannotDo
from tuijie_xl.live import dialogs, excel


class Api(SimpleNamespace):
    """A COM sheet that is protected until the right password is given."""

    password = ""

    def Unprotect(self, password):
        if password != self.password:
            raise RuntimeError("0x800A03EC")
        self.ProtectContents = False

    def Protect(self, **options):
        self.ProtectContents, self.options = True, options


def sheet(**facts):
    allowed = SimpleNamespace(**{name: name == "AllowFiltering" for name in excel._ALLOWED})
    return SimpleNamespace(name="企业", api=Api(**{"ProtectContents": True, "ProtectDrawingObjects": True, "ProtectScenarios": False,
                                                 "Protection": allowed, "EnableSelection": 1, **facts}))


def test_protection_comes_back_with_the_same_options():
    one = sheet()
    options = excel.protection(one)
    excel.unprotect(one)
    assert one.api.ProtectContents is False
    excel.protect(one, options)
    assert one.api.options["AllowFiltering"] is True and one.api.options["AllowSorting"] is False
    assert one.api.EnableSelection == 1 and "selection" not in one.api.options


def test_protecting_again_twice_needs_the_options_whole():
    one = sheet()
    options = excel.protection(one)
    excel.protect(one, options)
    excel.protect(one, options)
    assert options["selection"] == 1


def test_a_sheet_without_protection_and_one_with_a_password():
    assert excel.protection(sheet(ProtectContents=False)) is None
    with pytest.raises(CannotDo, match="保护密码"):
        excel.unprotect(sheet(password="x"))


def test_a_locked_structure_is_said():
    with pytest.raises(CannotDo, match="结构受保护"):
        excel.refuse_locked_structure(SimpleNamespace(api=SimpleNamespace(ProtectStructure=True)))
    excel.refuse_locked_structure(SimpleNamespace(api=SimpleNamespace(ProtectStructure=False)))


def test_the_book_tells_of_itself():
    window = SimpleNamespace(ScrollRow=7, ScrollColumn=3, ActiveCell=SimpleNamespace(Row=6, Column=2))
    book = SimpleNamespace(api=SimpleNamespace(FullName="https://d.docs.live.net/a.xlsm", ReadOnly=1, Windows=lambda n: window))
    assert excel.path(book) == "https://d.docs.live.net/a.xlsm" and excel.is_read_only(book) is True
    assert excel.scroll(book) == (7, 3) and excel.active_cell(book) == (5, 1)
    excel.set_scroll(book, (1, 1))
    assert (window.ScrollRow, window.ScrollColumn) == (1, 1)
    with excel.styles_open(book):
        pass


def test_tables_do_not_fill_themselves_while_we_write():
    correct = SimpleNamespace(AutoFillFormulasInLists=True)
    with ExitStack() as stack:
        excel.hush(SimpleNamespace(api=SimpleNamespace(AutoCorrect=correct)), stack)
        assert correct.AutoFillFormulasInLists is False
    assert correct.AutoFillFormulasInLists is True


def test_conversations_are_seen_where_excel_has_them():
    thread = SimpleNamespace(Parent=SimpleNamespace(Row=6, Column=2), Text=lambda: "请核")
    assert excel.threads(SimpleNamespace(api=SimpleNamespace(CommentsThreaded=[thread]))) == {(5, 1): "请核"}
    assert excel.threads(SimpleNamespace(api=SimpleNamespace())) == {}


def test_a_note_is_as_large_as_its_words():
    shapes = {}
    live = SimpleNamespace(range=lambda place: SimpleNamespace(add_note=lambda text: SimpleNamespace(
        api=SimpleNamespace(Shape=shapes.setdefault(place, SimpleNamespace())))))
    excel.put_notes(live, {(5, 1): "错误：空", (6, 1): "错误：空\n" + "长" * 100})
    assert shapes[7, 2].Height > shapes[6, 2].Height + 60


def test_many_cells_take_one_call():
    live = MagicMock()
    excel.paint(live, [(5, 1), (7, 3)], (255, 0, 0))
    excel.drop_notes(live, [(5, 1), (7, 3)])
    assert [call.args for call in live.range.call_args_list] == [("B6,D8",), ("B6,D8",)]
    assert live.range.return_value.color == (255, 0, 0)
    live.range.return_value.api.ClearComments.assert_called_once_with()
    excel.fills(live, [(5, 1)])
    live.range.assert_called_with((6, 2))


@pytest.mark.parametrize(("old_mac", "year"), [(True, 1904), (False, 1899)])
def test_day_0_is_the_books_own(old_mac, year):
    assert excel.epoch(SimpleNamespace(api=SimpleNamespace(Date1904=old_mac))).year == year


@pytest.mark.parametrize(("answer", "shown", "expected"), [
    ("yes", -1, ["C:/a.xlsx", "C:/b.csv"]), ("no", -1, ["C:/a.xlsx", "C:/b.csv"]), ("yes", 0, []), ("cancel", None, [])])
def test_files_are_asked_for(answer, shown, expected):
    picker = MagicMock()
    picker.Show.return_value = shown
    picker.SelectedItems = MagicMock(side_effect=lambda n: ["C:/a.xlsx", "C:/b.csv"][n - 1], Count=2)
    app = MagicMock()
    app.alert.return_value = answer
    app.api.FileDialog.return_value = picker
    assert [path.as_posix() for path in excel.ask_files(SimpleNamespace(app=app))] == expected
    if answer != "cancel":
        app.api.FileDialog.assert_called_once_with({"yes": 3, "no": 4}[answer])


def test_a_chart_has_its_series_and_colours():
    live = MagicMock()
    excel.add_chart(live, Chart(2, 3, "column", "各地区", (("符合", "'统计'!$A$1:$A$3", "'统计'!$B$1:$B$3"),), ("3C8F5A",), True), "tuijie 1")
    chart = live.api.ChartObjects().Add.return_value.Chart
    series = chart.SeriesCollection().NewSeries.return_value
    assert (chart.ChartType, series.Name, series.Values) == (52, "符合", "='统计'!$B$1:$B$3")
    assert series.Format.Fill.ForeColor.RGB == 0x3C + 256 * 0x8F + 65536 * 0x5A and chart.ChartTitle.Text == "各地区"


def test_bars_that_lie_begin_on_top():
    live = MagicMock()
    excel.add_chart(live, Chart(2, 3, "bar", "各地区", (("家", "'统计'!$A$1:$A$3", "'统计'!$B$1:$B$3"),)), "tuijie 1")
    chart = live.api.ChartObjects().Add.return_value.Chart
    chart.Axes.assert_called_once_with(1)
    assert chart.ChartType == 57 and chart.Axes.return_value.ReversePlotOrder is True


def test_looks_that_xlwings_has_no_words_for():
    live = MagicMock()
    excel.set_locked(live, False)
    excel.set_indent(live, 2)
    excel.set_underline(live)
    excel.set_tab(live, (1, 2, 3))
    excel.set_print(live, Print(landscape=True, repeat_rows=(3, 3)))
    assert (live.api.Locked, live.api.IndentLevel, live.api.Font.Underline, live.api.Tab.Color) == (False, 2, 2, 1 + 512 + 3 * 65536)
    assert (live.api.PageSetup.Orientation, live.api.PageSetup.FitToPagesTall, live.api.PageSetup.PrintTitleRows) == (2, False, "$4:$4")


@pytest.mark.parametrize(("answer", "expected"), [(True, ["/甲.xlsx"]), (False, ["/报送"]), (None, [])])
def test_pythons_own_dialogs(monkeypatch, answer, expected):
    parts = SimpleNamespace(Tk=MagicMock(), filedialog=MagicMock(), messagebox=MagicMock())
    parts.messagebox.askyesnocancel.return_value = answer
    parts.filedialog.askopenfilenames.return_value = ("/甲.xlsx",)
    parts.filedialog.askdirectory.return_value = "/报送"
    monkeypatch.setitem(sys.modules, "tkinter", parts)
    assert [path.as_posix() for path in dialogs.ask_files()] == expected


def test_esc_is_asked_of_windows_alone(monkeypatch):
    import ctypes

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=SimpleNamespace(GetAsyncKeyState=lambda key: 1 if key == 27 else 0)),
                        raising=False)
    assert dialogs.escape_pressed() is True
