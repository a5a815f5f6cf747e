"""The commands `dedup rules ...`."""

from __future__ import annotations

import sys
from typing import Annotated, Optional

import typer

from dedup.cli.common import load, reported, say, show
from dedup.cli.options import ConfigFile, Extractor, IdKey, Pack, SourceKey, Sources, TextKey
from dedup.cli.root import rules_app


@rules_app.command("list")
@reported
def list_rules(pack: Pack = None) -> None:
    """Every rule, one a line."""
    from dedup.boilerplate.packs import load_rules
    from dedup.report.terminal import rule_table

    show(rule_table(load_rules(pack or ()).rules))


@rules_app.command("show")
@reported
def show_rule(rule: Annotated[str, typer.Argument(metavar="RULE")], pack: Pack = None) -> None:
    """All of one rule: phrases, anchors, examples."""
    from dedup.boilerplate.packs import find_rule, load_rules
    from dedup.report.terminal import rule_card

    show(rule_card(find_rule(load_rules(pack or ()), rule)))


@rules_app.command("suggest")
@reported
def suggest_rules(
    src: Sources, text_key: TextKey = None, id_key: IdKey = None, source_key: SourceKey = None, extractor: Extractor = None,
    pack: Pack = None,
    limit: Annotated[int, typer.Option(help="How many rules at the most.")] = 20, config: ConfigFile = None,
) -> None:  # fmt: skip
    """Short lines that no rule takes and that stand in several documents of a site, as a pack ready to be read and pasted."""
    from dedup.boilerplate.suggest import as_pack
    from dedup.pipeline import suggest_for
    from dedup.report.words import counted

    flags = {"text_key": text_key, "id_key": id_key, "source_key": source_key, "extractor": extractor, "pack": pack}
    suggestions = suggest_for(src, load(config, flags), limit)
    show(as_pack(suggestions))
    say(f"{counted(len(suggestions), 'rule')} suggested")


@rules_app.command("test")
@reported
def test_rules(
    rule: Annotated[
        Optional[str], typer.Argument(metavar="RULE", help="A rule to try on a page from stdin; without one, all examples run.")
    ] = None,
    pack: Pack = None,
) -> None:
    """Run the packs' examples, or try one rule on a page: dedup rules test RULE < page.txt."""
    from dedup.boilerplate.examples import check_rule, hits_in
    from dedup.boilerplate.packs import find_rule, load_rules

    rules = load_rules(pack or ())
    if rule is not None:
        show(hits_in(sys.stdin.buffer.read().decode("utf-8", "replace"), find_rule(rules, rule)))
        return
    failures = [failure for each in rules.rules for failure in check_rule(each)]
    show(f"{failure.rule}: {failure.what}" for failure in failures)
    say(f"{len(rules.rules)} rules, {len(failures)} examples do not hold")
    if failures:
        raise typer.Exit(1)
