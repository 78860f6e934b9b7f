"""What the measurements of sound and video share: sets in a folder a class, our search on a split, a simple rival."""

import hashlib
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from bench.splits import DATA
from understudy.domain.trial import Budget
from understudy.modalities.protocol import Encoder, Input, Modality
from understudy.search.model import Model
from understudy.search.model_file import read_model
from understudy.search.training import Lesson, Settings, Training

Places = npt.NDArray[np.int64]
Features = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Files:
    """Files in a folder a class.

    Attributes:
        paths: By rising path.
        labels: Of each, the name of its folder.
        groups: Of each, what must not be split.
    """

    paths: tuple[Path, ...]
    labels: npt.NDArray[np.str_]
    groups: npt.NDArray[np.str_]

    @classmethod
    def of(cls, name: str, suffix: str, group: Callable[[str], str]) -> "Files":
        """Reads what there is in a set.

        Raises:
            FileNotFoundError: The sets do not lie beside this checkout.
        """
        paths = tuple(sorted(path for path in (DATA / name).glob("*/*") if path.suffix == suffix))
        if not paths:
            raise FileNotFoundError(f"{DATA / name} holds no {suffix} files")
        labels = np.array([path.parent.name for path in paths])
        return cls(paths, labels, np.array([group(path.stem) for path in paths]))


@dataclass(frozen=True)
class Score:
    """What came of one split.

    Attributes:
        split: Its name.
        ours: Share right.
        rival: Share right of the simple rival.
        seconds: That ours took, features and search.
    """

    split: str
    ours: float
    rival: float
    seconds: float


def ours(
    modality: Modality, encoder: Encoder, files: Files, train: Places, test: Places, *, seed: int, cache: Path
) -> tuple[float, float]:
    """Share right on a split, and the seconds that training took."""
    data = [path.read_bytes() for path in files.paths]
    digests = [hashlib.sha256(each).hexdigest() for each in data]
    order = sorted((int(place) for place in train), key=lambda place: (digests[place], place))
    lesson = Lesson(
        [Input(digests[place], files.paths[place].read_bytes) for place in order],
        [str(files.labels[place]) for place in order],
        [str(files.groups[place]) for place in order],
    )
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as folder:
        settings = Settings(modality, encoder, seed, Budget())
        training = Training(
            lesson, settings, Path(folder), cache, report=lambda _progress: None, stop_requested=lambda: False
        )
        trained = training.run()
    seconds = time.perf_counter() - started
    model = Model(read_model(trained.model))
    given = model.probabilities([data[place] for place in test]).argmax(axis=1)
    return float(np.mean(np.asarray(model.labels)[given] == files.labels[test])), seconds


def rivals(features: Features, files: Files, train: Places, test: Places) -> float:
    """The better of logistic regression and support vectors on a simple specialist's features, chosen in hindsight."""
    heads = (LogisticRegression(C=0.1, max_iter=1000), SVC(C=10))
    fitted = (make_pipeline(StandardScaler(), head).fit(features[train], files.labels[train]) for head in heads)
    return max(float(np.mean(each.predict(features[test]) == files.labels[test])) for each in fitted)


def told(title: str, rival: str, scores: Sequence[Score], bar: float) -> None:
    """Prints a table, with the mean against the bar."""
    print(f"\n{title}\n")
    print(f"| split | ours | {rival} | seconds |")
    print("|---|---|---|---|")
    for score in scores:
        print(f"| {score.split} | {score.ours:.3f} | {score.rival:.3f} | {score.seconds:.1f} |")
    mean, other = (float(np.mean([getattr(score, name) for score in scores])) for name in ("ours", "rival"))
    print(f"| mean | {mean:.3f} | {other:.3f} | |")
    print(f"\nBar {bar:.2f}: {'held' if mean >= bar else 'MISSED'}, by {mean - bar:+.3f}.", flush=True)
