"""Finds the article that answers a question, however it is typed, and recognises danger."""

from knowledge.search.danger import Danger
from knowledge.search.searcher import Result, Searcher

__all__ = ["Danger", "Result", "Searcher"]
