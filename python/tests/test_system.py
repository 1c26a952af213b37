"""Systems from plain arguments, JSON, .gex and .stm."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest
from conftest import DATA, FIXTURES

import stratem
from stratem import Circle, Dipole, LowPass, Moment, Polygon, Receiver, System, Transmitter


def test_plain_arguments_make_the_system_of_the_json_file():
    text = (DATA / "systems" / "skytem312.json").read_text()
    facts = json.loads(text)
    moments = [
        Moment(
            Transmitter(
                Polygon(moment["transmitter"]["loop"]["vertices"]),
                height=30.0,
                turns=moment["transmitter"]["turns"],
            ),
            Receiver((-13.36, 0.0), 32.0),
            gates=(moment["gates"]["open"], moment["gates"]["close"]),
            waveform=(moment["waveform"]["times"], moment["waveform"]["currents"]),
            base_frequency=moment["base_frequency"],
            low_pass=[
                LowPass(filter_["cutoff"], filter_.get("order"), filter_.get("damping"))
                for filter_ in moment["low_pass"]
            ],
            name=moment["name"],
        )
        for moment in facts["moments"]
    ]
    ours = json.loads(
        System.from_moments(
            moments, name=facts["name"], normalization=facts.get("normalization", "current")
        ).to_json()
    )
    theirs = json.loads(System.from_json(text).to_json())
    for moment in theirs["moments"]:
        del moment["metadata"]
    theirs.pop("metadata", None)
    assert ours == theirs


def test_gates_of_all_moments_stand_one_after_another():
    system = System.from_file(DATA / "systems" / "skytem312.json")
    assert system.moment_names == ["LM", "HM"]
    assert np.count_nonzero(system.moment == 0) == 19
    assert system.gate_open[0] == 1.843e-05
    assert system.gate_close[0] == 2.3e-05
    assert system.times[0] == 0.5 * (1.843e-05 + 2.3e-05)
    assert len(system.times) == len(system.moment)


def test_a_number_is_a_circle_and_an_array_a_polygon():
    square = np.array([[-20.0, -20.0], [20.0, -20.0], [20.0, 20.0], [-20.0, 20.0]])
    times = [1e-5, 1e-4]
    assert System(10.0, times) == System(Circle(10.0), times)
    assert System(square, times) == System(Polygon(square), times)
    receiver = (20.0, 0.0)
    dipole = System(Dipole(), times, receiver=receiver)
    assert dipole != System(10.0, times, receiver=receiver)


def test_units_follow_quantity_and_normalization():
    assert System(10.0, [1e-4]).units == "V/(A m^2)"
    assert System(10.0, [1e-4], normalization="moment").units == "V/(A m^4)"
    assert System(10.0, [1e-4], quantity="b").units == "T/A"


def test_gex_and_stm_files_are_read_with_the_geometry_they_lack():
    gex = System.from_gex(FIXTURES / "two_moments.gex", transmitter_height=30.0)
    assert len(gex.moment_names) == 2
    stm = System.from_stm(
        FIXTURES / "tempest.stm",
        receiver=(-120.0, 0.0, -40.0),
        transmitter_height=120.0,
        components=["x", "z"],
    )
    assert len(stm.moment_names) == 2
    with pytest.raises(stratem.InputError, match="allowed are names that end in .gex"):
        System.from_gex(FIXTURES / "tempest.stm")


def test_written_systems_read_back_the_same(tmp_path):
    system = System(10.0, [1e-5, 1 / 3e4], waveform=([-1e-3, 0.0, 1e-6], [0.0, 1.0, 0.0]))
    path = tmp_path / "system.json"
    system.to_file(path)
    assert System.from_file(path) == system
    assert pickle.loads(pickle.dumps(system)) == system
    with pytest.raises(stratem.InputError, match="system.json"):
        system.to_file(path)
    system.to_file(path, overwrite=True)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: System(-1.0, [1e-4]), "radius"),
        (lambda: System(10.0, [1e-4, -1e-5]), r"moments\[0\].times\[1\]: -1e-05"),
        (lambda: System(10.0, [1e-4, np.nan]), r"times\[1\]: nan, allowed is a finite number"),
        (lambda: System(10.0, []), r"moments\[0\].gates: none"),
        (lambda: System(10.0), "gates"),
        (lambda: System(10.0, [[1e-4]]), "times: shape is"),
        (lambda: System(np.zeros((3, 3)), [1e-4]), r"vertices: shape is \[3, 3\]"),
        (lambda: System(10.0, [1e-4], component="w"), "component"),
        (lambda: System(10.0, [1e-4], height="high"), "height: an array of"),
        (lambda: System.from_json("{"), "system"),
        (lambda: System.from_json('{"momentz": []}'), 'did you mean "moments"'),
    ],
)
def test_what_is_not_allowed_is_named_in_one_line(make, message):
    with pytest.raises(stratem.InputError, match=message) as caught:
        make()
    assert isinstance(caught.value, ValueError)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_an_io_error():
    with pytest.raises(stratem.IoError, match="nowhere.json") as caught:
        System.from_file("nowhere.json")
    assert isinstance(caught.value, OSError)
