# Third-party libraries. The system's own are preferred; missing ones are downloaded with a pinned version and checksum.
include(StratemFind)

find_package(Threads REQUIRED)

stratem_find(Boost VERSION 1.74 DEBIAN libboost-dev)
stratem_find(Eigen3 VERSION 3.3 DEBIAN libeigen3-dev)
stratem_find(
  TBB
  VERSION 2021
  DEBIAN libtbb-dev
  URL https://github.com/oneapi-src/oneTBB/archive/refs/tags/v2021.12.0.tar.gz
  SHA256 c7bb7aa69c254d91b8f0041a71c5bcc3936acb64408a1719aec0b2b7639dd84f
  OPTIONS TBB_TEST=OFF TBB_STRICT=OFF TBB_INSTALL=OFF)
stratem_find(hwy VERSION 1.0 DEBIAN libhwy-dev)
stratem_find(
  HDF5
  VERSION 1.10
  COMPONENTS C
  DEBIAN libhdf5-dev
  URL https://github.com/HDFGroup/hdf5/releases/download/hdf5_1.14.5/hdf5-1.14.5.tar.gz
  SHA256 ec2e13c52e60f9a01491bb3158cb3778c985697131fc6a342262d32a26e58e44
  OPTIONS
    BUILD_TESTING=OFF
    BUILD_STATIC_LIBS=ON
    HDF5_BUILD_EXAMPLES=OFF
    HDF5_BUILD_HL_LIB=OFF
    HDF5_BUILD_TOOLS=OFF
    HDF5_ENABLE_SZIP_SUPPORT=OFF
    HDF5_EXTERNALLY_CONFIGURED=ON
  TARGET hdf5-static)
stratem_find(
  nlohmann_json
  VERSION 3.9
  DEBIAN nlohmann-json3-dev
  URL https://github.com/nlohmann/json/archive/refs/tags/v3.11.3.tar.gz
  SHA256 0d8ef5af7f9794e3263480193c491549b2ba6cc74bb018906202ada498a79406)
stratem_find(
  Random123
  DEBIAN librandom123-dev
  URL https://github.com/DEShawResearch/random123/archive/refs/tags/v1.14.0.tar.gz
  SHA256 effafd8656b18030b2a5b995cd3650c51a7c45052e6e1c21e48b9fa7a59d926e)
if(Random123_FETCHED)
  find_package(Random123 REQUIRED)
endif()

if(STRATEM_BUILD_CLI)
  stratem_find(
    cxxopts
    VERSION 3.0
    DEBIAN libcxxopts-dev
    URL https://github.com/jarro2783/cxxopts/archive/refs/tags/v3.1.1.tar.gz
    SHA256 523175f792eb0ff04f9e653c90746c12655f10cb70f1d5e6d6d9491420298a08)
endif()
if(STRATEM_BUILD_TESTS)
  stratem_find(
    GTest
    VERSION 1.11
    DEBIAN libgtest-dev
    URL https://github.com/google/googletest/archive/refs/tags/v1.14.0.tar.gz
    SHA256 8ad598c73ad796e0d8280b082cebd82a630d73e73cd3c70057938a6501bba5d7
    OPTIONS INSTALL_GTEST=OFF)
endif()
if(STRATEM_BUILD_BENCH)
  stratem_find(
    benchmark
    VERSION 1.7
    DEBIAN libbenchmark-dev
    URL https://github.com/google/benchmark/archive/refs/tags/v1.8.3.tar.gz
    SHA256 6bc180a57d23d4d9515519f92b0c83d61b05b5bab188961f36ac7b06b0d9e9ce
    OPTIONS BENCHMARK_ENABLE_TESTING=OFF BENCHMARK_ENABLE_INSTALL=OFF)
endif()
