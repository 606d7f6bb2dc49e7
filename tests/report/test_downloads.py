"""Data to take away: a sheet without a row is a sheet all the same."""

import openpyxl

from bn_analysis.report.pages.downloads import write_workbook
from bn_analysis.study.study import open_study


def test_a_verdict_without_falls_is_a_workbook_too(tmp_path):
    study = open_study("BG", as_of="2023-06-30", alone=True)
    write_workbook(study, tmp_path / "data.xlsx")
    assert study.verdict.falls == () or list(study.verdict.falls) == []
    assert "falls" in openpyxl.load_workbook(tmp_path / "data.xlsx").sheetnames
