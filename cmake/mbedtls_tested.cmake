# SPDX-License-Identifier: Apache-2.0
# The mbedTLS under test. A program with the property TLSGAUGE_MBEDTLS_TESTED gets these archives in
# place of the library that everything else links, so that there is one copy in it: those that
# scripts/fuzz-mbedtls builds for the fuzzer's engine, or else Debian's static ones. Static, because
# only what the linker sees can be replaced, and counted by the harnesses' memory oracle.
if(TLSGAUGE_FUZZ)
  set(TLSGAUGE_MBEDTLS_ENGINE ${TLSGAUGE_FUZZ} CACHE STRING "ENGINE of scripts/fuzz-mbedtls")
else()
  set(TLSGAUGE_MBEDTLS_ENGINE "" CACHE STRING "ENGINE of scripts/fuzz-mbedtls; empty: Debian's")
endif()

if(TLSGAUGE_MBEDTLS_ENGINE)
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/fuzz-mbedtls ${TLSGAUGE_MBEDTLS_ENGINE}
                  RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "there is no mbedTLS to test: "
            "'scripts/fuzz-mbedtls ${TLSGAUGE_MBEDTLS_ENGINE}' failed")
  endif()
endif()

foreach(name mbedtls mbedx509 mbedcrypto)
  if(TLSGAUGE_MBEDTLS_ENGINE)
    set(archive_${name}
        ${CMAKE_SOURCE_DIR}/build/mbedtls/${TLSGAUGE_MBEDTLS_ENGINE}/library/lib${name}.a)
  else()
    find_library(TLSGAUGE_ARCHIVE_${name} NAMES lib${name}.a REQUIRED)
    set(archive_${name} ${TLSGAUGE_ARCHIVE_${name}})
  endif()
endforeach()

# tlsgauge_tested(NAME LIBRARY...): deps::NAME is the tested one for whoever has the property.
function(tlsgauge_tested name)
  set(is_tested "$<BOOL:$<TARGET_PROPERTY:TLSGAUGE_MBEDTLS_TESTED>>")
  get_target_property(usual deps::${name} INTERFACE_LINK_LIBRARIES)
  set(libraries "")
  foreach(library ${usual})
    list(APPEND libraries "$<$<NOT:${is_tested}>:${library}>")
  endforeach()
  foreach(library ${ARGN})
    list(APPEND libraries "$<${is_tested}:${archive_${library}}>")
  endforeach()
  set_property(TARGET deps::${name} PROPERTY INTERFACE_LINK_LIBRARIES ${libraries})
endfunction()

tlsgauge_tested(mbedcrypto mbedcrypto)
tlsgauge_tested(mbedx509 mbedx509 mbedcrypto)
tlsgauge_tested(mbedtls mbedtls mbedx509 mbedcrypto)
