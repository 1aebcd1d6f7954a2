"""The main job on the regional files, against the truth that their generator wrote down."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from tuijie_xl import actions, examples

TRUTH = json.loads((examples.FOLDER / "truth.json").read_text("utf-8"))["files"]


@pytest.fixture(scope="module")
def outcome(edition):
    return actions.import_files(examples.files(), edition)


@pytest.fixture(scope="module")
def found(outcome):
    """(file, sheet, name) -> what the product holds of the applicant."""
    return {(Path(file).name, sheet, judgement.frame["name"].iat[i]): {
                **judgement.frame.iloc[i].to_dict(), "kind": kind, "verdict": judgement.verdicts[i]}
            for kind, judgement in outcome.judgements.items()
            for i, (file, sheet, _) in enumerate(outcome.batch.applicants[kind].origins)}


def known_applicants():
    return [pytest.param(file["file"], sheet["name"], one, id=f"{file['file'][:12]}-{one['name']}")
            for file in TRUTH for sheet in file["sheets"] for one in sheet["applicants"] if one["fate"] == "accepted"]


@pytest.mark.parametrize(("file", "sheet", "truth"), known_applicants())
def test_every_applicant_is_read_as_it_is(found, file, sheet, truth):
    one = found[file, sheet, truth["name"]]
    assert one["kind"] == truth["kind"]
    assert truth["code"] in (None, one["credit_code"]) or one["credit_code"].endswith("E+17")      # damaged by Excel
    for field, name in (("outsourcing_revenue", "revenue"), ("outsourcing_staff", "staff")):
        if truth.get(name) is not None:
            assert one[field] == Decimal(truth[name])
    assert one["verdict"] == truth["verdict"] or (one["verdict"] == "unknown" and truth["kind"] != "company")


def test_rows_by_fate(outcome):
    fates = {(Path(f.path).name, s.name): s.counts for f in outcome.batch.files for s in f.sheets}
    for file in TRUTH:
        for sheet in file["sheets"]:
            for fate, count in sheet.get("rows", {}).items():
                if fate != "blank":                 # prepared rows of the template count as blank too
                    assert fates[file["file"], sheet["name"]][fate] == count, (file["file"], sheet["name"], fate)


def test_no_company_is_rejected_for_what_is_not_known(outcome):
    codes = Counter(p.code for p in outcome.problems)
    assert codes["criterion-unknown"] and codes["criterion-unmet"]
    unknown = {(p.file, p.sheet, p.row) for p in outcome.problems if p.code == "criterion-unknown"}
    unmet = {(p.file, p.sheet, p.row) for p in outcome.problems if p.code == "criterion-unmet"}
    for i, origin in enumerate(outcome.batch.applicants["company"].origins):
        verdict = outcome.judgements["company"].verdicts[i]
        assert (verdict == "ineligible") == (origin in unmet)
        assert verdict != "eligible" or origin not in unknown
