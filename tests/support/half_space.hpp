// A loop on a homogeneous half-space, in closed form.
#pragma once

#include "stratem/system.hpp"

namespace stratem::test {

/// B or -dB/dt in the centre of a circular loop after a step-off, loop and receiver on the ground:
/// Ward and Hohmann (1988), equations 4.96 and 4.98, summed with 100 digits because the terms
/// cancel at late times. SI units, per ampere.
double half_space_on_ground(Quantity quantity, double radius, double resistivity, double time);

}  // namespace stratem::test
