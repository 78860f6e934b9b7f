"""Several labels at once, and numbers, from photos: the same commands, told in the words of their kind."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cli.conftest import Give
from understudy.domain.task import labels_in

COLOURS = {"amber": (230, 150, 40), "azure": (40, 130, 230)}


def drawn(seed: int) -> tuple[bytes, str, float]:
    """A photo with stripes of up to two colours, of one width."""
    rng = np.random.default_rng(seed)
    picture = Image.fromarray(rng.normal(120, 12, (72, 96, 3)).clip(0, 255).astype(np.uint8))
    there, wide = [colour for colour in COLOURS if rng.random() < 0.5], float(rng.uniform(4, 30))
    for place, colour in enumerate(COLOURS):
        if colour in there:
            ImageDraw.Draw(picture).rectangle((4, 4 + 34 * place, 92, 4 + 34 * place + wide), fill=COLOURS[colour])
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue(), ";".join(there) or "none of these", wide


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of photos and two tables that name them: which colours they show, and how wide the stripes are."""
    place = tmp_path_factory.mktemp("photos")
    with (place / "colours.csv").open("w") as colours, (place / "width.csv").open("w") as width:
        several, numbers = csv.writer(colours), csv.writer(width)
        several.writerow(["path", "colours"])
        numbers.writerow(["path", "width"])
        for seed in range(36):
            data, there, wide = drawn(seed)
            (place / f"{seed}.jpg").write_bytes(data)
            several.writerow([f"{seed}.jpg", there])
            numbers.writerow([f"{seed}.jpg", f"{wide:.1f}"])
    return place


def test_several_labels_are_told_one_by_one(give: Give, photos: Path, tmp_path: Path) -> None:
    """What there is to learn from, the verdict and the review speak of each label, not of each set."""
    trained = give("train", photos / "colours.csv", "--trials", "2", workspace=tmp_path / "w")
    assert trained.status == 0
    assert "“colours” is to be predicted, several labels at once." in trained.out
    assert " amber, " in trained.out
    assert "amber; azure" not in trained.out.partition("Trained in")[0]
    by_label = trained.out.partition("By label, least proven first:")[2].partition("\n\n")[0]
    assert sorted(line.partition(":")[0] for line in by_label.strip().splitlines()) == ["amber", "azure"]
    reviewed = give("review", "colours", workspace=tmp_path / "w").out
    assert "“amber” recognised" in reviewed
    assert "Right when it says “azure”" in reviewed
    told = json.loads(give("predict", "colours", photos / "0.jpg", "--json", workspace=tmp_path / "w").out)
    assert set(told["labels"]) <= {"amber", "azure"}
    assert tuple(told["labels"]) == labels_in(told["label"])
    status = give("status", "colours", workspace=tmp_path / "w").out
    assert "amber; azure" not in status


def test_numbers_are_measured_from_photos(give: Give, photos: Path, tmp_path: Path) -> None:
    """A number is trained, judged by its tolerance and answered with its interval, as one of a table is."""
    where = tmp_path / "w"
    trained = give("train", photos / "width.csv", "--tolerance", "5", "--unit", "mm", "--trials", "2", workspace=where)
    assert trained.status == 0
    assert "A number counts as right when it is within 5 mm of the truth." in trained.out
    assert "By label" not in trained.out
    told = json.loads(give("predict", "width", photos / "0.jpg", "--json", workspace=where).out)
    low, high = told["interval"]
    assert low <= float(told["label"]) <= high
