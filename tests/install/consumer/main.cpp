// Computes one response of a half-space under a central loop with the installed library.
#include <cmath>
#include <iostream>
#include <stratem/stratem.hpp>
#include <string>
#include <vector>

namespace {

stratem::System central_loop() {
  stratem::Moment moment;
  moment.transmitters = {{.loop = stratem::Circle{.radius = 10.0}}};
  moment.receivers = {{}};
  moment.gates = {{.open = 1e-5, .close = 1e-5}, {.open = 1e-4, .close = 2e-4}};
  stratem::System system;
  system.name = "central loop";
  system.moments = {moment};
  return system;
}

}  // namespace

int main() try {
  if (std::string(stratem::version()) != STRATEM_VERSION) return 3;
  const stratem::Plan plan(central_loop(), {}, {.backend = stratem::Backend::reference});
  stratem::ModelSet models;
  models.models = 1;
  models.layers = 1;
  models.resistivity = {100.0};
  const stratem::Responses responses = plan.forward(models.view());

  bool plausible = responses.gates == 2 && responses.status.front() == stratem::Status::ok;
  for (const double value : responses.response) {
    std::cout << value << '\n';
    plausible = plausible && std::isfinite(value) && value > 0.0;
  }
  return plausible ? 0 : 1;
} catch (const stratem::Error& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
