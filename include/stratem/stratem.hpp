// All of the public interface.
#pragma once

#include "stratem/backends.hpp"
#include "stratem/error.hpp"
#include "stratem/grid.hpp"
#include "stratem/io.hpp"
#include "stratem/model_source.hpp"
#include "stratem/models.hpp"
#include "stratem/options.hpp"
#include "stratem/plan.hpp"
#include "stratem/responses.hpp"
#include "stratem/run.hpp"
#include "stratem/run_file.hpp"
#include "stratem/sampling.hpp"
#include "stratem/statistics.hpp"
#include "stratem/statistics_sink.hpp"
#include "stratem/system.hpp"
#include "stratem/version.hpp"
