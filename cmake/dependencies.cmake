# Debian packages, and DuckDB: an installed one first, else the two files that
# tools/install.sh takes from npm into build/deps/duckdb.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(GTest REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
set(ICU_LIBS ICU::uc ICU::i18n)
find_library(ZSTD_LIBRARY zstd REQUIRED)
add_library(zstd INTERFACE)
target_link_libraries(zstd INTERFACE ${ZSTD_LIBRARY})

foreach(NAME expat minizip freexl)  # spreadsheets and zip
  find_library(${NAME}_LIBRARY ${NAME} REQUIRED)
  add_library(${NAME} INTERFACE)
  target_link_libraries(${NAME} INTERFACE ${${NAME}_LIBRARY})
endforeach()

find_package(DuckDB QUIET CONFIG)
if(TARGET duckdb AND NOT TARGET DuckDB::DuckDB)
  add_library(DuckDB::DuckDB ALIAS duckdb)  # the name that DuckDB's own package gives
endif()
if(NOT TARGET DuckDB::DuckDB)
  set(NGUON_DEPS ${CMAKE_SOURCE_DIR}/build/deps CACHE PATH "where tools/install.sh put DuckDB")
  find_path(DUCKDB_INCLUDE duckdb.h PATHS ${NGUON_DEPS}/duckdb REQUIRED)
  find_library(DUCKDB_LIBRARY duckdb PATHS ${NGUON_DEPS}/duckdb REQUIRED)
  add_library(DuckDB::DuckDB SHARED IMPORTED)
  set_target_properties(DuckDB::DuckDB PROPERTIES
    IMPORTED_LOCATION ${DUCKDB_LIBRARY} IMPORTED_NO_SONAME OFF
    INTERFACE_INCLUDE_DIRECTORIES ${DUCKDB_INCLUDE})
endif()
