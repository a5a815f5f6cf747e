"""What a run did, in numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a run. `status`: input documents by outcome; `lines`: removed lines or paragraphs by reason; `characters`:
    removed characters by reason; `rules`: removed lines by rule; `unsettled`: see `Wraps`. Numbers only: no times, so
    equal runs give equal ones.
    """

    documents_in: int
    documents_out: int
    appended: int
    bytes_in: int
    characters_in: int
    characters_out: int
    status: dict[str, int]
    removed: dict[str, int]
    removed_characters: dict[str, int]
    rules: dict[str, int]
    clusters: int
    flagged: int
    unreadable: int
    passed_files: int
    renamed_ids: int
    candidates: int
    large_groups: int
    rewalked: int
    unsettled: int

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)
