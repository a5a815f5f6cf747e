"""Rule packs: reading, checking, and the form the matcher wants. The format is described in docs/packs.md."""

from __future__ import annotations

import pickle
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import regex

from dedup.boilerplate.phrases import Packed, Phrase, Phrases
from dedup.errors import UsageError
from dedup.text.fold import fold_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Anchor = Literal["line", "start", "lead", "end", "pair", "pattern"]
Scope = Literal["line", "block", "to-end", "split", "auto", "boundary"]
Words = tuple[str, ...]

ANCHORS: Final = ("line", "start", "lead", "end", "pair", "pattern")
SCOPES: Final = ("line", "block", "to-end", "split", "auto", "boundary")
POSITIONS: Final = ("any", "head", "tail")
LINE_MAX_WORDS: Final = 40  # a whole line that is a phrase; the phrase itself says how long
PATTERN_MAX_WORDS: Final = 20  # of a pattern that names no limit: furniture is short
START_MAX_WORDS: Final = 25  # a marker that shares its line with a headline; longer lines are prose (78k Arabic articles)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack; phrases are folded words."""

    id: str
    category: str
    why: str
    language: str
    anchors: tuple[Anchor, ...]
    scope: Scope
    phrases: Sequence[Words]
    second: tuple[Words, ...]
    pattern: str
    hint: Words
    contains: tuple[str, ...]
    max_words: int
    position: Literal["any", "head", "tail"]
    follow: Literal["", "list"]
    digits: bool
    sites: tuple[str, ...]
    remove: tuple[str, ...]
    keep: tuple[str, ...]
    pack: str

    def longest(self, anchor: Anchor) -> int:
        """The longest line, in words, that a hit by this anchor may be."""
        if anchor == "pattern":
            return self.max_words or PATTERN_MAX_WORDS
        if anchor == "line":
            return LINE_MAX_WORDS
        return self.max_words or START_MAX_WORDS


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """Rules ready for matching: phrases by first word (by last, for anchor "end"), longest first; patterns by hint.

    `known`: what `rules.options_of` found for texts of lines it has seen; furniture comes again and again. `patterns`: compiled,
    or pickled so, by what is written in a pack; see `pattern`.
    """

    rules: tuple[Rule, ...]
    by_first: Phrases
    by_last: Phrases
    by_hint: Mapping[str, tuple[Rule, ...]]
    known: dict[str, tuple[Phrase, ...]] = field(default_factory=dict, repr=False)
    patterns: dict[str, regex.Pattern[str] | bytes] = field(default_factory=dict, repr=False)

    def pattern(self, rule: Rule) -> regex.Pattern[str]:
        """A rule's pattern, compiled when it is first asked: most never are in a run, and all of them cost 0.3 s."""
        found = self.patterns.get(rule.pattern)
        if not isinstance(found, regex.Pattern):
            found = pickle.loads(found) if found else compiled(rule.pattern)  # noqa: S301 - from `compile_all`
            self.patterns[rule.pattern] = found
        return found

    def compile_all(self) -> RuleSet:
        """With all patterns compiled and pickled: for a cache, which gives them back forty times as fast as they are compiled."""
        for rule in self.rules:
            if rule.pattern:
                self.patterns[rule.pattern] = pickle.dumps(self.pattern(rule), protocol=pickle.HIGHEST_PROTOCOL)
        return self


_KEYS: Final[dict[str, type]] = {
    "id": str, "category": str, "why": str, "anchors": list, "scope": str, "phrases": list, "second": list, "pattern": str,
    "hint": list, "contains": list, "max_words": int, "position": str, "follow": str, "digits": bool, "sites": list,
    "remove": list, "keep": list,
}  # fmt: skip
_REQUIRED: Final = ("id", "category", "why", "anchors", "scope", "remove", "keep")


def shipped_packs() -> list[Path]:
    """The packs that come with the program, by name."""
    return sorted(Path(__file__).parent.parent.joinpath("packs").glob("*.toml"))


def load_rules(user_packs: Iterable[str] = (), disable: Iterable[str] = (), categories: Iterable[str] = ()) -> RuleSet:
    """Our packs and the user's, which add to ours or override by id; `disable` holds ids, or prefixes ending in "/".

    With `categories`, only rules of these (and bylines, which remove nothing). Raises UsageError for a name that no rule has.
    """
    rules = {rule.id: rule for rule in _shipped_rules()}
    for name in user_packs:
        rules |= {rule.id: rule for rule in read_pack(Path(name))}
    off = tuple(disable)
    for name in off:
        if name not in rules and not (name.endswith("/") and any(rule.startswith(name) for rule in rules)):
            near = get_close_matches(name, rules, n=1)
            raise UsageError(f"no rule '{name}' to disable." + (f" Did you mean '{near[0]}'?" if near else ""))
    prefixes = tuple(name for name in off if name.endswith("/"))
    kept = [rule for rule in rules.values() if rule.id not in off and not rule.id.startswith(prefixes or ("\0",))]
    wanted = set(categories)
    known = {rule.category for rule in rules.values()}
    for name in sorted(wanted - known):
        near = get_close_matches(name, known, n=1)
        raise UsageError(f"no rule has the category '{name}'." + (f" Did you mean '{near[0]}'?" if near else ""))
    return compile_rules(rule for rule in kept if not wanted or rule.category in wanted or rule.scope == "boundary")


@cache
def _shipped_rules() -> tuple[Rule, ...]:
    return tuple(rule for path in shipped_packs() for rule in read_pack(path, shipped=True))


def read_pack(path: Path, *, shipped: bool = False) -> list[Rule]:
    """Read and check one pack. Raises UsageError with file and line."""
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: cannot read the rule pack: {error}") from error
    rules: list[Rule] = []
    lines = _rule_lines(text)
    _check_top(path, text, data)
    for number, raw in enumerate(data.get("rule", [])):
        where = f"{path.name}:{lines[number] if number < len(lines) else 1}"
        rule = _rule(raw, str(data.get("language", "any")), path.name, where, shipped=shipped)
        if any(rule.id == other.id for other in rules):
            raise UsageError(f"{where}: rule id '{rule.id}' stands twice in this pack")
        rules.append(rule)
    return rules


def _check_top(path: Path, text: str, data: Mapping[str, Any]) -> None:
    """The keys of a pack: `language`, and `rule` as a list of tables."""
    for key in data:
        if key not in ("language", "rule"):
            near = get_close_matches(key, ("language", "rule"), n=1)
            number = next((k for k, line in enumerate(text.split("\n"), 1) if key in line), 1)
            raise UsageError(f"{path.name}:{number}: unknown key '{key}'." + (f" Did you mean '{near[0]}'?" if near else ""))
    rule = data.get("rule", [])
    if not isinstance(rule, list) or not all(isinstance(raw, dict) for raw in rule):
        number = next((k for k, line in enumerate(text.split("\n"), 1) if "rule" in line), 1)
        raise UsageError(f"{path.name}:{number}: 'rule' must be a list of tables: begin each rule with [[rule]]")


def _rule_lines(text: str) -> list[int]:
    """The line numbers of the `[[rule]]` headings, for error messages."""
    return [number for number, line in enumerate(text.split("\n"), 1) if line.strip() == "[[rule]]"]


def _rule(raw: dict[str, Any], language: str, pack: str, where: str, *, shipped: bool) -> Rule:
    where = f"{where}: rule '{raw.get('id', '?')}'"
    _check_keys(raw, where)
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    for key in ("phrases", "second"):
        values[key] = tuple(tuple(fold_words(phrase)) for phrase in raw.get(key, ()))
    values["hint"] = tuple(word for hint in raw.get("hint", ()) for word in fold_words(hint))
    if not shipped and "pattern" in raw:
        try:
            compiled(raw["pattern"])
        except regex.error as error:
            raise UsageError(f"{where}: the pattern is wrong: {error}") from error
    defaults: dict[str, Any] = {
        "max_words": 0,
        "position": "any",
        "follow": "",
        "digits": False,
        "pattern": "",
        "sites": (),
        "contains": (),
    }
    values = {each.name: values.get(each.name, defaults.get(each.name)) for each in fields(Rule)}
    rule = Rule(**(values | {"language": language, "pack": pack}))
    _check(rule, where)
    return rule


def compiled(pattern: str) -> regex.Pattern[str]:
    """A pattern as packs write them. Raises regex.error."""
    return regex.compile(pattern, regex.V1)


def _check_keys(raw: dict[str, Any], where: str) -> None:
    for key, value in raw.items():
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, n=1)
            raise UsageError(f"{where}: unknown key '{key}'." + (f" Did you mean '{near[0]}'?" if near else ""))
        if not isinstance(value, _KEYS[key]):
            raise UsageError(f"{where}: '{key}' must be a {_KEYS[key].__name__}, not {value!r}")
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            raise UsageError(f"{where}: '{key}' must be a list of strings")
    missing = [key for key in _REQUIRED if not raw.get(key)]
    if missing:
        raise UsageError(f"{where}: '{missing[0]}' is missing" + (": every rule has examples" if missing[0] in ("remove", "keep") else ""))


def _check(rule: Rule, where: str) -> None:
    problems = [
        *(f"unknown anchor '{anchor}', take one of {', '.join(ANCHORS)}" for anchor in rule.anchors if anchor not in ANCHORS),
        *([f"unknown scope '{rule.scope}', take one of {', '.join(SCOPES)}"] if rule.scope not in SCOPES else []),
        *([f"unknown position '{rule.position}'"] if rule.position not in POSITIONS else []),
        *([f"follow can only be 'list', not '{rule.follow}'"] if rule.follow not in ("", "list") else []),
        *(["anchor 'pattern' needs 'pattern' and 'hint'"] if "pattern" in rule.anchors and not (rule.pattern and rule.hint) else []),
        *(["anchor 'pair' needs 'second'"] if "pair" in rule.anchors and not rule.second else []),
        *(["it needs 'phrases'"] if rule.anchors != ("pattern",) and not rule.phrases else []),
        *(["a phrase has no letter or digit"] if not all(rule.phrases) or not all(rule.second) else []),
        *(["anchors lead, end and pair need 'max_words'"] if {"lead", "end", "pair"} & {*rule.anchors} and not rule.max_words else []),
        *(["scope 'to-end' needs position = \"tail\""] if rule.scope == "to-end" and rule.position != "tail" else []),
    ]
    if problems:
        raise UsageError(f"{where}: {problems[0]}")


def compile_rules(rules: Iterable[Rule]) -> RuleSet:
    """Index the phrases of rules."""
    rules = tuple(replace(rule, phrases=Packed(rule.phrases)) for rule in rules)
    first: dict[str, list[Phrase]] = defaultdict(list)
    last: dict[str, list[Phrase]] = defaultdict(list)
    hints: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        for word in rule.hint if rule.pattern else ():
            hints[word].append(rule)
        for anchor in rule.anchors:
            if anchor == "pattern":
                continue
            for words in rule.phrases:
                index, word = (last, words[-1]) if anchor == "end" else (first, words[0])
                index[word].append(Phrase(words, anchor, rule))

    def ordered(index: dict[str, list[Phrase]]) -> Phrases:
        return Phrases.of({word: sorted(found, key=_precedence) for word, found in index.items()}, rules)

    return RuleSet(rules, ordered(first), ordered(last), {word: tuple(found) for word, found in hints.items()})


def _precedence(phrase: Phrase) -> tuple[int, bool, bool, str]:
    """Which of several rules that hold is heard: the longest phrase, then one that knows what follows, then a language's own."""
    rule = phrase.rule
    return -len(phrase.words), rule.scope == "line", rule.language == "any", rule.id


def find_rule(rules: RuleSet, identity: str) -> Rule:
    """A rule by id. Raises UsageError with the nearest id."""
    known = {rule.id: rule for rule in rules.rules}
    if identity not in known:
        near = get_close_matches(identity, known, n=1)
        raise UsageError(f"no rule '{identity}'." + (f" Did you mean '{near[0]}'?" if near else " See: dedup rules list"))
    return known[identity]
