"""The knowledge base and the search over it, kept ready between starts.

Reading the articles and building the indexes takes one to two seconds, reading the result back a sixth of
one, in a third of the memory. The file stands beside the articles, as compiled code does beside its source:
it holds what the very files here say, is made anew when any of them changes, and may be deleted.
"""

import gc
import hashlib
import os
import pickle
import sys
from pathlib import Path

from knowledge.base import HOME, Base, load_base
from knowledge.search import Searcher

FILE = HOME / "__pycache__" / "prepared.pickle"
KINDS = (".py", ".yaml", ".json", ".npy")


def prepared(file: Path = FILE) -> tuple[Base, Searcher]:
    """Return the knowledge base and its search, from `file` if that is of today's articles.

    Raises:
        KnowledgeFaulty: articles that cannot be used.
    """
    seal = _fingerprint()
    ready = _read(file, seal)
    if ready is None:
        base = load_base()
        ready = base, Searcher.build(base.articles)
        _write(file, seal, ready)
    # All of it stays until the end: the collector need not look at it again and again.
    gc.freeze()
    return ready


def _fingerprint() -> bytes:
    """Tell apart states of the articles, the code here, and the Python that runs it."""
    told = hashlib.sha256(sys.version.encode())
    for path in sorted(path for path in HOME.rglob("*") if path.suffix in KINDS):
        told.update(str(path.relative_to(HOME)).encode() + b"\0")
        told.update(hashlib.sha256(path.read_bytes()).digest())
    return told.digest()


def _read(file: Path, seal: bytes) -> tuple[Base, Searcher] | None:
    try:
        content = file.read_bytes()
    except OSError:
        return None
    if content[: len(seal)] != seal:
        return None
    gc.disable()  # it finds nothing in what is only being made, and takes half the time
    try:
        # As safe as the code beside it: whoever can write here can change that as well.
        ready: tuple[Base, Searcher] = pickle.loads(memoryview(content)[len(seal) :])  # noqa: S301
        return ready
    except Exception:  # cut off, or of another version of a library: it is made anew
        return None
    finally:
        gc.enable()


def _write(file: Path, seal: bytes, ready: tuple[Base, Searcher]) -> None:
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(exist_ok=True)
        unfinished.write_bytes(seal + pickle.dumps(ready, protocol=pickle.HIGHEST_PROTOCOL))
        unfinished.replace(file)
    except OSError:  # a folder that can't be written to: the next start is slow as well
        unfinished.unlink(missing_ok=True)
