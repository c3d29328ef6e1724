# The codes of the pack administrative-units as literals, so that `check` knows them without a node:
# the first column of each list, one code after the other.
set(NGUON_CODES ${CMAKE_SOURCE_DIR}/packs/administrative-units/data)
set(NGUON_GENERATED ${CMAKE_BINARY_DIR}/generated)

function(nguon_code_list RESULT NAME FILE LENGTH)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${NGUON_CODES}/${FILE}.csv)
  file(READ ${NGUON_CODES}/${FILE}.csv TEXT)
  string(REGEX MATCHALL "\n[0-9]+," CODES "${TEXT}")
  string(REGEX REPLACE "[\n,;]" "" CODES "${CODES}")
  string(LENGTH "${CODES}" ALL)
  math(EXPR REST "${ALL} % ${LENGTH}")
  if(ALL EQUAL 0 OR NOT REST EQUAL 0)
    message(FATAL_ERROR "${NGUON_CODES}/${FILE}.csv: codes of ${LENGTH} digits were expected")
  endif()
  # Lines that an editor can show.
  string(REGEX REPLACE "(................................................................................)"
         "\\1\"\n    \"" CODES "${CODES}")
  set(${RESULT} "${${RESULT}}constexpr std::string_view ${NAME} =\n    \"${CODES}\";\n" PARENT_SCOPE)
endfunction()

set(NGUON_LISTS "// Made by cmake/code_lists.cmake.\n")
nguon_code_list(NGUON_LISTS kProvinceCodes province 2)
nguon_code_list(NGUON_LISTS kWardCodes ward 5)
nguon_code_list(NGUON_LISTS kFormerProvinceCodes former_province 2)
nguon_code_list(NGUON_LISTS kFormerDistrictCodes former_district 3)
nguon_code_list(NGUON_LISTS kFormerWardCodes former_ward 5)
file(CONFIGURE OUTPUT ${NGUON_GENERATED}/intake/code_lists.inc CONTENT "@NGUON_LISTS@" @ONLY)
