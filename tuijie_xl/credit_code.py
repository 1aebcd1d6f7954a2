"""统一社会信用代码 (GB 32100-2015): check digits of whole columns, and what is wrong with one code.

18 characters of 0-9 A-H J-N P-R T U W X Y; the last is a check digit over the first 17. python-stdnum
serves single codes but refuses those that begin with A, N or Y, so the rule stands here, vectorised,
and stdnum is the oracle of the tests.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

import numpy as np

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_SHAPE = re.compile(f"[{ALPHABET}]{{18}}")
_VALUES = np.full(128, -1, np.int64)
_VALUES[[ord(c) for c in ALPHABET]] = range(len(ALPHABET))
#: Letters that the alphabet leaves out, and the characters they are mistaken for.
_LOOKALIKES = str.maketrans("OIZS", "0125")
_OTHER_LOOKALIKES = {"O": "0DQ", "I": "1LJT", "Z": "27", "S": "58", "V": "UYW"}
_MOST_ODD = 3
#: Characters of the alphabet that are mistaken for each other on paper and in scans.
_CONFUSED = {"0": "QD", "Q": "0", "D": "0", "1": "L", "L": "1", "8": "B", "B": "8", "6": "G", "G": "65", "5": "G", "2": "R", "R": "2"}
#: A number of 18 digits of which Excel kept 15 or 16, and what Excel shows of one.
_DAMAGED = re.compile(r"\d{16}00|\d(?:\.\d+)?E\+?1\d", re.ASCII)
#: Fujian's codes M0...: 19 of 20 in published lists fail, so perhaps they were issued that way.
_SERIES = re.compile(rf"..35\d{{4}}M0[{ALPHABET}]{{8}}", re.ASCII)


def valid(codes: Sequence[str | None]) -> np.ndarray:
    """True where a code has 18 legal characters and the right check digit; False for None and all else."""
    shaped = [c if isinstance(c, str) and len(c) == 18 and c.isascii() else " " * 18 for c in codes]
    digits = _VALUES[np.frombuffer("".join(shaped).encode("ascii"), np.uint8).reshape(len(shaped), 18)]
    total = digits[:, :17] @ np.array(WEIGHTS)
    return (digits >= 0).all(axis=1) & ((total + digits[:, 17]) % 31 == 0)


def check_character(code: str) -> str:
    """The 18th character that the first 17 call for."""
    return ALPHABET[-sum(w * ALPHABET.index(c) for w, c in zip(WEIGHTS, code)) % 31]


def diagnose(text: str) -> tuple[str, dict[str, str]]:
    """Problem code and the words of its message for a code that is not valid; what is offered is only a question."""
    if _DAMAGED.fullmatch(text):
        return "credit-code-damaged", {}
    if _SHAPE.fullmatch(text):
        code = "credit-code-series" if _SERIES.fullmatch(text) else "credit-code-check-digit"
        return code, {"expected": check_character(text), "suggestion": _offer(_one_confused(text))}
    for pattern, what, passes in _OLD:
        if pattern.fullmatch(text):
            return "credit-code-old", {"what": what, "state": "" if passes is None or passes(text) else _DOUBTFUL_OLD}
    return "credit-code-malformed", {"why": _why(text), "suggestion": _offer(_spelt_right(text))}


def _offer(codes: set[str]) -> str:
    """'，是否为 ...？' for the one code that it can be, '' for none or several."""
    return f"，是否为 {min(codes)}？" if len(codes) == 1 else ""


def _spelt_right(text: str) -> set[str]:
    """The codes that a text with letters outside the alphabet can be: with the usual digits, else with any lookalike."""
    usual = text.translate(_LOOKALIKES)
    if _passes(usual):
        return {usual}
    options = [_OTHER_LOOKALIKES.get(letter, letter) for letter in text]
    if len(text) != 18 or sum(len(letters) > 1 for letters in options) > _MOST_ODD:
        return set()
    return {code for code in map("".join, product(*options)) if _passes(code)}


def _one_confused(text: str) -> set[str]:
    """The codes that differ in one character which is often mistaken for the one that stands there.

    Measured on random codes: where such a character was mistaken, 78 % get one offer, always the right one; other errors get
    one in 25 %, nearly always wrong: so it is asked, never applied. Swapped neighbours would double the wrong offers.
    """
    changed = (text[:i] + other + text[i + 1:] for i, letter in enumerate(text) for other in _CONFUSED.get(letter, ""))
    return {code for code in changed if _passes(code)}


def _passes(text: str) -> bool:
    """True for a whole code; no registry is 0, and the region is of digits."""
    return bool(_SHAPE.fullmatch(text)) and text[0] != "0" and text[2:8].isdecimal() and check_character(text) == text[17]


def _registration_passes(text: str) -> bool:
    """The old number of 15 digits by ISO 7064 MOD 11,10."""
    rest = 10
    for digit in text[:14]:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return (rest + int(text[14])) % 10 == 1


def _organisation_passes(text: str) -> bool:
    """The old code of nine characters by GB/T 11714."""
    head, last = text[:8], text[-1]
    total = sum(weight * int(letter, 36) for weight, letter in zip((3, 7, 9, 10, 5, 8, 4, 2), head))
    return "0123456789X0"[11 - total % 11] == last


_OLD = (
    (re.compile(r"\d{15}", re.ASCII), "营业执照注册号", _registration_passes),
    (re.compile(r"\d{6}NA\d{6}X?|\d{6}[A-Z]{2}\d{6}[\dX]", re.ASCII), "营业执照注册号", None),
    (re.compile(r"企[合独作].{2,12}第?\d{4,8}号?"), "外商投资企业注册号", None),
    (re.compile(r"[0-9A-Z]{8}-?[0-9X]"), "组织机构代码", _organisation_passes),
)
_DOUBTFUL_OLD = "（它自身的校验位也不符，可能还有错字）"


def _why(text: str) -> str:
    odd = sorted({c for c in text if c not in ALPHABET})
    if len(text) != 18:
        return f"有 {len(text)} 位"
    return f"含有不允许的字符 {''.join(odd)}"
