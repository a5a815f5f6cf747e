"""What each witness says, in one sentence: the rules of the packs in their own words, the others in these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedup.boilerplate.packs import Rule

WITNESSES: Final = {
    "duplicate": "a paragraph whose content stands in another one that stays",
    "remnant": "what was left of a document that is nearly all duplicates",
    "whitespace": "a document of white space only",
    "appended/after-marker": "a second article after a read-also marker",
    "appended/byline": "a second article, told by its byline",
    "appended/known-title": "a second article, told by a title that stands elsewhere in the corpus",
    "appended/title-among-related": "a second article, told by its title among the related ones",
    "appended/topic": "a second article, told by a headline that its text takes up",
    "density/flattened": "a line outside the dense part of a page that was flattened to lines",
    "repeated/furniture": "a line that stands on many pages of its site",
    "repeated/teasers": "a teaser list without a heading, of headlines that stand on many pages",
    "structure/glued-headlines": "several headlines run together in one line",
    "structure/known-headline": "a headline between paragraphs that is the title of another document",
    "structure/title-broken": "the title again, broken one word a line",
    "structure/title-repeat": "the title again",
    "structure/title-tail": "the end of the title again",
    "structure/unknown-list": "a list of headlines under a marker that no rule knows",
    "structure/woven-headline": "a headline woven into an article of an endless scroll",
}


class Whys(dict[str, str]):
    """The sentence of each rule; one that nobody describes speaks by its id."""

    def __missing__(self, rule: str) -> str:
        """For witnesses that are newer than this table."""
        return f"found by {rule}"


def sentences_of(rules: Iterable[Rule]) -> Whys:
    """The sentences of the witnesses, and those of the packs' rules."""
    return Whys(WITNESSES | {rule.id: rule.why for rule in rules})
