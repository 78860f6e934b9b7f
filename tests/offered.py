"""Packages that offer modalities of their own, as an installer would leave them."""

from pathlib import Path

LEVELS = """
from understudy.domain.finding import FindingKind
from understudy.modalities.protocol import HEADS, Measured, Unreadable


class LevelUnreadable(Unreadable):
    noun = "level"


class Levels:
    name, plural = "level", "levels"
    suffixes = frozenset({".level"})
    formats = "one number a file"
    search = HEADS
    facts_kind = "level/1"
    origin_facts = look_facts = frozenset()

    def media_type(self, data):
        return "text/plain"

    def inspect(self, data):
        if data.startswith(b"far"):
            return Measured(str(int(float("inf"))))
        if not data[:1].isdigit():
            first = data.decode("latin-1").splitlines()[0]
            raise LevelUnreadable(FindingKind.CORRUPT, "is no number", reason=f"It says “{first}”.", remedy="Mend it.")
        return Measured()

    def pairs(self, fingerprints, *, newcomers):
        return ()

    def facts(self, data):
        return {}

    def encoder(self, name):
        raise NotImplementedError

    def preparer(self, described, assets):
        raise NotImplementedError

    def golden(self):
        return (b"1",)


MODALITY = Levels()
"""
"""A modality of numbers, one a file, whose own code fails on a file that begins with "far"."""


def offer(site: Path, package: str, source: str, name: str = "level") -> None:
    """Puts a package with one module and one entry point into a folder that Python imports from.

    Args:
        site: The folder.
        package: Name of the package and of its module.
        source: The module's text, with an object MODALITY.
        name: Under which it is offered.
    """
    site.mkdir(exist_ok=True)
    (site / f"{package}.py").write_text(source, encoding="utf-8")
    info = site / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[understudy.modalities]\n{name} = {package}:MODALITY\n")
