"""Compares ways of finding the article that answers a question: `python benchmarks/search.py`.

All ways see the same articles (titles and phrasings) and the same questions. Shares are told for
the report half of benchmarks/data alone; the other half is for tuning. For ways that never
decline, a threshold is set on the tuning half, so that they too decline 95 % of what is out of
scope there. Each way runs in a process of its own, one question at a time.

`--fit` prints the coefficients of knowledge/search/confidence.py, fitted on the tuning half.
`--fit-danger` learns knowledge/search/danger-weights.json; `--danger` measures the recognition of danger.
"""

import argparse
import asyncio
import hashlib
import json
import os
import random
import resource
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from math import log
from multiprocessing import get_context
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from knowledge.base import Base, load_base
from knowledge.search import Searcher, lexicon
from knowledge.search.confidence import WEIGHTS as STRANGE_WEIGHTS
from knowledge.search.danger import EVEN, LETTERS, PLACES, WEIGHTS
from knowledge.search.normal import clean, words
from knowledge.search.terms import Reader

DATA = Path(__file__).parent / "data"
ASKING = [DATA / "questions.jsonl", DATA / "exam" / "questions.jsonl"]
STRANGE = [DATA / "out-of-scope.jsonl", DATA / "exam" / "out-of-scope.jsonl"]
DANGER = [DATA / "danger.jsonl", DATA / "exam" / "danger.jsonl"]
Found = list[tuple[str, float]]  # article's id and score, best first
Way = Callable[[str], Found]
MOST = 10


@dataclass(frozen=True)
class Question:
    """A question of the published sets; no ids: nothing should be answered."""

    text: str
    ids: frozenset[str]
    language: str
    style: str

    @property
    def half(self) -> str:
        """Which half it belongs to: a matter of its text alone, whatever is added later."""
        return "tune" if hash_of(self.text) % 2 else "report"


def hash_of(text: str) -> int:
    """Return a number that is the same on every machine."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def read_questions(base: Base) -> list[Question]:
    """Read the published questions whose articles are written, and those out of scope."""
    files = [*ASKING, *sorted((DATA / "topics").glob("*.jsonl"))]
    asked = [_question(line, base) for file in files for line in _lines(file)]
    strange = [_question(line, base) for file in STRANGE for line in _lines(file)]
    return [question for question in asked if question.ids] + strange


def _lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def _question(line: dict[str, object], base: Base) -> Question:
    found = [base.article(str(id)) for id in line["ids"]]  # type: ignore[attr-defined]
    ids = frozenset(article.id for article in found if article)
    return Question(str(line["q"]), ids, str(line["language"]), str(line["style"]))


def documents(base: Base) -> dict[str, list[str]]:
    """Return what people call each article: its titles and phrasings."""
    return {
        article.id: [
            text for side in (article.ky, article.ru) for text in (side.title, *side.phrasings)
        ]
        for article in base.articles.values()
    }


@dataclass(frozen=True)
class MadeSide:
    """One language of a made-up article."""

    title: str
    phrasings: list[str]
    answer: str = ""


@dataclass(frozen=True)
class MadeArticle:
    """An article that nobody asks for."""

    id: str
    ky: MadeSide
    ru: MadeSide
    urgent: bool = False


def enlarge(base: Base, times: int) -> Base:
    """Add made-up articles until there are `times` as many, the same in every run.

    Each stands for one real article: as many phrasings of as many words, every word drawn from what
    the titles and phrasings of three real articles, taken by chance, say in that language.
    """
    real = list(base.articles.values())
    chance = random.Random(2026)
    articles: dict[str, object] = dict(base.articles)
    for copy in range(1, times):
        for article in real:
            lenders = chance.sample(real, 3)
            ky, ru = (
                _made_side(
                    getattr(article, side), [getattr(lender, side) for lender in lenders], chance
                )
                for side in ("ky", "ru")
            )
            id = f"{article.id}-{copy}"
            articles[id] = MadeArticle(id, ky, ru)
    return replace(base, articles=articles)


def _made_side(side: MadeSide, lenders: Sequence[MadeSide], chance: random.Random) -> MadeSide:
    pool = [
        word for one in lenders for text in (one.title, *one.phrasings) for word in text.split()
    ]
    texts = [
        " ".join(chance.choices(pool, k=len(text.split())))
        for text in (side.title, *side.phrasings)
    ]
    return MadeSide(texts[0], texts[1:])


# Ways


def ours(base: Base) -> Way:
    """The search of this program, without its right to decline."""
    searcher = Searcher.build(base.articles)

    def search(text: str) -> Found:
        ranking = searcher.rank(text)
        return list(zip(ranking.ids, ranking.scores, strict=True))

    return search


def ours_declining(base: Base) -> Way:
    """The search of this program as citizens meet it."""
    searcher = Searcher.build(base.articles)

    def search(text: str) -> Found:
        result = searcher.ask(text)
        return list(zip(result.ids, result.scores, strict=True))

    return search


def rapidfuzz_alone(base: Base) -> Way:
    """The nearest title or phrasing by the edits between them."""
    from rapidfuzz import fuzz, process, utils

    pairs = [(id, text) for id, texts in documents(base).items() for text in texts]
    texts = [utils.default_process(text) for _, text in pairs]

    def search(text: str) -> Found:
        best = process.extract(utils.default_process(text), texts, scorer=fuzz.ratio, limit=50)
        scores: dict[str, float] = {}
        for _, score, place in best:
            scores.setdefault(pairs[place][0], score)
        return sorted(scores.items(), key=lambda pair: -pair[1])[:MOST]

    return search


class Cosine:
    """TF-IDF cosine over bags of terms, with numpy."""

    def __init__(self, bags: dict[str, Counter[str]]) -> None:
        self.ids = list(bags)
        spread = Counter(term for bag in bags.values() for term in bag)
        self.idf = {term: log((1 + len(bags)) / (1 + count)) + 1 for term, count in spread.items()}
        rows: dict[str, tuple[list[int], list[float]]] = {}
        for place, bag in enumerate(bags.values()):
            for term, weight in self._weights(bag).items():
                places, weights = rows.setdefault(term, ([], []))
                places.append(place)
                weights.append(weight)
        self.rows = {term: (np.array(p), np.array(w)) for term, (p, w) in rows.items()}

    def _weights(self, bag: Counter[str]) -> dict[str, float]:
        raw = {t: (1 + log(count)) * self.idf[t] for t, count in bag.items() if t in self.idf}
        norm = sum(weight**2 for weight in raw.values()) ** 0.5 or 1.0
        return {term: weight / norm for term, weight in raw.items()}

    def search(self, bag: Counter[str]) -> Found:
        """Return the best documents for a question's bag."""
        scores = np.zeros(len(self.ids))
        for term, weight in self._weights(bag).items():
            places, weights = self.rows[term]
            scores[places] += weight * weights
        best = np.argsort(-scores, kind="stable")[:MOST]
        return [(self.ids[place], float(scores[place])) for place in best if scores[place] > 0]


def _bm25(base: Base, split: Callable[[str], Iterable[str]]) -> Way:
    import bm25s

    texts = documents(base)
    ids = list(texts)
    retriever = bm25s.BM25(k1=1.2, b=0.75)
    bags = [[term for text in group for term in split(text)] for group in texts.values()]
    retriever.index(bags, show_progress=False)

    def search(text: str) -> Found:
        terms = [term for term in split(text) if term in retriever.vocab_dict]
        if not terms:
            return []
        found, scores = retriever.retrieve([terms], k=MOST, show_progress=False)
        return [
            (ids[place], float(score))
            for place, score in zip(found[0], scores[0], strict=True)
            if score > 0
        ]

    return search


def bm25_words(base: Base) -> Way:
    """BM25 (the package bm25s) over words as they are written."""
    return _bm25(base, lambda text: words(clean(text)))


def bm25_stems(base: Base) -> Way:
    """BM25 (the package bm25s) over the stems of this program, without its notions."""
    reader = Reader(lexicon.load())
    return _bm25(base, lambda text: reader.read(text).stems)


def tfidf_letters(base: Base) -> Way:
    """TF-IDF cosine over groups of 3 to 5 letters within words."""

    def split(text: str) -> list[str]:
        padded = [f" {word} " for word in words(clean(text))]
        return [
            word[start : start + size]
            for word in padded
            for size in (3, 4, 5)
            for start in range(len(word) - size + 1)
        ]

    cosine = Cosine(
        {
            id: Counter(term for text in texts for term in split(text))
            for id, texts in documents(base).items()
        }
    )
    return lambda text: cosine.search(Counter(split(text)))


def sqlite_trigrams(base: Base) -> Way:
    """SQLite's FTS5 with its trigram tokenizer, any of the question's words."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE articles USING fts5(id UNINDEXED, text, tokenize='trigram')"
    )
    database.executemany(
        "INSERT INTO articles VALUES (?, ?)",
        [(id, "\n".join(texts)) for id, texts in documents(base).items()],
    )

    def search(text: str) -> Found:
        grams = {word[i : i + 3] for word in words(clean(text)) for i in range(len(word) - 2)}
        if not grams:
            return []
        query = " OR ".join(f'"{gram}"' for gram in sorted(grams) if gram.isalnum())
        rows = database.execute(
            "SELECT id, -rank FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT ?",
            (query or '"zzz"', MOST),
        )
        return [(str(id), float(score)) for id, score in rows]

    return search


def postgresql(base: Base) -> Way:
    """PostgreSQL's full text search with its Russian stemmer, any of the question's words."""
    import asyncpg

    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(asyncpg.connect(POSTGRESQL))

    async def fill() -> None:
        await connection.execute("CREATE TEMP TABLE articles (id text, body tsvector)")
        await connection.executemany(
            "INSERT INTO articles VALUES ($1, to_tsvector('russian', $2))",
            [(id, "\n".join(texts)) for id, texts in documents(base).items()],
        )
        await connection.execute("CREATE INDEX ON articles USING gin (body)")

    loop.run_until_complete(fill())
    query = """
        SELECT id, ts_rank(body, question) AS score
        FROM articles,
             to_tsquery('russian', replace(plainto_tsquery('russian', $1)::text, '&', '|')) question
        WHERE body @@ question ORDER BY score DESC LIMIT $2"""

    def search(text: str) -> Found:
        safe = " ".join(words(clean(text)))
        rows = loop.run_until_complete(connection.fetch(query, safe, MOST))
        return [(row["id"], float(row["score"])) for row in rows]

    return search


POSTGRESQL = os.environ.get("BENCHMARK_DATABASE_URL", "postgresql:///postgres")
WAYS: dict[str, Callable[[Base], Way]] = {
    "ours": ours_declining,
    "ours, never declining": ours,
    "BM25 on words": bm25_words,
    "BM25 on our stems": bm25_stems,
    "TF-IDF on 3 to 5 letters": tfidf_letters,
    "rapidfuzz alone": rapidfuzz_alone,
    "SQLite FTS5 trigram": sqlite_trigrams,
    "PostgreSQL full text": postgresql,
}


# Measuring


@dataclass(frozen=True)
class Measured:
    """How one way did; shares of the report half."""

    recall1: float
    recall3: float
    mrr: float
    kept: float  # recall@1 where it declines
    declined: float  # of what is out of scope
    microseconds: float  # median of a question
    slowest: float  # 99th percentile
    start: float  # seconds
    megabytes: float
    groups: dict[str, tuple[float, float]]  # recall@1 and @3 by language and style


def measure(name: str, times: int = 1) -> Measured:
    """Build a way in this process and ask it everything, or of a larger base every fifth question."""
    base = load_base()
    questions = read_questions(base)
    if times > 1:
        questions = questions[::5]
        base = enlarge(base, times)
    before = _megabytes()
    begun = time.perf_counter()
    way = WAYS[name](base)
    way("привет")
    start = time.perf_counter() - begun
    megabytes = _megabytes() - before
    taken, found = [], []
    for question in questions:
        begun = time.perf_counter()
        found.append(way(question.text))
        taken.append((time.perf_counter() - begun) * 1e6)
    asked = list(zip(questions, found, strict=True))
    strange = [_top(f) for q, f in asked if not q.ids and q.half == "tune"]
    least = 0.0 if name == "ours" else float(np.quantile(strange, 0.95))
    report = [(q, f) for q, f in asked if q.half == "report"]
    scoped = [(q, _place(q, f), _top(f) > least) for q, f in report if q.ids]
    return Measured(
        recall1=_share(place < 1 for _, place, _ in scoped),
        recall3=_share(place < 3 for _, place, _ in scoped),
        mrr=sum(1 / (1 + place) for _, place, _ in scoped if place < MOST) / len(scoped),
        kept=_share(place < 1 and answered for _, place, answered in scoped),
        declined=_share(_top(f) <= least for q, f in report if not q.ids),
        microseconds=float(np.median(taken)),
        slowest=float(np.quantile(taken, 0.99)),
        start=start,
        megabytes=megabytes,
        groups={
            group: (
                _share(place < 1 for q, place, _ in scoped if group in (q.language, q.style)),
                _share(place < 3 for q, place, _ in scoped if group in (q.language, q.style)),
            )
            for group in sorted({name for q, _, _ in scoped for name in (q.language, q.style)})
        },
    )


def _top(found: Found) -> float:
    return found[0][1] if found else 0.0


def _place(question: Question, found: Found) -> int:
    return next((n for n, (id, _) in enumerate(found) if id in question.ids), MOST)


def _share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else 0.0


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare(names: Sequence[str], times: int) -> None:
    """Print the table of docs/search.md."""
    print(
        "| way | recall@1 | recall@3 | MRR | recall@1 declining | declined | µs | µs, 99 % | start, s | MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name in names:
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
            try:
                told = pool.submit(measure, name, times).result()
            except OSError as error:
                print(f"| {name} | not reached: {error} |")
                continue
        shares = (told.recall1, told.recall3, told.mrr, told.kept, told.declined)
        costs = f"{told.microseconds:.0f} | {told.slowest:.0f} | {told.start:.1f} | {told.megabytes:.0f}"
        print(
            f"| {name} | {' | '.join(f'{share:.3f}' for share in shares)} | {costs} |", flush=True
        )
        if name == "ours":
            groups = told.groups
    if "ours" in names:
        print("\n| ours, by group | recall@1 | recall@3 |\n|---|---|---|")
        for group, (first, third) in groups.items():
            print(f"| {group} | {first:.3f} | {third:.3f} |")


# Calibration and danger


def fit() -> None:
    """Learn strange-weights.json, and print BELONGS and RIGHT for knowledge/search/confidence.py."""
    base = load_base()
    searcher = Searcher.build(base.articles)
    questions = [question for question in read_questions(base) if question.half == "tune"]
    questions += [Question(text, frozenset(), "", "practice") for text in _practised("strange.txt")]
    strange = fit_strange(base, searcher, questions)
    facts, belongs, right, weight = [], [], [], []
    for question, strangeness in zip(questions, strange, strict=True):
        ranking = searcher.rank(question.text)
        if ranking.evidence:
            facts.append(ranking.evidence._replace(strange=float(strangeness)))
            belongs.append(bool(question.ids))
            right.append(ranking.ids[0] in question.ids)
            weight.append(_weight(question))
    x = np.array(facts)
    for name, truth, weights in (
        ("BELONGS", belongs, np.array(weight)),
        ("RIGHT", right, np.ones(len(right))),
    ):
        found, bias = logistic(x, np.array(truth, float), weights)
        print(f"{name} = ({', '.join(f'{w:.2f}' for w in found)}), {bias:.2f}")
        if name == "BELONGS":
            guess = 1 / (1 + np.exp(-x @ found - bias))
            own = guess[np.array(belongs)]
            for least in np.arange(0.3, 0.96, 0.05):
                lost, declined = (own < least).mean(), (guess[~np.array(belongs)] < least).mean()
                print(f"# LEAST {least:.2f}: lost {lost:.4f}, declined {declined:.3f}")


STRANGE_WEIGHT, PRACTISED = 2.0, 0.5  # of a message out of scope against a question
SPREAD = 3.0  # of the marks of a message, whose weights the ridge keeps small


def _weight(question: Question) -> float:
    if question.ids:
        return 1.0
    return PRACTISED if question.style == "practice" else STRANGE_WEIGHT


def fit_strange(base: Base, searcher: Searcher, questions: Sequence[Question]) -> np.ndarray:
    """Learn strange-weights.json; return what the questions get from weights learned without them."""
    texts = [question.text for question in questions]
    ours = [text for a in base.articles.values() for text in (*a.ky.phrasings, *a.ru.phrasings)]
    marks = [searcher.marks(text) for text in (*texts, *ours)]
    truth = np.array([not question.ids for question in questions] + [False] * len(ours), float)
    weight = np.array([_weight(question) for question in questions] + [0.2] * len(ours))
    often = Counter(mark for some in marks[: len(texts)] for mark in some)
    odd = {mark for some, out in zip(marks, truth, strict=True) if out for mark in some}
    known = sorted(mark for mark in odd if often[mark] > 1)
    vocabulary = {mark: n for n, mark in enumerate(known)}
    table = sparse_table(marks, vocabulary, SPREAD, 0.5)
    fold = np.array([hash_of(text) // 2 % 5 for text in texts] + [-1] * len(ours))
    strange = np.zeros(len(marks))
    for out in range(5):
        learned = fold != out
        kept = learned[table[0]]
        rest = table[0][kept], table[1][kept], table[2][kept]
        found, _ = sparse_logistic(rest, truth, weight * learned, len(known), 1e-3)
        told = np.bincount(table[0], found[table[1]] * table[2], len(marks))
        strange[~learned] = told[~learned]
    found, _ = sparse_logistic(table, truth, weight, len(known), 1e-3)
    write_weights(STRANGE_WEIGHTS, {m: float(found[n]) * SPREAD for m, n in vocabulary.items()})
    return strange[: len(texts)]


def sparse_table(
    bags: Sequence[frozenset[str]], vocabulary: dict[str, int], scale: float, even: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rows, columns and values of bags of signs; a large bag's signs are worth less each."""
    rows, columns, values = [], [], []
    for row, bag in enumerate(bags):
        known = [vocabulary[sign] for sign in bag if sign in vocabulary]
        rows += [row] * len(known)
        columns += known
        values += [scale / max(len(bag), 1) ** even] * len(known)
    return np.array(rows), np.array(columns), np.array(values)


def write_weights(file: Path, weights: dict[str, float]) -> None:
    """Write weights to two digits, without those that come to nothing."""
    told = {sign: round(weight, 2) for sign, weight in weights.items()}
    lines = json.dumps({s: w for s, w in told.items() if w}, ensure_ascii=False, indent=0)
    file.write_text(lines + "\n", encoding="utf-8")


def logistic(
    x: np.ndarray, truth: np.ndarray, weight: np.ndarray, ridge: float = 0.003
) -> tuple[np.ndarray, float]:
    """Fit a logistic regression by gradient descent on standardised columns."""
    mean, spread = x.mean(0), x.std(0) + 1e-9
    columns = np.column_stack([(x - mean) / spread, np.ones(len(x))])
    found = np.zeros(columns.shape[1])
    for _ in range(5000):
        wrong = 1 / (1 + np.exp(-columns @ found)) - truth
        slope = columns.T @ (weight * wrong) / weight.sum()
        found -= 0.5 * (slope + ridge * np.append(found[:-1], 0))
    weights = found[:-1] / spread
    return weights, float(found[-1] - weights @ mean)


def _danger_lines(half: str) -> list[dict[str, object]]:
    lines = [line for file in DANGER for line in _lines(file)]
    return [line for line in lines if Question(str(line["q"]), frozenset(), "", "").half == half]


def danger() -> None:
    """Print how much danger is found and how many false alarms there are, by half."""
    searcher = Searcher.build(load_base().articles)
    for half in ("tune", "report"):
        seen = {True: [], False: []}  # type: dict[bool, list[bool]]
        for line in _danger_lines(half):
            alarm = searcher.ask(str(line["q"])).danger is not None
            seen[line["danger"] is not None].append(alarm)
        print(
            f"{half}: found {_share(seen[True]):.3f} of {len(seen[True])}, "
            f"false alarms {_share(seen[False]):.3f} of {len(seen[False])}"
        )


# What an everyday message weighs against one written to tell danger.
PLAIN, RISKY, ASKED, STRANGE_ONES = 0.02, 0.01, 0.15, 1.0
RISKY_TOPICS = {"safety", "police", "family", "health-education", "migration"}


def fit_danger() -> None:
    """Learn what the signs of danger weigh, from the tuning half and benchmarks/data/training."""
    base = load_base()
    searcher = Searcher.build(base.articles)
    told = list(_told(base, searcher))
    signs = [searcher.signs(text) for text, _, _ in told]
    often = Counter(sign for some in signs for sign in some)
    vocabulary = {sign: n for n, sign in enumerate(s for s, count in often.items() if count > 2)}
    found, bias = sparse_logistic(
        sparse_table(signs, vocabulary, 1.0, EVEN),
        np.array([danger for _, danger, _ in told], float),
        np.array([weight for _, _, weight in told]),
        len(vocabulary),
    )
    weights = {sign: float(found[n]) for sign, n in sorted(vocabulary.items())}
    write_weights(WEIGHTS, {"": bias} | weights)
    fit_letters(searcher, told)


def fit_letters(searcher: Searcher, told: Sequence[tuple[str, bool, float]]) -> None:
    """Learn what words and groups of letters weigh for danger."""
    hints = [searcher.hints(text) for text, _, _ in told]
    many = np.array([len(some) for some in hints])
    found, bias = sparse_logistic(
        (
            np.repeat(np.arange(len(told)), many),
            np.concatenate([np.array(some, int) for some in hints]),
            np.repeat(1 / np.maximum(many, 1) ** EVEN, many),
        ),
        np.array([danger for _, danger, _ in told], float),
        np.array([weight for _, _, weight in told]),
        PLACES,
        ridge=5e-5,
    )
    np.save(LETTERS, np.append(found, bias).astype(np.float16))


def _practised(file: str) -> list[str]:
    """Read messages that are only learned from, without those that happen to be published."""
    files = [*ASKING, *STRANGE, *DANGER, *(DATA / "topics").glob("*.jsonl")]
    published = {str(line["q"]).lower() for some in files for line in _lines(some)}
    lines = (DATA / "training" / file).read_text(encoding="utf-8").splitlines()
    texts = dict.fromkeys(line.strip() for line in lines if line and not line.startswith("#"))
    return [text for text in texts if text.lower() not in published]


def _told(base: Base, searcher: Searcher) -> Iterable[tuple[str, bool, float]]:
    """Yield messages to learn from: the text, whether it tells of danger, what it weighs."""
    for file, danger in (("danger.txt", True), ("harmless.txt", False), ("strange.txt", False)):
        for text in _practised(file):
            yield text, danger, 1.0
    for told in _danger_lines("tune"):
        yield str(told["q"]), told["danger"] is not None, 1.0
    calm = {id for id, a in base.articles.items() if not a.urgent and not searcher.in_danger(id)}
    for question in read_questions(base):
        if question.half == "tune" and question.ids <= calm:
            yield question.text, False, ASKED if question.ids else STRANGE_ONES
    for id in calm:
        article = base.articles[id]
        weight = RISKY if id.split("/")[0] in RISKY_TOPICS else PLAIN
        for text in (*article.ky.phrasings, *article.ru.phrasings):
            yield text, False, weight


def sparse_logistic(
    table: tuple[np.ndarray, np.ndarray, np.ndarray],
    truth: np.ndarray,
    weight: np.ndarray,
    width: int,
    ridge: float = 1e-4,
) -> tuple[np.ndarray, float]:
    """Fit a logistic regression over (rows, columns, values) by Adam; return weights and bias."""
    rows, columns, values = table
    found = np.zeros(width + 1)
    mean, spread = np.zeros_like(found), np.zeros_like(found)
    for step in range(1, 251):
        guess = np.bincount(rows, found[columns] * values, len(truth)) + found[-1]
        wrong = weight * (1 / (1 + np.exp(-guess)) - truth) / weight.sum()
        slope = np.append(
            np.bincount(columns, wrong[rows] * values, width) + ridge * found[:-1], wrong.sum()
        )
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.99 * spread + 0.01 * slope**2
        rate = 0.3 if step < 150 else 0.1
        found -= rate * mean / (1 - 0.9**step) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
    return found[:-1], float(found[-1])


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--fit", action="store_true", help="fit the confidence models")
    parser.add_argument("--danger", action="store_true", help="measure danger")
    parser.add_argument("--fit-danger", action="store_true", help="learn the weights of danger")
    parser.add_argument(
        "--times", type=int, default=1, help="enlarge the base with made-up articles"
    )
    parser.add_argument("--only", choices=WAYS, action="append", help="compare only these")
    options = parser.parse_args()
    if options.fit:
        fit()
    elif options.fit_danger:
        fit_danger()
    elif options.danger:
        danger()
    else:
        compare(options.only or list(WAYS), options.times)


if __name__ == "__main__":
    main()
