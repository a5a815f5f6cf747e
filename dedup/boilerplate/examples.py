"""The examples of rules, run: what each pack promises about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dedup.boilerplate.packs import compile_rules
from dedup.boilerplate.page import Line, Page, are_prose
from dedup.boilerplate.scan import make_triggers, scan
from dedup.boilerplate.strip import strip_page

if TYPE_CHECKING:
    from dedup.boilerplate.packs import Rule, RuleSet
    from dedup.boilerplate.scan import Triggers

PROSE: Final = (
    "أعلنت إدارة الميناء صباح اليوم عن افتتاح الرصيف الجديد أمام السفن التجارية، بعد أعمال استمرت عامين كاملين.",
    "وأوضح مدير الميناء أن الرصيف يستقبل ثلاث سفن في وقت واحد، وأن العمل فيه يبدأ مع مطلع الشهر المقبل دون تأخير.",
    "ورحب تجار المدينة بالخطوة، وقالوا إنها تخفف الازدحام وتقلل كلفة النقل على المستوردين والمصدرين معا.",
    "ومن المقرر أن تنطلق المرحلة الثانية من المشروع بعد ستة أشهر، وتشمل مستودعات مبردة وطريقا يربط الميناء بالسوق.",
)
STAYS: Final = "= "  # begins a line of a `remove` example that must stay


class Failure(NamedTuple):
    """An example that does not hold, and what happened to it."""

    rule: str
    example: str
    what: str


def page_of(text: str, triggers: Triggers, source: str = "") -> Page:
    """A page of one text."""
    raw = text.encode("utf-8")
    table = scan(np.frombuffer(raw, np.uint8), np.array([0, len(raw)], np.int64), triggers)
    lines = []
    for begin, end, characters, words, one, two, flags, prose in zip(
        table.start.tolist(), table.end.tolist(), table.characters.tolist(), table.words.tolist(),
        table.first.tolist(), table.second.tolist(), table.flags.tolist(), are_prose(table.words, table.flags).tolist(), strict=True,
    ):  # fmt: skip
        lines.append(Line(raw, begin, end, characters, words, (one, two), flags, prose))
    return Page(tuple(lines), source)


def check_rule(rule: Rule) -> list[Failure]:
    """Run the examples of one rule, alone, in a page of neutral prose."""
    rules = compile_rules([rule])
    triggers = make_triggers(rules)
    failures = [Failure(rule.id, text, what) for text in rule.remove if (what := _not_removed(rule, rules, triggers, text))]
    return failures + [Failure(rule.id, text, what) for text in rule.keep if (what := _not_kept(rule, rules, triggers, text))]


def _stripped(rule: Rule, rules: RuleSet, triggers: Triggers, example: str) -> tuple[list[str], dict[int, str], int]:
    """The page's lines, those that go, and where the example begins."""
    lines = [line for line in example.split("\n") if line.strip()]
    before = () if rule.position == "head" else PROSE
    after = PROSE if rule.position == "head" else ()
    page = page_of("\n".join([*before, *lines, *after]) + "\n", triggers, rule.sites[0] if rule.sites else "")
    stripped = strip_page(page, rules)
    return [line.text for line in page.lines], stripped.gone, len(before)


def _not_removed(rule: Rule, rules: RuleSet, triggers: Triggers, example: str) -> str:
    if rule.scope == "boundary":
        return ""  # a boundary removes nothing; its examples say what it is
    lines = [line for line in example.split("\n") if line.strip()]
    stays = {k for k, line in enumerate(lines) if line.startswith(STAYS)}
    texts, gone, first = _stripped(rule, rules, triggers, "\n".join(line.removeprefix(STAYS) for line in lines))
    for k in range(len(lines)):
        if (first + k in gone) == (k in stays):
            return f"line {'went' if k in stays else 'stayed'}: {texts[first + k]}"
    return ""


def _not_kept(rule: Rule, rules: RuleSet, triggers: Triggers, example: str) -> str:
    texts, gone, _ = _stripped(rule, rules, triggers, example)
    ours = [number for number, name in gone.items() if name == rule.id]
    return f"line went: {texts[ours[0]]}" if ours else ""


def hits_in(text: str, rule: Rule) -> list[str]:
    """What one rule finds on a page, in context: `number: line` before the lines that go, marked with -."""
    rules = compile_rules([rule])
    page = page_of(text, make_triggers(rules), rule.sites[0] if rule.sites else "")
    gone = strip_page(page, rules).gone
    shown = sorted({near for number in gone for near in (number - 1, number, number + 1) if 0 <= near < len(page.lines)})
    return [f"{'-' if number in gone else ' '} {page.lines[number].text.strip()}" for number in shown] or ["no hit"]
