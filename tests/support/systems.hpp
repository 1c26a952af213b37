// Small systems and models for tests.
#pragma once

#include <vector>

#include "stratem/models.hpp"
#include "stratem/responses.hpp"
#include "stratem/system.hpp"

namespace stratem::test {

/// Times log-spaced from first to last, both included.
std::vector<Gate> log_times(double first, double last, int count);

/// One moment: a circular loop of radius 10 m and a receiver in its centre, heights summing to 2 m,
/// step-off, -dB/dt.
System central_loop(std::vector<Gate> gates);

/// One model from resistivities (ohm-m) and thicknesses (m, one fewer).
ModelSet layered(std::vector<double> resistivity, std::vector<double> thickness);

/// The reference's responses to one model.
std::vector<double> reference_response(const System& system, const ModelSet& model);

/// Largest |a/b - 1|.
double worst_relative(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace stratem::test
