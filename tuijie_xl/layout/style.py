"""The look of the whole product: one accent (deep blue-green), quiet tints, white space; colour never without words."""

from __future__ import annotations

from dataclasses import replace

from ..book import Style

# ------------------------------------------------------------------ palette ('RRGGBB')

INK = "1F2933"                          # text
MUTED = "66757F"                        # second voice: hints, sources
WHITE = "FFFFFF"
ACCENT = "17495A"                       # deep blue-green: titles, required columns
ACCENT_MIDDLE = "2F7086"                # columns required under a condition
ACCENT_SOFT = "C9DDE3"                  # bands
ACCENT_TINT = "E6F0F3"                  # the other bands, optional columns
PAPER = "F5F8F9"                        # computed cells, quiet ground
LINE = "D3DCE1"                         # cell borders

GOOD, GOOD_TINT = "1E6B3A", "E2F2E6"    # 符合
BAD, BAD_TINT = "A3201D", "FBE1DF"      # 不符合, illegal content
WAIT, WAIT_TINT = "8A5A00", "FFF2D0"    # 待补充, required and still blank

CHART_COLORS = (ACCENT, "4E97AC", "E0A030", "9FB3BC", "7A5C99", "C2554F")
VERDICT_COLORS = {"eligible": (GOOD, GOOD_TINT), "ineligible": (BAD, BAD_TINT), "unknown": (WAIT, WAIT_TINT)}

# ------------------------------------------------------------------ fonts and heights

SCREEN = "微软雅黑"

TITLE_HEIGHT, HINT_HEIGHT, BAND_HEIGHT, ROW_HEIGHT = 34, 21, 20, 21    # points

# ------------------------------------------------------------------ sheets of data

BASE = Style(font=SCREEN, size=10, color=INK)
TITLE = replace(BASE, size=16, bold=True, color=WHITE, fill=ACCENT, indent=1)
HINT = replace(BASE, size=9, color=MUTED, fill=ACCENT_TINT, indent=1)
BAND = replace(BASE, size=10, bold=True, color=ACCENT, fill=ACCENT_SOFT, border=WHITE, align="center")
BAND_ALTERNATE = replace(BAND, fill=ACCENT_TINT)
LABEL = replace(BASE, size=10, color=ACCENT, fill=ACCENT_TINT, border=WHITE, align="center", wrap=True)
LABEL_REQUIRED = replace(LABEL, bold=True, color=WHITE, fill=ACCENT)
LABEL_CONDITIONAL = replace(LABEL, bold=True, color=WHITE, fill=ACCENT_MIDDLE)
LABEL_COMPUTED = replace(LABEL, color=MUTED, fill="E3E8EA")
LABEL_TICK = replace(LABEL, size=8)

CELL = replace(BASE, border=LINE)
INPUT = replace(CELL, locked=False)
COMPUTED = replace(CELL, fill=PAPER)
CENTERED = replace(CELL, align="center")
LINKED = replace(CELL, color=ACCENT_MIDDLE, underline=True)

# ------------------------------------------------------------------ conditional formats

ILLEGAL = replace(BASE, color=BAD, fill=BAD_TINT)
LACKING = replace(BASE, fill=WAIT_TINT)
VERDICT_STYLES = {key: replace(BASE, bold=True, color=ink, fill=tint) for key, (ink, tint) in VERDICT_COLORS.items()}

# ------------------------------------------------------------------ pages to read (填表说明, 材料清单)

COVER_TITLE = replace(BASE, size=22, bold=True, color=WHITE, fill=ACCENT, indent=1)
COVER_SUBTITLE = replace(BASE, size=11, color=ACCENT_SOFT, fill=ACCENT, indent=1)
SECTION = replace(BASE, size=12, bold=True, color=ACCENT, valign="bottom")
RULE = replace(BASE, fill=ACCENT)
READ = replace(BASE, wrap=True, indent=1)
NUMBER = replace(BASE, size=12, bold=True, color=WHITE, fill=ACCENT_MIDDLE, align="center")
TABLE_HEAD = replace(BASE, bold=True, color=WHITE, fill=ACCENT, border=WHITE, align="center", wrap=True)
TABLE_CELL = replace(CELL, wrap=True)
TABLE_CENTERED = replace(TABLE_CELL, align="center")
TABLE_QUIET = replace(TABLE_CELL, size=9, color=MUTED)
READ_HEAD = replace(READ, bold=True, color=ACCENT)
GROUP = replace(BASE, bold=True, color=ACCENT, fill=ACCENT_SOFT, border=WHITE, indent=1)
