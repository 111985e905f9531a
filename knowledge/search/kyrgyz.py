"""A stemmer for Kyrgyz, working on skeletons (see `normal`): «айлыгымды» → «айлык».

Kyrgyz glues endings in a fixed order: voice, negation, tense, person on a verb; plural,
possessive, case, predicate, question on a noun; a participle or verbal noun goes on as a noun.
Vowel harmony leaves each ending two shapes after folding, consonant assimilation up to three.
The stem is the longest known root whose remainder is a proper chain of endings. A word with no
known root loses the longest proper chain.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType

from knowledge.search.normal import skeleton

# A = а е о (ө), I = ы и у ү, D = д т, G = г к, B = б п, L = л д т, N = н д т; after folding.
_LETTERS = {
    "A": "[аео]", "I": "[иу]", "D": "[дт]", "G": "[гк]", "B": "[бп]", "L": "[лдт]", "N": "[ндт]",
}  # fmt: skip

_PERSON = "(?:мIн|сIн|сIз|бIз|сIнAр|сIзAр|м|к|н|нIз|т)"
_NOUN = (
    "(?:LAр)?"
    "(?:I?м|I?нIз(?:дAр)?|I?нAр|I?н|с?I|I?бIз)?"  # possessive: -ым, -ыңыз, -ыңар, -ың, -сы, -быз
    "(?:NIн|н?DAн|нAн|н?DA|NI|н|GA|нA|A)?"  # case
    "(?:DAгI|гI|NIкI)?(?:NIн|н?DAн|DA|NI|н|GA|нA)?"  # «-дагы», «-ныкы» and a case again
    "(?:мIн|сIн|сIз|бIз|DIр)?"  # predicate
    "(?:BI)?"  # question
)
_VOICE = "(?:I?ш|I?л|I?н|DIр|GIз|GIр|т|A?р)?(?:I?ш|I?л|I?н|DIр|т)?(?:ал)?"
_JAT = f"(?:(?:I?[пв]|и)?ж?[ао]т|[вб]ат)(?:A?{_PERSON}|I?шат|A|IшкAн|кAн|IрA?|пAит)?"  # «берватат»
_VERB = (
    f"{_VOICE}(?:BA)?(?:"
    f"[аеои]{_PERSON}?|[аеои]тGAн{_NOUN}"  # present: барат, төлөйбүз, баратканда
    "|DI(?:м|н|к|нIз(?:дAр)?|нAр|лAр)?"  # past
    f"|GAн{_NOUN}|GAнчA|GIчA|GIдAи"  # perfect and what grows from it
    "|I?п(?:тIр|мIн|сIн|сIз)?|с|A?р|ма?к(?:чI)?"  # converb, aorist, intention
    "|сA(?:м|н|к|нIз(?:дAр)?|нAр)?|чу|чU?"  # condition
    f"|(?:I?ш|у|A|о){_NOUN}|GI(?:м|н|сI|бIз|нIз)?"  # verbal nouns, wish
    "|I?нIз(?:дAр)?|GIлA|GIн|сIн(?:лAр)?|аилI|аиIн|еиIн|оиIн|аин|еин|оин"  # imperatives
    f"|{_JAT}"
    ")(?:мIн|сIн|сIз|бIз)?(?:BI)?"
)


def _compile(pattern: str) -> re.Pattern[str]:
    for letter, shapes in _LETTERS.items():
        pattern = pattern.replace(letter, shapes)
    return re.compile(pattern)


_CHAIN = _compile(f"(?:{_NOUN}|{_VERB})")
_TAIL = _compile(f"(?:{_NOUN}|{_VERB})$")
_VOICED = {"к": "г", "п": "б"}
_VOICELESS = {"г": "к", "б": "п"}
_VOWELS = frozenset("аеиоу")
SHORTEST = 3  # letters that stay of a word without a known root


class Stemmer:
    """Strips endings.

    Args:
        roots: dictionary forms (of a verb the bare stem), in any spelling.
        irregular: skeletons of forms that endings alone don't explain → their root's.
    """

    def __init__(
        self, roots: Iterable[str] = (), irregular: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._roots: dict[str, str] = {}
        self._irregular = dict(irregular)
        for root in map(skeleton, roots):
            self._roots.setdefault(root, root)
            if root[-1:] in _VOICED and len(root) > 2:  # «китеп», but «китеби»
                self._roots.setdefault(root[:-1] + _VOICED[root[-1]], root)

    @property
    def roots(self) -> Iterable[str]:
        """The skeletons of the known roots."""
        return set(self._roots.values())

    def borrow(self, terms: Iterable[str]) -> None:
        """Let Kyrgyz endings come off Russian words too, given as their terms (see `russian`)."""
        for term in terms:
            self._roots.setdefault(skeleton(term), term)

    def known(self, word: str) -> str | None:
        """Return the longest known root from which the skeleton `word` is formed, if any."""
        for end in range(len(word), 1, -1):
            start, ending = word[:end], word[end:]
            root = self._irregular.get(start) or self._roots.get(start)
            if root is None or not (ending == "" or _chain(ending)):
                continue
            voiced = start[-1] != root[-1] and start[:-1] == root[:-1]
            if not voiced or ending[:1] in _VOWELS:  # «китеб-им», but no «китеб»
                return root
        return None

    def stem(self, word: str) -> str:
        """Return the stem of the skeleton `word`."""
        return self.known(word) or bare(word)


@cache
def _chain(ending: str) -> bool:
    return _CHAIN.fullmatch(ending) is not None


def bare(word: str) -> str:
    """Strip the longest chain of endings that leaves a syllable of three letters."""
    ending = _TAIL.search(word, SHORTEST)
    if ending is None or not _VOWELS.intersection(word[: ending.start()]):
        return word
    stem = word[: ending.start()]
    return stem[:-1] + _VOICELESS.get(stem[-1], stem[-1])


def prefixes(word: str) -> Iterator[str]:
    """Yield the skeleton `word`, then what stays when ever longer chains of endings go."""
    yield word
    for end in range(len(word) - 1, SHORTEST, -1):
        if _chain(word[end:]):
            yield word[:end]
