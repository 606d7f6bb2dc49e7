"""The words around a table → whose figures it holds and of what nature, proven by those words or asked for."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bn_analysis.cleaning.language.classification import TERRITORIES, territory, territory_spellings
from bn_analysis.cleaning.language.place_names import Mention, bare, mentions, tokens
from bn_analysis.cleaning.workbook.files.grid import Place
from bn_analysis.cleaning.workbook.tables.title_words import (
    EXPLAINED,
    FORECASTS,
    LONGEST_LINE,
    MARKED,
    NATIONAL_NAMES,
    NATURES,
    OFFICES,
    OTHER_CITY,
    PARTS,
    PLACES,
    SMALL_WORDS,
)
from bn_analysis.errors import InputError

Nature = Literal["published", "forecast"]


class OtherFiguresError(InputError):
    """A title says by its words that its figures are not the published rates of a whole territory and industry."""

    @classmethod
    def at(cls, place: Place, *, vi: tuple[str, str], en: tuple[str, str]) -> "OtherFiguresError":
        """The error for the place of a title."""
        return cls(str(place.error(vi=vi, en=en)))


@dataclass(frozen=True, slots=True)
class Words:
    """Words around a table: those of its title, which must be understood to the last, and looser ones beside it.

    Attributes
    ----------
    title : str
        Title with all its lines.
    beside : tuple of str
        Lines above the title on its sheet, and of covers: an office, a report's name.
    total : str
        Name of the table's first line.
    hints : tuple of str
        Names of sheets and of the file: named in a question, never taken for an answer.
    place : Place
        Where the title stands.
    """

    title: str
    beside: tuple[str, ...]
    total: str
    hints: tuple[str, ...]
    place: Place


def nature_of(title: str, place: Place) -> Nature:
    """Whether a title speaks of published rates or of a forecast.

    Raises
    ------
    OtherFiguresError
        It speaks of something else (a plan, a share, seasonally adjusted figures), or of a part of a province or of
        its industry; nothing can be answered to that.
    """
    words = _without(_without_places(title), EXPLAINED[3:7])
    if found := re.search(rf"\b(?:{NATURES})\b", words):
        raise _other_nature(_printed(title, found[0]), found[0], place)
    if said := _part(title, words, PARTS) or _city(title):
        raise OtherFiguresError.at(
            place,
            vi=(f"tiêu đề chỉ nói về một phần: {said!r}", "toàn ngành của cả tỉnh hoặc cả nước"),
            en=(f"a title of a part only ({said!r})", "all industry of a whole province or the country"),
        )
    return "forecast" if re.search(rf"\b(?:{FORECASTS})\b", words) else "published"


def _other_nature(vi: str, en: str, place: Place) -> OtherFiguresError:
    return OtherFiguresError.at(
        place,
        vi=(f"tiêu đề có chữ {vi!r}", "tỷ lệ thay đổi đã công bố; tệp này không được ghi"),
        en=(f"the word {en!r} in the title", "published rates of change; this is not booked"),
    )


def _part(text: str, words: str, parts: str) -> str:
    """The printed words by which a text speaks of a part; one that differs in its marks ("cơ quan") is another word."""
    for found in re.finditer(rf"\b(?:{parts})\b", words):
        printed = _printed(text, found[0])
        if printed == bare(printed) or MARKED.get(found[0], printed) == printed:
            return printed
    found_city = re.search(OTHER_CITY, words)
    return found_city[0] if found_city else ""


def foreign_heading(text: str) -> str:
    """The word of a heading by which its column is no published rate (a plan, a weight, a code); else empty."""
    words = plain_title(text)
    found = re.search(rf"\b(?:{NATURES})\b", words)
    return found[0] if found else ""


def narrower_heading(text: str, title: str) -> str:
    """The words of a heading of production by which its column is of a part, or of a place that the title leaves out.

    Empty where its column is of what the title says.
    """
    here = {mention.name for mention in mentions(tokens(title))}
    others = (mention.name for mention in mentions(tokens(text)) if mention.name not in here)
    return _part(text, plain_title(text), PARTS) or next(others, "")


def is_forecast(text: str) -> bool:
    """Whether a heading announces figures of the future."""
    return re.search(rf"\b(?:{FORECASTS})\b", plain_title(text)) is not None


def owner(words: Words, period: str, answer: str | None, national_lines: bool) -> str:
    """The territory whose figures a table holds.

    Parameters
    ----------
    words : Words
        What stands around the table.
    period : str
        Its month (YYYY-MM): since 2025-07 "Bắc Ninh" is another territory.
    answer : str or None
        What a person answered: ``--territory``.
    national_lines : bool
        Whether its lines are those that only the national table has.

    Raises
    ------
    InputError
        Nothing proves whose figures they are, or the words contradict each other or the answer; says what settles it.
    """
    if answer is not None:
        _check_answer(answer, period, words.place)
    _check_beside(words, answer)
    named = _named(words, period, answer)
    if bare(" ".join(tokens(words.total))) in NATIONAL_NAMES:
        named.setdefault("VN", words.total)
    if len(named) > 1:
        raise words.place.error(
            vi=(f"nhiều nơi được nêu tên: {_list(named)}", "số liệu của đúng một nơi; tách riêng từng nơi"),
            en=(f"several places: {_list(named)}", "figures of one territory; hand in one by one"),
        )
    found = next(iter(named), None)
    if answer is not None:
        if found not in (None, answer):
            raise words.place.error(
                vi=(f"tên {named[found or '']!r} ({found})", f"{answer} như --territory; sửa một trong hai"),
                en=(f"the name {named[found or '']!r} ({found})", f"{answer} as --territory says"),
            )
        return answer
    unexplained = _unexplained(words.title)
    if unexplained:
        raise _question(words, period, unexplained)
    if found is None and national_lines:
        return "VN"
    if found is None:
        raise _question(words, period, "")
    return found


def _check_beside(words: Words, answer: str | None) -> None:
    """Lines above the table and of covers that name an office of a part, or a plan."""
    for line in words.beside:
        bare_line = _without_places(line)
        if len(bare_line.split()) > LONGEST_LINE:
            continue
        said = _part(line, bare_line, PLACES)
        if said and answer is None:
            raise words.place.error(
                vi=(f"chữ {said!r} trong {line!r}", "số liệu của cả tỉnh; nếu đúng là cả tỉnh, thêm --territory"),
                en=(f"the word {said!r} in {line!r}", "figures of a whole province; if they are, add --territory"),
            )
        if found := re.search(rf"\b(?:{NATURES})\b", re.sub(OFFICES, " ", bare_line)):
            raise _other_nature(_printed(line, found[0]), found[0], words.place)


def _check_answer(answer: str, period: str, place: Place) -> None:
    if not territory(answer).covers(period):
        name = TERRITORIES[answer].name_vi
        others = [code for code, known in TERRITORIES.items() if known.name_vi == name and known.covers(period)]
        now = f"--territory {others[0]}" if others else "BNM" if answer == "BG" else ""
        raise place.error(
            vi=(
                f"--territory {answer}, địa giới không có trong tháng {period}",
                f"nơi có trong tháng đó {now}".strip(),
            ),
            en=(f"--territory {answer}, borders not in force in {period}", f"a territory of that month {now}".strip()),
        )


def _named(words: Words, period: str, answer: str | None) -> dict[str, str]:
    """Territories that the title names or, where it names none, the words beside the table; with those words."""
    for text in (words.title, " . ".join(words.beside)):
        found: dict[str, str] = {}
        split = tokens(text)
        for mention in mentions(split):
            code = mention.code_in(period)
            if mention.part and text is not words.title and answer is None:
                raise words.place.error(
                    vi=(
                        f"chỉ nêu một phần của tỉnh: {_around(split, mention)!r}",
                        "cả tỉnh; nếu đúng là cả tỉnh, thêm --territory",
                    ),
                    en=(f"a part of a province: {_around(split, mention)!r}", "the whole; if it is, add --territory"),
                )
            if code is None:
                raise words.place.error(
                    vi=(
                        f"tên {mention.name.title()!r}, không còn là một tỉnh trong tháng {period}",
                        "tỉnh có trong tháng đó (từ 7/2025 Bắc Giang thuộc Bắc Ninh)",
                    ),
                    en=(
                        f"the name {mention.name.title()!r}, no territory in {period}",
                        "one with borders in that month",
                    ),
                )
            found.setdefault(code, _around(split, mention))
        if found:
            return found
    return {}


def _question(words: Words, period: str, unexplained: str) -> InputError:
    """The refusal that asks whose figures these are, with what was seen and how to answer."""
    hinted = sorted(
        {code for text in words.hints for mention in mentions(tokens(text)) if (code := mention.code_in(period))}
    )
    example = hinted[0] if hinted else _nearest(unexplained, period) or "BN"
    hint_vi = f" (tên tệp hoặc trang gợi ý {', '.join(hinted)})" if hinted else ""
    hint_en = f" (file or sheet hint at {', '.join(hinted)})" if hinted else ""
    seen_vi = f"các chữ chưa hiểu {unexplained!r} trong tiêu đề" if unexplained else "không có tên tỉnh"
    seen_en = f"words not understood in the title: {unexplained!r}" if unexplained else "no name of a territory"
    return words.place.error(
        vi=(f"{seen_vi}{hint_vi}", f"biết số liệu là của nơi nào; nếu là của cả tỉnh, thêm --territory {example}"),
        en=(f"{seen_en}{hint_en}", f"whose figures they are; if of a whole province, add --territory {example}"),
    )


def _nearest(unexplained: str, period: str) -> str:
    """The territory whose name is nearest to words not understood: "Bắc Nin" is asked back as BN."""
    names = {
        bare(" ".join(tokens(text))): code for text, code in territory_spellings() if TERRITORIES[code].covers(period)
    }
    close = difflib.get_close_matches(bare(unexplained), names, n=1, cutoff=0.75)
    return names[close[0]] if close else ""


def _unexplained(title: str) -> str:
    """Words of a title that are neither its index, nor its month, nor a place, nor of the usual small ones."""
    words = _without(_without_places(title), EXPLAINED)
    left = {word for word in words.split() if word not in SMALL_WORDS and not re.fullmatch(r"[\d/.]+|t\d+|\d+t", word)}
    return " ".join(word for word in tokens(title) if bare(word) in left)


def plain_title(text: str) -> str:
    """A title in bare words, blanks between them."""
    return " ".join(bare(word) for word in tokens(text))


def _without_places(title: str) -> str:
    """A title in bare words with a point in place of each word of a territory's name ("Vũng" Tàu is no "vùng")."""
    split = tokens(title)
    for mention in mentions(split):
        split[mention.start : mention.end] = ["."] * (mention.end - mention.start)
    return " ".join(bare(word) for word in split)


def _without(words: str, patterns: Sequence[str]) -> str:
    for pattern in patterns:
        words = re.sub(rf"(?<!\S)(?:{pattern})(?!\S)", " ", words)
    return " ".join(words.split())


def _city(title: str) -> str:
    """The words by which a title speaks of a city within a province."""
    split = tokens(title)
    return next((_around(split, mention) for mention in mentions(split) if mention.part), "")


def _around(split: list[str], mention: Mention) -> str:
    """A name with what makes it a city: "thành phố Bắc Ninh", "Bac Ninh City"."""
    start, end = mention.start, mention.end
    if mention.part and split[end : end + 1] == ["city"]:
        end += 1
    elif mention.part:
        start -= 1 if split[start - 1] == "tp" else 2
    return " ".join(split[max(0, start) : end]).title()


def _printed(title: str, plain: str) -> str:
    """Bare words of a title as they are printed there."""
    split = tokens(title)
    size = len(plain.split())
    runs = (split[at : at + size] for at in range(len(split)))
    return next((" ".join(run) for run in runs if " ".join(map(bare, run)) == bare(plain)), plain)


def _list(named: dict[str, str]) -> str:
    return ", ".join(f"{text} ({code})" for code, text in named.items())
