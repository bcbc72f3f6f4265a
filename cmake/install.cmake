# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where, and the packages that CPack makes of it: the executable, manual
# pages that it prints itself, completions, policies, cases and the documentation.
include(GNUInstallDirs)

install(TARGETS tlsgauge)

# The pages come from the option tables of the executable that was just built.
set(pages ${CMAKE_BINARY_DIR}/man)
add_custom_command(OUTPUT ${pages}/tlsgauge.1.gz
  COMMAND ${CMAKE_SOURCE_DIR}/scripts/make-man $<TARGET_FILE:tlsgauge> ${pages}
  DEPENDS tlsgauge ${CMAKE_SOURCE_DIR}/scripts/make-man
  COMMENT "manual pages" VERBATIM)
# Where another machine's executable is built, this one cannot run it.
if(NOT CMAKE_CROSSCOMPILING AND NOT TLSGAUGE_FUZZ)
  add_custom_target(man ALL DEPENDS ${pages}/tlsgauge.1.gz)
  install(DIRECTORY ${pages}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

install(FILES packaging/completions/tlsgauge.bash
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME tlsgauge)
install(FILES packaging/completions/_tlsgauge
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES packaging/completions/tlsgauge.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(DIRECTORY policies cases DESTINATION ${CMAKE_INSTALL_DATADIR}/tlsgauge
  FILES_MATCHING PATTERN "*.policy" PATTERN "*.case")
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING
  PATTERN "*.md" PATTERN "*.schema.json")
install(FILES README.md CHANGELOG.md packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME tlsgauge)
set(CPACK_PACKAGE_VENDOR "The tlsgauge authors")
set(CPACK_PACKAGE_CONTACT "The tlsgauge authors <tlsgauge@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "proves that a TLS endpoint does what its documentation says")
set(CPACK_PACKAGE_FILE_NAME
  "tlsgauge-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"tlsgauge reads a policy, which is the table that a service's documentation
 publishes, drives raw ClientHello variants at an endpoint, and says cell by
 cell whether the endpoint accepts and rejects what the document says it does.
 One static executable, with policies and conformance cases built in.")
if(NOT TLSGAUGE_STATIC)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
endif()
include(CPack)
