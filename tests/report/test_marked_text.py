"""A text with its readings marked in it shows nothing of the text as markup."""

from bn_analysis.report.explorer.document import read


def test_figures_are_marked_and_what_was_passed_over_says_why() -> None:
    shown = read("IIP tháng 3/2024 của Bắc Ninh tăng 7,34% so với tháng trước. GRDP tăng 5,1%.")._repr_html_()
    assert "<mark>7,34%</mark> <small>[BN 2024-03 TOTAL mom +7,34%]</small>" in shown
    assert "<s>5,1%</s>" in shown


def test_text_from_outside_is_never_markup() -> None:
    shown = read(
        "<script>alert(1)</script> IIP tháng 3/2024 của Bắc Ninh <b>tăng</b> 7,34% so với tháng trước."
    )._repr_html_()
    assert "<script>alert" not in shown and "&lt;script&gt;" in shown
