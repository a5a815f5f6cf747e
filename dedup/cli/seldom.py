"""Cycles of dead objects are looked for seldom: the first thing that the command does."""

from __future__ import annotations

import atexit
import gc
from typing import Final

COLLECT_AFTER: Final = 200_000  # objects made and not freed


def collect_seldom() -> None:
    """Let Python look for cycles of dead objects seldom: a run makes records by the hundred thousand, hardly any in a cycle, and
    looking through them took a tenth of its time. At the end nothing need be looked through.
    """
    gc.set_threshold(COLLECT_AFTER, 20, 100)
    atexit.register(gc.freeze)
