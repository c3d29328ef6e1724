// SQL from people, run in a child process per query: the text is parsed, checked and run there,
// inside limits and a sandbox, and killed at the time limit. The node never parses or runs it.
//
//   parent                               child (`nguon sql-child`)
//   question: SQL, format, limits  ──►   enters the sandbox, parses, checks (sql/allow_list.h)
//                                  ◄──   the datasets it names
//   their views and files          ──►   may now read those files, runs the SELECT
//                                  ◄──   columns, rows piece by piece, end
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace nguon::query {

// One dataset as a question may see it.
struct Table {
    std::string dataset;   // "population.person": view person in schema population
    std::string view_sql;  // a SELECT over read_parquet([…]); of an empty dataset
                           // `select null::bigint as a where false`. Trusted.
    std::vector<std::filesystem::path> files;  // absolute: all that the child may open
};

enum class Format { kJson, kCsv, kParquet };

struct Limits {
    std::chrono::milliseconds time{
        30'000};  // by the clock on the wall, start of the child included
    std::uint64_t memory_bytes = std::uint64_t{1} << 30;
    std::int64_t rows = 10'000;  // further ones are left out: Answer::truncated
    std::uint64_t output_bytes = std::uint64_t{64} << 20;
    int threads = 2;
};

struct Question {
    std::string sql;
    Format format = Format::kJson;
    Limits limits;
};

struct OutputColumn {
    std::string name;
    std::string type;  // DuckDB's name of it: "BIGINT", "DECIMAL(18,2)", "STRUCT(a INTEGER)", …
};

struct Answer {
    std::vector<OutputColumn> columns;  // names may repeat
    std::string body;  // kJson: the array of rows, `[[1,"a"],…]`; kCsv: RFC 4180 with a header;
                       // kParquet: the file
    std::int64_t rows = 0;
    bool truncated = false;
};
// {"columns":[{"name","type"}],"rows":[[…]],"truncated":bool} of an Answer in kJson.
std::string to_json_text(const Answer& answer);

// What a dataset of the SQL stands for; the names come in lower case. Called in the parent, between
// the two phases; its Error (not_found, denied) is the answer.
using Lookup = std::function<Result<Table>(const std::string& dataset)>;

struct Options {
    // The program to start with the argument `sql-child`, whose main() calls child_main().
    std::filesystem::path program = "/proc/self/exe";
    // Folders that hold every file of every Table: while parsing, the child can open nothing else,
    // then only the files themselves. Nothing secret may be in them. Empty: no table with files can
    // be read.
    std::vector<std::filesystem::path> folders;
    std::function<bool()> cancelled;  // asked every 50 ms at most
};

// Blocks until answered, failed, or Limits::time is over; the child is gone then. For a bounded
// pool. Threads: may be called concurrently. Errors: of sql::check_select and the Lookup; invalid
// (the SQL does not bind or fails on the data); unavailable (time, memory, output limits,
// cancelled, the child died); corrupt (a file cannot be read).
Result<Answer> run(const Question& question, const Lookup& lookup, const Options& options);
// The same over tables known beforehand; a dataset not among them is not_found.
Result<Answer> run(const Question& question, const std::vector<Table>& tables,
                   const Options& options);

// The datasets that the SQL names, lower case: the first phase alone. Errors as run().
Result<std::vector<std::string>> tables_named(std::string_view sql, const Options& options);

// The child's whole life: reads from descriptor 0, answers on 1, ends the process's work. Returns
// the exit code.
int child_main();

// What this kernel gives to the child; for /health.
struct SandboxStatus {
    bool landlock = false;  // files: without it the allow list alone keeps SQL from other files
    bool seccomp = false;   // system calls
    bool complete() const { return landlock && seccomp; }
};
SandboxStatus sandbox_status();

}  // namespace nguon::query
