"""Kyrgyz endings as they are spelled: which may follow which, and with which vowels.

Unlike the stemmer of the search, which forgives, this tells right from wrong: «үйгө» is a word,
«үйге» and «уйго» are none. An ending is written here with capitals for the sounds that its
surroundings decide, and a bracketed sound stands only where it is needed. Endings of «сен» are left
out: the articles say «Сиз», and -ң for -н is a frequent slip.
"""

from collections.abc import Callable, Iterator
from functools import cache

# Vowels of the endings after the last vowel of what stands before them: A а/о/е/ө, I ы/у/и/ү, W у/ү;
# long ones U уу/үү, E аа/оо/ээ/өө, O оо/өө.
_SOUNDS = {
    "A": {"а": "а", "у": "а", "о": "о", "е": "е", "ө": "ө", "ү": "ө"},
    "I": {"а": "ы", "у": "у", "о": "у", "е": "и", "ө": "ү", "ү": "ү"},
    "W": {"а": "у", "у": "у", "о": "у", "е": "ү", "ө": "ү", "ү": "ү"},
    "U": {"а": "уу", "у": "уу", "о": "уу", "е": "үү", "ө": "үү", "ү": "үү"},
    "E": {"а": "аа", "у": "аа", "о": "оо", "е": "ээ", "ө": "өө", "ү": "өө"},
    "O": {"а": "оо", "у": "оо", "о": "оо", "е": "өө", "ө": "өө", "ү": "өө"},
}
_KINDS = {"ы": "а", "я": "а", "ю": "у", "ё": "о", "и": "е", "э": "е"}
VOWELS = frozenset("аоуыеэиөүяёю")
_BEFORE = tuple(VOWELS)
_VOICELESS = frozenset("кпстфхцчшщ")
_EITHER = frozenset("бвгджз")  # Russian words end in them as in voiceless ones: архивге, архивке
# L and N are л and н after vowels, else д or т (L also after р and й). T is т after vowels, р and й.
_CONSONANTS = {"D": ("д", "т"), "G": ("г", "к"), "B": ("б", "п")}

_PERSON = ("м", "мIн", "сIз", "т", "бIз", "к", "сIздAр")
_PREDICATE = ("мIн", "сIз", "BIз", "сIздAр", "DIр", "мIш")
_LIKE_PAST = ("м", "к", "ңIз", "ңIздAр")

# state → (ending, the state after it). "" ends the word.
_AFTER: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "noun": (
        (("LAр",), "plural"),
        (("LIк", "чI", "сIз", "LU", "DAш", "чIл", "GI", "дAй", "чA", "(I)нчI", "чAн"), "noun"),
        (("LA", "LAн", "LAш", "LAт", "сIн"), "verb"),
        (("LO",), "deed"),
        (("чIлIк", "лAгAн", "(I)рEк"), "noun"),
        (("",), "plural"),
    ),
    "plural": (
        (("(I)м",), "mine"),
        (("(I)бIз", "(I)ңIз", "(I)ңIздAр"), "ours"),
        (("(с)I",), "theirs"),
        (("",), "ours"),
    ),
    "mine": ((("A", "дA", "дAн", "дI", "дIн"), "case"), (("дAгI",), "place"), (("",), "said")),
    "ours": (
        (("GA", "DA", "DAн", "NI", "NIн", "дAй", "чA", "чAлIк", "GAчA", "сIз"), "case"),
        (("DAгI", "NIкI"), "place"),
        (("DAгIдAй", "чIлAп", "лAп", "DAйIн", "DAштA"), "said"),
        (("",), "said"),
    ),
    "theirs": (
        (("нA", "нDA", "нAн", "н", "нIн", "нDAй", "нчA", "сIз", "нAчA"), "case"),
        (("нDAгI", "нIкI"), "place"),
        (("",), "said"),
    ),
    "place": (
        (("LAр",), "plural"),
        (("(с)I",), "theirs"),
        (("н", "нA", "нAн", "нDA", "нDAй"), "case"),
        (("",), "ours"),
    ),
    "case": ((("",), "said"), (("GI",), "place")),
    "said": ((_PREDICATE, "asked"), (("",), "asked")),
    "asked": ((("BI",), ""), (("",), "")),
    "verb": (
        (("(I)л", "(I)н", "(I)ш", "DIр", "T"), "verb"),
        (("BA",), "not"),
        (("BO", "мAйIнчA", "BAстAн", "BAс", "BAй", "BAйIнчA", "мAйIн"), "deed"),
        (("",), "not"),
    ),
    "not": (
        (("й", "A"), "now"),
        (("DI", "сA"), "past"),
        (("GAн", "AтAн", "йтAн", "(A)р", "Aр", "Eр", "чW", "BAс"), "deed"),
        (("GAндIк", "(I)ш", "U", "мA", "GIч", "GI", "мAк", "(A)ргA"), "deed"),
        (("мAкчI", "чW", "(I)птIр", "(I)п"), "said"),
        (("GAнчA", "GIчA", "GAнI", "GAндAй", "GIдAй", "GIс"), "said"),
        (("(I)ңIз", "(I)ңIздAр", "сIн", "сIндAр", "чI"), "asked"),
        (("йIн", "AйIн", "йлI", "AйлI", "йлIк", "AйлIк", "AлI", "йлIчI"), "asked"),
        (("",), ""),
    ),
    "now": ((_PERSON, "asked"), (("(I)шAт", "шAт"), "asked"), (("",), "asked")),
    "past": ((_LIKE_PAST, "asked"), (("шI", "чI"), "asked"), (("",), "asked")),
    "soon": ((("р",), "deed"),),
    "deed": ((("чI", "DAш", "сIз", "LU", "LIк"), "noun"), (("",), "noun")),
}


def _kind(before: str) -> str:
    for letter in reversed(before):
        if letter in VOWELS:
            return _KINDS.get(letter, letter)
    return "а"


def _spelled(ending: str, before: str) -> list[str]:
    """Return the shapes of `ending` after `before`."""
    last = before[-1]
    if ending[0] == "(":
        buffer, ending = ending[1], ending[3:]
        if (last in VOWELS) == (buffer == "с"):
            ending = buffer + ending
    shapes = [""]
    for sound in ending:
        shapes = [shape + letters for shape in shapes for letters in _sound(sound, before + shape)]
    return shapes


def _sound(sound: str, before: str) -> tuple[str, ...]:
    last = before[-1]
    if sound == "T":  # after these only
        return ("т",) if last in VOWELS or last in "рй" else ()
    if sound in _SOUNDS:
        return (_SOUNDS[sound][_kind(before)],)
    if sound in _CONSONANTS:
        voiced, voiceless = _CONSONANTS[sound]
        if last in _EITHER:
            return (voiced, voiceless)
        return (voiceless if last in _VOICELESS else voiced,)
    if sound == "L":
        if last in VOWELS or last in "рй":
            return ("л",)
    elif sound == "N":
        if last in VOWELS:
            return ("н",)
    else:
        return (sound,)
    if last in _EITHER:
        return ("д", "т")
    return ("т",) if last in _VOICELESS else ("д",)


def glided(word: str) -> str:
    """Write out the й that Kyrgyz spelling hides in я ё ю and е after a vowel: «коёт» → «койот»."""
    shown = ""
    for letter in word:
        if shown[-1:] in VOWELS and shown:
            letter = {"я": "йа", "ё": "йо", "ю": "йу", "е": "йе"}.get(letter, letter)
        shown += letter
    return shown


@cache
def _follows(context: str, rest: str, state: str, depth: int) -> bool:
    if state == "":
        return rest == ""
    for endings, following in _AFTER[state]:
        for ending in endings:
            if ending == "":
                if _follows(context, rest, following, depth):
                    return True
                continue
            if not rest or depth == 0:
                continue
            for shape in _spelled(ending, context):
                if shape[-1] == "к" and rest[len(shape) : len(shape) + 1] in _BEFORE:
                    shape = shape[:-1] + "г"  # -дык, but -дыгы
                if rest.startswith(shape):
                    grown = _context(context + shape)
                    if _follows(grown, rest[len(shape) :], following, depth - 1):
                        return True
    return False


def _context(before: str) -> str:
    """Return what of `before` decides the next ending: its last vowel and its last letter."""
    return before if len(before) < 2 else _kind(before) + before[-1]


def is_form(word: str, is_root: Callable[[str, bool], bool]) -> bool:
    """Tell whether the lower-case `word` is a root with right endings, or none.

    Args:
        word: as it is spelled.
        is_root: tells whether a stem, written by `glided`, is a verb's (True) or another word (False).
    """
    word = glided(word)
    for end in range(len(word), 1, -1):
        start, rest = word[:end], word[end:]
        for root, state in _roots_of(start, rest):
            if is_root(root, state != "noun") and _follows(_context(start), rest, state, _MOST):
                return True
    return False


def _roots_of(start: str, rest: str) -> Iterator[tuple[str, str]]:
    """Yield (root, state) for the roots of which `start` may be the shape before `rest`."""
    last, before_vowel = start[-1], rest[:1] in VOWELS and rest != ""
    if not (last in "кп" and start[-2:-1] in VOWELS and before_vowel):  # китепи is none
        yield start, "noun"
        yield start, "verb"
    if last in _VOICED and before_vowel:  # китеп, but китеби
        yield start[:-1] + _VOICED[last], "noun"
        yield start[:-1] + _VOICED[last], "verb"
    if start[-2:] in ("оо", "өө"):  # башта + уу: баштоо
        for vowel in "ао" if last == "о" else "еө":
            yield start[:-2] + vowel, "deed"
    if start[-2:] in ("уу", "үү"):  # тааны + уу: таануу
        for vowel in "ыу" if last == "у" else "иү":
            yield start[:-2] + vowel, "deed"
    if start[-2:] == "ээ" and rest[:1] == "р":  # иште + эр: иштээр
        yield start[:-2] + "е", "soon"
    if last == "п" and len(start) > 3 and start[-2] == start[-3]:  # тап + ып: таап
        yield start[:-2] + "п", "asked"


_VOICED = {"г": "к", "б": "п"}
_MOST = 7  # endings that one word has, at most
