#include "query/query.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/spoken.h"
#include "query/internal/frames.h"
#include "query/internal/process.h"
#include "sql/allow_list.h"

namespace nguon::query {
namespace {

constexpr std::size_t kMostTables = 200;

std::string seconds_text(std::chrono::milliseconds time) {
    return fmt::format("{}", static_cast<double>(time.count()) / 1000.0);
}

std::string size_text(std::uint64_t bytes) {
    if (bytes >= std::uint64_t{1} << 30)
        return fmt::format("{:.3g} GB", static_cast<double>(bytes) / 0x1p30);
    return fmt::format("{:.3g} MB", static_cast<double>(bytes) / 0x1p20);
}

Error time_error(const Limits& limits) {
    return {
        Code::kUnavailable,
        {fmt::format("Truy vấn quá giới hạn {} giây và đã bị dừng.", seconds_text(limits.time)),
         fmt::format("The query passed its limit of {} seconds and was stopped.",
                     seconds_text(limits.time))},
        {"Hỏi ít dòng hơn, thêm điều kiện, hoặc nâng " + spoken::parameter("limit_seconds") + ".",
         "Ask for fewer rows, add conditions, or raise " + spoken::parameter("limit_seconds") +
             "."},
        {},
        {}};
}

Error output_error(const Limits& limits) {
    return {Code::kUnavailable,
            {fmt::format("Kết quả quá giới hạn {}.", size_text(limits.output_bytes)),
             fmt::format("The result passed its limit of {}.", size_text(limits.output_bytes))},
            {"Chọn ít cột hơn, thêm LIMIT, hoặc lấy dạng parquet.",
             "Select fewer columns, add LIMIT, or take it as parquet."},
            {},
            {}};
}

Error memory_error(const Limits& limits) {
    return {
        Code::kUnavailable,
        {fmt::format("Truy vấn cần nhiều hơn giới hạn bộ nhớ {}.", size_text(limits.memory_bytes)),
         fmt::format("The query needs more than its memory limit of {}.",
                     size_text(limits.memory_bytes))},
        {"Lọc hoặc gộp sớm hơn, sắp xếp ít cột hơn, hoặc nâng " +
             spoken::parameter("limit_memory") + ".",
         "Filter or aggregate earlier, sort fewer columns, or raise " +
             spoken::parameter("limit_memory") + "."},
        {},
        {}};
}

enum class Phase { kParsing, kRunning };

Error death_error(int signal, Phase phase, const Limits& limits) {
    if (signal == SIGXCPU) return time_error(limits);
    if (phase == Phase::kParsing && (signal == SIGSEGV || signal == SIGABRT || signal == SIGBUS)) {
        return {Code::kInvalid,
                {"Câu SQL lồng quá sâu để đọc được.", "The SQL is nested too deeply to be read."},
                {"Tách thành các bước WITH.", "Split it into WITH steps."},
                {},
                {}};
    }
    Error error = memory_error(limits);
    if (signal == 0) {
        error.detail = {"Tiến trình truy vấn dừng giữa chừng, có lẽ vì hết bộ nhớ.",
                        "The query process ended early, probably for want of memory."};
    } else {
        error.detail = {
            fmt::format(
                "Tiến trình truy vấn bị dừng bởi tín hiệu {}, có lẽ vì hết bộ nhớ (giới hạn {}).",
                signal, size_text(limits.memory_bytes)),
            fmt::format(
                "The query process was ended by signal {}, probably for want of memory (limit {}).",
                signal, size_text(limits.memory_bytes))};
    }
    return error;
}

// The Parquet file, in memory: nothing to clean up, whatever dies.
class MemoryFile {
public:
    static Result<MemoryFile> make() {
        const int number = memfd_create("answer.parquet", MFD_CLOEXEC);
        if (number < 0) {
            return fail(Code::kUnavailable,
                        {"Không có bộ nhớ cho kết quả.", "No memory for the result."});
        }
        return MemoryFile(number);
    }
    MemoryFile(MemoryFile&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
    MemoryFile& operator=(MemoryFile&&) = delete;
    ~MemoryFile() {
        if (m_number >= 0) close(m_number);
    }
    int number() const { return m_number; }

    // Not more than `most` bytes.
    std::string content(std::uint64_t most) const {
        const off_t end = lseek(m_number, 0, SEEK_END);
        std::string bytes(
            std::min<std::uint64_t>(end > 0 ? static_cast<std::uint64_t>(end) : 0, most), '\0');
        std::size_t done = 0;
        while (done < bytes.size()) {
            const ssize_t got =
                pread(m_number, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) break;
            done += static_cast<std::size_t>(got);
        }
        bytes.resize(done);
        return bytes;
    }

private:
    explicit MemoryFile(int number) : m_number(number) {}
    int m_number;
};

// One question to one child.
class Conversation {
public:
    Conversation(const Question& question, const Options& options, Process process)
        : m_question(question), m_process(std::move(process)) {
        m_patience = {std::chrono::steady_clock::now() + question.limits.time, &options.cancelled};
    }

    Result<std::vector<std::string>> ask(const Options& options, bool names_only) {
        const Limits& limits = m_question.limits;
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(limits.time).count();
        json::array folders;
        for (const auto& folder : options.folders)
            folders.emplace_back(folder.string());
        const json::object text{
            {"sql", m_question.sql},
            {"format", static_cast<int>(m_question.format)},
            {"names_only", names_only},
            {"memory", limits.memory_bytes},
            {"rows", std::clamp<std::int64_t>(limits.rows, 0, std::int64_t{1} << 40)},
            {"output", limits.output_bytes},
            {"threads", std::clamp(limits.threads, 1, 64)},
            {"cpu", (seconds + 1) * std::clamp(limits.threads, 1, 64)},
            {"folders", std::move(folders)}};
        TRY(send(Kind::kQuestion, to_text(text)));
        TRY_ASSIGN(const Frame frame, receive());
        if (frame.kind != Kind::kNames) return damaged();
        TRY_ASSIGN(const json::value names, parse_json(frame.payload));
        if (!names.is_array()) return damaged();
        std::vector<std::string> datasets;
        for (const json::value& name : names.get_array()) {
            if (!name.is_string()) return damaged();
            datasets.emplace_back(name.get_string());
        }
        if (datasets.size() > kMostTables) {
            return fail(Code::kInvalid,
                        {fmt::format("Truy vấn dùng {} tập dữ liệu, nhiều nhất là {}.",
                                     datasets.size(), kMostTables),
                         fmt::format("The query names {} datasets, at most {}.", datasets.size(),
                                     kMostTables)});
        }
        return datasets;
    }

    Result<Answer> answer(const std::vector<Table>& tables) {
        m_phase = Phase::kRunning;
        json::array list;
        for (const Table& table : tables) {
            json::array files;
            for (const auto& file : table.files)
                files.emplace_back(file.string());
            list.push_back(json::object{{"dataset", table.dataset},
                                        {"view_sql", table.view_sql},
                                        {"files", std::move(files)}});
        }
        TRY(send(Kind::kTables, to_text(list)));
        Answer answer;
        for (;;) {
            TRY_ASSIGN(Frame frame, receive());
            switch (frame.kind) {
                case Kind::kColumns: TRY(take_columns(frame.payload, answer)); break;
                case Kind::kRows:
                    if (answer.body.size() + frame.payload.size() >
                        m_question.limits.output_bytes) {
                        return std::unexpected(output_error(m_question.limits));
                    }
                    answer.body += frame.payload;
                    break;
                case Kind::kEnd: TRY(take_end(frame.payload, answer)); return answer;
                default: return damaged();
            }
        }
    }

private:
    static std::unexpected<Error> damaged() {
        return fail(Code::kInternal, {"Tiến trình truy vấn trả lời sai cách.",
                                      "The query process answered out of turn."});
    }

    static Result<void> take_columns(std::string_view payload, Answer& answer) {
        TRY_ASSIGN(const json::value columns, parse_json(payload));
        if (!columns.is_array()) return damaged();
        for (const json::value& item : columns.get_array()) {
            const json::object* column = item.if_object();
            if (column == nullptr) return damaged();
            const json::value* name = column->if_contains("name");
            const json::value* type = column->if_contains("type");
            if (name == nullptr || type == nullptr || !name->is_string() || !type->is_string())
                return damaged();
            answer.columns.push_back(
                {std::string(name->get_string()), std::string(type->get_string())});
        }
        return {};
    }

    static Result<void> take_end(std::string_view payload, Answer& answer) {
        TRY_ASSIGN(const json::value end, parse_json(payload));
        const json::object* object = end.if_object();
        if (object == nullptr) return damaged();
        const json::value* rows = object->if_contains("rows");
        const json::value* truncated = object->if_contains("truncated");
        if (rows == nullptr || truncated == nullptr || !rows->is_int64() || !truncated->is_bool())
            return damaged();
        answer.rows = rows->get_int64();
        answer.truncated = truncated->get_bool();
        return {};
    }

    Error silence_error(Silence silence) {
        switch (silence) {
            case Silence::kTime: return time_error(m_question.limits);
            case Silence::kCancelled:
                return {Code::kUnavailable,
                        {"Truy vấn đã bị hủy.", "The query was cancelled."},
                        {},
                        {},
                        {}};
            case Silence::kTooMuch: return output_error(m_question.limits);
            case Silence::kDied: break;
        }
        return death_error(m_process.signal_of_death(), m_phase, m_question.limits);
    }

    Result<void> send(Kind kind, std::string_view text) {
        if (auto sent = m_process.send(kind, text, m_patience); !sent) {
            return std::unexpected(silence_error(sent.error()));
        }
        return {};
    }

    Result<Frame> receive() {
        std::expected<Frame, Silence> frame = m_process.receive(m_patience);
        if (!frame) return std::unexpected(silence_error(frame.error()));
        if (frame->kind == Kind::kError) return std::unexpected(said_error(frame->payload));
        return std::move(*frame);
    }

    // The child says which limit; the words about its size are here.
    Error said_error(std::string_view payload) {
        Error error = error_from_text(payload);
        if (error.code != Code::kUnavailable) return error;
        if (error.detail.en == "memory") return memory_error(m_question.limits);
        if (error.detail.en == "output") return output_error(m_question.limits);
        return error;
    }

    const Question& m_question;
    Process m_process;
    Patience m_patience;
    Phase m_phase = Phase::kParsing;
};

Result<void> check_question(const Question& question) {
    if (question.sql.size() > sql::kMaxQueryBytes) {
        return fail(Code::kTooLarge,
                    {fmt::format("Câu SQL dài {} byte, giới hạn là {}.", question.sql.size(),
                                 sql::kMaxQueryBytes),
                     fmt::format("The SQL has {} bytes, the limit is {}.", question.sql.size(),
                                 sql::kMaxQueryBytes)},
                    {"Viết ngắn lại; danh sách dài thì nên là một tập dữ liệu.",
                     "Shorten it; a long list is better loaded as a dataset."});
    }
    if (!is_utf8(question.sql)) {
        return fail(Code::kInvalid, {"Câu SQL không phải UTF-8.", "The SQL is not UTF-8."},
                    {"Gửi SQL dưới dạng văn bản UTF-8.", "Send the SQL as UTF-8 text."});
    }
    return {};
}

}  // namespace

Result<Answer> run(const Question& question, const Lookup& lookup, const Options& options) {
    TRY(check_question(question));
    std::optional<MemoryFile> file;
    if (question.format == Format::kParquet) {
        if (!sandbox_status().landlock) {
            return fail(Code::kUnavailable,
                        {"Máy này không có Landlock nên không xuất được parquet.",
                         "This kernel has no Landlock, so parquet cannot be given."},
                        {"Lấy dạng csv hoặc json.", "Take csv or json."});
        }
        TRY_ASSIGN(MemoryFile made, MemoryFile::make());
        file.emplace(std::move(made));
    }
    TRY_ASSIGN(Process process, Process::start(options.program, file ? file->number() : -1));
    Conversation conversation(question, options, std::move(process));
    TRY_ASSIGN(const std::vector<std::string> names, conversation.ask(options, false));
    std::vector<Table> tables;
    for (const std::string& name : names) {
        TRY_ASSIGN(Table table, lookup(name));
        tables.push_back(std::move(table));
    }
    TRY_ASSIGN(Answer answer, conversation.answer(tables));
    if (file) answer.body = file->content(question.limits.output_bytes);
    return answer;
}

Result<Answer> run(const Question& question, const std::vector<Table>& tables,
                   const Options& options) {
    const Lookup lookup = [&](const std::string& name) -> Result<Table> {
        const auto found = std::ranges::find(tables, name, &Table::dataset);
        if (found != tables.end()) return *found;
        return fail(Code::kNotFound,
                    {fmt::format("Không có tập dữ liệu {}.", name),
                     fmt::format("There is no dataset {}.", name)},
                    {"Xem danh sách tập dữ liệu và kiểm tra chính tả.",
                     "Look at the list of datasets and the spelling."});
    };
    return run(question, lookup, options);
}

Result<std::vector<std::string>> tables_named(std::string_view sql, const Options& options) {
    const Question question{std::string(sql), Format::kJson, {}};
    TRY(check_question(question));
    TRY_ASSIGN(Process process, Process::start(options.program, -1));
    return Conversation(question, options, std::move(process)).ask(options, true);
}

std::string to_json_text(const Answer& answer) {
    json::array columns;
    for (const OutputColumn& column : answer.columns) {
        columns.push_back(json::object{{"name", column.name}, {"type", column.type}});
    }
    return fmt::format("{{\"columns\":{},\"rows\":{},\"truncated\":{}}}", to_text(columns),
                       answer.body.empty() ? "[]" : answer.body, answer.truncated);
}

}  // namespace nguon::query
