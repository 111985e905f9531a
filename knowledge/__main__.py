"""`python -m knowledge`: check the articles, search them, measure the search."""

import argparse
import io
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from knowledge.base import Base, load_base
from knowledge.faults import KnowledgeFaulty


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # the locale of a bare machine may be ASCII
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status: int = options.run(options)
    except KnowledgeFaulty as error:
        print(error, file=sys.stderr)
        return 1
    except (BrokenPipeError, KeyboardInterrupt):  # the reader has seen enough
        sys.stderr.close()
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="say what is wrong in the knowledge base")
    check.add_argument("paths", nargs="*", type=Path, help="tell only of these files and folders")
    check.add_argument("--strict", action="store_true", help="what may wait is an error as well")
    check.add_argument("--day", type=date.fromisoformat, help="as of this day (left out: today)")
    check.set_defaults(run=_check)

    search = commands.add_parser("search", help="answer each line of standard input")
    search.add_argument("--jsonl", action="store_true", help="write JSON, one object a line")
    search.set_defaults(run=_search)

    evaluate = commands.add_parser("evaluate", help="measure the search on known questions")
    evaluate.add_argument("file", type=Path, help='lines of {"q": question, "ids": [right ones]}')
    evaluate.set_defaults(run=_evaluate)

    prepare = commands.add_parser("prepare", help="get the search ready for a quick start")
    prepare.set_defaults(run=_prepare)

    acts = commands.add_parser("acts", help="list the articles that rest on an act")
    acts.add_argument("act", help="its id in acts.yaml")
    acts.set_defaults(run=_acts)

    review = commands.add_parser("review-hash", help="print what `review: text` must hold")
    review.add_argument("id", help="the article's id: labour/unpaid-wages")
    review.set_defaults(run=_review_hash)
    return parser


def _check(options: argparse.Namespace) -> int:
    from knowledge.check import check

    today = options.day or datetime.now(ZoneInfo("Asia/Bishkek")).date()
    wanted = [path.resolve() for path in options.paths]
    faults = [
        fault
        for fault in check(day=today, strict=options.strict)
        if not wanted or any(fault.file.resolve().is_relative_to(path) for path in wanted)
    ]
    for fault in faults:
        print(fault)
    count = {level: sum(fault.level == level for fault in faults) for level in _LEVELS}
    print(", ".join(f"{count[level]} {level}s" for level in _LEVELS), file=sys.stderr)
    return 1 if count["error"] else 0


_LEVELS = ("error", "warning", "note")


def _search(options: argparse.Namespace) -> int:
    from knowledge.prepared import prepared

    base, searcher = prepared()
    for line in _lines():
        question = _question(line)
        found = searcher.ask(question)
        if options.jsonl:
            told = {
                "q": question,
                "ids": found.ids,
                "confidence": round(found.confidence, 4),
                "sure": found.sure,
                "urgent": found.urgent,
                "language": found.language,
            }
            print(json.dumps(told, ensure_ascii=False), flush=True)
        else:
            titles = (base.articles[id].in_language(found.language).title for id in found.ids)
            print(f"{found.confidence:.2f}  {' | '.join(titles) or '—'}", flush=True)
    return 0


def _lines() -> Iterable[str]:
    """Read standard input as it comes; bytes that are no UTF-8 don't stop it."""
    for line in sys.stdin.buffer:
        yield line.decode(errors="replace").rstrip("\r\n")


def _question(line: str) -> str:
    """Take the question out of `{"q": …}`, or the whole line where it is plain text."""
    if line.lstrip().startswith("{"):
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            return line
        if isinstance(told, dict) and isinstance(told.get("q"), str):
            return str(told["q"])
    return line


def _evaluate(options: argparse.Namespace) -> int:
    from knowledge.evaluate import evaluate, read_questions
    from knowledge.prepared import prepared

    base, searcher = prepared()
    try:
        questions = read_questions(options.file, base)
    except (OSError, ValueError) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 1
    for measure in evaluate(questions, lambda text: searcher.ask(text).ids):
        print(measure)
    return 0


def _prepare(options: argparse.Namespace) -> int:
    from knowledge.prepared import prepared

    prepared()
    return 0


def _acts(options: argparse.Namespace) -> int:
    base = load_base()
    if options.act not in base.acts:
        return _unknown(f"act {options.act} is not in acts.yaml")
    for article in base.resting_on(options.act):
        places = (entry.article for entry in article.law if entry.act == options.act)
        print(f"{article.id}: {'; '.join(filter(None, places))}")
    return 0


def _review_hash(options: argparse.Namespace) -> int:
    base: Base = load_base()
    article = base.article(options.id)
    if article is None:
        return _unknown(f"there is no article {options.id}")
    print(article.text_hash())
    return 0


def _unknown(what: str) -> int:
    print(what, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
