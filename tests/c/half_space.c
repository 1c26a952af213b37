/* A program in C11 that knows stratem.h and the shared library alone. It computes half-spaces,
   makes mistakes, and returns the number of the line of the first check that fails. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stratem/stratem.h"

#define CHECK(condition)                                                                \
  do {                                                                                  \
    if (!(condition)) {                                                                 \
      fprintf(stderr, "line %d: %s; %s\n", __LINE__, #condition, stratem_last_error()); \
      exit(1);                                                                          \
    }                                                                                   \
  } while (0)

enum { gates = 2, models = 3 };

static const char central_loop[] =
    "{\"moments\": [{"
    "\"transmitter\": {\"loop\": {\"type\": \"circle\", \"radius\": 10}, \"height\": 0},"
    "\"receiver\": {\"position\": [0, 0], \"height\": 0}, \"quantity\": \"b\","
    "\"waveform\": \"step_off\", \"times\": [1e-4, 3e-4]}]}";

/* B in the middle of a circular loop on a half-space after 1 A was switched off, from Ward and
   Hohmann (1988), equation 4.98. */
static double b_of_half_space(double resistivity, double radius, double time) {
  const double pi = 3.14159265358979323846;
  const double mu0 = 4e-7 * pi;
  const double x = sqrt(mu0 / (4.0 * resistivity * time)) * radius;
  return mu0 / (2.0 * radius) *
         (3.0 / (sqrt(pi) * x) * exp(-x * x) + (1.0 - 3.0 / (2.0 * x * x)) * erf(x));
}

static void check_half_spaces(const stratem_plan* plan) {
  const double resistivity[models] = {10.0, -1.0, 30.0};
  double response[models][gates];
  uint8_t status[models];
  CHECK(stratem_plan_forward(plan, models, 1, resistivity, NULL, gates, &response[0][0], status) ==
        STRATEM_OK);
  const double times[gates] = {1e-4, 3e-4};
  for (int m = 0; m < models; m += 2) {
    CHECK(status[m] == STRATEM_STATUS_OK);
    for (int g = 0; g < gates; ++g) {
      const double expected = b_of_half_space(resistivity[m], 10.0, times[g]);
      CHECK(fabs(response[m][g] / expected - 1.0) < 1e-6);
    }
  }
  CHECK(status[1] == STRATEM_STATUS_BAD_RESISTIVITY);
  CHECK(strcmp(stratem_status_text(status[1]), "a resistivity is not finite or not above 0") == 0);
  CHECK(isnan(response[1][0]) && isnan(response[1][1]));
}

static void check_statistics(const stratem_plan* plan) {
  const double resistivity[2] = {10.0, 30.0};
  const stratem_models batch = {
      .struct_size = sizeof batch, .models = 2, .layers = 1, .resistivity = {.data = resistivity}};
  stratem_statistics* statistics = NULL;
  CHECK(stratem_statistics_create(gates, STRATEM_DEFAULT_MEMORY, &statistics) == STRATEM_OK);
  CHECK(stratem_plan_accumulate(plan, &batch, statistics, NULL) == STRATEM_OK);
  double mean[gates];
  stratem_gate_statistics result = {.struct_size = sizeof result, .gates = gates, .mean = mean};
  CHECK(stratem_statistics_result(statistics, &result) == STRATEM_OK);
  CHECK(result.models == 2 && result.failed == 0);
  const double expected =
      0.5 * (b_of_half_space(10.0, 10.0, 1e-4) + b_of_half_space(30.0, 10.0, 1e-4));
  CHECK(fabs(mean[0] / expected - 1.0) < 1e-6);
  stratem_statistics_destroy(statistics);
}

int main(void) {
  CHECK(strcmp(stratem_version(), STRATEM_VERSION) == 0);
  CHECK(strcmp(stratem_last_error(), "") == 0);

  stratem_system* system = NULL;
  CHECK(stratem_system_from_json("{}", &system) == STRATEM_ERROR_INPUT);
  CHECK(system == NULL && strlen(stratem_last_error()) > 0);
  CHECK(stratem_system_from_json(central_loop, &system) == STRATEM_OK);
  stratem_options* options = NULL;
  CHECK(stratem_options_create(&options) == STRATEM_OK);
  CHECK(stratem_options_set(options, "backend", "reference") == STRATEM_OK);
  const stratem_common_options common = {.struct_size = sizeof common, .threads = 2};
  CHECK(stratem_options_set_common(options, &common) == STRATEM_OK);
  stratem_plan* plan = NULL;
  CHECK(stratem_plan_create(system, options, NULL, NULL, &plan) == STRATEM_OK);
  stratem_options_destroy(options); /* the plan has copies of both */
  stratem_system_destroy(system);

  check_half_spaces(plan);
  check_statistics(plan);
  stratem_plan_destroy(plan);
  return 0;
}
