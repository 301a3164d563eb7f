"""Whether a word can be Vietnamese: the spelling rules of a syllable, from its letters and its tone.

It is how a reading in an old coding is told from text of another kind. It knows no dictionary: a well-formed
syllable that no Vietnamese says ("phuênh") passes, a foreign word ("boiler") hardly ever does.
"""

from __future__ import annotations

import re
import unicodedata

_ACUTE, _DOT = "\u0301", "\u0323"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_NOT_VIETNAMESE = re.compile(r"[^a-zàáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]")
_SYLLABLE = re.compile(
    # c, g, ng before back vowels, k, gh, ngh before front ones ("gì" is gi + i, written once).
    r"(?:k(?=[eêiy])|c(?![eêiyh])|gh(?=[eêi])|ngh(?=[eêi])|ng(?![eêih])|gi|g(?![eêh])"
    r"|b|ch|d|đ|h|kh|l|m|nh|n|ph|p|qu|r|s|th|tr|t|v|x)?"
    r"(?:oai|oay|oeo|oao|uây|uôi|uai|uay|uao|uya|uyu|iêu|yêu|ươi|ươu"
    r"|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi|ơi|ua|ui|ưa|ưi|ưu|uơ"
    r"|(?:a|oa)(?P<a>ch|nh|ng|c|m|n|p|t)?|(?:ă|â|oă)(?P<b>ng|c|m|n|p|t)|(?:e|o|ô|u|ư)(?P<c>ng|c|m|n|p|t)?"
    r"|(?:i|ê|uê|uy|y)(?P<d>ch|nh|m|n|p|t)?|ơ(?P<e>m|n|p|t)?|oe(?P<f>n|t)?|oo(?P<g>ng|c)"
    r"|(?:iê|yê|uô|ươ)(?P<h>ng|c|m|n|p|t)|uâ(?P<i>ng|n|t)|uyê(?P<j>n|t))"
)


def is_syllable(word: str, *, marked: bool = True) -> bool:
    """Whether a word is a well-formed syllable, in one case throughout or with a capital first.

    A syllable that ends in c, ch, p or t bears the acute or the dot; where people type without marks
    (`marked` false) it may bear none.
    """
    if is_mixed(word) or _NOT_VIETNAMESE.search(word.lower()):
        return False
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [c for c in decomposed if c in _TONES]
    bare = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    found = _SYLLABLE.fullmatch(bare)
    if found is None or len(tones) > 1:
        return False
    if any(end in ("c", "ch", "p", "t") for end in found.groups()):
        return tones[0] in (_ACUTE, _DOT) if tones else not marked
    return True


def is_mixed(word: str) -> bool:
    """Whether capitals stand where no Vietnamese word has them ("ổC", "kWãh")."""
    return not (word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower()))
