# SPDX-License-Identifier: Apache-2.0
# tlsgauge_embed(LAYER FOLDER SUFFIX): compiles FOLDER/*.SUFFIX into LAYER as the table
# `struct builtin_file builtin_NAME[]` (script/builtin.h), sorted by name; NAME is the last part of
# FOLDER.
function(tlsgauge_embed layer folder suffix)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.${suffix})
  list(SORT files)
  get_filename_component(name ${folder} NAME)
  set(out ${CMAKE_BINARY_DIR}/embedded_${name}.c)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DFOLDER=${folder} -DSUFFIX=${suffix}
            -DROOT=${CMAKE_SOURCE_DIR} -P ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "embedding ${folder}/*.${suffix}" VERBATIM)
  get_target_property(type ${layer} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    target_sources(${layer} PRIVATE ${out})
  endif()
endfunction()
