# SPDX-License-Identifier: Apache-2.0
file(GLOB files ${ROOT}/${FOLDER}/*.${SUFFIX})
# Sorted by name, without the suffix: a.policy stands before a-b.policy.
list(TRANSFORM files REPLACE "\\.${SUFFIX}$" "")
list(SORT files)
set(text "#include \"script/builtin.h\"\n\n")
set(table "")
set(count 0)
foreach(file ${files})
  get_filename_component(name ${file} NAME)
  file(READ ${file}.${SUFFIX} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR bytes "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
  string(REGEX REPLACE "((0x..,){24})" "\\1\n" hex "${hex}")
  string(APPEND text "static const unsigned char file_${count}[] = {\n${hex}0x00\n};\n\n")
  string(APPEND table "\t{ \"${name}\", \"${FOLDER}/${name}.${SUFFIX}\", "
         "{ file_${count}, ${bytes} } },\n")
  math(EXPR count "${count} + 1")
endforeach()
string(APPEND text "const struct builtin_file builtin_${FOLDER}[] = {\n"
       "${table}\t{ 0, 0, { 0, 0 } },\n};\n")
string(APPEND text "const size_t builtin_${FOLDER}_len = ${count};\n")
file(WRITE ${OUT} "${text}")
