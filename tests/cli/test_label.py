"""`understudy label`: a person corrects what a photo was said to show."""

import random
from pathlib import Path

import pytest

from cli.conftest import Give
from coloured import coloured, coloured_folder
from understudy.domain.example import Side
from understudy.studio.workspace import Workspace


def test_a_correction_stands(give: Give, tmp_path: Path) -> None:
    """The label that was said last stands, the earlier one is kept, and the photo stays on its side of the border."""
    photos = coloured_folder(tmp_path / "photos", "amber", "green", each=6)
    give("new", "doors", "--sealed-share", "0.0", workspace=tmp_path / "w")
    give("add", "doors", photos, workspace=tmp_path / "w")
    wrong = sorted((photos / "amber").iterdir())[0]
    said = give("label", "doors", wrong, "green", workspace=tmp_path / "w")
    assert said.status == 0
    assert "is “green” now, no longer “amber”. The next training learns from it." in said.out
    with Workspace.open(tmp_path / "w") as opened:
        assert opened.ledger.counts("doors").train == {"amber": 5, "green": 7}
        moved = [each for each in opened.ledger.examples("doors", side=Side.TRAIN) if each.name.endswith(wrong.name)]
        changed = [each for each in moved if each.label == "green" and "amber" in each.name]
        said_before = [label.value for label in opened.ledger.labels_of("doors", changed[0].digest)]
    assert said_before == ["amber", "green"]


def test_a_stranger_is_refused(give: Give, tmp_path: Path) -> None:
    """A file that was never added, or is not there, gets no label, and the words say why."""
    photos = coloured_folder(tmp_path / "photos", "amber", "green", each=2)
    give("new", "doors", workspace=tmp_path / "w")
    give("add", "doors", photos, workspace=tmp_path / "w")
    stranger = tmp_path / "stranger.jpg"
    stranger.write_bytes(b"never added")
    refused = give("label", "doors", stranger, "green", workspace=tmp_path / "w")
    assert refused.status == 1
    assert f"“{stranger}” is not in doors." in refused.err
    gone = give("label", "doors", tmp_path / "none.jpg", "green", workspace=tmp_path / "w").err
    assert f"“{tmp_path / 'none.jpg'}” is not in doors." in gone
    assert "The label is empty." in give("label", "doors", stranger, " ", workspace=tmp_path / "w").err


def test_a_slip_is_no_label(give: Give, tmp_path: Path) -> None:
    """A label that nobody has used is refused with the one that is probably meant, unless it is said to be new."""
    photos = coloured_folder(tmp_path / "photos", "amber", "green", each=2)
    give("new", "doors", "--sealed-share", "0.0", workspace=tmp_path / "w")
    give("add", "doors", photos, workspace=tmp_path / "w")
    photo = sorted((photos / "amber").iterdir())[0]
    refused = give("label", "doors", photo, "gren", workspace=tmp_path / "w")
    assert refused.status == 1
    assert "“gren” is no label of “doors”.\nIts labels are “amber”, “green”" in refused.err
    assert "Perhaps “green” is meant. If a new label is meant, say so: --new-labels." in refused.err
    with Workspace.open(tmp_path / "w") as opened:
        assert opened.ledger.counts("doors").train == {"amber": 2, "green": 2}
    taken = give("label", "doors", photo, "grey", "--new-labels", workspace=tmp_path / "w")
    assert (taken.status, "is “grey” now, no longer “amber”" in taken.out) == (0, True)


def test_none_of_these_is_said_alone(give: Give, tmp_path: Path) -> None:
    """Beside another label it is refused, and the label that stood stays."""
    rows = [f"please send me card number {each},{'card;lost' if each % 2 else 'card'}\n" for each in range(30)]
    (tmp_path / "mails.csv").write_text("text,label\n" + "".join(rows))
    give("new", "mails", workspace=tmp_path / "w")
    give("add", "mails", tmp_path / "mails.csv", "--answers", "labels", workspace=tmp_path / "w")
    refused = give("label", "mails", "mails.csv, row 2", "none of these;card", workspace=tmp_path / "w")
    assert (refused.status, "others stand beside it" in refused.err) == (1, True)
    assert give("label", "mails", "mails.csv, row 2", "none of these", workspace=tmp_path / "w").status == 0


def test_a_row_that_repeats_another_leads_to_it(give: Give, tmp_path: Path) -> None:
    """The names that findings print can be labelled: of a repetition, and of a row that came again otherwise."""
    rows = [f"please send me card number {each},{'ham' if each % 2 else 'spam'}\n" for each in range(30)]
    (tmp_path / "mails.csv").write_text("text,label\n" + "".join([*rows, rows[3]]))
    (tmp_path / "later.csv").write_text("text,label\n" + rows[5].replace("ham", "spam") + rows[7])
    give("new", "mails", workspace=tmp_path / "w")
    assert "“mails.csv, row 5”" in give("add", "mails", tmp_path / "mails.csv", workspace=tmp_path / "w").out
    later = give("add", "mails", tmp_path / "later.csv", workspace=tmp_path / "w")
    assert "label mails 'later.csv, row 2' LABEL" in " ".join(later.out.split())
    for repeated in ("mails.csv, row 32", "mails.csv, row 5", "later.csv, row 2"):
        said = give("label", "mails", repeated, "spam", workspace=tmp_path / "w")
        assert (said.status, f"{repeated} is “spam” now" in said.out) == (0, True)


def test_a_row_that_is_not_there_is_refused_in_the_words_of_its_kind(give: Give, tmp_path: Path) -> None:
    """Where texts are decided about, a name that no text has is answered in words about texts."""
    rows = "".join(f"please send me card number {each},{'ham' if each % 2 else 'spam'}\n" for each in range(30))
    (tmp_path / "mails.csv").write_text("text,label\n" + rows)
    give("new", "mails", workspace=tmp_path / "w")
    give("add", "mails", tmp_path / "mails.csv", workspace=tmp_path / "w")
    refused = give("label", "mails", "mails.csv, row 999", "ham", workspace=tmp_path / "w")
    assert refused.status == 1
    assert "“mails.csv, row 999” is not in mails.\nNo text arrived under this name" in refused.err
    assert "Name a text as it was added" in refused.err
    assert "photo" not in refused.err
    assert "system" not in refused.err


def test_the_reply_names_the_file_as_it_was_named(give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files in several folders may have one name, so the folder is told with it."""
    coloured_folder(tmp_path / "photos", "amber", "green", each=2)
    give("new", "doors", "--sealed-share", "0.0", workspace=tmp_path / "w")
    give("add", "doors", tmp_path / "photos", workspace=tmp_path / "w")
    monkeypatch.chdir(tmp_path / "photos")
    photo = min((tmp_path / "photos" / "amber").iterdir()).relative_to(tmp_path / "photos")
    said = give("label", "doors", photo, "green", workspace=tmp_path / "w")
    assert said.out.startswith(f"{photo} is “green” now")


def mails(count: int) -> list[str]:
    """Rows of texts that are unlike each other, ham and spam by turns."""
    drawn = random.Random(5)
    words = ["".join(drawn.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(300)]
    return [f"{' '.join(drawn.choices(words, k=9))},{'ham' if each % 2 else 'spam'}\n" for each in range(count)]


def test_texts_with_two_labels_teach_once_a_person_decides(give: Give, tmp_path: Path) -> None:
    """Deciding makes them examples to learn from, whatever was said, and the finding ends with the last decision."""
    rows = mails(30)
    torn = [row.replace("spam", "ham") for row in (rows[0], rows[2])]
    (tmp_path / "mails.csv").write_text("text,label\n" + "".join([*rows, *torn]))
    give("new", "mails", "--sealed-share", "0.5", workspace=tmp_path / "w")
    added = give("add", "mails", tmp_path / "mails.csv", workspace=tmp_path / "w").out
    assert "2 texts came several times, 4 times together, with different labels, so all stay without one" in added
    assert "Without a label: 2." in added
    learned = []
    for names in (("mails.csv, row 2", "mails.csv, row 32"), ("mails.csv, row 33",)):
        for each in names:
            said = give("label", "mails", each, "spam", workspace=tmp_path / "w").out
            assert f"{each} is “spam” now. The next training learns from it." in said
        status = give("status", "mails", workspace=tmp_path / "w").out
        learned.append("different labels" in status)
    assert learned == [True, False]
    with Workspace.open(tmp_path / "w") as opened:
        counts = opened.ledger.counts("mails")
        sides = {each.name: (each.side, each.label) for each in opened.ledger.examples("mails")}
    assert (counts.train_unlabelled, counts.set_aside) == (0, 0)
    assert sides["mails.csv, row 2"] == sides["mails.csv, row 33"] == (Side.TRAIN, "spam")


@pytest.mark.parametrize("how", ["label", "add"])
def test_a_photo_with_two_labels_teaches_once_it_has_one(give: Give, tmp_path: Path, how: str) -> None:
    """Whether a person says which is right or the photo arrives again under it, its finding is gone."""
    photos = coloured_folder(tmp_path / "photos", "amber", "green", each=4)
    copy = photos / "green" / "copy.jpg"
    copy.write_bytes((photos / "amber" / "photo 1.jpg").read_bytes())
    give("new", "doors", "--sealed-share", "0.3", workspace=tmp_path / "w")
    give("add", "doors", photos, workspace=tmp_path / "w")
    assert "two labels" in give("status", "doors", workspace=tmp_path / "w").out
    if how == "label":
        said = give("label", "doors", copy, "amber", workspace=tmp_path / "w").out
        assert "The next training learns from it." in said
    else:
        copy.unlink()
        added = give("add", "doors", photos, workspace=tmp_path / "w").out
        assert "1 photo had no label before and now has one." in added
        assert "set aside" not in added
    assert "two labels" not in give("status", "doors", workspace=tmp_path / "w").out


def test_a_correction_that_was_asked_for_ends_the_asking(give: Give, tmp_path: Path) -> None:
    """A finding that says another label came later is gone once a person said which is right, even the old one."""
    rows = mails(30)
    (tmp_path / "mails.csv").write_text("text,label\n" + "".join(rows))
    (tmp_path / "later.csv").write_text("text,label\n" + rows[1].replace("ham", "spam"))
    give("new", "mails", workspace=tmp_path / "w")
    give("add", "mails", tmp_path / "mails.csv", workspace=tmp_path / "w")
    assert "another label" in give("add", "mails", tmp_path / "later.csv", workspace=tmp_path / "w").out
    give("label", "mails", "later.csv, row 2", "ham", workspace=tmp_path / "w")
    assert "another label" not in give("status", "mails", workspace=tmp_path / "w").out


@pytest.mark.parametrize("how", ["label", "add"])
def test_a_label_for_what_belongs_with_sealed_photos_is_said_to_be_in_vain(
    give: Give, tmp_path: Path, how: str
) -> None:
    """It stays set aside, and finding, answer and counts say so with one voice."""
    photos, later = coloured_folder(tmp_path / "photos", "amber", "green", each=4), tmp_path / "later"
    give("new", "doors", "--sealed-share", "0.5", workspace=tmp_path / "w")
    give("add", "doors", photos, workspace=tmp_path / "w")
    with Workspace.open(tmp_path / "w") as opened:
        sealed = next(each.name for each in opened.ledger.examples("doors", side=Side.SEALED))
    later.mkdir()
    (later / "like.png").write_bytes(coloured(Path(sealed).parent.name, int(sealed[-5]), kind="PNG"))
    added = give("add", "doors", later, workspace=tmp_path / "w").out
    assert "1 photo came without a label and was set aside" in added
    assert "Label them" not in added
    if how == "label":
        said = give("label", "doors", later / "like.png", "amber", workspace=tmp_path / "w").out
        assert "It stays set aside, for what belongs with it is sealed" in said
    else:
        (later / "like.png").rename(photos / "amber" / "like.png")
        said = give("add", "doors", photos, workspace=tmp_path / "w").out
        assert "Of these, 1 stays set aside, for what belongs with it is sealed. " in " ".join(said.split())
    status = give("status", "doors", workspace=tmp_path / "w").out
    assert "Set aside: 1." in status
    assert "without a label" not in status.lower()
