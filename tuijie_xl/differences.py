"""What changed between two sets of applicants: verdicts first, then values, then who came and who is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from .applicants import Applicants
from .criteria import VERDICTS, Judgement, as_text
from .edition import Edition
from .reported import comparable, reported_fields, texts_of
from .resubmission import BLANK, match

VERDICT, FIELD, ADDED, REMOVED = CHANGES = ("verdict", "field", "added", "removed")
WORDS = {VERDICT: "结论变化", FIELD: "更正", ADDED: "新增", REMOVED: "不再有"}


@dataclass(frozen=True)
class Difference:
    """One change of one applicant; ``field`` is a label, ``old`` and ``new`` texts, None for a blank."""

    change: str
    kind: str
    name: str | None
    credit_code: str | None
    field: str | None = None
    old: str | None = None
    new: str | None = None
    file: str | None = None

    def as_dict(self) -> dict:
        return asdict(self)


Side = Mapping[str, tuple[Applicants, Judgement]]


def compare(old: Side, new: Side, edition: Edition) -> list[Difference]:
    """Every change from ``old`` to ``new`` (kind -> applicants and their judgement), in the order of CHANGES and of rows.

    Applicants are known again as in a resubmission. The order of rows and columns, and how a value is written (1.0
    or 1), is no change.
    """
    found: list[Difference] = []
    for kind in edition.kinds:
        (before, was), (after, now) = old[kind], new[kind]
        pairs, _ = match(before, texts_of(before, edition), after, texts_of(after, edition), edition)
        found += changes_of(before, was, after, now, sorted(pairs.items()), edition)
        found += [_one(ADDED, after, i) for i in range(len(after.frame)) if i not in pairs]
        found += [_one(REMOVED, before, j) for j in range(len(before.frame)) if j not in set(pairs.values())]
    return sorted(found, key=lambda one: CHANGES.index(one.change))


def changes_of(before: Applicants, was: Judgement, after: Applicants, now: Judgement, pairs: list[tuple[int, int]],
               edition: Edition) -> Iterator[Difference]:
    """Verdicts and values that differ; ``pairs`` are (position after, position before) of the same applicant."""
    for i, j in pairs:
        if now.verdicts[i] != was.verdicts[j]:
            yield _one(VERDICT, after, i, None, VERDICTS[was.verdicts[j]], VERDICTS[now.verdicts[i]])
    fields = [f for f in reported_fields(edition, after.kind) if f.type != "measure"]
    values = {f.id: (now.frame[f.id].tolist(), was.frame[f.id].tolist()) for f in fields}
    for i, j in pairs:
        for f in fields:
            held, former = values[f.id][0][i], values[f.id][1][j]
            if comparable(held) != comparable(former):
                yield _one(FIELD, after, i, f.label, former, held)


def _one(change: str, group: Applicants, i: int, label: str | None = None, old=None, new=None) -> Difference:
    return Difference(change, group.kind, group.values("name")[i], group.values("credit_code")[i], label,
                      *(None if value is None else as_text(value) for value in (old, new)), group.values("source_file")[i])


# ------------------------------------------------------------------ in words

def told(one: Difference) -> str:
    """One change on one line: '更正  甲公司 9137…  城市：济南市 → 青岛市'."""
    who = " ".join(part for part in (one.name, one.credit_code) if part)
    what = f"  {one.field}" if one.field else ""
    values = "" if one.change in (ADDED, REMOVED) else f"：{one.old or BLANK} → {one.new or BLANK}"
    return f"{WORDS[one.change]}  {who}{what}{values}"


def counted(found: list[Difference]) -> str:
    """How many changes of each sort."""
    if not found:
        return "没有不同。"
    return "共 " + "，".join(f"{word} {sum(one.change == key for one in found)}" for key, word in WORDS.items())
