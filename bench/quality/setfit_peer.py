"""SetFit on one split: a script of its own, for an environment that has `setfit` and not Understudy.

Reads {"folder", "train": [[text, label]], "test", "seed", "half"} as JSON, prints {"accuracy", "seconds", "cpu",
"pairs", "half"}.

Settings are those of Tunstall et al., Efficient few-shot learning without prompts (2022): 20 pairs of each kind for a
text, one epoch, batches of 16; with many texts fewer pairs for each, 50,000 in all, for 20 would take it days. It
multiplies in 32 bits, as it comes; asked for half, and where the processor can, in bf16, in two thirds of the time.
"""

import json
import sys
import tempfile
import time
from typing import Any

import torch
from datasets import Dataset
from setfit import SetFitModel, Trainer, TrainingArguments

PAIRS, MOST_PAIRS = 20, 50_000
"""Of each kind for a text, and of both kinds for all of them."""


def measured(told: dict[str, Any]) -> dict[str, float | bool]:
    """Fine-tunes, fits the head, and answers for the test texts."""
    labels = sorted({label for _, label in told["train"]})
    pairs = max(1, min(PAIRS, MOST_PAIRS // (2 * len(told["train"]))))
    start, spent = time.perf_counter(), time.process_time()
    model = SetFitModel.from_pretrained(told["folder"])
    columns = {"text": [t for t, _ in told["train"]], "label": [labels.index(label) for _, label in told["train"]]}
    with tempfile.TemporaryDirectory() as folder:
        settings = TrainingArguments(
            output_dir=folder,
            batch_size=16,
            num_epochs=1,
            num_iterations=pairs,
            seed=told["seed"],
            report_to="none",
            save_strategy="no",
        )
        trainer = Trainer(model=model, args=settings, train_dataset=Dataset.from_dict(columns))
        # Without its cache, which would keep the weights of the first step for all others.
        half = told["half"] and torch.ops.mkldnn._is_mkldnn_bf16_supported()
        with torch.autocast("cpu", torch.bfloat16, enabled=half, cache_enabled=False):
            trainer.train()
    seconds, cpu = time.perf_counter() - start, time.process_time() - spent
    given = model.predict([text for text, _ in told["test"]], batch_size=64)
    right = [labels[int(place)] == label for place, (_, label) in zip(given, told["test"], strict=True)]
    return {"accuracy": sum(right) / len(right), "seconds": seconds, "cpu": cpu, "pairs": pairs, "half": half}


if __name__ == "__main__":
    print(json.dumps(measured(json.load(sys.stdin))))
