# SPDX-License-Identifier: Apache-2.0
# What every file of ours is compiled with.
add_library(tlsgauge_options INTERFACE)
target_include_directories(tlsgauge_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_definitions(tlsgauge_options INTERFACE
  _GNU_SOURCE TLSGAUGE_VERSION="${PROJECT_VERSION}")
target_compile_options(tlsgauge_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes
  -Wmissing-prototypes -Wvla -Wundef -Wcast-qual -Wformat=2 -Wwrite-strings
  -fno-strict-aliasing -fstack-protector-strong)
if(TLSGAUGE_WERROR)
  target_compile_options(tlsgauge_options INTERFACE -Werror)
endif()
# assert stays in every build: a bug must stop the tool, not pass a cell.
foreach(kind RELEASE RELWITHDEBINFO MINSIZEREL)
  string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_${kind} "${CMAKE_C_FLAGS_${kind}}")
endforeach()
if(TLSGAUGE_SANITIZE)
  target_compile_options(tlsgauge_options INTERFACE
    -fsanitize=${TLSGAUGE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(tlsgauge_options INTERFACE -fsanitize=${TLSGAUGE_SANITIZE})
endif()
if(TLSGAUGE_COVERAGE)
  target_compile_options(tlsgauge_options INTERFACE --coverage)
  target_link_options(tlsgauge_options INTERFACE --coverage)
endif()
if(TLSGAUGE_STATIC)
  # C needs no unwind tables: they would be a tenth of the executable.
  target_compile_options(tlsgauge_options INTERFACE -ffunction-sections -fdata-sections
    -fno-asynchronous-unwind-tables -fno-unwind-tables)
  target_link_options(tlsgauge_options INTERFACE -static -Wl,--gc-sections -s)
endif()
