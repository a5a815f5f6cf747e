"""How the interpreter runs a command: settled before anything else is loaded."""

from __future__ import annotations

import atexit
import gc
import sys
from typing import Final

COLLECT_AFTER: Final = 200_000  # objects made and not freed
TURN: Final = 0.0002  # seconds


def collect_seldom() -> None:
    """Let Python look for cycles of dead objects seldom: a run makes records by the hundred thousand, hardly any in a cycle, and
    looking through them took a tenth of its time. At the end nothing need be looked through.
    """
    gc.set_threshold(COLLECT_AFTER, 20, 100)
    atexit.register(gc.freeze)


def take_short_turns() -> None:
    """Let a thread that comes back from a kernel wait less long for the interpreter: pages are looked at in Python while others are
    read, and at 0.005 s a turn readers stood still for a tenth of that time.
    """
    sys.setswitchinterval(TURN)
