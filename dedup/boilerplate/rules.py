"""Where the rules of the packs hit a page. Finding only: what follows from a hit is decided in `structure`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from dedup.boilerplate.page import INVISIBLE, is_title
from dedup.boilerplate.phrases import Phrase
from dedup.boilerplate.topic import uptake
from dedup.text.fold import end_of_words, fold_words
from dedup.text.lines import MARKED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.boilerplate.packs import Anchor, Rule, RuleSet
    from dedup.boilerplate.page import Line, Page

LIST_SCOPES: Final = ("block", "auto", "split")  # what follows the marker is a list, or another article
POINTERS: Final = ("read_also", "related_list", "continue_reading", "editor_pick", "latest", "media_player", "most_read", "cta")
KNOWN_LINES: Final = 1 << 16  # texts of lines whose options are kept
OWN_TITLE: Final = 0.4  # share of a headline's content words in what follows from which it is that text's title
HYPHENS: Final = "-‐‑–"
SEPARATORS: Final = ":：|｜/／\\_—…»>›•←→⬅➡؛"


class Hit(NamedTuple):
    """A rule that holds for a line, and by which anchor."""

    rule: Rule
    anchor: Anchor


def options_of(text: str, rules: RuleSet) -> tuple[Phrase, ...]:
    """The rules that could hold for a line of this text, by what stands in it alone; the first that its page allows is heard."""
    found = rules.known.get(text)
    if found is None:
        if len(rules.known) >= KNOWN_LINES:
            rules.known.clear()
        found = rules.known[text] = tuple(_options(text, rules))
    return found


def _options(text: str, rules: RuleSet) -> Iterator[Phrase]:
    words = fold_words(text)
    if not words:
        return
    for phrase in rules.by_first.get(words[0], ()):
        if _holds(phrase, words, text):
            yield phrase
    for phrase in rules.by_last.get(words[-1], ()):
        if len(words) <= phrase.rule.max_words and tuple(words[-len(phrase.words) :]) == phrase.words:
            yield phrase
    hinted = {rule.id: rule for word in words if word in rules.by_hint for rule in rules.by_hint[word]}
    for rule in (hinted[name] for name in sorted(hinted)):
        if len(words) <= rule.longest("pattern") and pattern_holds(rules, rule, text, text.strip(INVISIBLE)):
            yield Phrase((), "pattern", rule)


def pattern_holds(rules: RuleSet, rule: Rule, text: str, shown: str) -> bool:
    """Whether a rule's pattern fits a text, which is not too long for it. `shown`: without what is invisible around it."""
    if rule.digits and not has_digits(text):
        return False
    if rule.contains and not any(literal in text for literal in rule.contains):
        return False
    return rules.pattern(rule).fullmatch(shown) is not None


def find_hits(page: Page, rules: RuleSet) -> dict[int, Hit]:
    """The hits of a page, by line number (from 0). The longest phrase wins, then the rule's id."""
    hits: dict[int, Hit] = {}
    for number in [number for number, line in enumerate(page.lines) if line.flags & MARKED]:
        if number in hits:
            continue
        hit = _hit(page, number, rules)
        if hit:
            hits[number] = hit
            if hit.anchor == "pair":
                hits[number + 1] = hit
    return hits


def _hit(page: Page, number: int, rules: RuleSet) -> Hit | None:
    for phrase in options_of(page.lines[number].text, rules):
        if phrase.anchor == "start" and phrase.rule.category in POINTERS and _is_own_title(page, number, phrase):
            continue
        if phrase.anchor == "pair" and not (number + 1 < len(page.lines) and _is_second(page.lines[number + 1], phrase.rule)):
            continue
        if _guards(phrase.rule, page, number):
            return Hit(phrase.rule, phrase.anchor)
    return None


def _holds(phrase: Phrase, words: list[str], text: str) -> bool:
    length = len(phrase.words)
    if tuple(words[:length]) != phrase.words:
        return False
    if phrase.anchor == "line":
        return len(words) == length
    if len(words) > phrase.rule.longest(phrase.anchor):
        return False
    return phrase.anchor == "pair" or (len(words) > length and (phrase.anchor == "lead" or _is_separated(text, length)))


def has_digits(text: str) -> bool:
    """Whether a digit of any script stands in a text."""
    return any(map(str.isdigit, text))


def _is_own_title(page: Page, number: int, phrase: Phrase) -> bool:
    """Whether "Watch: the bridge opens" is the title of an article: the first line of a page, or over a byline's prose or
    text that takes it up. Only one-word markers are asked for the latter; no headline begins with "read also".
    """
    if number == 0:
        return True
    return len(phrase.words) == 1 and uptake(page, number, 3) >= OWN_TITLE


def _is_second(line: Line, rule: Rule) -> bool:
    if line.words > rule.max_words:
        return False
    words = tuple(line.folded())
    return any(words[: len(second)] == second for second in rule.second)


def _is_separated(text: str, count: int) -> bool:
    """Whether punctuation, not a mere space, stands between the first `count` words and the rest."""
    rest = text[end_of_words(text, count) :].lstrip(INVISIBLE + "\"'”)]!؟?")
    if rest[:1] in HYPHENS and rest:
        inside_word = not rest[1:2].isspace() and text[: len(text) - len(rest)][-1:] not in INVISIBLE
        return not inside_word  # "Foto-Ausstellung" is one word
    return rest.startswith("..") or (rest != "" and rest[0] in SEPARATORS)


def _guards(rule: Rule, page: Page, number: int) -> bool:
    if rule.sites and page.source not in rule.sites:
        return False
    up_to = page.prose[number]
    if (rule.position == "head" and up_to - page.lines[number].prose >= 2) or (rule.position == "tail" and page.prose[-1] - up_to >= 2):
        return False
    if rule.digits and not has_digits(page.lines[number].text):
        return False
    if rule.follow == "list":
        following = page.lines[number + 1] if number + 1 < len(page.lines) else None
        return following is not None and (following.bullet or is_title(following))
    return True
