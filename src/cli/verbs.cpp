#include "cli/verb.hpp"

namespace stratem::cli {

std::vector<Verb> verbs() {
  return {forward_verb(),  merge_verb(), sample_verb(),  sweep_verb(), stats_verb(),
          validate_verb(), bench_verb(), convert_verb(), info_verb()};
}

}  // namespace stratem::cli
