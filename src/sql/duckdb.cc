#include "sql/duckdb.h"

#include <duckdb.h>
#include <fmt/format.h>

#include <mutex>
#include <optional>

#include "base/spoken.h"
#include "sql/engine_words.h"
#include "sql/internal/duckdb_value.h"

// In the library since 1.5, not yet in the header that 1.4.4 brings. Takes bytes known to be UTF-8.
extern "C" void duckdb_unsafe_vector_assign_string_element_len(duckdb_vector vector, idx_t index,
                                                               const char* text, idx_t length);

namespace nguon::sql {

// The first Error that a source or filter gave: DuckDB keeps only its text.
struct ErrorSlot {
    std::mutex mutex;
    std::optional<Error> error;

    void keep(Error given) {
        const std::lock_guard lock(mutex);
        if (!error) error = std::move(given);
    }
    std::optional<Error> take() {
        const std::lock_guard lock(mutex);
        return std::exchange(error, std::nullopt);
    }
};

namespace {

struct RegisteredSource {
    std::shared_ptr<RowSource> source;
    std::shared_ptr<ErrorSlot> slot;
};

struct RegisteredFilter {
    RowFilter filter;
    std::shared_ptr<ErrorSlot> slot;
};

struct ThreadState {
    std::unique_ptr<RowSource::Reader> reader;
    ChunkWriter writer;
    std::vector<idx_t> projection;  // place in the chunk -> column of the source
};

template <class T>
void destroy(void* pointer) {
    delete static_cast<T*>(pointer);
}

}  // namespace

Error error_from(std::string_view text) {
    const auto has = [&](std::string_view word) {
        return text.find(word) != std::string_view::npos;
    };
    Error error;
    if (text.starts_with("Out of Memory") || has("bad_alloc")) {
        return {Code::kUnavailable,
                kOutOfMemory,
                {fmt::format("Cho nhiều bộ nhớ hơn: cấu hình load.memory_mb khi nạp, {} khi hỏi; "
                             "hoặc chia nhỏ tệp, hỏi ít hơn.",
                             spoken::parameter("limit_memory")),
                 fmt::format("Give it more memory: the setting load.memory_mb for loads, {} for "
                             "questions; or send a smaller file, or ask for less.",
                             spoken::parameter("limit_memory"))},
                {},
                {}};
    }
    // The English words stay as they are: what runs SQL of people reads the kind there.
    error.detail = {engine_words(text.substr(0, 2000)).vi, std::string(text.substr(0, 2000))};
    if (has("No space left") || has("INTERRUPT") || has("Interrupted") ||
        has("max_temp_directory_size") || has("Disk quota") || has("File too large")) {
        error.code = Code::kUnavailable;
        error.fix = {"Giải phóng bộ nhớ hoặc đĩa, hoặc hỏi ít hơn, rồi thử lại.",
                     "Free memory or disk, or ask for less, then try again."};
    } else if (has("No files found that match") || has("No such file or directory")) {
        // One that was replaced after it was named: an erasure, or a base that is old.
        error = {Code::kUnavailable,
                 {"Một tệp vừa được thay trong khi đọc.", "A file was replaced while it was read."},
                 {"Hỏi lại; nếu vẫn vậy, chạy `nguon verify`.",
                  "Ask again; if it stays so, run `nguon verify`."},
                 {},
                 {}};
    } else if (text.starts_with("IO Error") || has("parquet") || has("Parquet")) {
        error.code = Code::kCorrupt;
        error.fix = {"Chạy `nguon verify` để biết tệp nào hỏng.",
                     "Run `nguon verify` to learn which file is damaged."};
    } else if (text.starts_with("INTERNAL") || text.starts_with("FATAL")) {
        error.code = Code::kInternal;
    } else {
        error.code = Code::kInvalid;
    }
    return error;
}

std::string quote_identifier(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

std::string quote_literal(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("''") : std::string(1, c);
    return quoted + "'";
}

std::string ColumnType::sql() const {
    switch (kind) {
        case Kind::kBoolean: return "BOOLEAN";
        case Kind::kBigint: return "BIGINT";
        case Kind::kUbigint: return "UBIGINT";
        case Kind::kDouble: return "DOUBLE";
        case Kind::kDecimal: return fmt::format("DECIMAL({},{})", precision, scale);
        case Kind::kText: return "VARCHAR";
        case Kind::kDate: return "DATE";
        case Kind::kTimestamp: return "TIMESTAMP WITH TIME ZONE";
        case Kind::kTime: return "TIME";
    }
    return "VARCHAR";
}

void ChunkWriter::set_null(std::size_t column, std::size_t row) {
    Column& to = m_columns[column];
    if (to.vector == nullptr) return;
    if (to.validity == nullptr) {
        auto* vector = static_cast<duckdb_vector>(to.vector);
        duckdb_vector_ensure_validity_writable(vector);
        to.validity = duckdb_vector_get_validity(vector);
    }
    to.validity[row >> 6] &= ~(std::uint64_t{1} << (row & 63));
}

void ChunkWriter::set_text(std::size_t column, std::size_t row, std::string_view text) {
    const Column& to = m_columns[column];
    if (to.vector == nullptr) return;
    duckdb_string_t& slot = static_cast<duckdb_string_t*>(to.data)[row];
    if (text.size() <= sizeof(slot.value.inlined.inlined)) {
        slot.value.inlined.length = static_cast<std::uint32_t>(text.size());
        __builtin_memset(slot.value.inlined.inlined, 0, sizeof(slot.value.inlined.inlined));
        __builtin_memcpy(slot.value.inlined.inlined, text.data(), text.size());
    } else {
        duckdb_unsafe_vector_assign_string_element_len(static_cast<duckdb_vector>(to.vector), row,
                                                       text.data(), text.size());
    }
}

std::string_view ChunkReader::text(std::size_t column, std::size_t row) const {
    return text_of(static_cast<duckdb_string_t*>(m_columns[column].data)[row]);
}

struct SourceCallbacks {
    static void bind(duckdb_bind_info info) {
        auto* registered = static_cast<RegisteredSource*>(duckdb_bind_get_extra_info(info));
        for (const ColumnSpec& column : registered->source->columns()) {
            LogicalTypeHandle type = make_type(column.type);
            duckdb_bind_add_result_column(info, column.name.c_str(), type.get());
        }
        duckdb_bind_set_cardinality(info, registered->source->row_estimate(), false);
    }

    static void init(duckdb_init_info info) {
        auto* registered = static_cast<RegisteredSource*>(duckdb_init_get_extra_info(info));
        duckdb_init_set_max_threads(info, registered->source->max_threads());
    }

    static void init_thread(duckdb_init_info info) {
        auto* registered = static_cast<RegisteredSource*>(duckdb_init_get_extra_info(info));
        auto state = std::make_unique<ThreadState>();
        state->reader = registered->source->reader();
        state->writer.m_columns.resize(registered->source->columns().size());
        const idx_t count = duckdb_init_get_column_count(info);
        for (idx_t i = 0; i < count; ++i) {
            state->projection.push_back(duckdb_init_get_column_index(info, i));
        }
        duckdb_init_set_init_data(info, state.release(), destroy<ThreadState>);
    }

    static void read(duckdb_function_info info, duckdb_data_chunk chunk) {
        auto* registered = static_cast<RegisteredSource*>(duckdb_function_get_extra_info(info));
        auto* state = static_cast<ThreadState*>(duckdb_function_get_local_init_data(info));
        for (idx_t i = 0; i < state->projection.size(); ++i) {
            // count(*) asks for a column that is none of ours.
            if (state->projection[i] >= state->writer.m_columns.size()) continue;
            duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
            ChunkWriter::Column& column = state->writer.m_columns[state->projection[i]];
            column.vector = vector;
            column.data = duckdb_vector_get_data(vector);
            column.validity = nullptr;
        }
        Result<std::size_t> rows = state->reader->read(state->writer);
        if (!rows) {
            duckdb_function_set_error(info, rows.error().detail.en.c_str());
            registered->slot->keep(std::move(rows.error()));
            return;
        }
        duckdb_data_chunk_set_size(chunk, *rows);
    }
};

struct FilterCallbacks {
    static void call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
        auto* registered =
            static_cast<RegisteredFilter*>(duckdb_scalar_function_get_extra_info(info));
        ChunkReader rows;
        rows.m_size = duckdb_data_chunk_get_size(input);
        const idx_t columns = duckdb_data_chunk_get_column_count(input);
        for (idx_t i = 0; i < columns; ++i) {
            duckdb_vector vector = duckdb_data_chunk_get_vector(input, i);
            rows.m_columns.push_back(
                {duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)});
        }
        const std::span<bool> stays(static_cast<bool*>(duckdb_vector_get_data(output)),
                                    rows.m_size);
        if (Result<void> done = registered->filter(rows, stays); !done) {
            duckdb_scalar_function_set_error(info, done.error().detail.en.c_str());
            registered->slot->keep(std::move(done.error()));
        }
    }
};

struct Duck::Impl {
    duckdb_database database = nullptr;
    duckdb_connection connection = nullptr;
    std::shared_ptr<ErrorSlot> slot = std::make_shared<ErrorSlot>();

    ~Impl() {
        if (connection != nullptr) duckdb_disconnect(&connection);
        if (database != nullptr) duckdb_close(&database);
    }
};

Duck::Duck(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Duck::~Duck() = default;

Result<std::unique_ptr<Duck>> Duck::open(const DuckOptions& options) {
    auto impl = std::make_unique<Impl>();
    duckdb_config config = nullptr;
    if (duckdb_create_config(&config) != DuckDBSuccess)
        return fail(Code::kUnavailable, Text::same("memory"));
    const auto set = [&](const char* name, const std::string& value) {
        duckdb_set_config(config, name, value.c_str());
    };
    set("memory_limit", options.memory_limit);
    set("threads", fmt::format("{}", options.threads));
    set("preserve_insertion_order", options.preserve_order ? "true" : "false");
    set("autoinstall_known_extensions", "false");
    set("autoload_known_extensions", "false");
    set("temp_directory", options.temporary_folder.string());
    char* message = nullptr;
    const duckdb_state opened = duckdb_open_ext(":memory:", &impl->database, config, &message);
    duckdb_destroy_config(&config);
    if (opened != DuckDBSuccess) {
        Error error = error_from(message != nullptr ? message : "DuckDB did not open");
        duckdb_free(message);
        error.code = Code::kUnavailable;
        return std::unexpected(std::move(error));
    }
    if (duckdb_connect(impl->database, &impl->connection) != DuckDBSuccess) {
        return fail(Code::kUnavailable, Text::same("DuckDB did not connect"));
    }
    std::unique_ptr<Duck> duck(new Duck(std::move(impl)));
    TRY(duck->execute("SET TimeZone='UTC'"));
    return duck;
}

Result<DuckResult> Duck::query(std::string_view text) {
    auto result = std::make_unique<DuckResult::Impl>();
    const std::string terminated(text);
    if (duckdb_query(m_impl->connection, terminated.c_str(), &result->result) != DuckDBSuccess) {
        if (std::optional<Error> kept = m_impl->slot->take())
            return std::unexpected(std::move(*kept));
        const char* message = duckdb_result_error(&result->result);
        return std::unexpected(error_from(message != nullptr ? message : "DuckDB failed"));
    }
    result->describe();
    return DuckResult(std::move(result));
}

Result<DuckResult> Duck::stream(std::string_view text) {
    auto result = std::make_unique<DuckResult::Impl>();
    duckdb_prepared_statement statement = nullptr;
    duckdb_pending_result pending = nullptr;
    Result<void> done = {};
    if (duckdb_prepare(m_impl->connection, std::string(text).c_str(), &statement) !=
        DuckDBSuccess) {
        done = std::unexpected(error_from(duckdb_prepare_error(statement)));
    } else if (duckdb_pending_prepared_streaming(statement, &pending) != DuckDBSuccess) {
        done = std::unexpected(error_from(duckdb_pending_error(pending)));
    } else if (duckdb_execute_pending(pending, &result->result) != DuckDBSuccess) {
        done = std::unexpected(error_from(duckdb_result_error(&result->result)));
    }
    duckdb_destroy_pending(&pending);
    duckdb_destroy_prepare(&statement);
    if (!done) return std::unexpected(std::move(done.error()));
    result->describe();
    return DuckResult(std::move(result));
}

Result<void> Duck::execute(std::string_view script) {
    if (Result<DuckResult> done = query(script); !done)
        return std::unexpected(std::move(done.error()));
    return {};
}

Result<std::int64_t> Duck::query_integer(std::string_view text) {
    TRY_ASSIGN(DuckResult rows, query(text));
    TRY_ASSIGN(const std::size_t count, rows.next());
    if (count == 0 || rows.is_null(0, 0)) return 0;
    return rows.integer(0, 0);
}

Result<void> Duck::register_source(std::string_view name, std::shared_ptr<RowSource> source) {
    duckdb_table_function function = duckdb_create_table_function();
    duckdb_table_function_set_name(function, std::string(name).c_str());
    duckdb_table_function_set_extra_info(
        function, new RegisteredSource{std::move(source), m_impl->slot}, destroy<RegisteredSource>);
    duckdb_table_function_set_bind(function, SourceCallbacks::bind);
    duckdb_table_function_set_init(function, SourceCallbacks::init);
    duckdb_table_function_set_local_init(function, SourceCallbacks::init_thread);
    duckdb_table_function_set_function(function, SourceCallbacks::read);
    duckdb_table_function_supports_projection_pushdown(function, true);
    const duckdb_state done = duckdb_register_table_function(m_impl->connection, function);
    duckdb_destroy_table_function(&function);
    if (done != DuckDBSuccess)
        return fail(Code::kInternal, Text::same("table function not registered"));
    return {};
}

Result<void> Duck::register_filter(std::string_view name, const std::vector<ColumnType>& parameters,
                                   RowFilter filter) {
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_scalar_function_set_name(function, std::string(name).c_str());
    for (const ColumnType& parameter : parameters) {
        LogicalTypeHandle type = make_type(parameter);
        duckdb_scalar_function_add_parameter(function, type.get());
    }
    LogicalTypeHandle boolean = make_type({Kind::kBoolean, 0, 0});
    duckdb_scalar_function_set_return_type(function, boolean.get());
    duckdb_scalar_function_set_volatile(function);
    duckdb_scalar_function_set_special_handling(function);
    duckdb_scalar_function_set_extra_info(
        function, new RegisteredFilter{std::move(filter), m_impl->slot}, destroy<RegisteredFilter>);
    duckdb_scalar_function_set_function(function, FilterCallbacks::call);
    const duckdb_state done = duckdb_register_scalar_function(m_impl->connection, function);
    duckdb_destroy_scalar_function(&function);
    if (done != DuckDBSuccess) return fail(Code::kInternal, Text::same("filter not registered"));
    return {};
}

void Duck::interrupt() {
    duckdb_interrupt(m_impl->connection);
}

}  // namespace nguon::sql
