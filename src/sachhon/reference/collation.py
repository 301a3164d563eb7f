"""The order of Vietnamese words, as a text that any database sorts rightly by itself.

Letters come first (a ă â b c d đ …), then the tone of the syllable (level, huyền, hỏi, ngã, sắc, nặng), as in
Vietnamese dictionaries. The key holds digits only, so that it sorts alike under every database collation.
"""

import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_CODE = {letter: f"{20 + i}" for i, letter in enumerate(_LETTERS)} | {str(d): f"{10 + d}" for d in range(10)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
# Marks that make another letter (ă, â, ê, ô, ơ, ư): they stay with their letter.
_LETTER_MARKS = {"\u0306", "\u0302", "\u031b"}


def sort_key(text: str) -> str:
    """The collation key of `text`: digits only, comparable with ``<``.

    >>> sorted(["Đá", "Dầu", "Bùi", "Ân", "An", "Bụi"], key=sort_key)
    ['An', 'Ân', 'Bùi', 'Bụi', 'Dầu', 'Đá']
    """
    return "".join(_syllable(word) for word in text.casefold().split())


def _syllable(word: str) -> str:
    tone = "0"
    letters: list[str] = []
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tone = _TONES[char]
        elif char in _LETTER_MARKS and letters:
            letters[-1] += char
        else:
            letters.append(char)
    composed = (unicodedata.normalize("NFC", letter) for letter in letters)
    codes = "".join(_CODE.get(letter, _CODE.get(letter[0], "")) for letter in composed)
    return f"{codes}0{tone}" if codes else ""
