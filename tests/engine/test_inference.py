"""Graphs run in batches of one size, from any thread, in order."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from onnx import TensorProto, helper, numpy_helper

from understudy.engine.inference import Graph, batched, best_precision, cores

WEIGHTS = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)


def linear() -> bytes:
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["product"]), helper.make_node("Identity", ["product"], ["y"])],
        "linear",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 5])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3])],
        [numpy_helper.from_array(WEIGHTS, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def rows(count: int, seed: int = 1) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(count, 5)).astype(np.float32)


@pytest.mark.parametrize("count", [1, 3, 4])
def test_a_short_batch_gives_its_own_rows_only(count: int) -> None:
    """A batch shorter than the graph's is filled up, and the filling does not come back."""
    graph = Graph(linear(), rows=4, precision="f32")
    given = graph.run({"x": rows(count)})
    assert set(given) == {"y"}
    np.testing.assert_allclose(given["y"], rows(count) @ WEIGHTS, rtol=1e-4, atol=1e-5)


def test_a_stream_keeps_the_order() -> None:
    """Many batches at once come back in the order they went in, the short last one too."""
    graph = Graph(linear(), rows=4, precision="f32")
    batches = [{"x": rows(4 if place < 29 else 2, seed=place)} for place in range(30)]
    given = [result["y"] for result in graph.stream(batches)]
    assert len(given[-1]) == 2
    for batch, result in zip(batches, given, strict=True):
        np.testing.assert_allclose(result, batch["x"] @ WEIGHTS, rtol=1e-4, atol=1e-5)


def test_an_axis_may_stay_free() -> None:
    """What differs in length from batch to batch runs through one graph, and each batch gets its own answer."""
    graph = helper.make_graph(
        [helper.make_node("ReduceSum", ["x", "axis"], ["y"], keepdims=0)],
        "sum",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", "length"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"])],
        [numpy_helper.from_array(np.array([1], np.int64), "axis")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    compiled = Graph(model.SerializeToString(), rows=2, precision="f32")
    batches = [{"x": np.ones((2, length), np.float32)} for length in (3, 7, 3)]
    assert [result["y"].tolist() for result in compiled.stream(batches)] == [[3, 3], [7, 7], [3, 3]]


def test_threads_do_not_see_each_others_numbers() -> None:
    """Answers for many threads at once are each thread's own."""
    graph = Graph(linear(), rows=2, goal="latency", precision="f32")

    def ask(seed: int) -> bool:
        given = graph.run({"x": rows(2, seed)})["y"]
        return bool(np.allclose(given, rows(2, seed) @ WEIGHTS, rtol=1e-4, atol=1e-5))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(200)))


def test_results_stay_when_the_graph_runs_again() -> None:
    """What one run gave is not overwritten by the next."""
    graph = Graph(linear(), rows=2, precision="f32")
    first = graph.run({"x": rows(2)})["y"]
    kept = first.copy()
    graph.run({"x": rows(2, seed=9)})
    np.testing.assert_array_equal(first, kept)


def test_what_is_no_graph_is_refused() -> None:
    """Bytes that are no graph raise an error and do not end the process."""
    with pytest.raises(RuntimeError):
        Graph(b"no graph", rows=1)


def test_the_machine_is_known() -> None:
    """There is at least one core, and the precision is one that the engine can compute in."""
    assert cores() >= 1
    assert best_precision() in {"bf16", "f32"}


def test_batched_cuts_without_losing_anything() -> None:
    """Every item is in exactly one list, in order; only the last list is shorter."""
    assert [list(part) for part in batched(iter(range(7)), 3)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(batched([], 3)) == []


ALONE = """
import ctypes, gc, sys, threading
from pathlib import Path
from understudy.engine.inference import Graph

class Stack(ctypes.Structure):
    _fields_ = [("at", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t)]

graphs = [Graph(Path(sys.argv[1]).read_bytes(), rows=1, precision="f32")]
elsewhere = threading.Thread(target=lambda: (graphs.clear(), gc.collect()))
elsewhere.start()
elsewhere.join()
stack, off = Stack(), 2
ctypes.CDLL(None).sigaltstack(None, ctypes.byref(stack))
ranges = [[int(end, 16) for end in line.split()[0].split("-")] for line in open("/proc/self/maps")]
print(bool(stack.flags & off) or any(low <= stack.at < high for low, high in ranges))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="stacks for signals are looked at by Linux' means")
def test_a_graph_that_another_thread_lets_go_of_leaves_signals_alone(tmp_path: Path) -> None:
    """The stack on which the main thread hears signals, which the engine gave it, is still there afterwards."""
    (tmp_path / "linear.onnx").write_bytes(linear())
    ended = subprocess.run(
        [sys.executable, "-c", ALONE, str(tmp_path / "linear.onnx")], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "True\n")


def test_the_engine_reports_to_nobody() -> None:
    """Loading it makes no connection, no name is looked up, and no process is forked beside threads that reckon."""
    told = """
import sys
seen = []
sys.addaudithook(lambda event, _: seen.append(event))
from understudy.engine.inference import best_precision
best_precision()
assert "openvino" in sys.modules
told = [each for each in seen if each.startswith(("socket.", "urllib.", "os.fork", "os.posix_spawn", "subprocess."))]
print(sorted({*told}, key=told.index), [name for name in sys.modules if name.startswith("openvino_telemetry.")])
"""
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "[] []\n"
