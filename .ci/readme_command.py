"""Print one of the two commands of README.md ('demo' or 'test'), so that CI runs what the reader is told to run."""

import pathlib
import re
import sys

text = (pathlib.Path(__file__).parents[1] / "README.md").read_text("utf-8")
commands = re.findall(r"^```(?:sh|console)\n(.+?)\n```$", text, re.M | re.S)
wanted = {"demo": "tuijie demo", "test": "pytest"}[sys.argv[1]]
print(next(command for command in commands if wanted in command))
