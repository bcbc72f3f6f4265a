# SPDX-License-Identifier: Apache-2.0
# Imported targets for the libraries, static archives when one static executable is asked for.
if(TLSGAUGE_STATIC OR TLSGAUGE_FUZZ STREQUAL "engine")
  # An engine's fuzzers run where none of the libraries is installed.
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
elseif(TLSGAUGE_FUZZ)
  # Static where there is one: only what the linker sees is counted by the harnesses' memory oracle.
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a .so)
endif()

function(tlsgauge_dependency target header package)
  find_path(${target}_INCLUDE ${header} REQUIRED)
  set(libraries "")
  foreach(name ${ARGN})
    find_library(${target}_${name}_LIBRARY NAMES ${name} REQUIRED)
    list(APPEND libraries ${${target}_${name}_LIBRARY})
  endforeach()
  add_library(deps::${target} INTERFACE IMPORTED)
  target_include_directories(deps::${target} SYSTEM INTERFACE ${${target}_INCLUDE})
  target_link_libraries(deps::${target} INTERFACE ${libraries})
  message(STATUS "${target}: ${libraries} (Debian package ${package})")
endfunction()

tlsgauge_dependency(mbedcrypto mbedtls/md.h libmbedtls-dev mbedcrypto)
tlsgauge_dependency(mbedx509 mbedtls/x509_crt.h libmbedtls-dev mbedx509 mbedcrypto)
tlsgauge_dependency(mbedtls mbedtls/ssl.h libmbedtls-dev mbedtls mbedx509 mbedcrypto)
tlsgauge_dependency(cares ares.h libc-ares-dev cares)
tlsgauge_dependency(jansson jansson.h libjansson-dev jansson)
# libuv's archive is libuv_a.a up to 1.44, and libuv.a from then on.
if(CMAKE_FIND_LIBRARY_SUFFIXES STREQUAL ".a")
  find_library(TLSGAUGE_UV_A uv_a)
endif()
if(TLSGAUGE_UV_A)
  tlsgauge_dependency(uv uv.h libuv1-dev uv_a)
else()
  tlsgauge_dependency(uv uv.h libuv1-dev uv)
endif()
set_property(TARGET deps::uv APPEND PROPERTY INTERFACE_LINK_LIBRARIES pthread dl)
