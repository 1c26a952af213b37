// Prints the differences between the reference backend and independent numbers: every case of
// data/reference, its survey systems, and the closed form of a half-space. README.md in the
// repository root summarises them.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "stratem/plan.hpp"
#include "support/half_space.hpp"
#include "support/reference_case.hpp"
#include "support/systems.hpp"

namespace {

using namespace stratem;

/// Largest relative errors up to 1 ms and later.
struct Errors {
  double early = 0.0;
  double late = 0.0;
};

std::vector<Gate> gates_of(const System& system) {
  std::vector<Gate> gates;
  for (const auto& moment : system.moments) {
    gates.insert(gates.end(), moment.gates.begin(), moment.gates.end());
  }
  return gates;
}

Errors errors(const System& system, const ModelSet& model, const std::vector<double>& expected) {
  const auto response = test::reference_response(system, model);
  const auto gates = gates_of(system);
  Errors worst;
  for (std::size_t g = 0; g < response.size(); ++g) {
    double& slot = gates[g].centre() <= 1e-3 ? worst.early : worst.late;
    slot = std::max(slot, std::abs(response[g] / expected[g] - 1.0));
  }
  return worst;
}

void print_row(const std::string& name, const Errors& worst) {
  std::printf("| %s | %.1e | %.1e |\n", name.c_str(), worst.early, worst.late);
}

void print_half_space(Quantity quantity, double radius) {
  System system = test::central_loop(test::log_times(1e-7, 1e-1, 25));
  auto& moment = system.moments[0];
  moment.quantity = quantity;
  moment.transmitters[0].loop = Circle{radius};
  moment.transmitters[0].height = 0.0;
  moment.receivers[0].height = 0.0;
  Errors worst;
  for (const double rho : {0.1, 1.0, 10.0, 100.0, 1000.0, 10000.0}) {
    std::vector<double> expected;
    for (const auto& gate : moment.gates) {
      expected.push_back(test::half_space_on_ground(quantity, radius, rho, gate.open));
    }
    const Errors here = errors(system, test::layered({rho}, {}), expected);
    worst = {std::max(worst.early, here.early), std::max(worst.late, here.late)};
  }
  char name[100];
  std::snprintf(name, sizeof name, "half-space, closed form, radius %g m, %s", radius,
                quantity == Quantity::b ? "b" : "dbdt");
  print_row(name, worst);
}

}  // namespace

int main() {
  std::printf("| case | up to 1 ms | later |\n| --- | --- | --- |\n");
  for (const auto& cases : {test::reference_cases(), test::survey_cases()}) {
    for (const auto& item : cases) {
      print_row(item.name, errors(item.system, item.model, item.expected));
    }
  }
  for (const double radius : {1.0, 10.0, 50.0}) {
    print_half_space(Quantity::dbdt, radius);
    print_half_space(Quantity::b, radius);
  }
}
