"""Every kind of data beside its specialists: `make bench-quality`, or `python -m bench.quality --only tables`."""

import argparse
import importlib.util
import subprocess
import sys
from typing import Final

KINDS: Final = ("tables", "text", "answers", "sound", "video", "recommend")
"""Modules beside this one, each a program of its own."""
SEEDED: Final = ("tables", "text", "answers", "recommend")
"""Those that take `--seeds`, and `--only` for one set; sound and video take three seeds of themselves."""


def main() -> int:
    """Runs each in turn; says in the end which failed."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    given.add_argument("--only", default="", help="one of " + ", ".join(KINDS) + ", or one of its sets: tables/adult")
    given.add_argument("--seeds", type=int, default=3)
    told = given.parse_args()
    kind, _, name = told.only.partition("/")
    failed = []
    for each in KINDS:
        module = f"bench.quality.{each}"
        if (kind and each != kind) or importlib.util.find_spec(module) is None:
            continue
        print(f"== {each}", flush=True)
        options = ["--seeds", str(told.seeds), *(["--only", name] if name else [])] if each in SEEDED else []
        if subprocess.run([sys.executable, "-m", module, *options], check=False).returncode:
            failed.append(each)
    if failed:
        print(f"These could not be measured: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
