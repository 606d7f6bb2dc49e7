"""Vietnamese text typed for TCVN3 (".VnTime") or VNI fonts → Unicode, decided by what reads as Vietnamese syllables."""

import re
import unicodedata

_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook above, dot below


def _toned(base: str, tones: str) -> list[str]:
    return [unicodedata.normalize("NFC", base + tone) for tone in tones]


def _tcvn3_table() -> dict[str, str]:
    """One legacy character per letter; tones run grave, hook, tilde, acute, dot in the code page."""
    order = "\u0300\u0309\u0303\u0301\u0323"
    runs = {
        "a": "µ¶·¸¹", "ă": "»¼½¾Æ", "â": "ÇÈÉÊË", "e": "ÌÎÏÐÑ", "ê": "ÒÓÔÕÖ", "i": "×ØÜÝÞ", "o": "ßáâãä",
        "ô": "åæçèé", "ơ": "êëìíî", "u": "ïñòóô", "ư": "õö÷øù", "y": "úûüýþ",
    }  # fmt: skip
    table = dict(zip("¨©ª«¬\xad®¡¢£¤¥¦§", "ăâêôơưđĂÂÊÔƠƯĐ", strict=True))
    for base, run in runs.items():
        table |= zip(run, _toned(base, order), strict=True)
    return table


def _vni_table() -> dict[str, str]:
    """A plain letter followed by a mark letter, for either case; acute, grave, hook, tilde, dot."""
    order = "\u0301\u0300\u0309\u0303\u0323"
    plain, circumflex, breve = "ùøûõï", "áàåãä", "éèúüë"
    table = {
        "ñ": "đ",
        "ô": "ơ",
        "ö": "ư",
        "aâ": "â",
        "eâ": "ê",
        "oâ": "ô",
        "aê": "ă",
        "æ": "ỉ",
        "ó": "ĩ",
        "ò": "ị",
        "î": "ỵ",
    }
    for typed, base in {"a": "a", "e": "e", "o": "o", "u": "u", "y": "y", "ô": "ơ", "ö": "ư"}.items():
        table |= zip((typed + mark for mark in plain), _toned(base, order), strict=True)
    for typed, base in {"a": "â", "e": "ê", "o": "ô"}.items():
        table |= zip((typed + mark for mark in circumflex), _toned(base, order), strict=True)
    table |= zip(("a" + mark for mark in breve), _toned("ă", order), strict=True)
    return table | {typed.upper(): letter.upper() for typed, letter in table.items()}


TCVN3 = _tcvn3_table()
"""TCVN 5712 (ABC fonts) character → Unicode letter; toned capitals do not exist there, fonts drew them."""

VNI = _vni_table()
"""VNI-Windows character or pair → Unicode letter."""

_VNI_UNIT = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))
_OPEN_RIMES = (
    "uya uyu oai oay oao oeo uây uôi ươi ươu iêu yêu uêu ai ao au ay âu ây eo êu ia iu oi ôi ơi ua ui uơ ưa ưi ưu "
    "a e ê i o ô ơ u ư y oa oe uê uy"
)
_CLOSED_RIMES = "uyê iê yê uô ươ oa oă oe oo uâ uê uy a ă â e ê i o ô ơ u ư y"
_SYLLABLE = re.compile(
    r"(?:ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    rf"(?:(?:{_OPEN_RIMES.replace(' ', '|')})|(?:{_CLOSED_RIMES.replace(' ', '|')})(?:ch|ng|nh|[cmnpt]))"
)


def from_tcvn3(text: str) -> str:
    """Text typed for a TCVN3 font as Unicode."""
    return "".join(TCVN3.get(letter, letter) for letter in text)


def from_vni(text: str) -> str:
    """Text typed for a VNI font as Unicode."""
    return _VNI_UNIT.sub(lambda unit: VNI[unit[0]], text)


def to_unicode(text: str) -> str:
    """Vietnamese text in Unicode composed form (NFC), whatever font it was typed for.

    Parameters
    ----------
    text : str
        Unicode (NFC or NFD), TCVN3 or VNI text, without a hint which.

    Returns
    -------
    str
        The reading in which the fewest accented words are no Vietnamese syllables; the text itself where equal.
    """
    composed = unicodedata.normalize("NFC", text)
    if _foreign_words(composed) == 0:
        return composed
    return min((composed, from_tcvn3(composed), from_vni(composed)), key=_foreign_words)


def _foreign_words(text: str) -> int:
    words = re.findall(r"[^\s\d!-/:-@\[-`{-~–—…“”‘’]+", text.replace("\u00a0", " "))
    return sum(not (word.isascii() or _is_syllable(word)) for word in words)


def _is_syllable(word: str) -> bool:
    letters = unicodedata.normalize("NFD", word.casefold())
    tones = [letter for letter in letters if letter in _TONE_MARKS]
    toneless = unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in _TONE_MARKS))
    return len(tones) <= 1 and _SYLLABLE.fullmatch(toneless) is not None
