"""A web page (.html) → the paragraphs of its article and its tables: no menu, no related links, nothing hidden."""

import re
from pathlib import Path
from typing import Any

from bn_analysis.cleaning.documents.content import Part, Passage, refused, under_title
from bn_analysis.cleaning.documents.plain_text import decoded
from bn_analysis.cleaning.language.numbers import clean
from bn_analysis.cleaning.workbook.files.plain_tables import tables_of

_NEVER = (
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "form",
    "nav",
    "aside",
    "footer",
    "del",
    "s",
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "p")
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])|font-size\s*:\s*0(?![.\d])", re.I
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_DEEPEST = 200
_LINKED = 0.5
"""A block more of whose letters than this are links is a list of other articles."""


def page_part(path: Path) -> Part:
    """The article of a page; raises InputError where there is none."""
    return part_of_html(path, decoded(path, path.read_bytes()))


def part_of_html(path: Path, text: str) -> Part:
    """The article and the tables of a page of HTML."""
    from lxml import etree, html

    try:
        tree = html.fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8", remove_comments=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise refused(
            path, f"trang web hỏng ({error}); chép bài vào tệp .txt", "a damaged page; paste it as .txt"
        ) from None
    places = {clean(p.text_content()): number for number, p in reversed(list(enumerate(tree.iter("p"), start=1)))}
    _take_out(tree)
    part = Part(titles=[clean(h.text_content()) for h in tree.iter("h1", "h2")])
    for table in [t for t in tree.iter("table") if next(t.iterancestors("table"), None) is None]:
        captions = [clean(caption.text_content()) for caption in table.iter("caption")]
        heads = [clean(e.text_content()) for e in table.itersiblings(*_HEADINGS, preceding=True)][::-1]
        for sheet in tables_of(html.tostring(table, encoding="unicode")):
            sheet.name = f"table {len(part.grids) + 1}"
            part.grids.append(under_title(sheet, [*heads, *captions]))
    for table in list(tree.iter("table")):
        table.drop_tree()
    for line in _article(tree):
        number = places.get(line)
        place = f"paragraph {number}" if number else f"line {len(part.passages) + 1}"
        part.passages.append(Passage(line, place))
    if not part.passages and not part.grids:
        raise refused(
            path,
            "không thấy bài viết nào trong trang; chép bài vào tệp .txt rồi gửi lại",
            "no article found in the page; paste it into a .txt and hand that in",
        )
    return part


def _take_out(tree: Any) -> None:
    """Remove what a reader of the page does not see, and what is no part of its article."""
    hidden = {
        name
        for style in tree.iter("style")
        for names, rules in _RULE.findall(style.text or "")
        if _HIDING.search(rules)
        for name in re.findall(r"[.#]([\w-]+)\s*(?:,|$)", names)
    }
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element is tree or element.getparent() is None:
            continue
        names = {*(element.get("class") or "").split(), element.get("id") or ""}
        unseen = element.get("hidden") is not None or element.get("aria-hidden") == "true" or names & hidden
        if element.tag in _NEVER or unseen or _HIDING.search(element.get("style") or "") or _is_links(element):
            element.drop_tree()


def _is_links(element: Any) -> bool:
    if element.tag not in ("ul", "ol", "li", "p", "section", "div"):
        return False
    words = len(clean(element.text_content()))
    links = sum(len(clean(link.text_content())) for link in element.iter("a"))
    return words > 0 and links > _LINKED * words


def _article(tree: Any) -> list[str]:
    """The lines of the article's body as trafilatura finds it, each whole."""
    import trafilatura

    found = trafilatura.extract(
        tree, include_comments=False, include_tables=False, favor_precision=True, output_format="txt", deduplicate=False
    )
    lines = [clean(line) for line in (found or "").split("\n")]
    return [line for line in lines if line]
