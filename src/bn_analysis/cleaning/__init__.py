"""Raw files → one table of published rates; the names used from outside, imported when first asked for."""

from importlib import import_module
from typing import Any

_HOMES = {
    "read_workbook": "workbook.reading", "ingest": "ingestion.ingest", "write_template": "workbook.template",
    "read_text": "documents.prose.text", "read_document": "documents.reading",
    "read_rates": "rates", "as_of": "rates", "select": "rates",
}  # fmt: skip

__all__ = ["as_of", "ingest", "read_document", "read_rates", "read_text", "read_workbook", "select", "write_template"]


def __getattr__(name: str) -> Any:
    """Import a room only when it is entered: commands that read one series need no workbook reader."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
