"""Settings shared by all tests: the same examples on every run; HYPOTHESIS_PROFILE=search looks for new ones."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

ROOT = str(Path(__file__).parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile("same", derandomize=True, deadline=None, max_examples=100, suppress_health_check=QUIET)
settings.register_profile("search", deadline=None, max_examples=1000, suppress_health_check=QUIET, print_blob=True)
settings.register_profile("unshrunk", settings.get_profile("same"), phases=[Phase.explicit, Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
