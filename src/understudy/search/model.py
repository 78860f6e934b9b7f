"""A model that is ready to answer."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer, Reason, decided_in
from understudy.domain.errors import UnderstudyError
from understudy.engine.inference import Goal, Graph, batched
from understudy.launch.usual import Usual
from understudy.modalities.abilities import Hidden, Hiding
from understudy.modalities.contained import ModuleFailed, contained
from understudy.modalities.image.encoder import PATCHES, PhotoPreparer
from understudy.modalities.protocol import Array, Preparer
from understudy.modalities.registry import modality_named
from understudy.search.model_file import ModelFile, ModelUnreadable, replay
from understudy.search.ready import Given, bytes_of
from understudy.search.speech import SetSpeech, Speech
from understudy.search.strangeness import OUTPUT as STRANGENESS
from understudy.search.usual import OUTPUT as TRAITS
from understudy.search.usual import traits_of

Arrays = Mapping[str, Array]
HELD: Final = 64_000_000
"""Bytes of inputs that are made ready before the graph takes them; a clip's may be 17 MB."""


class Model:
    """A model that is ready to answer. Safe to use from several threads.

    It answers in 32 bits, though candidates were compared in whatever the processor does fastest: the tested model
    must give the same answer on every machine, and bf16 moves a probability by up to 0.1.

    Args:
        file: What `read_model` gave. Its golden inputs are answered again before anything else.
        many: They are answered by the graph that takes many inputs at once. Each of the two graphs takes a second to
            make, and the other one is made when it is first needed.

    Raises:
        ModelBroken: The golden answers are not what they were.
        ModelUnreadable: The graph inside cannot be run.
    """

    def __init__(self, file: ModelFile, *, many: bool = False) -> None:
        self.file = file
        self.description = file.description
        self._making = threading.Lock()
        self._graphs: dict[Goal, Graph] = {}
        self._in_time: bool | None = None
        replay(file, self._several if many else self._single)

    @property
    def version(self) -> str:
        """SHA-256 of the model's file, in hex."""
        return self.file.version

    @property
    def labels(self) -> tuple[str, ...]:
        """What it can answer, in the order of its probabilities; empty for numbers."""
        return self.description.labels

    @property
    def threshold(self) -> float:
        """Below this probability a person should answer, 0..1."""
        return self.description.threshold

    def predict(self, given: Given) -> Answer:
        """Answers for one input; of what goes by in time, with the seconds that decided it.

        Args:
            given: A path, the input's bytes, an open file, or a text where it answers about texts.

        Raises:
            Unreadable: It is no input of the kind that the model knows, or a damaged one.
            ModuleFailed: The kind's own code failed on it.
            InputMissing: There is no file of this name that can be read.
        """
        data = bytes_of(given, in_files=self._in_files)
        arrays = self._arrays(data)
        answer = self._answer(self._run([arrays])[0])
        return replace(answer, seconds=self._seconds(data, arrays))

    def predict_all(self, inputs: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        """Answers for inputs, in order; one that cannot be read gets its error as its entry.

        Raises:
            ModuleFailed: The kind's own code failed on one of them.
        """
        answers: list[Answer | UnderstudyError] = []
        for prepared in self._parts(inputs):
            given = iter(self._run([each for each in prepared if not isinstance(each, UnderstudyError)]))
            answers += [each if isinstance(each, UnderstudyError) else self._answer(next(given)) for each in prepared]
        return answers

    def probabilities(self, inputs: Sequence[bytes]) -> npt.NDArray[np.float32]:
        """Probabilities of every label for inputs, (n, k); of numbers, what the graph says of them, (n, 2).

        Raises:
            Unreadable: One of them is none, or a damaged one.
        """
        return self._run([self._preparer.arrays(data) for data in inputs])[:, :-1]

    def explain(self, data: bytes) -> tuple[Reason, ...]:
        """What moved the answer to an input, strongest first: how much less likely it is when that is hidden.

        A number is moved by as much as it is smaller then. Of several labels each part is told for the one that it
        moves most. Where pieces are cut out of a short recording or clip, what most cuts do alike is left out: it comes
        from the cutting, and no piece has part in it.

        Empty for what has no parts that could be hidden one by one.

        Source:
            Occlusion sensitivity, Zeiler & Fergus, ECCV 2014.

        Raises:
            Unreadable: It is no input of the kind that the model knows, or a damaged one.
        """
        preparer = self._preparer
        hidden = preparer.hidden(data) if isinstance(preparer, Hiding) else ()
        if not hidden:
            return ()
        given = self._variants(preparer.arrays(data), [each.arrays for each in hidden])
        falls, labels = self._moved(given, hidden), [""] * len(hidden)
        if isinstance(self._speech, SetSpeech):
            falls, labels = self._speech.by_label(given[0], given[1:])
        told = zip(hidden, falls, labels, strict=True)
        reasons = [Reason(each.what, float(fall), each.seconds, label) for each, fall, label in told]
        return tuple(sorted(reasons, key=lambda reason: -abs(reason.push)))

    def regions(self, photo: bytes) -> npt.NDArray[np.float32]:
        """Tells which parts of a photo the answer rests on, by hiding each in turn.

        Returns:
            (7, 7) over the whole photo: how much hiding the patch lowers the answer's probability, or the number; below
            0 where hiding raises it. (0, 0) for what is no photo.

        Raises:
            Unreadable: It is no photo, or a damaged one.
        """
        if not isinstance(self._preparer, PhotoPreparer):
            return np.empty((0, 0), np.float32)
        return self._falls(photo, self._preparer.patched(photo)).reshape(PATCHES, PATCHES)

    @property
    def usual(self) -> Usual | None:
        """Traits of inputs that it learned from."""
        return self.description.usual

    def traits(self, data: bytes) -> tuple[float, ...]:
        """The traits of an input, in the order of `usual`; none where that is None.

        Raises:
            Unreadable: It is no input of the kind that the model knows, or a damaged one.
        """
        usual = self.usual
        if usual is None:
            return ()
        seen = self._single.run(self._preparer.arrays(data))[TRAITS]
        return traits_of(seen, data, modality_named(self.description.task.modality), usual)

    @property
    def _in_files(self) -> bool:
        return self.description.task.modality != "text"

    @property
    def _speech(self) -> Speech:
        return self.file.speech

    @property
    def _preparer(self) -> Preparer:
        return self.file.preparer

    def _seconds(self, data: bytes, arrays: Arrays) -> tuple[float, float] | None:
        """From where to where the part lies without which an answer is less likely, or a number another, the most."""
        if self._in_time is False or not isinstance(self._preparer, Hiding):
            return None
        try:
            with contained(self.description.task.modality):
                hidden = self._preparer.hidden(data)
        except ModuleFailed:
            return None  # the answer stands without them; whoever asks for its reasons hears why
        # Parts of what does not go by in time are hidden once to learn that, and then no longer for nothing.
        if hidden and self._in_time is None:
            self._in_time = any(each.seconds for each in hidden)
        if not hidden or not self._in_time:
            return None
        falls = self._moved(self._variants(arrays, [each.arrays for each in hidden]), hidden)
        reasons = [Reason(each.what, float(fall), each.seconds) for each, fall in zip(hidden, falls, strict=True)]
        return decided_in(self.description.task.answers, reasons)

    def _falls(self, data: bytes, hidden: Sequence[Arrays]) -> npt.NDArray[np.float32]:
        """How far the answer falls with each of the variants; see `Speech`."""
        given = self._variants(self._preparer.arrays(data), hidden)
        return np.asarray(self._speech.falls(given[0], given[1:]), np.float32)

    def _moved(self, given: npt.NDArray[np.float32], hidden: Sequence[Hidden]) -> npt.NDArray[np.float32]:
        """How far the answer falls with each hidden part by that part's own doing."""
        falls = np.array(self._speech.falls(given[0], given[1:]), np.float32)
        cut = np.array([each.cut for each in hidden], dtype=bool)
        if cut.any():
            falls[cut] = by_own_doing(falls[cut])
        return falls

    def _variants(self, arrays: Arrays, hidden: Sequence[Arrays]) -> npt.NDArray[np.float32]:
        """What is said of an input and of its variants, (1 + v, w)."""
        return self._run([arrays, *hidden])[:, :-1]

    def _answer(self, given: npt.NDArray[np.float32]) -> Answer:
        """From a row of `_run`."""
        answer, limit = self._speech.answer(given[:-1], self.threshold), self.description.unknown
        return answer if limit is None else limit.applied(answer, float(given[-1]), self.threshold)

    def _arrays(self, data: bytes) -> Arrays:
        with contained(self.description.task.modality):
            return self._preparer.arrays(data)

    def _prepared(self, data: bytes) -> Arrays | UnderstudyError:
        try:
            return self._arrays(data)
        except ModuleFailed:
            raise  # it says nothing of the input, which a person may be able to read
        except UnderstudyError as error:
            return error

    def _parts(self, inputs: Sequence[bytes]) -> Iterator[list[Arrays | UnderstudyError]]:
        """Inputs made ready, as many at a time as memory may hold."""
        part, held = list[Arrays | UnderstudyError](), 0
        for data in inputs:
            part.append(prepared := self._prepared(data))
            held += 0 if isinstance(prepared, UnderstudyError) else sum(each.nbytes for each in prepared.values())
            if held > HELD:
                yield part
                part, held = [], 0
        if part:
            yield part

    def _run(self, inputs: Sequence[Arrays]) -> npt.NDArray[np.float32]:
        """What the answer is made of, and last how strange the input is (0 where that is not told), (n, w + 1)."""
        if len(inputs) <= 1:
            parts = [self._row(self._single.run(arrays)) for arrays in inputs]
            # Of labels one output says all; of numbers each says one thing.
            width = len(self.labels) or len(self._speech.outputs)
            return np.concatenate(parts) if parts else np.empty((0, width + 1), np.float32)
        # Those of like length go together, so that little is computed for what fills the shorter ones up.
        order = sorted(range(len(inputs)), key=lambda place: sum(each.nbytes for each in inputs[place].values()))
        ordered = (inputs[place] for place in order)
        batches = (self._preparer.stacked(batch) for batch in batched(ordered, self._preparer.rows))
        given: npt.NDArray[np.float32] = np.concatenate([self._row(result) for result in self._several.stream(batches)])
        return given[np.argsort(order)]

    def _row(self, result: Mapping[str, Array]) -> npt.NDArray[np.float32]:
        given = [result[output] for output in self._speech.outputs]
        strangeness = result.get(STRANGENESS, np.zeros((len(given[0]), 1), np.float32))
        return np.concatenate([*given, strangeness], axis=1)

    @property
    def _single(self) -> Graph:
        return self._made("latency", 1)

    @property
    def _several(self) -> Graph:
        return self._made("throughput", self._preparer.rows)

    def _made(self, goal: Goal, rows: int) -> Graph:
        """The graph for a goal, made by the first who asks; whoever uses another one does not wait for it."""
        if goal not in self._graphs:
            with self._making:
                if goal not in self._graphs:
                    self._graphs[goal] = self._compiled(rows, goal)
        return self._graphs[goal]

    def _compiled(self, rows: int, goal: Goal) -> Graph:
        try:
            return Graph(self.file.graph, rows=rows, goal=goal, precision="f32")
        except RuntimeError as error:
            raise ModelUnreadable(
                fact="The model's graph cannot be run.",
                reason="The file is damaged, or made by a newer version.",
                remedy="Copy the file again from where it was exported, or update Understudy.",
            ) from error


def by_own_doing(falls: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How far an answer falls with each of equal pieces that are cut out, without what the cutting itself does.

    Seen on sounds of five seconds: shortening alone raises a sure answer, so that of rain, which sounds the same all
    along, every eighth seemed to speak against “rain”. What the middle one of all cuts does counts as the cutting's
    doing; a single piece that carries the answer does not move it.

    Args:
        falls: Of each cut, (v,). Of two pieces neither is the middle one, and they stay as they are.
    """
    return falls - np.median(falls) if len(falls) > 2 else falls
