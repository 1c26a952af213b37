#include "support/systems.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "stratem/plan.hpp"

namespace stratem::test {

std::vector<Gate> log_times(double first, double last, int count) {
  std::vector<Gate> gates;
  for (int i = 0; i < count; ++i) {
    const double t = first * std::pow(last / first, static_cast<double>(i) / (count - 1));
    gates.push_back({t, t});
  }
  return gates;
}

System central_loop(std::vector<Gate> gates) {
  Moment moment;
  moment.name = "central";
  Transmitter transmitter;
  transmitter.loop = Circle{10.0};
  transmitter.height = 1.0;
  Receiver receiver;
  receiver.height = 1.0;
  moment.transmitters = {transmitter};
  moment.receivers = {receiver};
  moment.gates = std::move(gates);
  System system;
  system.name = "central loop";
  system.moments = {moment};
  return system;
}

ModelSet layered(std::vector<double> resistivity, std::vector<double> thickness) {
  ModelSet model;
  model.models = 1;
  model.layers = static_cast<std::int64_t>(resistivity.size());
  model.resistivity = std::move(resistivity);
  model.thickness = std::move(thickness);
  return model;
}

std::vector<double> reference_response(const System& system, const ModelSet& model) {
  Options options;
  options.backend = Backend::reference;
  options.threads = 1;
  const Responses responses = Plan(system, options).forward(model.view());
  if (responses.status.at(0) != Status::ok) {
    throw std::runtime_error(std::string(describe(responses.status.at(0))));
  }
  return responses.response;
}

double worst_relative(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) throw std::runtime_error("different numbers of responses");
  double worst = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double error = std::abs(a[i] / b[i] - 1.0);
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

}  // namespace stratem::test
