# Writes and installs stratem.pc, which pkg-config reads, for programs that are not built with CMake. It names its
# folders relative to its own, so that an installed copy may be moved.
set(pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
cmake_path(APPEND CMAKE_INSTALL_FULL_LIBDIR pkgconfig OUTPUT_VARIABLE pc_full_dir)
file(RELATIVE_PATH pc_to_prefix ${pc_full_dir} ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" pc_to_prefix ${pc_to_prefix})
set(pc_prefix "\${prefix}")
cmake_path(APPEND pc_prefix ${CMAKE_INSTALL_INCLUDEDIR} OUTPUT_VARIABLE pc_includedir)
cmake_path(APPEND pc_prefix ${CMAKE_INSTALL_LIBDIR} OUTPUT_VARIABLE pc_libdir)

# A static library needs what it was built from at the program's link, with pkg-config's option --static or without:
# there is no shared one beside it. It also needs the C++ libraries, which a C compiler does not link by itself.
set(pc_dependencies "")
get_target_property(library_type stratem TYPE)
if(library_type STREQUAL "STATIC_LIBRARY")
  set(arguments -L$<TARGET_LINKER_FILE_DIR:hwy::hwy> -lhwy -L$<TARGET_LINKER_FILE_DIR:TBB::tbb> -ltbb ${HDF5_C_LIBRARIES})
  if(STRATEM_CUDA)
    list(APPEND arguments $<TARGET_LINKER_FILE:CUDA::cudart_static> -lrt -ldl)
  endif()
  set(runtime ${CMAKE_CXX_IMPLICIT_LINK_LIBRARIES})
  list(REMOVE_ITEM runtime ${CMAKE_C_IMPLICIT_LINK_LIBRARIES} m)
  list(TRANSFORM runtime PREPEND -l)
  list(APPEND arguments ${runtime} -lm -pthread)
  list(JOIN arguments " " pc_dependencies)
  string(PREPEND pc_dependencies " ")
endif()

configure_file(${CMAKE_CURRENT_LIST_DIR}/stratem.pc.in ${PROJECT_BINARY_DIR}/stratem.pc.in @ONLY)
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/$<CONFIG>/stratem.pc INPUT ${PROJECT_BINARY_DIR}/stratem.pc.in)
install(FILES ${PROJECT_BINARY_DIR}/$<CONFIG>/stratem.pc DESTINATION ${pc_dir})
