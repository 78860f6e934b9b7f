"""An entry point that imports nothing."""
# ruff: noqa: ARG001 - every entry has the same three arguments

import sys


def imported(payload, report, stop_requested):
    return {"modules": sorted(sys.modules)}
