"""Mutations of the rows of a table and of its sheet (DOMAIN B2 Layout; issue 4, items 1, 2 and 5)."""

from __future__ import annotations

from .mutations import mutation, register
from .plan import Plan

# ------------------------------------------------------------------ rows

register("sections of regions", "section rows “北京市（92所）” inside the data (also give the region)", lambda p: _sections(p, "province"))
register("sections of cities", "section rows of cities", lambda p: _sections(p, "city"))


def _sections(plan: Plan, by: str) -> bool:
    if plan.merged_down or plan.written_once or plan.repeated or not plan.header:
        return False
    plan.sections = by
    plan.records.sort(key=lambda r: (r["province"], r["city"]))
    plan.spelled.clear()
    if by == "province":
        plan.columns = [c for c in plan.columns if c.field != "province"]
    return True


def _grouped(plan: Plan, how: str) -> bool:
    free = [c.field for c in plan.columns if c.field in ("city", "province", "county")]
    if not free or plan.sections or plan.merged_down or plan.written_once or plan.repeated:
        return False
    plan.records.sort(key=lambda r: (r["province"], r["city"], r.get("county") or ""))
    name = free[0]
    plan.spelled.clear()
    column = plan.column(name)
    plan.columns.remove(column)
    plan.columns.insert(1 if plan.columns[0].field == "serial" else 0, column)
    setattr(plan, how, name)
    return True


register("merged down", "group label merged down the left columns", lambda p: _grouped(p, "merged_down"))
register("written once", "group label written once with blanks below", lambda p: _grouped(p, "written_once"))


@mutation("total row", "合计 / 总计 / 小计 row (checked against our own sum)")
def total_row(plan: Plan) -> None:
    plan.totals.append((plan.random.choice(("合计", "总计", "合 计", "合计：", "总　计", f"共计{len(plan.records)}家", "全省合计", f"合计（{len(plan.records)}家）")),
                        plan.random.choice(("serial", "name", "name"))))


@mutation("wrong total", "a 合计 that differs from our own sum is a warning")
def wrong_total(plan: Plan) -> None:
    plan.totals.append(("合计", plan.random.choice(("serial", "name"))))
    plan.wrong_total = True


@mutation("subtotals", "小计 rows after each city")
def subtotals(plan: Plan) -> bool:
    if plan.merged_down or plan.written_once or plan.repeated:
        return False
    plan.records.sort(key=lambda r: (r["province"], r["city"]))
    plan.spelled.clear()
    plan.subtotals = plan.random.choice(("小计", "{city}小计", "小 计"))
    return True


register("average row", "an average row below the sums", lambda p: p.totals.append(("平均", "name")))
for _way, _sentence in (("gaps", "序号 with gaps"), ("restart", "序号 restarting in each province"), ("blank", "序号 blank"), ("text", "序号 as text '1.'")):
    register(f"serial {_way}", _sentence, lambda p, way=_way: setattr(p, "serial", way) or any(c.field == "serial" for c in p.columns))


@mutation("blank rows", "blank rows inside the table, prepared rows")
def blank_rows(plan: Plan) -> None:
    for position in plan.random.sample(range(len(plan.records)), min(2, len(plan.records))):
        plan.between.setdefault(position, []).append(("", []))
    plan.below[:0] = [("", []), ("", [])]


@mutation("rows of blanks", "cells that hold only blanks")
def rows_of_blanks(plan: Plan) -> None:
    plan.between.setdefault(plan.random.randrange(len(plan.records)), []).append(("", [" ", "　", None, "  "]))


@mutation("prepared rows", "rows with nothing but a number")
def prepared_rows(plan: Plan) -> bool:
    if plan.columns[0].field != "serial":
        return False
    plan.below[:0] = [("prepared", [len(plan.records) + i]) for i in range(1, 4)]
    return True


@mutation("note inside", "notes between the rows")
def note_inside(plan: Plan) -> None:
    plan.between.setdefault(plan.random.randrange(len(plan.records)), []).append(
        ("note", [plan.random.choice(("注：以下企业为本年度新增", "（续下页）", "第二批推荐名单", "备注：以上为济南地区"))]))


@mutation("hidden rows", "hidden rows, filtered rows")
def hidden_rows(plan: Plan) -> None:
    plan.hidden_rows |= set(plan.random.sample(range(len(plan.records)), max(1, len(plan.records) // 4)))


@mutation("hidden columns", "hidden columns")
def hidden_columns(plan: Plan) -> None:
    for column in plan.random.sample(plan.columns, min(2, len(plan.columns))):
        column.hidden = True


register("hidden sheet", "hidden sheets are read and reported", lambda p: setattr(p, "hidden", True))


@mutation("comments", "comments")
def comments(plan: Plan) -> None:
    plan.notes[plan.random.randrange(len(plan.records)), "name"] = "此家有变更，请核对"


@mutation("coloured rows", "cells coloured as the only mark")
def coloured_rows(plan: Plan) -> None:
    plan.colours |= set(plan.random.sample(range(len(plan.records)), 1))


@mutation("side notes", "side notes outside the table")
def side_notes(plan: Plan) -> None:
    plan.side += [(plan.random.randrange(0, 3), 2, "此列以后为内部备注"), (plan.random.randrange(0, len(plan.records)), 2, "已电话核实")]


@mutation("offset table", "a table that begins neither in row 1 nor in column A")
def offset_table(plan: Plan) -> None:
    plan.offset = (plan.random.randrange(0, 4), plan.random.randrange(1, 4))


@mutation("repeated row", "duplicates within a batch")
def repeated_row(plan: Plan) -> bool:
    if plan.totals or plan.merged_down or plan.written_once or plan.below or plan.sections:
        return False
    position = plan.random.randrange(len(plan.records))
    plan.columns = [c for c in plan.columns if c.field]              # what is nobody's is drawn anew in each row
    plan.spelled = {key: s for key, s in plan.spelled.items() if key[0] != position}
    plan.repeated.append(position)
    return True


@mutation("one applicant", "sizes 1..60 rows: a list of one")
def one_applicant(plan: Plan) -> None:
    del plan.records[1:]
    plan.spelled = {key: s for key, s in plan.spelled.items() if key[0] == 0}
    plan.hidden_rows, plan.colours, plan.notes, plan.between = set(), set(), {}, {}
    plan.repeated.clear()
