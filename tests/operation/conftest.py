"""What letters have in common: their pages are printed once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bn_analysis.operation import mail
from bn_analysis.publication.browser import print_page


@pytest.fixture(scope="module", autouse=True)
def printed_once() -> Iterator[None]:
    """Start a browser once for each page and kind, not for each letter: the same page gives the same bytes."""
    known: dict[tuple[bytes, str], bytes] = {}

    def print_once(page: Path, target: Path) -> None:
        asked = page.read_bytes(), target.suffix
        if asked not in known:
            print_page(page, target)
            known[asked] = target.read_bytes()
        target.write_bytes(known[asked])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail, "print_page", print_once)
        yield
