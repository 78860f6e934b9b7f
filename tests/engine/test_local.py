"""The local executor, with real child processes."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from understudy.domain.trial import Progress
from understudy.engine.executor import Cancelled, Failed, Finished, Job, Limits, OutOfMemory, OutOfTime, Report
from understudy.engine.local import LocalExecutor
from understudy.search.assignment import OWN, UNUSED

MEGABYTE = 1 << 20
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def executor(tmp_path: Path) -> LocalExecutor:
    return LocalExecutor(log_folder=tmp_path / "logs")


def wait_for(condition: Callable[[], bool]) -> None:
    """Waits for something that must happen; fails when it has not after half a minute."""
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail("what should have happened did not happen")
        time.sleep(0.005)


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has reaped yet counts as ended."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def run_out_of_time(
    executor: LocalExecutor, job: Job, reached: Callable[[], bool], report: Report | None = None
) -> None:
    """Runs a job that never ends until its time is up.

    The time counts from before the process starts, which takes long on a busy machine: a job that has not reached what
    the test is about gets four times as much.
    """
    for seconds in (2.0, 8.0, 32.0):
        outcome = executor.run(job, limits=Limits(seconds=seconds), on_progress=report)
        assert isinstance(outcome, OutOfTime)
        assert outcome.usage.seconds >= seconds
        if reached():
            return
    pytest.fail("the job was never reached")


def test_finished(executor: LocalExecutor, tmp_path: Path) -> None:
    """Work that runs to its end hands over its result, says what it used, and leaves no log."""
    outcome = executor.run(Job("works:echo", {"a": [1, None, 2.5]}))
    assert isinstance(outcome, Finished)
    assert outcome.result == {"a": [1, None, 2.5]}
    assert outcome.usage.seconds > 0
    assert list((tmp_path / "logs").iterdir()) == []


def test_every_character_crosses(executor: LocalExecutor) -> None:
    """Any text crosses both ways unharmed, undecodable file names included."""
    payload = {"names": ["Blätter/ş.jpg", "風車", "🌬", "\udcff.jpg", "line\nbreak\r\u2028", "nul\0"]}
    outcome = executor.run(Job("works:echo", payload))
    assert isinstance(outcome, Finished)
    assert outcome.result == payload


def test_ten_megabytes(executor: LocalExecutor) -> None:
    """A payload and a result of ten megabytes cross whole."""
    payload = {"text": "é" * 5 * MEGABYTE, "rest": "x" * 5 * MEGABYTE}
    outcome = executor.run(Job("works:echo", payload))
    assert isinstance(outcome, Finished)
    assert outcome.result == payload


def test_progress_in_order(executor: LocalExecutor) -> None:
    """Every progress arrives, in order, as it was reported."""
    seen: list[Progress] = []
    outcome = executor.run(Job("works:count", {"steps": 500}), on_progress=seen.append)
    assert isinstance(outcome, Finished)
    assert seen == [Progress("Zählen", done, 500, None if done == 0 else 0.5) for done in range(500)]


def test_progress_from_threads(executor: LocalExecutor) -> None:
    """Reports of several threads do not run into each other, even when they are longer than a pipe's atomic write."""
    seen: list[Progress] = []
    executor.run(Job("works:count_from_threads", {"steps": 20, "threads": 4}), on_progress=seen.append)
    for name in range(4):
        assert [progress.done for progress in seen if progress.stage == f"{name}" * 5000] == list(range(20))


def test_time_limit_on_c_code(executor: LocalExecutor, tmp_path: Path) -> None:
    """Work that spins in C code and never lets go of the interpreter's lock is ended when its time is up."""
    started = tmp_path / "started"
    job = Job("works:hold_the_lock", {"started": str(started)})
    run_out_of_time(executor, job, lambda: started.exists() and bool(started.read_text()))
    assert gone(int(started.read_text()))


def test_a_slow_callback_does_not_lengthen_the_time(executor: LocalExecutor, tmp_path: Path) -> None:
    """The time limit holds while the parent is busy in its progress callback."""
    started = tmp_path / "started"
    dead: list[bool] = []

    def dawdle(_: Progress) -> None:
        wait_for(lambda: gone(int(started.read_text().split()[0])))
        dead.append(True)

    run_out_of_time(executor, Job("works:dally", {"started": str(started)}), lambda: bool(dead), dawdle)


@pytest.mark.parametrize("step", [MEGABYTE, 32 * MEGABYTE])
def test_memory_limit(executor: LocalExecutor, step: int) -> None:
    """Work that hoards memory is ended near its limit, however big the pieces it takes."""
    cap = 400 * MEGABYTE
    outcome = executor.run(Job("works:hoard", {"step": step}), limits=Limits(memory_bytes=cap, seconds=60))
    assert isinstance(outcome, OutOfMemory)
    assert cap < outcome.usage.peak_bytes < 1.25 * cap


def test_memory_limit_counts_descendants(executor: LocalExecutor) -> None:
    """Memory that a process of the work's own holds counts as the work's."""
    cap = 150 * MEGABYTE
    outcome = executor.run(Job("works:hoard_in_a_grandchild"), limits=Limits(memory_bytes=cap, seconds=60))
    assert isinstance(outcome, OutOfMemory)
    assert outcome.usage.peak_bytes > cap


def test_more_than_there_is(executor: LocalExecutor) -> None:
    """Work that asks for more memory than the machine can address is out of memory, not broken."""
    assert isinstance(executor.run(Job("works:ask_for_the_moon")), OutOfMemory)


def test_stop_from_another_thread(executor: LocalExecutor, tmp_path: Path) -> None:
    """Work that is asked to stop may hand over what it has, and nothing that it started outlives it."""
    stop = threading.Event()
    job = Job("works:dally", {"started": str(tmp_path / "started")})
    outcome = executor.run(job, on_progress=lambda _: stop.set(), stop=stop)
    assert isinstance(outcome, Cancelled)
    assert outcome.result == {"kept": "what was finished"}
    wait_for(lambda: all(gone(int(pid)) for pid in (tmp_path / "started").read_text().split()))


def test_stop_unheeded(executor: LocalExecutor, tmp_path: Path) -> None:
    """Work that does not heed the request is ended after its grace, without a result."""
    stop = threading.Event()
    job = Job("works:dally", {"started": str(tmp_path / "started"), "heeds": False})
    outcome = executor.run(job, limits=Limits(grace_seconds=0.1), on_progress=lambda _: stop.set(), stop=stop)
    assert isinstance(outcome, Cancelled)
    assert outcome.result is None
    wait_for(lambda: all(gone(int(pid)) for pid in (tmp_path / "started").read_text().split()))


def test_a_failing_callback(executor: LocalExecutor, tmp_path: Path) -> None:
    """When the progress callback fails, its error comes out and the work is gone."""

    def fail(_: Progress) -> None:
        raise RuntimeError("no more paper")

    with pytest.raises(RuntimeError, match="no more paper"):
        executor.run(Job("works:dally", {"started": str(tmp_path / "started")}), on_progress=fail)
    wait_for(lambda: all(gone(int(pid)) for pid in (tmp_path / "started").read_text().split()))


def test_a_thread_that_never_ends(executor: LocalExecutor) -> None:
    """A result counts even when a stray thread keeps the process from ending; the process is then ended."""
    outcome = executor.run(Job("works:linger"))
    assert isinstance(outcome, Finished)
    assert outcome.result == {"done": True}


@pytest.mark.parametrize(
    ("work", "kind", "reason"),
    [
        ("works:crash", "SIGSEGV", "SIGSEGV"),
        ("works:signal_itself", "SIGKILL", "memory ran out"),
        ("works:leave", "exit", "status 7"),
        ("works:blunder", "KeyError", "the missing blade"),
        ("works:give_nothing", "TypeError", "NoneType"),
        ("works:give_no_json", "TypeError", "JSON"),
        ("works:no_such_work", "AttributeError", "no_such_work"),
        ("no_such_module:work", "ModuleNotFoundError", "no_such_module"),
    ],
)
def test_failure(executor: LocalExecutor, work: str, kind: str, reason: str) -> None:
    """Work that breaks off says how, in one sentence, and leaves what it printed in a log."""
    outcome = executor.run(Job(work))
    assert isinstance(outcome, Failed)
    assert outcome.kind == kind
    assert reason in outcome.error.reason
    assert outcome.log is not None
    assert str(outcome.log) in outcome.error.remedy
    assert outcome.log.is_file()


def test_traceback_is_kept(executor: LocalExecutor) -> None:
    """The log of a failure shows where it happened, for a Python error and for a crash below Python."""
    for work, line in (("works:blunder", "in blunder"), ("works:crash", "in crash")):
        outcome = executor.run(Job(work))
        assert isinstance(outcome, Failed)
        assert outcome.log is not None
        assert line in outcome.log.read_text()


def test_a_refusal_crosses(executor: LocalExecutor) -> None:
    """An error that a person can act on comes over with its own fact, reason and remedy, and no log."""
    outcome = executor.run(Job("works:refuse"))
    assert isinstance(outcome, Failed)
    assert outcome.error.fact == "Kein Blatt da."
    assert outcome.error.reason == "Der Ordner „Blätter“ ist leer."
    assert outcome.error.remedy == "Add 2 photos."
    assert (outcome.kind, outcome.log) == ("OutOfBlades", None)


def test_a_full_disk_crosses_as_a_refusal(executor: LocalExecutor) -> None:
    """Work for which the disk has no room left says so with what to do, and is no error that nobody knows."""
    outcome = executor.run(Job("works:overflow"))
    assert isinstance(outcome, Failed)
    assert outcome.error.fact == "The disk is full."
    assert outcome.error.remedy.startswith("Make room")
    assert (outcome.kind, outcome.log) == ("DiskRefused", None)


def test_printing_does_no_harm(executor: LocalExecutor) -> None:
    """Whatever the work prints, even a forged result, stays apart from its reports; its standard input is empty."""
    outcome = executor.run(Job("works:chatter"))
    assert isinstance(outcome, Finished)
    assert outcome.result == {"read": "", "forged": False}


def test_payload_without_json_form(executor: LocalExecutor) -> None:
    """A payload that JSON cannot hold is refused before anything is started."""
    with pytest.raises(TypeError, match="JSON"):
        executor.run(Job("works:echo", {"path": Path("x")}))


def test_light_start(executor: LocalExecutor) -> None:
    """A child imports the standard library and this product's nouns, so that it starts at once."""
    outcome = executor.run(Job("plain_work:imported"))
    assert isinstance(outcome, Finished)
    bare = subprocess.run(
        [sys.executable, "-P", "-c", "import sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    roots = {name.partition(".")[0] for name in set(outcome.result["modules"]) - set(bare.stdout.split())}
    assert roots - set(sys.stdlib_module_names) == {"understudy", "plain_work"}
    assert not [name for name in outcome.result["modules"] if name.startswith("understudy.engine.local")]


def test_the_present_folder_is_not_searched(
    executor: LocalExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file named like a module in the folder a person stands in is not run."""
    (tmp_path / "json.py").write_text("raise SystemExit('hijacked')")
    monkeypatch.chdir(tmp_path)
    assert isinstance(executor.run(Job("works:echo")), Finished)


@linux_only
def test_nothing_leaks(executor: LocalExecutor, tmp_path: Path) -> None:
    """Whatever the outcome, no descriptor, thread or process is left behind here, and none reaches a grandchild."""
    before = len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
    children = psutil.Process().children()
    for job, limits in (
        (Job("works:echo"), Limits()),
        (Job("works:crash"), Limits()),
        (Job("works:dally", {"started": str(tmp_path / "s")}), Limits(seconds=0.3)),
    ):
        executor.run(job, limits=limits)
    assert (len(list(Path("/proc/self/fd").iterdir())), threading.active_count()) == before
    assert psutil.Process().children() == children
    outcome = executor.run(Job("works:open_descriptors"))
    assert isinstance(outcome, Finished)
    assert len(outcome.result["of_a_grandchild"]) == 4  # the three standard ones, and the listing itself


def test_side_by_side(executor: LocalExecutor) -> None:
    """Jobs of several threads run at once and do not mix up their results."""
    results: dict[int, object] = {}

    def run(number: int) -> None:
        results[number] = executor.run(Job("works:echo", {"number": number}))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(4):
        outcome = results[number]
        assert isinstance(outcome, Finished)
        assert outcome.result == {"number": number}


PARENT = """
    import sys
    from pathlib import Path
    from understudy.engine.executor import Job, Limits
    from understudy.engine.local import LocalExecutor

    payload = {{"started": sys.argv[1], "heeds": {heeds}}}
    limits = Limits(grace_seconds={grace})
    outcome = LocalExecutor(log_folder=Path(sys.argv[2])).run(Job("works:{work}", payload), limits=limits)
    print(type(outcome).__name__, outcome.result)
"""


def parent(
    tmp_path: Path, work: str, *, heeds: bool = True, grace: float = 20
) -> tuple[subprocess.Popen[str], list[int]]:
    """Starts a process that runs a job and waits until the job has started; returns it and the job's processes."""
    code = textwrap.dedent(PARENT).format(work=work, heeds=heeds, grace=grace)
    started = tmp_path / "started"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(started), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(lambda: started.exists() and started.read_text() != "")
    return process, [int(pid) for pid in started.read_text().split()]


def test_ctrl_c(tmp_path: Path) -> None:
    """Ctrl-C asks the work to stop; what it had finished is kept."""
    process, pids = parent(tmp_path, "dally")
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=120)[0] == "Cancelled {'kept': 'what was finished'}\n"
    wait_for(lambda: all(gone(pid) for pid in pids))


def test_ctrl_c_twice(tmp_path: Path) -> None:
    """A second Ctrl-C ends work at once that does not heed the first."""
    process, pids = parent(tmp_path, "dally", heeds=False, grace=600)
    process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=120)[0] == "Cancelled None\n"
    wait_for(lambda: all(gone(pid) for pid in pids))


@pytest.mark.parametrize("work", ["dally", "hold_the_lock"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_dead_parent_leaves_no_orphan(tmp_path: Path, work: str, number: signal.Signals) -> None:
    """When the parent is killed, the work and all that it started end, even in C code that hears nothing."""
    process, pids = parent(tmp_path, work)
    process.send_signal(number)
    process.communicate(timeout=120)
    wait_for(lambda: all(gone(pid) for pid in pids))


def test_a_stop_is_told(tmp_path: Path) -> None:
    """Whoever runs a job hears once, in its own thread, that the work was asked to stop."""
    told: list[int] = []
    executor = LocalExecutor(log_folder=tmp_path, on_stop=lambda: told.append(threading.get_ident()))
    stop = threading.Event()
    stop.set()
    outcome = executor.run(Job("works:dally", {"started": str(tmp_path / "started")}), stop=stop)
    assert isinstance(outcome, Cancelled)
    assert outcome.result == {"kept": "what was finished"}
    assert told == [threading.get_ident()]


def test_what_a_job_does_not_use_is_not_there(executor: LocalExecutor) -> None:
    """Packages that a job has no use for cannot be imported in its process, and all others can."""
    job = Job("works:import_all", {"modules": ["colorsys", "nobody", "fractions"], "others": []}, ("colorsys",))
    outcome = executor.run(job)
    assert isinstance(outcome, Finished)
    assert outcome.result == {"there": ["fractions"]}


@pytest.mark.parametrize("entry", OWN)
def test_searches_of_rows_load_no_data_frames(executor: LocalExecutor, entry: str) -> None:
    """What libraries would load where they find it, and no search of rows uses, is left out; all else is loaded."""
    module = entry.partition(":")[0]
    outcome = executor.run(Job("works:import_all", {"modules": [module], "others": list(UNUSED)}, UNUSED))
    assert isinstance(outcome, Finished)
    assert outcome.result == {"there": [module]}
