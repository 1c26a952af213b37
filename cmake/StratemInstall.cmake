# Installs the library, its headers, the program and what find_package(stratem) reads.
# The installed library refers to TBB and HDF5 by name, so they must be the system's own.
if(TBB_FETCHED OR HDF5_FETCHED)
  message(STATUS "TBB or HDF5 was downloaded: stratem can be built and run here, not installed "
                 "(Debian and Ubuntu: apt-get install libtbb-dev libhdf5-dev)")
  return()
endif()

include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/stratem)

install(TARGETS stratem EXPORT stratemTargets)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/stratem ${PROJECT_BINARY_DIR}/src/include/stratem
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING
        PATTERN *.hpp
        PATTERN *.h)
if(STRATEM_BUILD_CLI)
  file(RELATIVE_PATH bin_to_lib ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
  set_target_properties(stratem_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${bin_to_lib}")
  install(TARGETS stratem_cli)
endif()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(EXPORT stratemTargets NAMESPACE stratem:: DESTINATION ${package_dir})
get_target_property(library_type stratem TYPE)
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/stratemConfig.cmake.in ${PROJECT_BINARY_DIR}/stratemConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/stratemConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/stratemConfig.cmake
              ${PROJECT_BINARY_DIR}/stratemConfigVersion.cmake DESTINATION ${package_dir})

include(StratemPkgConfig)
