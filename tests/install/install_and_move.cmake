# Installs build_dir into work_dir and moves the installed copy to `prefix`. Defines run(), which ends with the command
# that fails.
file(REMOVE_RECURSE ${work_dir})
set(prefix ${work_dir}/prefix)

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run(${CMAKE_COMMAND} --install ${build_dir} --config ${config} --prefix ${work_dir}/first_prefix)
file(RENAME ${work_dir}/first_prefix ${prefix})
