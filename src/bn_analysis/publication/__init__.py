"""Notebooks → pages → files under `reports/`: run, checked, moved into place, listed."""

import sys

# Importing nbformat would build a grammar of web addresses (0.9 s, by way of jsonschema) for a format no notebook uses.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
