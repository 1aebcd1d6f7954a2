"""The workbooks of each edition as built, shipped with the package; ``build.py`` makes them anew."""
