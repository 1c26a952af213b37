// The facts about the run and its gates in files of responses and of their statistics.
#pragma once

#include <filesystem>

#include "io/hdf5/input_file.hpp"
#include "io/hdf5/output_file.hpp"
#include "stratem/io.hpp"

namespace stratem::io {

/// Datasets of one number for each gate: time, gate_open, gate_close, moment.
void write_gates(hdf5::OutputFile& file, const System& system);

void write_attributes(hdf5::OutputFile& file, const ResponseAttributes& attributes);
/// Changes what an existing file records of its devices' faults, in place. Throws IoError.
void change_faults(const std::filesystem::path& path, const DeviceFaults& faults);
/// Throws InputError if an attribute is missing or damaged.
ResponseAttributes read_attributes(const hdf5::InputFile& file);

}  // namespace stratem::io
