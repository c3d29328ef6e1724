// Parquet through DuckDB, every value as the text a contract reads.
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>

#include "scan/internal/formats.h"
#include "sql/duckdb.h"

namespace nguon::scan {
namespace {

constexpr std::size_t kRowsPerBlock = 16 * 2048;

// The engine takes damage for that of its own files; here the file is somebody's.
std::unexpected<Error> unreadable(const Error& error) {
    if (error.code == Code::kUnavailable) return std::unexpected(error);
    return fail(
        Code::kInvalid,
        {"Tệp Parquet không đọc được.", "The Parquet file cannot be read: " + error.detail.en},
        {"Xuất lại tệp từ nguồn.", "Export the file from its source again."});
}

bool is_number(std::string_view type) {
    return type.ends_with("INT") || type.ends_with("INTEGER") || type == "DOUBLE" ||
           type == "FLOAT" || type.starts_with("DECIMAL");
}

class ParquetInput final : public RecordInput {
public:
    static Result<std::unique_ptr<RecordInput>> open(InputOptions options,
                                                     std::unique_ptr<ByteStream> stream) {
        auto input = std::make_unique<ParquetInput>();
        input->m_stream = std::move(stream);
        sql::DuckOptions duck_options;
        duck_options.threads = 1;
        TRY_ASSIGN(input->m_duck, sql::Duck::open(duck_options));
        std::filesystem::path file = options.file;
        if (file.empty()) {                          // DuckDB reads files only
            static std::atomic<unsigned> count = 0;  // several are read at the same time
            file = options.temporary_folder / fmt::format("parquet-{}-{}", ::getpid(), ++count);
            TRY_ASSIGN(const auto spool, options.disk->open(file, OpenMode::kCreate));
            input->m_disk = options.disk;
            input->m_spool = file;
            TRY(spool->truncate(0));  // one left by a process that had this number
            TRY(spool->write_at(0, options.bytes));
        }
        const std::string from = fmt::format("read_parquet({})", sql::quote_literal(file.string()));
        Result<sql::DuckResult> described = input->m_duck->query("DESCRIBE SELECT * FROM " + from);
        if (!described) return unreadable(described.error());
        std::string list;
        Dialect names;
        while (true) {
            TRY_ASSIGN(const std::size_t rows, described->next());
            if (rows == 0) break;
            for (std::size_t row = 0; row < rows; ++row) {
                const std::string name(described->text(0, row));
                const std::string_view type = described->text(1, row);
                const std::string column = sql::quote_identifier(name);
                list += list.empty() ? "" : ", ";
                if (type.starts_with("TIMESTAMP")) {
                    // One without a zone is a time of day somewhere: the contract says where.
                    list += fmt::format("strftime({}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%f{}')", column,
                                        type.ends_with("ZONE") ? "Z" : "");
                } else {
                    list += fmt::format("CAST({} AS VARCHAR)", column);
                }
                names.header.push_back(name);
                input->m_is_number.push_back(is_number(type) ? 1 : 0);
            }
        }
        names.columns = names.header.size();
        input->m_names = column_names(names);
        Result<sql::DuckResult> rows = input->m_duck->stream("SELECT " + list + " FROM " + from);
        if (!rows) return unreadable(rows.error());
        input->m_rows = std::make_unique<sql::DuckResult>(std::move(*rows));
        return input;
    }

    ~ParquetInput() override {
        if (!m_spool.empty()) (void)m_disk->remove(m_spool);
    }

    Format format() const override { return Format::kParquet; }
    const std::vector<std::string>& names() const override { return m_names; }
    std::uint64_t consumed() const override { return m_stream->consumed(); }
    std::uint64_t size() const override { return m_stream->size(); }
    std::string sha256() override { return m_stream->sha256(); }

    Result<bool> next(Block& block) override {
        if (m_ended) return false;
        block.width = m_names.size();
        while (block.size() < kRowsPerBlock) {
            const Result<std::size_t> rows = m_rows->next();
            if (!rows) return unreadable(rows.error());
            if (*rows == 0) {
                m_ended = true;
                break;
            }
            for (std::size_t row = 0; row < *rows; ++row)
                add_row(row, block);
        }
        if (m_ended) {  // the hash covers the whole file
            std::string chunk(kBlockBytes, '\0');
            for (;;) {
                TRY_ASSIGN(const std::size_t got, m_stream->read(chunk));
                if (got < chunk.size()) break;
            }
        }
        block.number = m_number++;
        block.last = m_ended;
        return true;
    }

    // Rows come apart already; bytes are there only when a record's own text is read again.
    void split(Block& block) const override {
        if (block.bytes.empty()) return;
        block.width = m_names.size();
        Dialect dialect;
        dialect.columns = m_names.size();
        const RecordSplitter splitter(dialect);
        const char* end = block.bytes.data() + block.bytes.size();
        for (const char* at = block.bytes.data(); at < end;) {
            const auto record = splitter.split(at, end, true, block.fields, block.arena);
            block.fields.resize((block.size() + 1) * block.width);
            block.numbers.insert(block.numbers.end(), m_is_number.begin(), m_is_number.end());
            block.texts.push_back(record.text);
            block.flags.push_back(static_cast<unsigned char>(record.flags));
            at = record.next;
        }
    }

private:
    // A row's own text is a CSV record: it can be shown, and read again.
    void add_row(std::size_t row, Block& block) {
        std::string& text = block.arena.emplace_back();
        for (std::size_t column = 0; column < m_names.size(); ++column) {
            if (column > 0) text += ',';
            if (m_rows->is_null(column, row)) {
                block.fields.emplace_back();
                continue;
            }
            const std::string& value = block.arena.emplace_back(m_rows->text(column, row));
            block.fields.push_back(value);
            text += '"';
            for (const char c : value)
                text += c == '"' ? std::string("\"\"") : std::string(1, c);
            text += '"';
        }
        block.numbers.insert(block.numbers.end(), m_is_number.begin(), m_is_number.end());
        block.texts.push_back(text);
        block.flags.push_back(static_cast<unsigned char>(text_flags(text)));
    }

    std::unique_ptr<ByteStream> m_stream;
    std::unique_ptr<sql::Duck> m_duck;
    std::unique_ptr<sql::DuckResult> m_rows;
    std::vector<std::string> m_names;
    std::vector<unsigned char> m_is_number;  // of each column
    Disk* m_disk = nullptr;
    std::filesystem::path m_spool;
    std::uint64_t m_number = 0;
    bool m_ended = false;
};

}  // namespace

Result<std::unique_ptr<RecordInput>> open_parquet(InputOptions options,
                                                  std::unique_ptr<ByteStream> stream, std::string) {
    return ParquetInput::open(std::move(options), std::move(stream));
}

}  // namespace nguon::scan
