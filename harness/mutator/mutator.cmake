# SPDX-License-Identifier: Apache-2.0
# Which harnesses get the mutator of src/mutate, and what their inputs are: UNIT:FORM:SKIP, with the
# number of bytes that stand before the form.
option(TLSGAUGE_MUTATOR "give the fuzzers the mutator of src/mutate" ON)
set(mutated
  client_hello:MUTATE_BODY:9 fingerprint:MUTATE_BODY:9 hello_input:MUTATE_RECORDS:0
  hello_text:MUTATE_RECORDS:1 stream:MUTATE_RECORDS:0 handshake:MUTATE_RECORDS:2
  directed:MUTATE_RECORDS:5 exchange:MUTATE_RECORDS:3 performance:MUTATE_RECORDS:5
  mbedtls_server:MUTATE_RECORDS:5 mbedtls_server_real:MUTATE_RECORDS:5
  mbedtls_client:MUTATE_RECORDS:5 insider:MUTATE_RECORDS:6
  differ_mbedtls:MUTATE_RECORDS:0 differ_openssl:MUTATE_RECORDS:0)

# tlsgauge_mutated(TARGET UNIT FILE): TARGET with the adapter FILE, if UNIT is one of them.
function(tlsgauge_mutated target unit file)
  foreach(line ${mutated})
    string(REPLACE ":" ";" line ${line})
    list(GET line 0 name)
    if(name STREQUAL unit)
      list(GET line 1 form)
      list(GET line 2 skip)
      target_sources(${target} PRIVATE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${file})
      if(TLSGAUGE_FUZZ STREQUAL "libfuzzer")
        target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/mutator.o)
        add_dependencies(${target} mutator_object)
      endif()
      target_compile_definitions(${target} PRIVATE MUTATOR_FORM=${form} MUTATOR_SKIP=${skip})
    endif()
  endforeach()
endfunction()

file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/base/*.c
     ${CMAKE_SOURCE_DIR}/src/registry/*.c ${CMAKE_SOURCE_DIR}/src/wire/*.c
     ${CMAKE_SOURCE_DIR}/src/wire/extension/*.c ${CMAKE_SOURCE_DIR}/src/mutate/*.c)
list(FILTER sources EXCLUDE REGEX "/fingerprint\\.c$")
add_library(mutator_objects OBJECT EXCLUDE_FROM_ALL ${sources})
target_link_libraries(mutator_objects PRIVATE tlsgauge_options)

# libFuzzer's programs hold this code twice: once under test, and once in mutator.o, where it works
# for the mutator. That copy is not instrumented. What the mutator compares must not be taken for
# what the input makes the code compare, sanitizers would make it the slowest part of an execution,
# and it is under test elsewhere: by tests/mutate, in the presets dev and asan. Its names are local,
# so that neither copy calls the other and no planted bug gets into it; the two that the adapter
# calls have names of their own, since `tlsgauge fuzz` mutates as well.
if(TLSGAUGE_FUZZ STREQUAL "libfuzzer")
  set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/libfuzzer.c PROPERTIES COMPILE_DEFINITIONS
    "mutate_flight=mutator_flight;mutate_cross=mutator_cross")
  # Behind the options of tlsgauge_options: the last of them wins.
  set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS -fno-sanitize=all)
  add_custom_command(OUTPUT mutator.o
    COMMAND ${CMAKE_LINKER} -r -o mutator.o $<TARGET_OBJECTS:mutator_objects>
    COMMAND ${CMAKE_OBJCOPY} --keep-global-symbol=mutate_flight
            --keep-global-symbol=mutate_cross mutator.o
    COMMAND ${CMAKE_OBJCOPY} --redefine-sym mutate_flight=mutator_flight
            --redefine-sym mutate_cross=mutator_cross mutator.o
    DEPENDS mutator_objects $<TARGET_OBJECTS:mutator_objects>
    COMMENT "linking the mutator" COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(mutator_object DEPENDS mutator.o)
elseif(TLSGAUGE_FUZZ STREQUAL "engine")
  # Whose flags these are is the caller's business, but for what the mutator compares.
  target_compile_options(mutate PRIVATE -fno-sanitize=fuzzer-no-link)
endif()

# For AFL++, mutator_UNIT.so for AFL_CUSTOM_MUTATOR_LIBRARY: built without AFL++'s compiler, so in
# the ordinary build.
if(NOT TLSGAUGE_FUZZ)
  set_target_properties(mutator_objects PROPERTIES POSITION_INDEPENDENT_CODE ON
                        C_VISIBILITY_PRESET hidden)
  add_custom_target(mutators)
  foreach(line ${mutated})
    string(REGEX REPLACE ":.*" "" unit ${line})
    add_library(mutator_${unit} MODULE EXCLUDE_FROM_ALL)
    set_target_properties(mutator_${unit} PROPERTIES PREFIX "")
    target_link_libraries(mutator_${unit} PRIVATE mutator_objects tlsgauge_options)
    tlsgauge_mutated(mutator_${unit} ${unit} afl.c)
    add_dependencies(mutators mutator_${unit})
  endforeach()
endif()

# tests/mutate calls both adapters as their engines would.
if(TARGET test_mutate)
  target_sources(test_mutate PRIVATE ${CMAKE_CURRENT_LIST_DIR}/afl.c
                 ${CMAKE_CURRENT_LIST_DIR}/libfuzzer.c)
  target_compile_definitions(test_mutate PRIVATE MUTATOR_FORM=MUTATE_RECORDS MUTATOR_SKIP=2)
  target_include_directories(test_mutate PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
endif()
