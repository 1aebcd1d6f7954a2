"""Build the templates that are committed beside this file, one for each edition: ``python workbook/build.py``."""

from pathlib import Path

from tuijie_xl.edition import editions, load_edition
from tuijie_xl.files.saving import save_workbook
from tuijie_xl.layout.template import plan_template

FOLDER = Path(__file__).parent


def build(folder: Path = FOLDER) -> list[Path]:
    """Write 推介填报_<edition>.xlsx for every edition into ``folder``."""
    return [path for name in editions()
            for path in save_workbook(plan_template(load_edition(name)), folder / f"推介填报_{name}.xlsx",
                                      keep_former=False)]


if __name__ == "__main__":
    for path in build():
        print(path)
