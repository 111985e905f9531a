"""Loads the knowledge base from its files, and finds things in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.faults import Fault, KnowledgeFaulty, from_validation
from knowledge.model import Act, Article, Contact, Need, Rate, Region, Topic, Words

HOME = Path(__file__).parent

Model = TypeVar("Model", bound=BaseModel)
Raw = dict[str, Any]


@dataclass(frozen=True)
class Base:
    """The whole knowledge base. Mappings keep the order of their files."""

    languages: Mapping[str, Words]
    topics: Mapping[str, Topic]
    needs: Mapping[str, Need]
    regions: Mapping[str, Region]
    acts: Mapping[str, Act]
    contacts: Mapping[str, Contact]
    rates: Mapping[str, Rate]
    articles: Mapping[str, Article]  # in the order of their topics
    aliases: Mapping[str, str]  # alias → article's id
    home: Path = field(repr=False)

    def article(self, id: str) -> Article | None:
        """Return the article with this id or alias."""
        return self.articles.get(self.aliases.get(id, id))

    def on_topic(self, topic: str) -> tuple[Article, ...]:
        """Return the articles of a topic."""
        return tuple(article for article in self.articles.values() if article.topic == topic)

    def related(self, article: Article) -> tuple[Article, ...]:
        """Return the related articles that are written already."""
        found = (self.article(id) for id in article.related)
        others = {other.id: other for other in found if other and other is not article}
        return tuple(others.values())

    def resting_on(self, act: str) -> tuple[Article, ...]:
        """Return the articles that rest on an act."""
        return tuple(
            article
            for article in self.articles.values()
            if any(entry.act == act for entry in article.law)
        )

    def help_for(self, need: str, region: str | None = None) -> tuple[Contact, ...]:
        """Return who helps with `need`: in the region first, then for the whole country.

        Without a region, helpers in all regions come after those for the whole country.
        """
        helping = [contact for contact in self.contacts.values() if need in contact.needs]
        near = [contact for contact in helping if region in contact.regions]
        everywhere = [contact for contact in helping if not contact.regions]
        elsewhere = [contact for contact in helping if contact.regions] if region is None else []
        return (*near, *everywhere, *elsewhere)

    def file(self, id: str) -> Path:
        """Return where an article stands, as seen from the folder the program runs in."""
        return shown(self.home / "articles" / f"{id}.yaml")


def load_base(path: Path | None = None) -> Base:
    """Load the knowledge base that stands under `path` (left out: this package's own).

    Raises:
        KnowledgeFaulty: some files cannot be used; it names each with its cure.
    """
    base, faults = read_base(path)
    if faults:
        raise KnowledgeFaulty(faults)
    return base


def read_base(path: Path | None = None) -> tuple[Base, list[Fault]]:
    """Load what can be loaded, and say of the rest why not: for the linter."""
    home = path or HOME
    reader = _Reader(home)
    contacts = reader.mapping(home / "contacts.yaml")
    topics = reader.table(home / "topics.yaml", Topic, "id")
    articles = reader.articles(list(topics))
    base = Base(
        languages=reader.table(home / "languages.yaml", Words),
        topics=topics,
        needs=reader.items(home / "contacts.yaml", contacts.get("needs"), Need, "id"),
        regions=reader.regions(),
        acts=reader.table(home / "acts.yaml", Act, "id"),
        contacts=reader.items(home / "contacts.yaml", contacts.get("contacts"), Contact, "id"),
        rates=reader.rates(),
        articles=articles,
        aliases=reader.aliases(articles),
        home=home,
    )
    return base, reader.faults


class _Reader:
    """Turns files into models, and collects what is wrong with them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.faults: list[Fault] = []

    def mapping(self, file: Path) -> Raw:
        try:
            loaded = load_yaml(file.read_bytes())
        except FileNotFoundError:
            self._fault(file, "is missing", "put it back")
        except UnicodeDecodeError:
            self._fault(file, "is not UTF-8", "save it as UTF-8")
        except yaml.MarkedYAMLError as error:
            line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
            self._fault(file, f"{line}is no YAML ({error.problem})", "correct that line")
        except (yaml.YAMLError, ValueError) as error:  # ValueError: a day like 2026-02-30
            self._fault(file, f"is no YAML ({error})", "correct it")
        else:
            if isinstance(loaded, dict):
                return loaded
            self._fault(file, "does not begin with `key: value`", "see docs/articles.md")
        return {}

    def make(self, file: Path, model: type[Model], raw: object, *within: str) -> Model | None:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            self.faults.extend(from_validation(shown(file), error, model, within))
            return None

    def items(
        self, file: Path, raws: object, model: type[Model], key: str | None = None
    ) -> dict[str, Model]:
        """Make a model of each value; `key` is the field that takes its key."""
        if not isinstance(raws, dict):
            self._fault(file, "does not hold what it should", "see docs/articles.md")
            return {}
        made = {}
        for id, raw in raws.items():
            named = raw | {key: id} if key and isinstance(raw, dict) else raw
            if (item := self.make(file, model, named, str(id))) is not None:
                made[id] = item
        return made

    def table(self, file: Path, model: type[Model], key: str | None = None) -> dict[str, Model]:
        """Read a file of models by key; a file that could not be read has its fault already."""
        raws = self.mapping(file)
        return self.items(file, raws, model, key) if raws else {}

    def regions(self) -> dict[str, Region]:
        file = self.home / "regions.yaml"
        raws = self.mapping(file)
        for raw in raws.values():
            for code, district in raw.get("districts", {}).items():
                district["code"] = code
        return self.items(file, raws, Region, "code") if raws else {}

    def rates(self) -> dict[str, Rate]:
        rates = {}
        for file in sorted((self.home / "rates").glob("*.yaml")):
            raw = self.mapping(file)
            if raw and (rate := self.make(file, Rate, raw | {"name": file.stem})):
                rates[rate.name] = rate
        return rates

    def articles(self, topics: list[str]) -> dict[str, Article]:
        articles: dict[str, Article] = {}
        files = (self.home / "articles").glob("*/*.yaml")
        for file in sorted(files, key=lambda file: (_shelf(file, topics), file)):
            raw = self.mapping(file)
            id = f"{file.parent.name}/{file.stem}"
            if raw and (article := self.make(file, Article, raw | {"id": id})):
                articles[id] = article
        return articles

    def aliases(self, articles: Mapping[str, Article]) -> dict[str, str]:
        owners: dict[str, str] = {}
        for article in articles.values():
            for alias in article.aliases:
                owner = alias if alias in articles else owners.setdefault(alias, article.id)
                if owner != article.id:
                    file = self.home / "articles" / f"{article.id}.yaml"
                    self._fault(file, f"alias {alias} belongs to {owner}", "remove one of the two")
        return owners

    def _fault(self, file: Path, what: str, cure: str) -> None:
        self.faults.append(Fault(shown(file), what, cure))


def load_yaml(content: bytes) -> object:
    """Read YAML faster than `yaml.safe_load`, and refuse a key that stands twice.

    Raises:
        yaml.YAMLError: it is no YAML, or a key stands twice in one mapping.
        UnicodeDecodeError: it is not UTF-8.
    """
    loader = yaml.CSafeLoader(content.decode())
    try:
        node = loader.get_single_node()
        return None if node is None else _built(node, loader)
    finally:
        loader.dispose()


def _built(node: yaml.Node, loader: yaml.CSafeLoader) -> object:
    if isinstance(node, yaml.MappingNode):
        built: dict[object, object] = {}
        for key_node, value in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _marked("a key is not a single word", key_node)
            key = key_node.value  # as it is written: YAML would read `on` as «true»
            if key in built:
                raise _marked(f"the key `{key}` stands twice", key_node)
            built[key] = _built(value, loader)
        return built
    if isinstance(node, yaml.SequenceNode):
        return [_built(item, loader) for item in node.value]
    if node.tag == "tag:yaml.org,2002:str":
        return node.value
    return loader.construct_object(node)


def _marked(problem: str, node: yaml.Node) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)


def _shelf(file: Path, topics: list[str]) -> int:
    """Return where the topic of an article stands among all."""
    topic = file.parent.name
    return topics.index(topic) if topic in topics else len(topics)


def shown(file: Path) -> Path:
    """Return a path as a person in the current folder would write it."""
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
