// Code shared by the tests of model and response files.
#pragma once

#include <gtest/gtest.h>
#include <hdf5.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "io/hdf5/handle.hpp"
#include "stratem/models.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace stratem::test {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// A folder of its own for each test, removed at its end.
class DataFiles : public testing::Test {
 protected:
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

  std::filesystem::path with_text(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      found.push_back(entry.path().filename().string());
    }
    return found;
  }

 private:
  TemporaryFolder folder_;
};

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Adds a dataset to an HDF5 file, stored as another program might store it. Makes the file if it
/// does not exist.
inline void add_dataset(const std::filesystem::path& path, const std::string& name,
                        const std::vector<hsize_t>& shape, const std::vector<double>& values,
                        hid_t stored_as = H5T_IEEE_F64LE) {
  using io::hdf5::Handle;
  const Handle file(std::filesystem::exists(path)
                        ? H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)
                        : H5Fcreate(path.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT),
                    H5Fclose);
  const Handle space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
                     H5Sclose);
  const Handle dataset(H5Dcreate2(file.id(), name.c_str(), stored_as, space.id(), H5P_DEFAULT,
                                  H5P_DEFAULT, H5P_DEFAULT),
                       H5Dclose);
  ASSERT_TRUE(dataset.is_open());
  if (values.empty()) return;
  ASSERT_GE(H5Dwrite(dataset.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
            0);
}

/// Whether numbers are equal to the last bit, NaN included.
inline void expect_same_bits(const std::vector<double>& a, const std::vector<double>& b,
                             const char* what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(a[i]), std::bit_cast<std::uint64_t>(b[i]))
        << what << "[" << i << "]: " << a[i] << " and " << b[i];
  }
}

inline void expect_same(const ModelSet& a, const ModelSet& b) {
  EXPECT_EQ(a.models, b.models);
  EXPECT_EQ(a.layers, b.layers);
  EXPECT_EQ(a.layer_count, b.layer_count);
  expect_same_bits(a.resistivity, b.resistivity, "resistivity");
  expect_same_bits(a.depth, b.depth, "depth");
  expect_same_bits(a.thickness, b.thickness, "thickness");
  expect_same_bits(a.chargeability, b.chargeability, "chargeability");
  expect_same_bits(a.time_constant, b.time_constant, "time_constant");
  expect_same_bits(a.exponent, b.exponent, "exponent");
  expect_same_bits(a.height, b.height, "height");
}

/// Two models of up to three layers with every array, and numbers that are awkward to write.
inline ModelSet full_set() {
  ModelSet set;
  set.models = 2;
  set.layers = 3;
  set.resistivity = {0.1, 1.0 / 3.0, 1e300, 5e-324, 123456789.0, nan};
  set.thickness = {2.5, 0.1 + 0.2, 7.0, nan};
  set.layer_count = {3, 2};
  set.chargeability = {0.0, 0.5, 1e-17, -0.0, 0.25, nan};
  set.time_constant = {1.0, 1e-3, 2.0, 3.0, infinity, nan};
  set.exponent = {1.0, 0.5, 0.1, 0.7, 0.6, nan};
  set.height = {30.1, -infinity};
  return set;
}

inline ModelSet one_layer_set() {
  ModelSet set;
  set.models = 3;
  set.layers = 1;
  set.resistivity = {1.0, 10.0, 100.0};
  return set;
}

}  // namespace stratem::test
