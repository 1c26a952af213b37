"""Other programs that compute the same responses, at their fastest settings of comparable accuracy.

Each computes -dB/dt (or B) of a step-off at the centre of a circular loop, in V/(A m^2) (or T/A).
bench/README.md says how the settings were chosen.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import warnings
from abc import ABC, abstractmethod
from types import ModuleType

import numpy as np

RADIUS = 10.0
HEIGHT = 1.0
AREA = np.pi * RADIUS**2
TIMES = np.geomspace(1e-6, 1e-2, 31)
MU0 = 4e-7 * np.pi


class Peer(ABC):
    """One program, ready for models of a number of layers."""

    name: str
    package: str
    module: str
    quantity = "dbdt"
    settings: str
    # The part of TIMES that the program computes.
    shared = slice(None)

    def __init__(self, layers: int) -> None:
        """Raises ImportError if the program is not installed."""
        self.layers = layers
        self.program = self._import(self.module)

    @staticmethod
    def _import(module: str) -> ModuleType:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(module)

    @classmethod
    def version(cls) -> str:
        return importlib.metadata.version(cls.package)

    @abstractmethod
    def forward(self, resistivity: np.ndarray, thickness: np.ndarray) -> np.ndarray:
        """Responses of one model at TIMES[shared]."""


class Pytem1d(Peer):
    """Fortran TEM1D. Its times are its own: 71, ten a decade from 1e-8 to 1e-1 s."""

    name = "pytem1d"
    package = "pytem1d"
    module = "pytem1d"
    settings = "run_tem1d, impulse"
    shared = slice(0, None, 3)
    _response_type = "impulse"
    _own_times = slice(20, 61, 4)

    def forward(self, resistivity: np.ndarray, thickness: np.ndarray) -> np.ndarray:
        depth = np.concatenate(([0.0], np.cumsum(thickness)))
        result = self.program.run_tem1d(
            resistivity,
            depth,
            tx_area=AREA,
            tx_height=HEIGHT,
            rx_height=HEIGHT,
            response_type=self._response_type,
        )
        return np.asarray(AREA * result.responses[self._own_times])


class Pytem1dField(Pytem1d):
    """The same for B, which is more accurate: dB/dt is its numerical derivative."""

    name = "pytem1d-b"
    quantity = "b"
    settings = "run_tem1d, step"
    _response_type = "step"


class Empymod(Peer):
    """By reciprocity: an electric dipole at distance RADIUS, times the length of the loop."""

    name = "empymod"
    package = "empymod"
    module = "empymod"
    settings = "dipole, key_101_2009, key_81_2009, lagged"

    def forward(self, resistivity: np.ndarray, thickness: np.ndarray) -> np.ndarray:
        quasi_static = np.zeros(self.layers + 1)
        impulse = self.program.dipole(
            src=[0.0, 0.0, -HEIGHT],
            rec=[0.0, RADIUS, -HEIGHT],
            depth=np.concatenate(([0.0], np.cumsum(thickness))),
            res=np.concatenate(([2e14], resistivity)),
            freqtime=TIMES,
            signal=0,
            ab=61,
            epermH=quasi_static,
            epermV=quasi_static,
            xdirect=None,
            htarg={"dlf": "key_101_2009", "pts_per_dec": 0},
            ftarg={"dlf": "key_81_2009", "pts_per_dec": -1},
            verb=0,
        )
        return np.asarray(MU0 * 2.0 * np.pi * RADIUS * impulse)


class Simpeg(Peer):
    """Simulation1DLayered, made once for all models of a number of layers."""

    name = "SimPEG"
    package = "simpeg"
    module = "simpeg.electromagnetics.time_domain"
    settings = "Simulation1DLayered, key_101_2009, key_101_2012"

    def __init__(self, layers: int) -> None:
        super().__init__(layers)
        maps = self._import("simpeg.maps")
        receiver = self.program.receivers.PointMagneticFluxTimeDerivative(
            np.array([[0.0, 0.0, HEIGHT]]), TIMES, orientation="z"
        )
        loop = self.program.sources.CircularLoop(
            [receiver],
            location=np.array([0.0, 0.0, HEIGHT]),
            radius=RADIUS,
            waveform=self.program.sources.StepOffWaveform(),
        )
        wires = maps.Wires(("resistivity", layers), ("thickness", layers - 1))
        self.simulation = self.program.Simulation1DLayered(
            self.program.Survey([loop]),
            rhoMap=wires.resistivity,
            thicknessesMap=wires.thickness,
            hankel_filter="key_101_2009",
            time_filter="key_101_2012",
        )

    def forward(self, resistivity: np.ndarray, thickness: np.ndarray) -> np.ndarray:
        return np.asarray(-self.simulation.dpred(np.concatenate((resistivity, thickness))))


class Pytem(Peer):
    """Numba; not pytem1d."""

    name = "pytem"
    package = "pytem"
    module = "pytem"
    settings = "fwd_circle_central, Euler of order 11, vectorized"

    def forward(self, resistivity: np.ndarray, thickness: np.ndarray) -> np.ndarray:
        dbdt = self.program.fwd_circle_central(
            thickness,
            resistivity,
            RADIUS,
            TIMES,
            tx_height=HEIGHT,
            rx_height=HEIGHT,
            use_cuda=False,
            transform="euler",
            euler_order=11,
            kernel="vectorized",
        )
        return -np.asarray(dbdt)


PEERS: dict[str, type[Peer]] = {
    peer.name: peer for peer in (Pytem1d, Pytem1dField, Empymod, Simpeg, Pytem)
}
