"""Mutations of a plan: a way of being dirty, with the sentence of the catalogue that it stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .plan import Plan


@dataclass(frozen=True)
class Mutation:
    """A way in which a file is dirty. ``apply`` changes the plan in place and says whether it applied."""

    name: str
    sentence: str
    apply: Callable[[Plan], bool | None]


MUTATIONS: list[Mutation] = []


def mutation(name: str, sentence: str):
    """``register`` as a decorator."""
    def keep(apply: Callable[[Plan], bool | None]):
        register(name, sentence, apply)
        return apply
    return keep


def register(name: str, sentence: str, apply: Callable[[Plan], bool | None]) -> None:
    """Add a mutation to the catalogue."""
    MUTATIONS.append(Mutation(name, sentence, apply))
