"""The catalogue of mess, entry by entry: every mutation with the sentence it stands for.

Sentences are those of DOMAIN B1 and B2 and of issue 4, items 1 to 5. The spellings of values are in ``spellings``.
"""

from __future__ import annotations

from . import headings, lines
from .headings import head_freshly
from .mutations import MUTATIONS, Mutation
from .plan import Plan
from .spellings import SPELLINGS, Spelling

__all__ = ["MUTATIONS", "Mutation", "head_freshly", "headings", "lines"]


def spelling_mutation(spelling: Spelling) -> Mutation:
    """A spelling applied to one column: to some cells, or to all of them."""
    def apply(plan: Plan) -> bool:
        fields = plan.of_types(spelling.types)
        if not fields:
            return False
        name = plan.random.choice(fields)
        if plan.column(name).tens:
            return False
        size = len(plan.records)
        count = size if size < 10 and plan.random.random() < .3 else plan.random.randrange(1, max(2, size // 2 + 1))
        hit = 0
        for position in plan.random.sample(range(size), count):
            if (position, name) not in plan.spelled and position not in plan.repeated and spelling.cell(plan.records[position].get(name), plan.random):
                plan.spelled[position, name] = spelling
                hit += 1
        return hit > 0
    return Mutation(spelling.name, spelling.sentence, apply)


MUTATIONS += [spelling_mutation(s) for s in SPELLINGS]
assert len({m.name for m in MUTATIONS}) == len(MUTATIONS)
