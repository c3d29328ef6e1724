# nguon_module(NAME [DEPS module…] [LIBS library…])
# src/NAME/*.cc          -> static library nguon_NAME
# src/NAME/routes*.cc    -> static library nguon_NAME_routes (the domain does not link HTTP)
# src/NAME/*_test.cc     -> test program NAME_test
# src/NAME/fuzz/F.cc     -> fuzz_NAME_F, in a sanitizer build by clang; the target `fuzz` builds all
#
# NGUON_SANITIZE: address,undefined or thread; `./run deep` sets it, with clang.
set(NGUON_SANITIZE "" CACHE STRING "sanitizers for everything of ours")
if(NGUON_SANITIZE)
  add_compile_options(-fsanitize=${NGUON_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${NGUON_SANITIZE})
  if(NGUON_SANITIZE STREQUAL "thread")
    # Asio's fence is one that TSan does not know; it would report what is ordered.
    add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()
endif()

# g++ is the judge of warnings; clang's -Wconversion asks for other casts.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(NGUON_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # False at `text = "…"` and text.insert() once they are inlined (GCC bugs 105651 and 105329).
    list(APPEND NGUON_WARNINGS -Wno-restrict -Wno-stringop-overflow)
  endif()
else()
  set(NGUON_WARNINGS -Wall -Wextra)
endif()

# One precompiled header, of std only, for every module and test: each of its own would cost 1.5 s and 50 MB.
file(WRITE ${CMAKE_BINARY_DIR}/pch.cc.new "")
configure_file(${CMAKE_BINARY_DIR}/pch.cc.new ${CMAKE_BINARY_DIR}/pch.cc COPYONLY)
add_library(nguon_pch STATIC ${CMAKE_BINARY_DIR}/pch.cc)
target_compile_options(nguon_pch PRIVATE ${NGUON_WARNINGS})
target_precompile_headers(nguon_pch PRIVATE
  <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <deque> <expected> <filesystem>
  <functional> <map> <memory> <mutex> <optional> <set> <span> <string> <string_view> <thread>
  <unordered_map> <utility> <variant> <vector>)

# What every target of ours has. fmt's and Boost's macros do not occur in the precompiled header.
function(nguon_target TARGET)
  target_compile_options(${TARGET} PRIVATE ${NGUON_WARNINGS})
  target_precompile_headers(${TARGET} REUSE_FROM nguon_pch)
endfunction()

add_custom_target(fuzz)

function(nguon_module NAME)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBS" ${ARGN})
  file(GLOB SOURCES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${NAME}/*.cc
       ${CMAKE_SOURCE_DIR}/src/${NAME}/internal/*.cc)
  set(TESTS ${SOURCES})
  list(FILTER TESTS INCLUDE REGEX "_test\\.cc$")
  list(FILTER SOURCES EXCLUDE REGEX "_test\\.cc$")
  set(ROUTES ${SOURCES})
  list(FILTER ROUTES INCLUDE REGEX "/routes(_[a-z]+)?\\.cc$")
  if(NOT NAME STREQUAL "node")
    list(FILTER SOURCES EXCLUDE REGEX "/routes(_[a-z]+)?\\.cc$")
  endif()
  set(LINKS ${ARG_LIBS})
  foreach(DEP ${ARG_DEPS})
    list(APPEND LINKS nguon_${DEP})
  endforeach()
  if(SOURCES)
    add_library(nguon_${NAME} STATIC ${SOURCES})
    target_include_directories(nguon_${NAME} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(nguon_${NAME} PUBLIC ${LINKS})
    nguon_target(nguon_${NAME})
  else()
    add_library(nguon_${NAME} INTERFACE)
    target_include_directories(nguon_${NAME} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(nguon_${NAME} INTERFACE ${LINKS})
  endif()
  if(ROUTES AND NOT NAME STREQUAL "node")
    add_library(nguon_${NAME}_routes STATIC ${ROUTES})
    target_link_libraries(nguon_${NAME}_routes PUBLIC nguon_${NAME} nguon_http)
    nguon_target(nguon_${NAME}_routes)
  endif()
  if(TESTS)
    add_executable(${NAME}_test ${TESTS})
    target_link_libraries(${NAME}_test PRIVATE nguon_${NAME} GTest::gtest GTest::gmock GTest::gtest_main)
    nguon_target(${NAME}_test)
    add_test(NAME ${NAME}_test COMMAND ${NAME}_test)
  endif()
  if(NGUON_SANITIZE MATCHES "address" AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    file(GLOB FUZZERS CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${NAME}/fuzz/*.cc)
    foreach(SOURCE ${FUZZERS})
      cmake_path(GET SOURCE STEM FUZZER)
      add_executable(fuzz_${NAME}_${FUZZER} EXCLUDE_FROM_ALL ${SOURCE})
      target_link_options(fuzz_${NAME}_${FUZZER} PRIVATE -fsanitize=fuzzer)
      target_link_libraries(fuzz_${NAME}_${FUZZER} PRIVATE nguon_${NAME})
      nguon_target(fuzz_${NAME}_${FUZZER})
      add_dependencies(fuzz fuzz_${NAME}_${FUZZER})
    endforeach()
  endif()
endfunction()
