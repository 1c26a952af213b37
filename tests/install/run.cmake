# Installs build_dir to a prefix, moves the prefix, and there configures, builds and runs the project in source_dir.
file(REMOVE_RECURSE ${work_dir})
set(prefix ${work_dir}/prefix)

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run(${CMAKE_COMMAND} --install ${build_dir} --config ${config} --prefix ${work_dir}/first_prefix)
file(RENAME ${work_dir}/first_prefix ${prefix})
run(${CMAKE_COMMAND}
    -G ${generator}
    -S ${source_dir}
    -B ${work_dir}/build
    -D CMAKE_PREFIX_PATH=${prefix}
    -D CMAKE_BUILD_TYPE=${config}
    -D CMAKE_CXX_COMPILER=${compiler}
    -D CMAKE_CXX_FLAGS=${flags}
    -D STRATEM_VERSION=${version})
run(${CMAKE_COMMAND} --build ${work_dir}/build --config ${config})
run(${CMAKE_CTEST_COMMAND} --test-dir ${work_dir}/build --build-config ${config} --output-on-failure
    --no-tests=error)
