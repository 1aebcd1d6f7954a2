"""What every test may use."""

import pytest

from tuijie_xl import cli
from tuijie_xl.applicants import Applicants, frame_of
from tuijie_xl.edition import load_edition


@pytest.fixture(scope="session")
def edition():
    return load_edition("2018")


@pytest.fixture
def tuijie(capsys):
    """tuijie('run', path, ...) -> (exit code, standard output, error output)."""
    def call(*words):
        code = cli.main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err
    return call


@pytest.fixture
def applicants(edition):
    """applicants('company', {field: value}, {...}): one row a dict, as if read from 报送.xlsx [企业] row 5 on."""
    def make(kind: str, *rows: dict) -> Applicants:
        names = list(dict.fromkeys(name for row in rows for name in row))
        columns = {name: [row.get(name) for row in rows] for name in names}
        columns |= {"source_file": ["报送.xlsx"] * len(rows), "source_sheet": ["企业"] * len(rows)}
        origins = [("报送.xlsx", "企业", 5 + i) for i in range(len(rows))]
        letters = {("报送.xlsx", "企业"): {name: chr(65 + i) for i, name in enumerate(names[:26])}}
        return Applicants(kind, frame_of(edition, kind, columns), origins, letters)
    return make
