"""`docs/options.md`: every option, from the words of the code. `python -m tests.docs.options` writes it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from dedup.config import GROUPS, Config
from dedup.config_file import toml_value

PAGE = Path(__file__).resolve().parents[2] / "docs" / "options.md"
HEAD = """\
# Every option

Keys of `dedup.toml` (or `[tool.dedup]` in `pyproject.toml`), with their defaults. A flag has `-` for `_` (`--min-words 6`), the environment
capitals (`DEDUP_MIN_WORDS=6`), Python the very name (`dedup.clean(source, min_words=6)`). On the command line `packs` is `--pack` and `categories`
`--category`, each as often as wanted, and `--stages` names which of `rules`, `structure`, `flattened` and `repeats` to hear.
`dedup init` writes the same as a file to fill in.
"""


def page() -> str:
    """The page."""
    lines = [HEAD]
    for group, title in GROUPS.items():
        lines += [f"## {title}", "", "| key | default | means |", "|---|---|---|"]
        for each in fields(Config):
            if each.metadata["group"] == group:
                lines.append(f"| `{each.name}` | `{toml_value(each.default)}` | {each.metadata['means']} |")
        lines.append("")
    return "\n".join(lines[:-1]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
