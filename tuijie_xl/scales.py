"""Amounts of an unlikely size: 元 or 亿元 under a header of 万元, as far as one can see without a ratio of the row.

What is usual is said by the edition (``Edition.scales``), never here.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from .applicants import Applicants, readable
from .criteria import as_text
from .edition import Edition, Scale
from .measures import compute_measures, shown
from .problem import Place, Problem, problem

_FEWEST = 3                             # rows of a sheet that make a slip of its whole column
_SLIPS = ((Decimal("1e-4"), "除以 10000"), (Decimal("1e4"), "乘以 10000"))
_DECIMALS = 2

Sizes = dict[int, Decimal]              # row -> what is compared with the usual range


def check_scales(applicants: Applicants, edition: Edition) -> Iterator[Problem]:
    """A question about every amount outside its usual range; one for a sheet whose amounts all are, by ten thousand.

    An amount that a ratio of its own row speaks for (a measure's, or that of a scale with ``per``) is judged by that
    alone. Blank, unreadable and zero amounts are no slips.
    """
    told = {m.numerator: compute_measures(applicants.frame, edition, applicants.kind)[m.field]
            for m in edition.measures_of(applicants.kind)}
    for scale in sorted(edition.scales_of(applicants.kind), key=lambda scale: not scale.per):
        if scale.per:
            told[scale.field] = _ratios(applicants, edition, scale)
            sizes = told[scale.field]
        else:
            ratios = told.get(scale.field) or [None] * len(applicants.frame)
            sizes = [value if ratio is None else None for value, ratio in zip(_amounts(applicants, edition, scale.field), ratios)]
        for _, rows in applicants.sources():
            yield from _of_sheet(applicants, edition, scale, {int(row): sizes[row] for row in rows if sizes[row]})


def _amounts(applicants: Applicants, edition: Edition, field_id: str) -> list[Decimal | None]:
    """The values of a field that can be used; None for the others."""
    values = applicants.values(field_id)
    usable = readable(edition.fields(applicants.kind)[field_id], edition, values)
    return [Decimal(value) if ok else None for value, ok in zip(values, usable)]


def _ratios(applicants: Applicants, edition: Edition, scale: Scale) -> list[Decimal | None]:
    """Amounts per whatever the scale divides them by; None where either is missing or that is 0."""
    pairs = zip(_amounts(applicants, edition, scale.field), _amounts(applicants, edition, scale.per))
    return [above / below if above is not None and below else None for above, below in pairs]


def _of_sheet(applicants: Applicants, edition: Edition, scale: Scale, sizes: Sizes) -> Iterator[Problem]:
    low, high = scale.plausible
    for factor, change in _SLIPS:
        if len(sizes) >= _FEWEST and all(not low <= size <= high and low <= size * factor <= high for size in sizes.values()):
            yield _of_column(applicants, edition, scale, sizes, factor, change)
            return
    yield from (_of_cell(applicants, edition, scale, row, size) for row, size in sizes.items() if not low <= size <= high)


def _words(edition: Edition, scale: Scale) -> dict:
    """What the messages say of a scale: the amount, what is compared, in which unit, and the usual range."""
    fields = edition.fields(scale.kind)
    above, below = fields[scale.field], fields[scale.per] if scale.per else None
    return {"source": above.source, "numerator": above.label, "low": as_text(scale.plausible[0]), "high": as_text(scale.plausible[1]),
            "label": f"{above.label}÷{below.label}" if below else above.label,
            "unit": f"{above.unit}/{below.unit}" if below else above.unit}


def _of_cell(applicants: Applicants, edition: Edition, scale: Scale, row: int, size: Decimal) -> Problem:
    value = as_text(applicants.values(scale.field)[row])
    more = {"ratio": as_text(shown(size, _DECIMALS) or size.normalize()), "denominator": edition.fields(scale.kind)[scale.per].label} if scale.per else {}
    return problem("unit-slip" if scale.per else "amount-slip", applicants.place(row, scale.field), field=scale.field, value=value,
                   **_words(edition, scale), **more)


def _of_column(applicants: Applicants, edition: Edition, scale: Scale, sizes: Sizes, factor: Decimal, change: str) -> Problem:
    row = min(sizes)
    file, sheet, _ = applicants.origins[row]
    value, letter = applicants.values(scale.field)[row], applicants.letters.get((file, sheet), {}).get(scale.field)
    lowest, highest = (f"{end.normalize():.6g}" for end in (min(sizes.values()), max(sizes.values())))
    return problem("unit-slip-column", Place(file, sheet), field=scale.field, value=as_text(value), **_words(edition, scale),
                   count=len(sizes), column=f"{letter} 列" if letter else "", change=change, lowest=lowest, highest=highest,
                   suggested=f"{as_text((value * factor).normalize())}{edition.fields(scale.kind)[scale.field].unit}")
