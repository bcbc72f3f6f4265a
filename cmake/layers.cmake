# SPDX-License-Identifier: Apache-2.0
# tlsgauge_layer(NAME [LOWER LAYER OR LIBRARY ...]): the folder src/NAME as one static library.
# A layer without sources yet is an interface library, so that the house stands from the first day.
function(tlsgauge_layer name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.c)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC tlsgauge_options ${ARGN})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE tlsgauge_options ${ARGN})
  endif()
endfunction()
