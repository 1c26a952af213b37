"""HDF5 files are those of the command line, and the extension brings no HDF5 of its own."""

from __future__ import annotations

import numpy as np
import pytest

import stratem
from stratem import Models, Responses

h5py = pytest.importorskip("h5py")


def test_models_read_back_the_same(tmp_path):
    ragged = Models([[50.0, 5.0], [7.0]], [[10.0], []], height=[30.0, 31.0])
    ragged.to_file(tmp_path / "models.h5")
    again = Models.from_file(tmp_path / "models.h5")
    np.testing.assert_array_equal(again.resistivity, ragged.resistivity)
    np.testing.assert_array_equal(again.thickness, ragged.thickness)
    np.testing.assert_array_equal(again.layers, [2, 1])
    np.testing.assert_array_equal(again.height, [30.0, 31.0])
    with pytest.raises(stratem.InputError, match="exists already"):
        ragged.to_file(tmp_path / "models.h5")
    ragged.to_file(tmp_path / "models.h5", overwrite=True)
    with pytest.raises(stratem.InputError, match=r"end in \.h5"):
        ragged.to_file(tmp_path / "models.csv")


def test_responses_read_back_the_same(plan, model_arrays, tmp_path):
    responses = plan.forward(*model_arrays)
    responses.to_file(tmp_path / "responses.h5")
    again = Responses.from_file(tmp_path / "responses.h5")
    np.testing.assert_array_equal(again.values, responses.values)
    np.testing.assert_array_equal(again.status, responses.status)
    assert again.system == responses.system
    assert again.provenance == responses.provenance


def test_the_command_line_reads_responses_that_python_wrote(plan, model_arrays, program, tmp_path):
    responses = plan.forward(*model_arrays)
    responses.to_file(tmp_path / "responses.h5")
    program("stats", tmp_path / "responses.h5", "-o", tmp_path / "stats.h5")
    with h5py.File(tmp_path / "stats.h5") as file:
        found = responses.statistics(
            file["percentiles"][()] if "percentiles" in file else (10, 50, 90)
        )
        np.testing.assert_array_equal(file["mean"][()], found.mean)


def test_files_that_are_not_what_they_should_be_are_refused(tmp_path):
    (tmp_path / "text.h5").write_text("not HDF5")
    with pytest.raises(stratem.IoError, match="text.h5: cannot be opened"):
        Models.from_file(tmp_path / "text.h5")
    with pytest.raises(stratem.IoError, match="nowhere.h5"):
        Responses.from_file(tmp_path / "nowhere.h5")
    with h5py.File(tmp_path / "empty.h5", "w"):
        pass
    with pytest.raises(stratem.InputError, match="resistivity: missing"):
        Models.from_file(tmp_path / "empty.h5")
    with pytest.raises(stratem.InputError, match="attribute complete: missing"):
        Responses.from_file(tmp_path / "empty.h5")


def test_a_failed_write_leaves_no_file(plan, tmp_path):
    (tmp_path / "folder.h5").mkdir()
    with pytest.raises(stratem.IoError, match="folder.h5: cannot be written"):
        Models([50.0]).to_file(tmp_path / "folder.h5", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.h5"]


def test_the_extension_loads_no_hdf5(python):
    done = python("import stratem\nprint('hdf5' in open('/proc/self/maps').read().lower())")
    assert done.stdout == "False\n", done.stderr


def test_h5py_and_the_extension_live_in_one_process(python):
    for order in ("h5py, stratem", "stratem, h5py"):
        done = python(
            f"import {order}, io\n"
            "import numpy as np\n"
            "with h5py.File(io.BytesIO(), 'w') as file:\n"
            "    file['x'] = np.arange(3)\n"
            "    print(file['x'][:].sum(), len(stratem.backends()))\n"
        )
        assert done.stdout == "3 4\n", done.stderr
