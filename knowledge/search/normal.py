"""The normal form of what people type: one spelling for what is written in many ways.

Words are compared by their *skeleton*: lower case, Kyrgyz letters folded (ө ү ң → о у н), sounds
that people confuse made one (ы й и, э е, ь and ъ gone, double letters single). Latin letters are
read into the same skeleton, so «zhumushtan», «jumuştan» and «жумуштан» meet without a dictionary.
"""

import re
import unicodedata
from functools import lru_cache

MAX_LENGTH = 4096  # a Telegram message is not longer

_FOLD = str.maketrans(
    {
        "ө": "о", "ү": "у", "ң": "н", "ё": "е", "э": "е", "ы": "и", "й": "и", "щ": "ш",
        "ъ": None, "ь": None, "я": "иа", "ю": "иу", "і": "и", "ї": "и", "є": "е",
        "қ": "к", "ғ": "г", "ұ": "у", "һ": "х", "ә": "а", "ҳ": "х", "ў": "у",
    }
)  # fmt: skip
_LATIN = str.maketrans(
    {
        "a": "а", "b": "б", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и",
        "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р",
        "s": "с", "t": "т", "u": "у", "v": "в", "w": "ш", "x": "х", "y": "й", "z": "з",
        "j": "ж", "c": "ц", "ö": "о", "ü": "у", "ş": "ш", "ç": "ч", "ı": "ы", "ñ": "н", "ğ": "г",
        "ń": "н", "ň": "н", "š": "ш", "č": "ч", "ž": "ж", "é": "е", "4": "ч", "6": "ш",
        "'": "ь", "`": "ь", "’": "ь",
    }
)  # fmt: skip
_DIGRAPHS = (
    ("shch", "щ"), ("sch", "щ"), ("dzh", "ж"), ("dj", "ж"), ("zh", "ж"), ("sh", "ш"), ("ch", "ч"),
    ("kh", "х"), ("gh", "г"), ("ts", "ц"), ("tz", "ц"), ("ng", "нг"), ("ck", "к"), ("ph", "ф"),
    ("yo", "ё"), ("jo", "жо"), ("ye", "е"), ("yu", "ю"), ("ya", "я"), ("iu", "ю"), ("ia", "я"),
)  # fmt: skip
_LAYOUT = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")
# Latin letters that look like Cyrillic ones, typed inside a Cyrillic word ("cуд", "aлимент").
_LOOKALIKES = str.maketrans("aceopxykmthbi", "асеорхукмтнви")

_CONTROL = re.compile(r"[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\ufeff]+")
_WORD = re.compile(r"[^\W_]+(?:['’`][^\W\d_]+)*")
_DOUBLED = re.compile(r"(.)\1+")
_CYRILLIC = re.compile(r"[а-яёөүңѐ-ӿ]")
LATIN = re.compile(r"[a-zà-ž]")
LAYOUT_CHUNK = re.compile(r"[a-z\[\];',.`]*[a-z][a-z\[\];',.`]*")


def clean(text: str) -> str:
    """Lower-case `text`, without control characters and compatibility forms."""
    text = unicodedata.normalize("NFKC", text[:MAX_LENGTH]).lower()
    return text if text.isprintable() else _CONTROL.sub(" ", text)


def words(cleaned: str) -> list[str]:
    """Split cleaned text into words; a word typed in two alphabets becomes Cyrillic."""
    found: list[str] = _WORD.findall(cleaned)
    if not LATIN.search(cleaned):
        return found
    return [
        word.translate(_LOOKALIKES) if LATIN.search(word) and _CYRILLIC.search(word) else word
        for word in found
    ]


def switch_layout(cleaned: str) -> str:
    """Read the Latin parts as typed on a Russian keyboard: «ghbdtn» → «привет»."""
    return LAYOUT_CHUNK.sub(lambda chunk: chunk.group().translate(_LAYOUT), cleaned)


def is_latin(word: str) -> bool:
    """Whether the word has to be read from Latin letters."""
    return LATIN.search(word) is not None


def from_latin(word: str) -> str:
    """Spell a Latin word in Cyrillic, the way most people romanise.

    The skeleton evens out what people do differently (y, i for ы и й; zh, j, dj for ж).
    """
    for latin, cyrillic in _DIGRAPHS:
        if latin in word:
            word = word.replace(latin, cyrillic)
    return word.translate(_LATIN)


def latin_variants(word: str) -> list[str]:
    """Cyrillic spellings of a Latin word, the likeliest first: j is also й, c also к, w also в."""
    variants = [from_latin(word)]
    for letter, other in (("j", "y"), ("c", "ч"), ("c", "к"), ("w", "в"), ("x", "кс"), ("h", "г")):
        if letter in word:
            variants.append(from_latin(word.replace(letter, other)))
    return variants


@lru_cache(maxsize=65_536)
def skeleton(word: str) -> str:
    """Return the spelling by which a Cyrillic word is compared; see the module's text."""
    return _DOUBLED.sub(r"\1", word.translate(_FOLD).replace("дж", "ж"))
