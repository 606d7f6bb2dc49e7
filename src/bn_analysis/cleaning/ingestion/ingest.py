"""Workbooks and documents as they arrive → figures not yet on record, appended to ``data/raw`` by release date."""

from collections.abc import Sequence
from pathlib import Path

from bn_analysis.cleaning.ingestion.arrival import arrival_of
from bn_analysis.cleaning.ingestion.booking import book
from bn_analysis.cleaning.ingestion.document_arrival import document_arrival, is_document
from bn_analysis.cleaning.ingestion.outcome import Ingested


def ingest(
    paths: Sequence[Path],
    raw_dir: Path,
    released: str | None = None,
    supersede: bool = False,
    *,
    territory: str | None = None,
    confirmed: bool = False,
    preview: bool = False,
) -> tuple[Ingested, ...]:
    """Append the figures of workbooks and documents to ``data/raw``; all of them or, on an error, none.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        Official workbooks, filled-in forms, documents; a document is booked only when ``confirmed``.
    raw_dir : pathlib.Path
        ``data/raw``.
    released : str, optional
        Day of release, YYYY-MM-DD, of workbooks that do not state it.
    supersede : bool
        Accept another value for a figure on record: the old one gets an entry in ``corrections.yml`` that leaves it
        out, and stays where it was published.
    territory : str, optional
        The answer to a workbook that does not say whose figures it holds.
    confirmed : bool
        A person has seen what was understood and says that it is right: nothing is asked.
    preview : bool
        Write nothing; the result says what would be.

    Returns
    -------
    tuple of Ingested
        One a workbook, in order. Ingesting a workbook again adds nothing.

    Raises
    ------
    InputError
        A workbook is not understood, has no or another release date, contradicts a figure on record, or needs a
        person's word (a `ConfirmationError`); nothing is written.
    """
    arrivals = [(document_arrival if is_document(path) else arrival_of)(path, territory) for path in paths]
    return book(arrivals, raw_dir, released, supersede, confirmed=confirmed, preview=preview)
