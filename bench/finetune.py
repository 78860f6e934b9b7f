"""Full fine-tuning of the same backbone in torch, in a process of its own: `python -m bench.finetune SET SEED...`.

Every layer learns, on all cores: channels last, torch's automatic bf16 where the processor computes it. Photos are
decoded once, as the product decodes them; only that, the epochs and their augmentation count as time, not the loading
of torch or of the weights, nor the answers for the rest. One JSON line a split.
"""

import argparse
import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from bench.network import EfficientNetLite0
from bench.quiet import Neighbours
from bench.results import Record
from bench.splits import SETS, PhotoSet, SetPlan, Split, read_set, split_of
from understudy.engine.inference import best_precision, cores
from understudy.modalities.image.decode import decode_photo
from understudy.modalities.image.weights import Arrays, installed_weights, read_torch_arrays

SIDE = 224
DEPTHWISE = ("autocast", "f32")
ANSWERING = 32
"""Photos answered for at once."""


@dataclass(frozen=True)
class Recipe:
    """How to fine-tune.

    The rate of the pretrained layers was picked on the 37 photos that one split of ants_bees leaves: 3e-4 gave .892
    (with "autocast"), 1e-4 .811 and 1e-3 .865 (with "f32"). A photo is .027, so this is a choice, not a finding.

    Attributes:
        epochs: Times that every training photo is seen.
        batch: Photos in a step.
        backbone_rate: Highest learning rate of the pretrained layers (AdamW).
        head_rate: Highest learning rate of the new layer.
        decay: Weight decay.
        warm_up: Share of the steps in which the rates rise; then they fall along a cosine.
        smallest: Smallest share of a photo's area that a random crop keeps.
        depthwise: "autocast", or "f32" to keep in 32 bits the depthwise convolutions whose gradients torch computes
            slowly in bf16; measured on two cores, that takes a quarter off the time.
    """

    epochs: int = 20
    batch: int = 16
    backbone_rate: float = 3e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    warm_up: float = 0.1
    smallest: float = 0.7
    depthwise: str = "autocast"

    def rate_at(self, step: int, steps: int) -> float:
        """Share of the highest rate, 0..1."""
        rising = max(1, round(self.warm_up * steps))
        if step < rising:
            return (step + 1) / rising
        return (1 + math.cos(math.pi * (step - rising) / max(1, steps - rising))) / 2


class FineTuning:
    """One network that learns one split.

    Args:
        weights: ImageNet's arrays, by name.
        classes: Number of answers.
        recipe: How.
        seed: Of the new layer, the order of the photos, and their augmentation.
    """

    def __init__(self, weights: Arrays, classes: int, recipe: Recipe, seed: int) -> None:
        torch.manual_seed(seed)
        self._recipe, self._seed = recipe, seed
        self._network: Any = EfficientNetLite0(weights, classes, wide=recipe.depthwise == "f32").to(
            memory_format=torch.channels_last
        )
        rates = {True: recipe.head_rate, False: recipe.backbone_rate}
        self._optimizer = torch.optim.AdamW(
            [
                {"params": [part for name, part in self._network.named_parameters() if name.startswith("head.") is new],
                 "lr": rate}
                for new, rate in rates.items()
            ],
            weight_decay=recipe.decay,
        )  # fmt: skip

    def learn(self, photos: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64]) -> None:
        """Runs all epochs over photos, (n, 224, 224, 3)."""
        rng = np.random.default_rng(self._seed)
        steps = self._recipe.epochs * math.ceil(len(photos) / self._recipe.batch)
        schedule = torch.optim.lr_scheduler.LambdaLR(self._optimizer, lambda step: self._recipe.rate_at(step, steps))
        self._network.train()
        for _ in range(self._recipe.epochs):
            for batch in _batches(rng.permutation(len(photos)), self._recipe.batch):
                pixels = _augmented(rng, _pixels(photos[batch]), self._recipe.smallest)
                with _arithmetic():
                    answers = self._network(pixels)
                loss = functional.cross_entropy(answers.float(), torch.from_numpy(labels[batch]))
                self._optimizer.zero_grad(set_to_none=True)
                loss.backward()
                self._optimizer.step()
                schedule.step()

    def answers(self, photos: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
        """The likeliest class of each photo."""
        self._network.eval()
        with torch.inference_mode(), _arithmetic():
            parts = [
                self._network(_pixels(photos[batch])).argmax(1).numpy()
                for batch in _batches(np.arange(len(photos)), ANSWERING)
            ]
        return np.concatenate(parts)


def measure(plan: SetPlan, photos: PhotoSet, split: Split, seed: int, weights: Arrays, recipe: Recipe) -> Record:
    """Fine-tunes on the training photos of a split and answers for the rest."""
    names, labels = np.unique(photos.labels, return_inverse=True)
    tuning = FineTuning(weights, len(names), recipe, seed)
    neighbours, started = Neighbours(), time.perf_counter()
    tuning.learn(_decoded(photos, split.training), labels[split.training])
    trained, others = time.perf_counter(), neighbours.share()
    given = tuning.answers(_decoded(photos, split.rest))
    ended = time.perf_counter()
    accuracy = float((given == labels[split.rest]).mean())
    return Record(plan.name, seed, accuracy, trained - started, ended - trained, others)


def warm_up(weights: Arrays, recipe: Recipe) -> None:
    """Lets torch load and plan everything once."""
    photos = np.random.default_rng(0).integers(0, 256, (recipe.batch, SIDE, SIDE, 3), np.uint8)
    tuning = FineTuning(weights, 2, replace(recipe, epochs=2), 0)
    tuning.learn(photos, np.arange(recipe.batch) % 2)
    tuning.answers(photos)


def _decoded(photos: PhotoSet, places: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    return np.stack([decode_photo(photos.paths[place].read_bytes(), [SIDE])[0] for place in places])


def _batches(order: npt.NDArray[np.int64], size: int) -> Iterator[npt.NDArray[np.int64]]:
    """Cuts an order into batches; a single photo left over joins the last one, as batch norm needs two."""
    ends = list(range(size, len(order), size))
    if ends and len(order) - ends[-1] == 1:
        ends.pop()
    yield from np.split(order, ends)


def _pixels(photos: npt.NDArray[np.uint8]) -> Any:
    return torch.from_numpy(photos).permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)


def _augmented(rng: np.random.Generator, pixels: Any, smallest: float) -> Any:
    """Each photo mirrored or not, and cropped to a random rectangle that is scaled back to the full size."""
    count = len(pixels)
    area, shape = rng.uniform(smallest, 1, count), np.exp(rng.uniform(-0.15, 0.15, count))
    reach = np.minimum(np.stack([np.sqrt(area * shape), np.sqrt(area / shape)]), 1)
    middle = rng.uniform(-1, 1, (2, count)) * (1 - reach)
    turn = np.zeros((count, 2, 3), np.float32)
    turn[:, 0, 0] = reach[0] * rng.choice([-1, 1], count)
    turn[:, 1, 1] = reach[1]
    turn[:, :, 2] = middle.T
    places = functional.affine_grid(torch.from_numpy(turn), pixels.shape, align_corners=False)
    return functional.grid_sample(pixels, places, padding_mode="reflection", align_corners=False)


def _arithmetic() -> Any:
    return torch.autocast("cpu", torch.bfloat16, enabled=best_precision() == "bf16")


def _main(arguments: Sequence[str] | None = None) -> None:
    plans: Mapping[str, SetPlan] = {plan.name: plan for plan in SETS}
    parser = argparse.ArgumentParser(description="Fine-tune on seeded splits of a set; one JSON line a split.")
    parser.add_argument("set", choices=plans)
    parser.add_argument("seeds", type=int, nargs="+")
    for name, value in asdict(Recipe()).items():
        choices = DEPTHWISE if name == "depthwise" else None
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value, choices=choices)
    told = parser.parse_args(arguments)
    recipe = Recipe(**{name: getattr(told, name) for name in asdict(Recipe())})
    torch.set_num_threads(cores())
    plan, photos = plans[told.set], read_set(told.set)
    weights = read_torch_arrays(installed_weights())
    warm_up(weights, recipe)
    for seed in told.seeds:
        split = split_of(photos.labels, plan, seed)
        print(json.dumps(asdict(measure(plan, photos, split, seed, weights, recipe))), flush=True)


if __name__ == "__main__":
    _main()
