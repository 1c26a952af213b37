"""Dask: the same bytes as in one process, on workers that are processes, one of them killed."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import DATA

import stratem

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")
da = pytest.importorskip("dask.array")
cloudpickle = pytest.importorskip("cloudpickle")
import stratem.dask  # noqa: E402

MODELS = 4000
SEED = 5
PATIENCE = 240  # s; a machine may be busy


@pytest.fixture(scope="module")
def prior() -> stratem.Prior:
    return stratem.Prior.from_file(DATA / "priors" / "three_layer.json")


@pytest.fixture(scope="module")
def expected(plan: stratem.Plan, prior: stratem.Prior) -> stratem.Responses:
    """In one process, without Dask."""
    return plan.forward(prior.sample(MODELS, seed=SEED))


class Cluster:
    """A scheduler and workers, each a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.start("scheduler", "distributed.cli.dask_scheduler", "--port", "0")

    def start(self, name: str, module: str, *arguments: str, **environment: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", module, "--scheduler-file", str(self.file)]
                + ["--no-dashboard", "--host", "127.0.0.1", *arguments],
                cwd=self.folder,
                # Nothing that a worker could build a plan in.
                env={**os.environ, "STRATEM_CACHE": "none", **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def start_worker(self, name: str, *arguments: str, **environment: str) -> None:
        module = "distributed.cli.dask_worker"
        self.start(name, module, "--no-nanny", "--name", name, *arguments, **environment)

    def stop(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("dask")
    running = Cluster(folder)
    try:
        running.start_worker("one", "--nthreads", "1", "--resources", "cores=2")
        running.start_worker("two", "--nthreads", "2", CUDA_VISIBLE_DEVICES="0,1")
        hidden = folder / "hidden.py"
        hidden.write_text("import sys\nsys.modules['stratem'] = None\n")
        running.start_worker("bare", "--nthreads", "1", "--preload", str(hidden))
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def client(cluster: Cluster) -> Iterator[distributed.Client]:
    with distributed.Client(scheduler_file=str(cluster.file), timeout=PATIENCE) as connected:
        connected.wait_for_workers(3, timeout=PATIENCE)
        yield connected


@pytest.fixture(scope="module")
def addresses(client: distributed.Client) -> dict[str, str]:
    """Of the workers, by their names."""
    names = client.run(lambda dask_worker: dask_worker.name)
    return {name: address for address, name in names.items()}


# Without a cluster: what is computed, and what is refused.


@pytest.mark.parametrize("chunks", [700, 4000, (1, 0, 3999)])
def test_models_are_drawn_as_in_one_process_whatever_the_chunks(prior, chunks):
    lazy = stratem.dask.sample(prior, MODELS, SEED, chunks=chunks)
    drawn = prior.sample(MODELS, seed=SEED)
    assert len(lazy) == MODELS
    for name, values in drawn._arrays().items():
        assert getattr(lazy, name).compute().tobytes() == values.tobytes(), name


def test_arguments_mean_what_they_mean_in_a_plan(plan):
    rng = np.random.default_rng(1)
    resistivity = 10 ** rng.uniform(0.1, 2.9, (50, 3))
    thickness = rng.uniform(2.0, 80.0, (50, 2))
    height = np.linspace(30.0, 40.0, 50)
    resistivity[::3, 2] = np.nan  # two layers
    thickness[::3, 1] = np.nan
    lazy = stratem.dask.forward(
        plan,
        da.from_array(resistivity, chunks=(20, 2)),
        da.from_array(thickness, chunks=(7, 1)),
        height=height,
    )
    whole = plan.forward(resistivity, thickness, height=height)
    values, status = dask.compute(lazy.values, lazy.status)
    assert values.tobytes() == whole.values.tobytes()
    assert status.dtype == np.uint8
    np.testing.assert_array_equal(status, whole.status)
    assert whole.ok.all()

    resistivity = np.abs(np.nan_to_num(resistivity, nan=20.0))
    resistivity[4, 1] = 1e6  # out of range
    lazy = stratem.dask.forward(plan, da.from_array(resistivity, chunks=20), [20.0, 50.0])
    whole = plan.forward(resistivity, [20.0, 50.0])
    values, status = dask.compute(lazy.values, lazy.status)
    assert values.tobytes() == whole.values.tobytes()
    assert status[4] != 0
    np.testing.assert_array_equal(status, whole.status)

    half_spaces = stratem.dask.forward(plan, da.from_array(resistivity[:, :1], chunks=20))
    assert (
        half_spaces.values.compute().tobytes() == plan.forward(resistivity[:, :1]).values.tobytes()
    )


def test_arrays_without_chunks_get_them_from_a_measured_rate(plan):
    one = stratem.dask.models_per_task(plan, 3, seconds=0.5)
    ten = stratem.dask.models_per_task(plan, 30, seconds=0.5)
    assert 1 <= ten < one
    most = stratem.dask.models_per_task(plan, 3, seconds=1e9)
    assert most == 2**28 // (8 * (plan.gates + 7))
    lazy = stratem.dask.forward(plan, np.full((100, 3), 50.0), [20.0, 50.0])
    assert lazy.values.chunks == ((100,), (plan.gates,))


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (((9, 3), (9, 3)), {}, r"thickness: shape is \[9, 3\], allowed is \[9, 2\] or \[2\]"),
        (((9, 3), (8, 2)), {}, r"thickness: shape is \[8, 2\]"),
        (((9, 3, 1),), {}, "resistivity: 3 dimensions"),
        (((9, 3), (9, 2)), {"tolerance": 1e-3}, "tolerance: given besides a Plan"),
        (((9, 3), (9, 2)), {"out_of_range": "drop"}, "out_of_range: 'drop'"),
        (((3,), (2,)), {}, "resistivity: one model"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_computed(
    plan, arguments, options, message
):
    arrays = [da.ones(shape) for shape in arguments]
    with pytest.raises(stratem.InputError, match=message):
        stratem.dask.forward(plan, *arrays, **options)


def test_the_package_needs_no_dask_until_it_is_used(python):
    done = python("import sys, stratem.dask\nassert 'dask' not in sys.modules\n")
    assert done.returncode == 0, done.stderr
    done = python(
        "import sys\nsys.modules['dask'] = None\nimport stratem, stratem.dask\n"
        "prior = stratem.Prior({'layers': [{'resistivity': 5}]})\n"
        "stratem.dask.sample(prior, 3)\n"
    )
    assert "UnavailableError: dask is not installed" in done.stderr


# On a cluster.


def threads_beside_python() -> int:
    """Threads of a worker's process that Python has not started."""
    import os
    import threading

    return len(os.listdir("/proc/self/task")) - threading.active_count()


def executing_tasks(dask_worker: distributed.Worker) -> int:
    return dask_worker.state.executing_count


cloudpickle.register_pickle_by_value(sys.modules[__name__])


def test_a_worker_without_stratem_is_named(client, addresses, plan, prior):
    bare = addresses["bare"]
    lazy = stratem.dask.forward(plan, stratem.dask.sample(prior, 10, SEED))
    future = client.compute(lazy.values, workers=[bare], allow_other_workers=False)
    with pytest.raises(ImportError, match=f"worker {bare}: stratem cannot be imported"):
        future.result(timeout=PATIENCE)


def test_a_worker_that_cannot_use_the_plan_is_named(client, addresses, plan):
    def unpack(parcel: bytes) -> None:
        from stratem._dask_worker import plan_of

        plan_of(parcel)

    system, options, built = pickle.loads(stratem.dask._parcel(plan))
    damaged = pickle.dumps((system, options, built[:-9] + b"}" * 9))
    future = client.submit(unpack, damaged, workers=[addresses["one"]])
    with pytest.raises(stratem.InputError, match=f"worker {addresses['one']}: plan: damaged"):
        future.result(timeout=PATIENCE)


def test_a_task_uses_as_many_threads_as_its_worker_has_cores_for_it(client, addresses, plan, prior):
    for name, more in (("one", 1), ("two", 0)):
        worker = addresses[name]
        before = client.run(threads_beside_python, workers=[worker])
        models = stratem.dask.sample(prior, 8_000, SEED + more, chunks=1_000)
        lazy = stratem.dask.forward(plan, models)
        client.compute(lazy.values.sum(), workers=[worker]).result(timeout=PATIENCE)
        after = client.run(threads_beside_python, workers=[worker])
        assert after[worker] - before[worker] == more, name


def test_a_worker_keeps_to_the_first_of_its_devices(client, addresses, plan):
    def options_there(parcel: bytes) -> dict[str, str]:
        from stratem._dask_worker import plan_of

        return plan_of(parcel)._options

    parcel = stratem.dask._parcel(plan)
    for name, devices in (("one", None), ("two", "0")):
        future = client.submit(options_there, parcel, workers=[addresses[name]], pure=False)
        assert future.result(timeout=PATIENCE).get("devices") == devices


def test_responses_reach_files_without_the_client(
    client, addresses, plan, prior, expected, program, tmp_path
):
    zarr = pytest.importorskip("zarr")
    pytest.importorskip("h5py")
    workers = [addresses["one"], addresses["two"]]
    models = stratem.dask.sample(prior, MODELS, SEED, chunks=(1500, 900, 1600))
    lazy = stratem.dask.forward(plan, models)
    with dask.annotate(workers=workers):
        lazy.to_zarr(tmp_path / "responses.zarr")
        lazy.to_hdf5(tmp_path / "responses.h5")
    group = zarr.open_group(tmp_path / "responses.zarr", mode="r")
    assert group["response"][:].tobytes() == expected.values.tobytes()
    np.testing.assert_array_equal(group["status"][:], expected.status)
    np.testing.assert_array_equal(group["time"][:], expected.times)
    assert stratem.System.from_json(group.attrs["system"]) == plan.system

    program("stats", tmp_path / "responses.h5", "-o", tmp_path / "statistics.csv")
    assert len((tmp_path / "statistics.csv").read_text().splitlines()) > plan.gates
    (tmp_path / "responses.h5").rename(tmp_path / "moved.h5")  # the parts are where they were
    read = stratem.Responses.from_file(tmp_path / "moved.h5")
    assert read.values.tobytes() == expected.values.tobytes()
    np.testing.assert_array_equal(read.status, expected.status)
    assert len(list((tmp_path / "responses.parts").iterdir())) == 3
    for write in (lazy.to_zarr, lazy.to_hdf5):
        with pytest.raises(stratem.InputError, match="exists already"):
            write(tmp_path / ("responses.zarr" if write == lazy.to_zarr else "responses.h5"))


def test_a_cancelled_task_ends_and_leaves_its_worker_free(client, addresses, plan, prior):
    worker = addresses["two"]
    # Minutes of work for the reference.
    slow = stratem.dask.forward(plan, stratem.dask.sample(prior, 50_000, SEED), backend="reference")
    future = client.compute(slow.values, workers=[worker])
    busy = time.monotonic() + PATIENCE
    while not any("forward" in str(key) for key in client.processing([worker])[worker]):
        assert time.monotonic() < busy
        time.sleep(0.05)
    time.sleep(0.5)
    future.cancel()
    executing = {worker: 1}
    deadline = time.monotonic() + PATIENCE / 4
    while executing[worker] > 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)
        executing = client.run(executing_tasks, workers=[worker])


def test_a_killed_worker_changes_no_byte(client, addresses, cluster, plan, prior, expected):
    """Runs last: afterwards a worker is missing."""
    first, second = addresses["one"], addresses["two"]
    models = stratem.dask.sample(prior, MODELS, SEED, chunks=100)
    lazy = stratem.dask.forward(plan, models, out_of_range="reference")
    blocks = client.persist(
        [lazy.values, lazy.status], workers=[first, second], optimize_graph=False
    )
    keys = {str(key) for row in blocks[0].__dask_keys__() for key in row}

    def held() -> int:
        """Blocks of responses that the first worker has and the second has not."""
        has = client.has_what([first, second])
        return len(keys & ({*map(str, has[first])} - {*map(str, has[second])}))

    deadline = time.monotonic() + PATIENCE
    while held() < 3:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    cluster.processes["one"].send_signal(signal.SIGKILL)
    values, status = client.gather(client.compute(blocks, workers=[second]))
    assert first not in client.scheduler_info()["workers"]
    assert values.tobytes() == expected.values.tobytes()
    np.testing.assert_array_equal(status, expected.status)
