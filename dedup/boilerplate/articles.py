"""Where a second article begins on a page, and which lists stand between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dedup.boilerplate.page import is_title
from dedup.boilerplate.rules import LIST_SCOPES, POINTERS
from dedup.boilerplate.topic import uptake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedup.boilerplate.page import Line, Page
    from dedup.boilerplate.rules import Hit

BY_TITLE: Final = "appended/title-among-related"
BY_BYLINE: Final = "appended/byline"
BY_MARKER: Final = "appended/after-marker"
BY_TOPIC: Final = "appended/topic"
BY_KNOWN_TITLE: Final = "appended/known-title"

BULLET_WORDS: Final = 40  # a bulleted line under a marker is an item even if it ends like a sentence, unless it is this long
TOPIC_LINES: Final = 3  # paragraphs read to tell whether they take a headline up
TAKEN_UP: Final = 0.3  # share of its content words: 90 % of the titles of appended articles, 2 % of related headlines


@dataclass(frozen=True, slots=True)
class Outline:
    """Line numbers: `items` belong to lists under markers (with the rule), `heads` begin appended articles (with the witness)."""

    items: Mapping[int, str]
    heads: Mapping[int, str]


def outline(page: Page, hits: Mapping[int, Hit], skip: Mapping[int, str]) -> Outline:
    """Read a page from top to bottom: lists under markers, and the titles that begin another article.

    `skip`: lines already known as noise (repeated titles).
    """
    heads = _byline_heads(page, hits, skip)
    items: dict[int, str] = {}
    done = -1
    for number, hit in hits.items():
        if number > done and hit.anchor in ("line", "pattern") and hit.rule.scope in LIST_SCOPES:
            run = _list_run(page, hits, skip, number, heads)
            head = _appended_head(page, hits, number, run, heads)
            if head:
                heads[head[0]] = head[1]
                run = [item for item in run if item < head[0]]
            items |= dict.fromkeys(run, hit.rule.id)
            done = run[-1] if run else number
    return Outline(items, dict(sorted(heads.items())))


def _byline_heads(page: Page, hits: Mapping[int, Hit], skip: Mapping[int, str]) -> dict[int, str]:
    """Titles with a byline under them and prose of another article above."""
    heads: dict[int, str] = {}
    for number, hit in hits.items():
        if hit.rule.scope != "boundary" or number == 0 or not page.prose[number]:
            continue
        following = number + 1
        if following == len(page.lines) or (following not in hits and is_title(page.lines[following])):
            continue  # in a list of headlines some look like a byline
        title = number - 1
        if title > 0 and title not in hits and title not in skip and is_title(page.lines[title]) and not page.lines[title].bullet:
            heads[title] = BY_BYLINE
    return heads


def _list_run(page: Page, hits: Mapping[int, Hit], skip: Mapping[int, str], marker: int, heads: Mapping[int, str]) -> list[int]:
    """The lines under a marker that are list items: all bulleted, or headlines up to the first prose or known noise."""
    run: list[int] = []
    bulleted = marker + 1 < len(page.lines) and page.lines[marker + 1].bullet
    for number in range(marker + 1, len(page.lines)):
        line = page.lines[number]
        if number in skip or number in heads or (number in hits and not _points(hits[number])):
            break
        if line.bullet != bulleted or not (_is_bullet_item(line) if bulleted else _is_item(line)):
            break
        run.append(number)
    return run


def _points(hit: Hit) -> bool:
    """A "Watch: ..." headline: inside a list it is an item like the others."""
    return hit.anchor == "start" and hit.rule.category in POINTERS


def _is_item(line: Line) -> bool:
    return (not line.prose and is_title(line)) or (0 < line.words < 3 and not line.final)


def _is_bullet_item(line: Line) -> bool:
    return line.words <= BULLET_WORDS


def _appended_head(page: Page, hits: Mapping[int, Hit], marker: int, run: list[int], heads: Mapping[int, str]) -> tuple[int, str] | None:
    """Whether the last headline of a list is the title of a second article that follows it, and the witness."""
    if not run or page.lines[run[-1]].bullet or run[-1] + 1 in heads:
        return None
    title, after = run[-1], run[-1] + 1
    if after >= len(page.lines) or after in hits or not page.lines[after].prose:
        return None
    rule = hits[marker].rule
    if rule.scope == "split":
        return title, BY_MARKER
    if any(line.key == page.lines[title].key for line in page.lines[after + 1 :] if line.bullet or is_title(line)):
        return title, BY_TITLE
    if rule.scope != "auto" or len(run) > 1:
        return None
    if _is_after_furniture(hits, marker):
        return title, BY_MARKER
    return (title, BY_TOPIC) if uptake(page, title, TOPIC_LINES) >= TAKEN_UP else None


def _is_after_furniture(hits: Mapping[int, Hit], marker: int) -> bool:
    """Whether tags or a source line, which end an article, stand right before a marker."""
    before = hits.get(marker - 1)
    return before is not None and before.rule.category in ("tags", "source_credit", "syndication", "syndication_tail", "end_marker")
