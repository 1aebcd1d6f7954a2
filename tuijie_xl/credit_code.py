"""统一社会信用代码 (GB 32100-2015): check digits of whole columns, and what is wrong with one code.

18 characters of 0-9 A-H J-N P-R T U W X Y; the last is a check digit over the first 17. python-stdnum
serves single codes but refuses those that begin with A, N or Y, so the rule stands here, vectorised,
and stdnum is the oracle of the tests.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_SHAPE = re.compile(f"[{ALPHABET}]{{18}}")
_VALUES = np.full(128, -1, np.int64)
_VALUES[[ord(c) for c in ALPHABET]] = range(len(ALPHABET))
#: Letters that the alphabet leaves out, and the characters they are mistaken for.
_LOOKALIKES = str.maketrans("OIZSV", "01252")


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
    """Problem code and the words of its message for a code that is not valid."""
    if re.fullmatch(r"\d{15}0{3}", text):
        return "credit-code-damaged", {}
    if _SHAPE.fullmatch(text):
        return "credit-code-check-digit", {"expected": check_character(text), "suggestion": ""}
    for pattern, what in _OLD:
        if pattern.fullmatch(text):
            return "credit-code-old", {"what": what}
    mended = text.translate(_LOOKALIKES)
    repaired = _SHAPE.fullmatch(mended) and check_character(mended) == mended[17]
    return "credit-code-malformed", {"why": _why(text), "suggestion": f"，是否为 {mended}？" if repaired else ""}


_OLD = (
    (re.compile(r"\d{15}|\d{6}NA\d{6}X?|\d{6}[A-Z]{2}\d{6}[\dX]"), "营业执照注册号"),
    (re.compile(r"企[合独作].{2,12}第?\d{4,8}号?"), "外商投资企业注册号"),
    (re.compile(r"[0-9A-Z]{8}-?[0-9X]"), "组织机构代码"),
)


def _why(text: str) -> str:
    odd = sorted({c for c in text if c not in ALPHABET})
    if len(text) != 18:
        return f"有 {len(text)} 位"
    return f"含有不允许的字符 {''.join(odd)}"
