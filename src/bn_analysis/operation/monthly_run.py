"""The inbox as it lies there → new figures, published reports, a line in the log, words for people, an e-mail."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bn_analysis.cleaning.ingestion.inbox import Handled, take_in
from bn_analysis.cleaning.language.classification import LANGUAGES
from bn_analysis.cleaning.raw.release_files import finish_stopped
from bn_analysis.errors import BnAnalysisError, BuildError, InputError, os_words
from bn_analysis.operation import mail, run_log
from bn_analysis.operation.checks import health
from bn_analysis.operation.fetch import fetch
from bn_analysis.operation.release_status import Lateness, lateness
from bn_analysis.operation.run_log import Entry
from bn_analysis.publication.build_reports import DEFAULT_TERRITORIES, Plan, Request, plan, run
from bn_analysis.publication.publish import published
from bn_analysis.report.language.formats import Language
from bn_analysis.report.language.sentences import say as words
from bn_analysis.settings import Settings
from bn_analysis.study.knowledge import ingested_territories

Say = Callable[[str], None]
COUNTRY = "VN"


@dataclass(slots=True)
class Month:
    """A monthly run as it goes on: its line in the log, and what the words need beside it.

    Attributes
    ----------
    entry : Entry
    records : list of dict
        Manifests of the reports that stand at the end, that of the province's newest month first.
    states : tuple of Lateness
    recipients : int
        Addresses an e-mail went to.
    waiting : list of str
        What waits for a person's word, one sentence a file.
    """

    entry: Entry = field(default_factory=Entry)
    records: list[dict[str, Any]] = field(default_factory=list)
    states: tuple[Lateness, ...] = ()
    recipients: int = 0
    waiting: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The summary for people: a Vietnamese line and, indented below it, the same in English."""
        entry = self.entry
        said: list[Callable[[Language], str]] = [
            *(line for read in entry.ingested for line in (_sentence("ingested", **read), _read_as(read))),
            *(_sentence("refused", why=refused["why"]) for refused in entry.refused),
            *(_sentence("skipped", why=skipped["why"]) for skipped in entry.skipped),
        ]
        if entry.published:
            said.append(_sentence("published", reports=", ".join(f"reports/{folder}" for folder in entry.published)))
            if entry.unchanged:
                said.append(_sentence("unchanged", count=entry.unchanged))
        elif not entry.failed:
            said.append(_sentence("nothing"))
        said += [partial(mail.verdict, record) for record in self.records]
        said += [state.sentence for state in self.states]
        if self.recipients:
            said.append(_sentence("mailed", count=self.recipients))
        said += [_sentence("failed", why=why) for why in entry.failed]
        return [line for sentence in said for line in (sentence("vi"), f"  {sentence('en')}")]


def _sentence(key: str, **facts: object) -> Callable[[Language], str]:
    return lambda language: words(f"month.{key}", language, **facts)


def _read_as(read: dict[str, Any]) -> Callable[[Language], str]:
    """What a file was understood as: territory, borders, month and figures."""
    return lambda language: f"  {read[language]}"


def run_month(*, mail_to: Sequence[str], jobs: int, say: Say, today: dt.date | None = None) -> Month:
    """Take in what lies in the inbox, check, build and publish, and tell.

    Parameters
    ----------
    mail_to : sequence of str
        Addresses of the e-mail; without any, those of BN_ANALYSIS_SMTP_TO, if set.
    jobs : int
        Notebooks at work at once.
    say : callable
        Told in one line what was done.
    today : datetime.date, optional
        Day by which releases are late; the computer's date by default.

    Returns
    -------
    Month
        Never raises what the program understands: it is in ``entry.failed``, and the exit code in
        ``entry.exit_code``: 0 published, 3 nothing new, 2 bad input, 1 failed.
    """
    month, settings = Month(), Settings()
    try:
        _carry_out(month, settings, mail_to, jobs, say, today or dt.date.today())
    except BnAnalysisError as error:
        month.entry.fail(str(error), error.exit_code)
    except OSError as error:
        month.entry.fail(os_words(error))
    except BaseException as error:
        month.entry.fail(f"stopped: {type(error).__name__}")
        _write_down(month.entry, settings.reports)
        raise
    _write_down(month.entry, settings.reports)
    return month


def _write_down(entry: Entry, reports: Path) -> None:
    entry.settle()
    try:
        run_log.append(reports, entry)
    except (BnAnalysisError, OSError) as error:
        entry.fail(os_words(error) if isinstance(error, OSError) else str(error))


def _carry_out(month: Month, settings: Settings, mail_to: Sequence[str], jobs: int, say: Say, today: dt.date) -> None:
    entry, post = month.entry, mail.post(mail_to)
    finish_stopped(settings.raw)
    _stop_if_unfit(today)
    if settings.fetch:
        for fetched in fetch(settings.inbox):
            say(fetched.said)
            if fetched.state == "failed":
                entry.skipped.append({"file": fetched.address, "why": fetched.said})
    for handled in take_in(settings.inbox, settings.raw):
        _note(entry, handled)
        if handled.state == "held":
            month.waiting.append(handled.said)
        say(handled.said)
    month.states = lateness(settings, today)
    entry.late = [
        {
            "territory": state.territory,
            "expected": state.expected,
            "due": state.due.isoformat(),
            "months": len(state.late),
        }
        for state in month.states
        if state.late
    ]
    _publish(month, _plan(settings), settings.reports, jobs, say)
    if post is not None and month.records and not entry.failed:
        _tell(month, post, settings.reports)


def _stop_if_unfit(today: dt.date) -> None:
    """Nothing is read or built on damaged figures, with a wrong clock or a missing engine: the inbox stays as it is."""
    bad = [finding for finding in health(today) if not finding.fine]
    if bad:
        kind = BuildError if any(finding.exit_code == run_log.FAILED for finding in bad) else InputError
        raise kind("; ".join(f"{finding.what}: {finding.said}" for finding in bad))


def _note(entry: Entry, handled: Handled) -> None:
    if handled.ingested is not None:
        read = handled.ingested
        entry.ingested.append(
            {"file": read.file, "period": read.period, "released": read.release_date, "new": read.new,
             "known": read.known, "suspicious": len(read.suspicious), "set_aside": len(read.set_aside),
             "vi": read.headline, "en": read.headline_en}
        )  # fmt: skip
    else:
        (entry.refused if handled.state == "refused" else entry.skipped).append(
            {"file": handled.file, "why": handled.said}
        )


def _plan(settings: Settings) -> Plan:
    """The latest reports of the province and the country, and of each territory that workbooks were ingested for."""
    more = [code for code in ingested_territories(settings) if code not in DEFAULT_TERRITORIES]
    plans = [plan(Request(code, "latest", "", "", "", "both")) for code in ("", *more)]
    return Plan(tuple(report for one in plans for report in one.reports), plans[0].languages)


def _publish(month: Month, wanted: Plan, reports: Path, jobs: int, say: Say) -> None:
    outcome = run(wanted, out=None, jobs=jobs, say=say)
    month.entry.published = [folder.relative_to(reports).as_posix() for folder in outcome.published]
    month.entry.unchanged = outcome.unchanged
    for failure in outcome.failed:
        month.entry.fail(failure)
    standing = [record for parameters in wanted.reports if (record := published(reports, parameters)) is not None]
    standing.sort(key=lambda record: record["period"], reverse=True)
    month.records = sorted(standing, key=lambda record: record["territory"] == COUNTRY)


def _tell(month: Month, post: mail.Post, reports: Path) -> None:
    """Send the e-mail on this state of the report unless a run before has; a failure leaves it to the next run."""
    lead = month.records[0]
    addresses = hashlib.sha256("\n".join(sorted(post.recipients)).encode()).hexdigest()[:8]
    # By what the page says, not by what made it: an identical page is no news.
    said = [lead["outputs"][mail.PAGE], *(mail.verdict(record, "vi") for record in month.records)]
    sign = f"{lead['folder']} {hashlib.sha256(repr(said).encode()).hexdigest()[:16]} to {addresses}"
    if month.waiting:
        sign += f", {hashlib.sha256(chr(10).join(month.waiting).encode()).hexdigest()[:8]} waiting"
    if any(earlier.get("mailed") == sign for earlier in run_log.entries(reports)):
        return
    notes: dict[Language, list[str]] = {
        language: [*month.waiting, *(state.sentence(language) for state in month.states)] for language in LANGUAGES
    }
    mail.send(post, mail.compose(post, reports, month.records, notes))
    month.entry.mailed, month.recipients = sign, len(post.recipients)
