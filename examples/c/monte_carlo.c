// Uncertainty of a sounding, in C: the responses of ten thousand random models, and their
// percentiles gate by gate.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <stratem/stratem.h>

enum { model_count = 10000, layer_count = 3, percentile_count = 3 };

// Ends the program with the library's message if a call failed.
static void check(int error) {
  if (error == STRATEM_OK) return;
  fprintf(stderr, "monte_carlo: %s\n", stratem_last_error());
  exit(1);
}

static int show_progress(const stratem_progress* progress, void* context) {
  (void)context;
  fprintf(stderr, "\rplan: %3.0f %%", 100.0 * progress->fraction);
  return 0;  // any other number would cancel
}

// Log-uniform between two values.
static double draw(double from, double to) {
  return from * pow(to / from, rand() / (double)RAND_MAX);
}

static double* numbers(int64_t count) {
  double* const array = malloc((size_t)count * sizeof(double));
  if (array == NULL) exit(1);
  return array;
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: monte_carlo SYSTEM.json\n");
    return 2;
  }
  stratem_system* system = NULL;
  check(stratem_system_read(argv[1], NULL, &system));
  stratem_options* options = NULL;
  check(stratem_options_create(&options));
  check(stratem_options_set(options, "tolerance", "1e-3"));
  stratem_plan* plan = NULL;
  check(stratem_plan_create(system, options, show_progress, NULL, &plan));

  double* const resistivity = numbers(model_count * layer_count);      // ohm-m
  double* const thickness = numbers(model_count * (layer_count - 1));  // m
  for (int i = 0; i < model_count * layer_count; ++i) resistivity[i] = draw(5.0, 500.0);
  for (int i = 0; i < model_count * (layer_count - 1); ++i) thickness[i] = draw(5.0, 100.0);
  const stratem_models models = {.struct_size = sizeof models,
                                 .models = model_count,
                                 .layers = layer_count,
                                 .resistivity = {.data = resistivity},
                                 .thickness = {.data = thickness}};

  int64_t gates = 0;
  check(stratem_plan_gate_count(plan, &gates));
  stratem_statistics* statistics = NULL;
  check(stratem_statistics_create(gates, STRATEM_DEFAULT_MEMORY, &statistics));
  check(stratem_plan_accumulate(plan, &models, statistics, NULL));

  double* const open = numbers(gates);
  double* const percentile = numbers(percentile_count * gates);
  check(stratem_system_gates(system, gates, open, NULL, NULL));
  stratem_gate_statistics result = {.struct_size = sizeof result,
                                    .gates = gates,
                                    .percentile_count = percentile_count,
                                    .percentiles = (const double[]){10.0, 50.0, 90.0},
                                    .percentile = percentile};
  check(stratem_statistics_result(statistics, &result));
  printf("%lld models, %lld failed\n", (long long)result.models, (long long)result.failed);
  printf("gate opens (s)  percentiles 10, 50 and 90 of -dB/dt\n");
  for (int64_t g = 0; g < gates; ++g) {
    printf("%14.3e  %.4e  %.4e  %.4e\n", open[g], percentile[g], percentile[gates + g],
           percentile[2 * gates + g]);
  }

  free(percentile);
  free(open);
  free(thickness);
  free(resistivity);
  stratem_statistics_destroy(statistics);
  stratem_plan_destroy(plan);
  stratem_options_destroy(options);
  stratem_system_destroy(system);
  return 0;
}
