#include "core/checksum.hpp"

#include <boost/crc.hpp>
#include <iomanip>
#include <locale>
#include <sstream>

namespace stratem::core {

std::uint64_t crc64(std::span<const std::byte> bytes, std::uint64_t before) {
  boost::crc_optimal<64, 0x42F0E1EBA9EA3693, 0, 0, false, false> crc(before);
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::string hex_text(std::uint64_t number) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << std::hex << std::setw(16) << std::setfill('0') << number;
  return text.str();
}

}  // namespace stratem::core
