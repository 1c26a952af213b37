#include "io/hdf5/driver.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <limits>
#include <new>

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

namespace stratem::io::hdf5 {
namespace {

/// Alignment in bytes. Numbers that are written together then lie in one sector of the disk, so a
/// power cut leaves all or none of them changed.
constexpr hsize_t alignment = 64;

/// The data passed with the access properties: where to record a failure.
struct Settings {
  std::error_code* failure;
};

/// The file as the library passes it to the functions below.
struct DriverFile : H5FD_t {
  DriverFile() : H5FD_t() {}

  int descriptor = -1;
  haddr_t allocated = 0;
  haddr_t end = 0;
  std::error_code* failure = nullptr;
};

DriverFile& as_file(H5FD_t* file) { return *static_cast<DriverFile*>(file); }
const DriverFile& as_file(const H5FD_t* file) { return *static_cast<const DriverFile*>(file); }

void note_failure(DriverFile& file) {
  if (!*file.failure) *file.failure = {errno == 0 ? EIO : errno, std::generic_category()};
}

/// The end of an existing file; 0 if it is not known.
haddr_t size_of(int descriptor) {
  struct stat facts {};
  return ::fstat(descriptor, &facts) == 0 ? static_cast<haddr_t>(facts.st_size) : 0;
}

H5FD_t* open_file(const char* name, unsigned flags, hid_t properties, haddr_t) {
  const auto* settings = static_cast<const Settings*>(H5Pget_driver_info(properties));
  if (settings == nullptr) return nullptr;
  auto* file = new (std::nothrow) DriverFile();
  if (file == nullptr) return nullptr;
  file->failure = settings->failure;
  const int truncate = (flags & H5F_ACC_TRUNC) != 0 ? O_TRUNC : 0;
  file->descriptor = ::open(name, O_RDWR | truncate | O_CLOEXEC);
  if (file->descriptor >= 0) {
    file->end = size_of(file->descriptor);
    return file;
  }
  note_failure(*file);
  delete file;
  return nullptr;
}

herr_t close_file(H5FD_t* base) {
  DriverFile& file = as_file(base);
  // Some file systems report only now that the disk is full.
  if (::close(file.descriptor) != 0) note_failure(file);
  delete &file;
  return 0;
}

herr_t query(const H5FD_t*, unsigned long* flags) {
  if (flags != nullptr) {
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA;
  }
  return 0;
}

haddr_t allocated_end(const H5FD_t* file, H5FD_mem_t) { return as_file(file).allocated; }
haddr_t file_end(const H5FD_t* file, H5FD_mem_t) { return as_file(file).end; }
herr_t set_allocated_end(H5FD_t* file, H5FD_mem_t, haddr_t end) {
  as_file(file).allocated = end;
  return 0;
}

herr_t read_bytes(H5FD_t* base, H5FD_mem_t, hid_t, haddr_t at, std::size_t size, void* buffer) {
  DriverFile& file = as_file(base);
  auto* bytes = static_cast<std::byte*>(buffer);
  while (size > 0) {
    const ssize_t got = ::pread(file.descriptor, bytes, size, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) note_failure(file);
    if (got <= 0) break;
    bytes += got;
    at += static_cast<haddr_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  // Bytes that were never written are read as zeros.
  std::fill_n(bytes, size, std::byte{0});
  return 0;
}

herr_t write_bytes(H5FD_t* base, H5FD_mem_t, hid_t, haddr_t at, std::size_t size,
                   const void* buffer) {
  DriverFile& file = as_file(base);
  file.end = std::max(file.end, at + size);
  const auto* bytes = static_cast<const std::byte*>(buffer);
  while (size > 0 && !*file.failure) {
    const ssize_t put = ::pwrite(file.descriptor, bytes, size, static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      note_failure(file);
      break;
    }
    bytes += put;
    at += static_cast<haddr_t>(put);
    size -= static_cast<std::size_t>(put);
  }
  return 0;
}

herr_t truncate_file(H5FD_t* base, hid_t, hbool_t) {
  DriverFile& file = as_file(base);
  if (file.allocated == file.end) return 0;
  if (!*file.failure && ::ftruncate(file.descriptor, static_cast<off_t>(file.allocated)) != 0) {
    note_failure(file);
  }
  file.end = file.allocated;
  return 0;
}

H5FD_class_t description() {
  H5FD_class_t driver{};
#if H5_VERSION_GE(1, 13, 0)
  driver.version = H5FD_CLASS_VERSION;
  // The library reserves the numbers below for itself and its registry.
  driver.value = static_cast<H5FD_class_value_t>(H5_VFD_RESERVED + 17);
#endif
  driver.name = "stratem_write";
  driver.maxaddr = static_cast<haddr_t>(std::numeric_limits<off_t>::max());
  driver.fc_degree = H5F_CLOSE_STRONG;
  driver.fapl_size = sizeof(Settings);
  driver.open = open_file;
  driver.close = close_file;
  driver.query = query;
  driver.get_eoa = allocated_end;
  driver.set_eoa = set_allocated_end;
  driver.get_eof = file_end;
  driver.read = read_bytes;
  driver.write = write_bytes;
  driver.truncate = truncate_file;
  constexpr H5FD_mem_t metadata_and_data[] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(metadata_and_data), std::end(metadata_and_data), driver.fl_map);
  return driver;
}

}  // namespace

WriteDriver::WriteDriver() : failure_(std::make_unique<std::error_code>()) {
  const Session session;
  const H5FD_class_t driver = description();
  driver_ = Handle(H5FDregister(&driver), H5FDunregister);
  properties_ = Handle(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  const Settings settings{failure_.get()};
  H5Pset_driver(properties_.id(), driver_.id(), &settings);
  H5Pset_alignment(properties_.id(), 0, alignment);
  // Use the oldest format that has the needed features. It does not mark files as open, so a file
  // that was being written when its process died can be read.
  H5Pset_libver_bounds(properties_.id(), H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
}

}  // namespace stratem::io::hdf5
