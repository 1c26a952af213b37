// Checksums: CRC-64 of ECMA-182.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace stratem::core {

/// The checksum of some bytes, or, with the checksum of what is `before` them, of all of it.
std::uint64_t crc64(std::span<const std::byte> bytes, std::uint64_t before = 0);

/// As sixteen hexadecimal digits.
std::string hex_text(std::uint64_t number);

}  // namespace stratem::core
