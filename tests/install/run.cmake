# Configures, builds and runs the project in source_dir against an installed copy of build_dir.
include(${CMAKE_CURRENT_LIST_DIR}/install_and_move.cmake)

run(${CMAKE_COMMAND}
    -G ${generator}
    -S ${source_dir}
    -B ${work_dir}/build
    -D CMAKE_PREFIX_PATH=${prefix}
    -D CMAKE_BUILD_TYPE=${config}
    -D CMAKE_C_COMPILER=${c_compiler}
    -D CMAKE_C_FLAGS=${c_flags}
    -D CMAKE_CXX_COMPILER=${compiler}
    -D CMAKE_CXX_FLAGS=${flags}
    -D STRATEM_VERSION=${version})
run(${CMAKE_COMMAND} --build ${work_dir}/build --config ${config})
run(${CMAKE_CTEST_COMMAND} --test-dir ${work_dir}/build --build-config ${config} --output-on-failure
    --no-tests=error)
