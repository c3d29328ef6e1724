#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <optional>

#include "query/internal/child.h"
#include "query/internal/sandbox.h"
#include "sql/allow_list.h"

namespace nguon::query {
namespace {

// The library's own data, and per thread a stack of 8 MB. Measured as VmData: 14 MB after opening,
// 8 MB more for each thread.
std::uint64_t overhead(int threads) {
    return (32 + 16 * static_cast<std::uint64_t>(threads)) << 20;
}

[[noreturn]] void leave(int code) {
    // No destructors: DuckDB's take milliseconds, and the process's end frees all.
    _exit(code);
}

void read_exactly(char* to, std::size_t size) {
    while (size > 0) {
        const ssize_t got = read(STDIN_FILENO, to, size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) leave(0);  // the parent is gone or wants no more
        to += got;
        size -= static_cast<std::size_t>(got);
    }
}

void write_exactly(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t put = write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) leave(0);
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

json::value read_message(Kind wanted) {
    std::array<char, kFrameHead> head{};
    read_exactly(head.data(), head.size());
    if (head[0] != static_cast<char>(wanted)) leave(6);
    std::string payload(frame_size({head.data(), head.size()}), '\0');
    read_exactly(payload.data(), payload.size());
    Result<json::value> value = parse_json(payload);
    if (!value) leave(6);
    return std::move(*value);
}

void send_frame(Kind kind, std::string_view payload) {
    write_exactly(frame_head(kind, payload.size()));
    write_exactly(payload);
}

std::vector<std::filesystem::path> paths_of(const json::value& list) {
    std::vector<std::filesystem::path> paths;
    for (const json::value& path : list.as_array())
        paths.emplace_back(std::string(path.as_string()));
    return paths;
}

std::vector<Table> tables_of(const json::value& message) {
    std::vector<Table> tables;
    for (const json::value& table : message.as_array()) {
        tables.push_back({std::string(table.at("dataset").as_string()),
                          std::string(table.at("view_sql").as_string()),
                          paths_of(table.at("files"))});
    }
    return tables;
}

Result<void> serve_question() {
    const json::value question = read_message(Kind::kQuestion);
    const auto number = [&](const char* name) {
        return question.at(name).to_number<std::int64_t>();
    };
    const auto memory = static_cast<std::uint64_t>(number("memory"));
    const auto output = static_cast<std::uint64_t>(number("output"));
    const Job job{std::string(question.at("sql").as_string()),
                  static_cast<Format>(number("format")), number("rows"), output,
                  static_cast<int>(number("threads"))};

    TRY(set_limits(memory + overhead(job.threads), static_cast<std::uint64_t>(number("cpu")),
                   output));
    // Opened before the sandbox, with one thread: it reads /proc/self/cgroup, and Landlock binds
    // the calling thread and those that it starts later. A quarter of the memory is for what DuckDB
    // does not count.
    TRY_ASSIGN(const std::unique_ptr<sql::Duck> duck,
               sql::Duck::open({.memory_limit = std::to_string(memory / 4 * 3) + "B",
                                .threads = 1,
                                .temporary_folder = {},
                                .preserve_order = true}));
    std::vector<std::filesystem::path> folders = paths_of(question.at("folders"));
    std::erase_if(folders, [](const auto& folder) { return !std::filesystem::exists(folder); });
    TRY(restrict_files(folders));
    TRY(restrict_calls(job.format == Format::kParquet ? Allow::kWritingGivenFile
                                                      : Allow::kReading));

    TRY_ASSIGN(const std::vector<std::string> names, sql::check_select(*duck, job.sql));
    json::array list;
    for (const std::string& name : names)
        list.emplace_back(name);
    send_frame(Kind::kNames, to_text(list));
    if (question.at("names_only").as_bool()) leave(0);

    const std::vector<Table> tables = tables_of(read_message(Kind::kTables));
    std::vector<std::filesystem::path> files;
    for (const Table& table : tables)
        files.insert(files.end(), table.files.begin(), table.files.end());
    TRY(restrict_files(files));
    const Result<void> done = run_job(*duck, job, tables, send_frame);
    if (!done) send_frame(Kind::kError, error_text(done.error()));
    leave(0);
}

}  // namespace

int child_main() {
    try {
        if (const Result<void> done = serve_question(); !done) {
            send_frame(Kind::kError, error_text(done.error()));
        }
    } catch (const std::bad_alloc&) {
        send_frame(Kind::kError,
                   error_text({Code::kUnavailable, Text::same("memory"), {}, {}, {}}));
    } catch (const std::exception& failure) {
        send_frame(Kind::kError,
                   error_text({Code::kInternal, Text::same(failure.what()), {}, {}, {}}));
    }
    leave(0);
}

}  // namespace nguon::query
