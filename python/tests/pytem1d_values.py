"""Prints what pytem1d computes, as JSON.

It needs a process of its own: in one where much else has run, some of its responses are wrong by
powers of ten.
"""

from __future__ import annotations

import json
import sys

import pytem1d

CASES = json.loads(sys.argv[1])

for case in CASES:
    result = pytem1d.run_tem1d(**case)
    print(json.dumps([result.times.tolist(), result.responses.tolist(), result.metadata]))
