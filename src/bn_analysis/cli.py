"""The command `bn-analysis`: typed options → one call of the library each; heavy imports wait until they are needed."""

import os
import signal
import sys
from contextlib import nullcontext, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bn_analysis import __version__
from bn_analysis.errors import (
    NO_NAME,
    NOTHING_NEW,
    BnAnalysisError,
    BuildError,
    InputError,
    bilingual,
    os_words,
    unforeseen,
)
from bn_analysis.temporary import run_folder
from bn_analysis.terminal import progress_bar, progress_lines, readable_everywhere

if TYPE_CHECKING:
    from bn_analysis.cleaning.ingestion.outcome import Ingested

INTERRUPTED = 130
"""What typer makes of Ctrl-C."""
LONGEST_TIMEOUT = 86_400

app = typer.Typer(
    help="Has the industrial production of Bắc Ninh left the bottom? Thoát đáy hay chưa?",
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
)  # fmt: skip


class ReportLanguage(StrEnum):
    """Languages of the pages."""

    VI = "vi"
    EN = "en"
    BOTH = "both"


class AdjustMethod(StrEnum):
    """Methods of seasonal adjustment that can be asked for."""

    AUTO = "auto"
    X13 = "x13"
    STL = "stl"


class Holiday(StrEnum):
    """Moving holidays that can be taken out."""

    TET = "tet"
    NONE = "none"


def _named(path: Path) -> Path:
    """A path that names a file; an empty one is the folder one stands in."""
    if not path.name:
        raise typer.BadParameter("expected the name of a file")
    return path


SeriesFile = Annotated[Path, typer.Argument(metavar="SERIES.csv", help="columns period,value (YYYY-MM, number)")]
OutFile = Annotated[
    Path,
    typer.Option("--out", metavar="OUT.csv", dir_okay=False, callback=_named, help="where the result is written"),
]


@app.command()
def report(
    territory: Annotated[str, typer.Option(help="BNM, BN, BG or VN; without it BNM and, beside it, VN")] = "",
    period: Annotated[str, typer.Option(help="month to judge: latest or YYYY-MM")] = "latest",
    first: Annotated[str, typer.Option("--from", metavar="YYYY-MM", help="first of several months")] = "",
    last: Annotated[str, typer.Option("--to", metavar="YYYY-MM", help="last of several months")] = "",
    as_of: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="use only what was known on that day")] = "",
    language: Annotated[ReportLanguage, typer.Option(help="language of the pages")] = ReportLanguage.BOTH,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", file_okay=False, help="folder of the reports [reports/]")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="notebooks at work at once")] = 2,
    dask: Annotated[str, typer.Option(metavar="ADDRESS", help="dask scheduler that shares the computing")] = "",
    force: Annotated[bool, typer.Option("--force", help="build again even what has not changed")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="also print the leadership page, if a browser is here")] = False,
    png: Annotated[bool, typer.Option("--png", help="also a picture of its first screen, for a chat")] = False,
) -> None:
    """Build the reports of a month and publish them under reports/ (exit code 3: nothing has changed)."""
    from bn_analysis.publication.build_reports import Request, plan, run

    if dask:
        from bn_analysis.publication.workers import check_address

        check_address(dask)
    _spare_the_record("--out", out)
    prints = tuple(kind for kind, wanted in (("pdf", pdf), ("png", png)) if wanted)
    reports = plan(Request(territory, period, first, last, as_of, language.value, prints))
    with progress_lines() as say:
        outcome = run(reports, out=out, jobs=jobs, say=say, force=force, dask=dask or None)
        say(f"{bilingual('mở', 'open')} {outcome.index}")
    if outcome.failed:
        count = len(outcome.failed), len(reports.reports)
        said = bilingual("{} trong {} báo cáo không dựng được", "{} of {} reports failed")
        raise BuildError(f"{said.format(*count, *count)}: {'; '.join(outcome.failed)}")
    if not outcome.published:
        said = bilingual("báo cáo vẫn mới, không có gì thay đổi", "nothing has changed since the reports were built")
        print(f"bn-analysis: {said}", file=sys.stderr)
        raise typer.Exit(NOTHING_NEW)


@app.command("run-month")
def run_month(
    mail_to: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="send the verdict there [BN_ANALYSIS_SMTP_TO]")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="notebooks at work at once")] = 2,
) -> None:
    """The month by itself: read data/inbox, check, build, publish and tell (exit codes as of report)."""
    from bn_analysis.operation.monthly_run import run_month as carry_out

    with progress_lines() as say:
        month = carry_out(mail_to=mail_to or [], jobs=jobs, say=say)
    print("\n".join(month.lines()))
    if month.entry.failed:
        _fail("; ".join(month.entry.failed), month.entry.exit_code)
    raise typer.Exit(month.entry.exit_code)


@app.command()
def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH…",
            help="workbooks (.xlsx, .xls, .ods, .csv), documents (.docx, .pdf, .html, .txt, .eml), promotion figures",
        ),
    ] = None,
    released: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help="day of release, where a workbook states none")
    ] = "",
    supersede: Annotated[bool, typer.Option("--supersede", help="the office has corrected a figure on record")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="say what would be read, write nothing")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="what was understood is right: book it")] = False,
    template: Annotated[
        Path | None, typer.Option(metavar="OUT.xlsx", help="write a form to fill in by hand instead")
    ] = None,
    territory: Annotated[str, typer.Option(help="whose figures, where a workbook does not say; of the form: BNM")] = "",
) -> None:
    """Read workbooks, documents and promotion figures into data/raw: checked, all or nothing, once."""
    from bn_analysis.cleaning import ingest as ingest_files
    from bn_analysis.cleaning import write_template
    from bn_analysis.cleaning.ingestion.inbox import settle
    from bn_analysis.cleaning.ingestion.promotion import check_promotion, ingest_promotion, is_promotion
    from bn_analysis.cleaning.language.classification import PRESENT
    from bn_analysis.operation.consent import with_consent
    from bn_analysis.settings import Settings

    if (template is None) == (not paths):
        raise InputError(
            bilingual(
                "ingest: không thấy tệp nào, cần PATH… hoặc, để lấy biểu mẫu, --template OUT.xlsx",
                "ingest: found no workbook, expected PATH… or, to get a form, --template OUT.xlsx",
            )
        )
    if template is not None:
        _spare_the_record("--template", template)
        print(f"written: {write_template(template, territory or PRESENT)}")
        return
    promotion = [path for path in paths or [] if is_promotion(path)]
    files = [path for path in paths or [] if path not in promotion]
    for path in promotion:  # whatever is wrong with one file, nothing of the others is booked
        check_promotion(path)

    def carry_out(confirmed: bool, looking: bool) -> "tuple[Ingested, ...]":
        return ingest_files(
            files, Settings().raw, released or None, supersede,
            territory=territory or None, confirmed=confirmed, preview=looking,
        )  # fmt: skip

    reports = with_consent(carry_out, yes, preview)
    if preview:
        return
    for path, report in zip(files, reports, strict=True):
        settle(path, Settings().inbox, report.release_date)
    for path in promotion:
        print("\n".join(ingest_promotion(path, Settings().raw)))


@app.command()
def add(
    territory: Annotated[str, typer.Option(help="whose figures: BNM, BN, BG, VN or another code")],
    period: Annotated[str, typer.Option(metavar="YYYY-MM", help="their month; of a sum or quarter, the last one")],
    source: Annotated[str, typer.Option(metavar="TEXT|URL", help="where they were printed")],
    released: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="day of release")],
    industry: Annotated[str, typer.Option(metavar="CODE", help="VSIC code")] = "TOTAL",
    mom: Annotated[str, typer.Option(help="on the month before: 7,34 or 'giảm 8,7%' or 'bằng 107,34%'")] = "",
    yoy: Annotated[str, typer.Option(help="on the same month a year before")] = "",
    ytd: Annotated[str, typer.Option(help="year to date on a year before")] = "",
    quarter_yoy: Annotated[str, typer.Option("--quarter-yoy", help="quarter on a year before")] = "",
    release: Annotated[str, typer.Option(help="first, forecast or restated")] = "first",
    yes: Annotated[bool, typer.Option("--yes", help="they are right: book them")] = False,
) -> None:
    """Book one or a few figures from a source, after the same preview and question as a document."""
    from bn_analysis.cleaning.ingestion.booking import book
    from bn_analysis.cleaning.ingestion.document_arrival import typed_arrival
    from bn_analysis.operation.consent import with_consent
    from bn_analysis.settings import Settings

    named = {"mom": mom, "yoy": yoy, "ytd": ytd, "quarter_yoy": quarter_yoy}
    figures = {measure: typed for measure, typed in named.items() if typed}
    arrival = typed_arrival(territory, period, figures, source, industry=industry, release=release)

    def carry_out(confirmed: bool, looking: bool) -> "tuple[Ingested, ...]":
        return book([arrival], Settings().raw, released, confirmed=confirmed, preview=looking)

    with_consent(carry_out, yes, preview=False)


@app.command()
def fetch(
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", file_okay=False, help="folder of the files [data/inbox]")
    ] = None,
) -> None:
    """Look for new workbooks on the statistics office's pages (exit code 3: nothing new)."""
    from bn_analysis.operation.fetch import fetch as fetch_files
    from bn_analysis.settings import Settings

    _spare_the_record("--to", to)
    found = fetch_files(to or Settings().inbox)
    for one in found:
        print(one.said)
    if failed := [one.said for one in found if one.state == "failed"]:
        raise BuildError(failed[0])
    if not any(one.path for one in found):
        print(bilingual("không có gì mới", "nothing new"))
        raise typer.Exit(NOTHING_NEW)


@app.command()
def check(
    as_json: Annotated[bool, typer.Option("--json", help="a list of {what, fine, said} for programs")] = False,
) -> None:
    """Say what is fine and what is not: figures, clock, engines, folders."""
    import json

    from bn_analysis.operation.checks import health

    findings = health()
    if as_json:
        rows = [{"what": finding.what, "fine": finding.fine, "said": finding.said} for finding in findings]
        print(json.dumps(rows, indent=1))  # in ASCII: what a terminal makes of other letters may be no JSON
    else:
        for finding in findings:
            print(f"{'ok ' if finding.fine else 'BAD'}  {finding.what}: {finding.said}")
    if not all(finding.fine for finding in findings):
        bad = sum(not finding.fine for finding in findings)
        raise InputError(
            bilingual(
                f"{bad} trong {len(findings)} mục kiểm tra không đạt; xem các dòng BAD",
                f"{bad} of {len(findings)} checks failed; see the lines marked BAD",
            )
        )


@app.command()
def adjust(
    series: Annotated[
        Path, typer.Argument(metavar="SERIES.csv|TABLE.csv|DIR", help="period,value; or a column a series; or a folder")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="OUT.csv|DIR", help="a file; for several series a folder")],
    method: Annotated[AdjustMethod, typer.Option(help="auto lets the series decide")] = AdjustMethod.AUTO,
    holiday: Annotated[Holiday, typer.Option(help="moving holiday to take out")] = Holiday.TET,
    timeout: Annotated[
        float, typer.Option(min=1, help="seconds for one run of X-13; then auto takes a fixed model")
    ] = 60,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="series at work at once")] = 2,
) -> None:
    """Adjust a monthly series for season and Tết, or many of them; what was done is said in a line each."""
    from bn_analysis.cleaning.series_csv import read_many, write_table
    from bn_analysis.errors import NotEnoughDataError, bilingual
    from bn_analysis.seasonal.adjust_many import adjust_many

    if not timeout <= LONGEST_TIMEOUT:  # "nan" passes a test of ranges
        raise InputError(
            bilingual(
                f"--timeout: thấy {timeout:g}, cần từ 1 đến {LONGEST_TIMEOUT} giây",
                f"--timeout: found {timeout:g}, expected 1 to {LONGEST_TIMEOUT} seconds",
            )
        )
    _spare_the_record("--out", out)
    many, found = read_many(series)
    if not many:
        _named(out)
    else:
        out.mkdir(parents=True, exist_ok=True)
    with progress_bar("series") if many else nullcontext() as progress:
        panel = adjust_many(found, method.value, holiday.value, jobs=jobs, time_limit=timeout, progress=progress)
    for name, result in panel.adjustments.items():
        write_table(result.to_csv_frame(), out / f"{name}.csv" if many else out)
        print(f"bn-analysis: {result.account()}", file=sys.stderr)
    if panel.errors and not many:
        raise next(iter(panel.errors.values()))
    for error in panel.errors.values():
        print(f"bn-analysis: {' '.join(str(error).split())}", file=sys.stderr)
    if panel.errors:
        raise NotEnoughDataError(
            bilingual(
                f"{len(panel.errors)} trong {len(found)} chuỗi không điều chỉnh được: xem các dòng trên",
                f"{len(panel.errors)} of {len(found)} series were not adjusted: see above",
            )
        )


@app.command()
def review(
    territory: Annotated[str, typer.Option(help="whose index: one that X-13 serves")] = "VN",
    as_of: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="with what was known on that day")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="say what would change, write nothing")] = False,
) -> None:
    """Review how X-13 adjusts an index (once a year): say what changes and why, keep it for the months to come."""
    from bn_analysis.operation.annual_review import annual_review, keep
    from bn_analysis.settings import Settings

    found = annual_review(Settings(), territory, as_of)
    print("\n".join(found.lines()))
    if preview:
        print(bilingual("xem trước: chưa ghi gì", "preview: nothing was written"))
    else:
        print(f"written: data/raw/{keep(Settings(), found)}")


@app.command()
def date(series: SeriesFile, out: OutFile) -> None:
    """Date the peaks and troughs of a seasonally adjusted series (Bry and Boschan)."""
    from bn_analysis.cleaning.series_csv import read_series, write_table
    from bn_analysis.cycle import turning_points

    _spare_the_record("--out", out)
    write_table(turning_points(read_series(series, quarters=True)).to_frame(), out)


@app.command()
def replay(
    vintages: Annotated[Path, typer.Argument(metavar="VINTAGES.csv", help="periods down, vintages across")],
    out: OutFile,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="vintages at work at once")] = 2,
) -> None:
    """Judge every vintage of an adjusted series from that vintage alone; a killed replay goes on where it stood."""
    from bn_analysis.cleaning.series_csv import write_table
    from bn_analysis.cycle import read_vintages
    from bn_analysis.cycle import replay as replay_vintages
    from bn_analysis.cycle.replay.vintages import faults

    _spare_the_record("--out", out)
    table = read_vintages(vintages)
    for vintage, fault in faults(table).items():
        print(f"bn-analysis: {vintages.name}, vintage {vintage}: {fault}; not judged", file=sys.stderr)
    unfinished = out.with_name(f"{out.name}.part")
    with progress_bar("vintages") as progress:
        write_table(replay_vintages(table, jobs=jobs, progress=progress, checkpoint=unfinished), out)
    unfinished.unlink()


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="print the version")] = False
) -> None:
    """Print the version, or the help when no command is named."""
    if version:
        print(__version__)
    elif context.invoked_subcommand is None:
        print(context.get_help())


def _spare_the_record(option: str, out: Path | None) -> None:
    """InputError where a result would be written among the published figures."""
    from bn_analysis.settings import Settings

    place, record = Path(os.path.realpath(out or ".")), None
    with suppress(InputError):  # outside a project there is no record of its own
        record = Settings().raw.resolve()  # wherever a link in the place of data/raw leads
    if any(folder.parts[-2:] == ("data", "raw") or folder == record for folder in (place, *place.parents)):
        raise InputError(
            f"{option} {out}: "
            + bilingual("data/raw chỉ giữ số liệu đã công bố; chọn chỗ khác",
                        "data/raw holds published figures alone; choose another place")
        )  # fmt: skip


def main() -> None:
    """Run the command; every failure is one line on stderr and an exit code (2 = what was handed in, 1 = the run)."""
    # The matrices here are small: threads of the linear algebra only wait for each other, and would change last digits.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A scheduler's stop is an interruption like Ctrl-C: programs are ended, temporary folders removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    readable_everywhere()
    try:
        with run_folder():
            code = app(standalone_mode=False)
    except BnAnalysisError as error:
        _fail(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except OSError as error:
        _fail(os_words(error), 2 if error.errno in NO_NAME else 1)
    except typer.TyperException as error:
        _fail(f"{_words(error)}; see bn-analysis --help", 2)
    except Exception as error:  # what nobody foresaw: one line for whoever runs it, the rest for whoever mends it
        _fail(unforeseen(error, __version__), 1)
    if code == INTERRUPTED:
        _fail("interrupted; nothing half-made was published", 1)
    sys.exit(code if isinstance(code, int) else 0)


def _words(error: typer.TyperException) -> str:
    """What typer has to say, with the parameter it speaks of."""
    text = str(error.format_message() if hasattr(error, "format_message") else error)
    return text.replace("Value error, ", "").rstrip(".")


def _fail(message: str, code: int) -> None:
    print(f"bn-analysis: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(code)
