// Systems of other programs, from the text of their files.
#pragma once

#include <string>

#include "stratem/io.hpp"

namespace stratem::io {

/// Aarhus Workbench geometry (.gex): one moment for each [Channel].
/// `origin` is the name of the text in messages. Throws InputError; the result is checked.
SystemFile system_from_gex(const std::string& text, const std::string& origin,
                           const ImportOptions& options);

/// GA-AEM system (.stm): one moment for each component asked for.
SystemFile system_from_stm(const std::string& text, const std::string& origin,
                           const ImportOptions& options);

}  // namespace stratem::io
