"""Logs: one JSON object a line, without anything that people wrote or are called."""

from __future__ import annotations

import json
import logging
import sys
import time
from types import TracebackType

# Fields that a log line may carry beside its text; anything else is left out.
FIELDS = ("update", "method", "row", "code", "where", "count", "seconds", "replica", "role")


PARTS = ("bot", "handlers", "services", "storage", "knowledge", "locales")


def _is_ours(name: str) -> bool:
    return name.split(".")[0] in PARTS


class JsonLines(logging.Formatter):
    """One record, one line. An exception is told by kind and place, never by its words.

    The words of an exception quote what it was about: a text, a row, a phone.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write the record as JSON."""
        line: dict[str, object] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "part": record.name,
            # Of a library's line only the pattern: what it fills in may be somebody's words. So may what
            # asyncio writes below its first line: how a task ended.
            "said": record.getMessage() if _is_ours(record.name) else _first(str(record.msg)),
        }
        line |= {field: getattr(record, field) for field in FIELDS if hasattr(record, field)}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _first(text: str) -> str:
    return text.split("\n", 1)[0]


def describe(error: BaseException) -> str:
    """Kind and place of an error, innermost first: `KeyError at handlers/ask.py:31 < …`."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{'/'.join(code.co_filename.split('/')[-2:])}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' < '.join(reversed(places[-6:]))}"


def configure(level: str) -> None:
    """Send all logs to standard error as JSON lines; libraries speak only when something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for part in PARTS:
        logging.getLogger(part).setLevel(level)
    sys.excepthook = _stopped


def _stopped(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody caught ends the program: its words are not told either."""
    logging.getLogger("bot").critical("stopped by an error", exc_info=(kind, error, trace))
