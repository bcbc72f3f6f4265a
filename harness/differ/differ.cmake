# SPDX-License-Identifier: Apache-2.0
# The differential harnesses: a library rig_differ_LIBRARY each, which a harness asks for in its
# line "Rig: differ_LIBRARY.", and the review of its list against its corpus.
set(differ_mbedtls deps::mbedtls)

# tlsgauge_differ(LIBRARY TARGET): rig_differ_LIBRARY over the dependency TARGET.
function(tlsgauge_differ library target)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/differ)
  add_library(rig_differ_${library} STATIC ${folder}/read.c ${folder}/compare.c
              ${folder}/conditions.c ${folder}/conditions_mbedtls.c
              ${folder}/conditions_openssl.c ${folder}/list_${library}.c
              ${folder}/rig_differ_${library}.c)
  target_link_libraries(rig_differ_${library} PUBLIC ${target} harness_support)
endfunction()

if(TLSGAUGE_FUZZ OR TLSGAUGE_TESTS)
  tlsgauge_differ(mbedtls ${differ_mbedtls})
  tlsgauge_differ(openssl deps::openssl)
endif()

# tlsgauge_rig(NAME SOURCE): the rig that SOURCE asks for.
function(tlsgauge_rig name source)
  file(STRINGS ${source} line REGEX "Rig: ")
  if(line)
    string(REGEX REPLACE ".*Rig: ([a-z0-9_]+)\\..*" "rig_\\1" rig "${line}")
    target_link_libraries(${name} PRIVATE ${rig})
  endif()
endfunction()

# tlsgauge_review(LIBRARY): a test that its list, its corpus and the documentation belong together.
function(tlsgauge_review library)
  set(name review_differ_${library})
  add_executable(${name} differ/main_review.c fuzz_differ_${library}.c)
  target_link_libraries(${name} PRIVATE rig_differ_${library} harness_support)
  foreach(function malloc calloc realloc free strdup)
    target_link_options(${name} PRIVATE -Wl,--wrap=${function})
  endforeach()
  add_test(NAME differ.${library} COMMAND ${name}
    ${CMAKE_SOURCE_DIR}/corpus/differ_${library} ${CMAKE_SOURCE_DIR}/docs/fuzzing.md)
endfunction()

if(TLSGAUGE_TESTS AND NOT TLSGAUGE_FUZZ)
  tlsgauge_review(mbedtls)
  tlsgauge_review(openssl)
endif()
