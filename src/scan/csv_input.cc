// CSV as blocks: next() finds whole records, split() takes them apart in parallel.
#include <algorithm>

#include <fmt/format.h>

#include "scan/internal/footer.h"
#include "scan/internal/formats.h"
#include "scan/internal/other_tables.h"
#include "scan/repair.h"

namespace nguon::scan {
namespace {

// Text without a line end is read no further than this.
constexpr std::size_t kLongestRecord = 64 << 20;

template <class Splitter>
class CsvInput final : public RecordInput {
public:
    CsvInput(std::unique_ptr<ByteStream> stream, std::string_view text, Dialect dialect,
             Format format = Format::kCsv, Contents contents = {})
        : m_format(format),
          m_contents(std::move(contents)),
          m_dialect(std::move(dialect)),
          m_names(column_names(m_dialect)),
          m_splitter(m_dialect),
          m_lines(static_cast<std::int64_t>(m_dialect.preamble_lines + m_dialect.header_lines)),
          m_buffer(std::move(stream), std::string(text.substr(m_dialect.body))) {}

    Format format() const override { return m_format; }
    Contents contents() const override {
        Contents contents = m_contents;
        if (m_dialect.column_numbers)
            contents.column_numbers =
                static_cast<std::int64_t>(m_dialect.preamble_lines + m_dialect.header_lines);
        if (contents.tables.empty()) return contents;
        Part own;  // its rows are known to who reads them
        own.columns = static_cast<std::int64_t>(m_dialect.columns);
        own.line = static_cast<std::int64_t>(m_dialect.preamble_lines) + 1;
        own.chosen = true;
        contents.tables.push_back(own);
        std::ranges::stable_sort(contents.tables, {}, &Part::line);
        return contents;
    }
    const Dialect* dialect() const override { return &m_dialect; }
    Compression compression() const override { return m_buffer.stream().compression(); }
    const std::vector<std::string>& names() const override { return m_names; }
    std::uint64_t consumed() const override { return m_buffer.stream().consumed(); }
    std::uint64_t size() const override { return m_buffer.stream().size(); }
    std::string sha256() override { return m_buffer.stream().sha256(); }

    Result<bool> next(Block& block) override {
        if (m_ended || m_buffer.ended()) return false;
        TRY_ASSIGN(std::size_t size, m_buffer.fill(block.bytes));
        for (;;) {
            const char* begin = block.bytes.data();
            const char* end = m_splitter.last_record_end(begin, begin + size, m_buffer.ended());
            if (end > begin || m_buffer.ended()) {
                m_buffer.carry(block.bytes, static_cast<std::size_t>(end - begin));
                break;
            }
            if (size > kLongestRecord) {
                return fail(Code::kInvalid,
                            {fmt::format("Một bản ghi dài quá {} MB.", kLongestRecord >> 20),
                             fmt::format("One record is longer than {} MB.", kLongestRecord >> 20)},
                            {"Xem lại cách kết thúc dòng và bảng mã của tệp.",
                             "Look at the file's line ends and encoding."});
            }
            // One record is longer than a block: take more.
            m_buffer.carry(block.bytes, 0);
            TRY_ASSIGN(size, m_buffer.fill(block.bytes));
        }
        const std::int64_t before = m_lines;
        TRY(end_table(block));
        if (m_ended || m_buffer.ended()) leave_footer(block, before);
        m_after_gap = block.bytes.ends_with("\n\n") || block.bytes.ends_with("\n\r\n");
        block.number = m_number++;
        block.last = m_ended || m_buffer.ended();
        return true;
    }

    void split(Block& block) const override {
        block.width = m_dialect.columns;
        // One look at the whole block: nearly always there is nothing wrong in it.
        const bool clean = text_flags(block.bytes) == 0;
        const char* at = block.bytes.data();
        const char* end = at + block.bytes.size();
        while (at < end) {
            if (*at == '\n' || (*at == '\r' && is_empty_line(at, end))) {
                at += *at == '\r' && at + 1 < end && at[1] == '\n' ? 2 : 1;
                continue;
            }
            const std::size_t fields = block.fields.size();
            const auto record = m_splitter.split(at, end, true, block.fields, block.arena);
            at = record.next;
            unsigned flags = record.flags;
            if (!clean) flags |= text_flags(record.text);
            if (is_no_record(record.text, flags, block, fields)) {
                block.fields.resize(fields);
                continue;
            }
            if ((flags & ~unsigned{kFieldCount | kBrokenQuote}) == 0 && flags != 0 &&
                split_at_returns(record.text, block, fields))
                continue;
            if ((flags & kDamaged) != 0) {
                block.fields.resize(fields);
                block.fields.resize(fields + block.width);
            }
            block.texts.push_back(record.text);
            block.flags.push_back(static_cast<unsigned char>(flags));
        }
        if (is_sheet(m_format)) note_numbers(block);
    }

    std::vector<std::string> best_reading(std::string_view record) const override {
        return repaired_fields(record, m_dialect);
    }

private:
    // Of a sheet: what has no quotes and a digit is a number there, or no number at all.
    static void note_numbers(Block& block) {
        const char* begin = block.bytes.data();
        block.numbers.assign(block.fields.size(), 0);
        for (std::size_t i = 0; i < block.fields.size(); ++i) {
            const std::string_view field = block.fields[i];
            const bool in_place = !field.empty() && field.data() >= begin &&
                                  field.data() < begin + block.bytes.size();
            if (in_place && (field.data() == begin || field.data()[-1] != '"'))
                block.numbers[i] = 1;
        }
    }

    // Cuts the notes off the last block, which `before` lines of the file precede.
    void leave_footer(Block& block, std::int64_t before) {
        const std::size_t begin = footer_begin(block.bytes, m_after_gap, m_dialect, m_splitter);
        const std::string_view bytes = block.bytes;
        m_dialect.footer_lines = lines_of(bytes.substr(begin));
        std::int64_t line = before + static_cast<std::int64_t>(lines_of(bytes.substr(0, begin)));
        for (std::string_view rest = bytes.substr(begin); !rest.empty();) {
            const std::size_t size = line_size(rest);
            const std::string_view text = trim(rest.substr(0, size));
            rest.remove_prefix(size);
            ++line;
            if (is_only_delimiters(text, m_dialect)) continue;
            Footer& footer = m_contents.footer;
            if (footer.lines++ == 0) footer.first = line;
            footer.last = line;
        }
        block.bytes.resize(begin);
    }

    // Cuts the block where another table begins; the rest of the file is only counted.
    Result<void> end_table(Block& block) {
        TableEnd end = find_table_end(block.bytes, m_buffer.ended(), m_dialect);
        const auto lines =
            static_cast<std::int64_t>(lines_of(std::string_view(block.bytes).substr(0, end.at)));
        if (end.unsure) {  // to be seen with what follows
            m_buffer.carry_more(block.bytes, end.at);
            m_lines += lines;
            return {};
        }
        if (!end.ends) {
            m_lines += lines;
            return {};
        }
        TableCounter counter(m_dialect, m_lines + lines + 1);
        counter.feed(std::string_view(block.bytes).substr(end.at));
        block.bytes.resize(end.at);
        std::string rest;
        while (!m_buffer.ended()) {
            TRY(m_buffer.fill(rest));
            counter.feed(rest);
        }
        m_ended = true;
        for (Part& part : counter.finish())
            m_contents.tables.push_back(std::move(part));
        return {};
    }

    // Where files with other line ends were put one behind the other, a lone CR ends lines among
    // those that end in LF: it does where every part is a whole record then.
    bool split_at_returns(std::string_view text, Block& block, std::size_t first) const {
        if (text.find('\r') == std::string_view::npos) return false;
        block.fields.resize(first);
        const std::size_t records = block.size();
        for (std::string_view rest = text; !rest.empty();) {
            const std::size_t end = std::min(rest.find('\r'), rest.size());
            const std::string_view part = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (part.empty()) continue;
            const std::size_t fields = block.fields.size();
            const auto record = m_splitter.split(part.data(), part.data() + part.size(), true,
                                                 block.fields, block.arena);
            if (is_no_record(part, record.flags, block, fields)) {
                block.fields.resize(fields);
                continue;
            }
            if (record.flags != 0 || record.text.size() < part.size()) {
                block.texts.resize(records);
                block.flags.resize(records);
                block.fields.resize(first);
                return false;
            }
            block.texts.push_back(part);
            block.flags.push_back(0);
        }
        return true;
    }

    bool is_empty_line(const char* at, const char* end) const {
        return m_dialect.line_end == LineEnd::kCr || (at + 1 < end && at[1] == '\n');
    }

    // A row of nothing but delimiters, as spreadsheets write them; the header once more, where
    // files were put one behind the other.
    bool is_no_record(std::string_view text, unsigned flags, const Block& block,
                      std::size_t first) const {
        if (flags != 0) return flags == kFieldCount && is_only_delimiters(text, m_dialect);
        if (block.width < 2) return false;
        if (text.size() <= block.width * m_dialect.delimiter.size() && block.fields[first].empty())
            return is_only_delimiters(text, m_dialect);
        if (!m_dialect.has_header || block.fields[first] != m_dialect.header[0]) return false;
        return std::equal(m_dialect.header.begin(), m_dialect.header.end(),
                          block.fields.begin() + static_cast<std::ptrdiff_t>(first));
    }

    // Of a text's first line, with its end. A sheet's rows are lines, whatever their cells hold.
    std::size_t line_size(std::string_view text) const {
        const char end = m_dialect.line_end == LineEnd::kCr ? '\r' : '\n';
        bool quoted = false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '"' && is_sheet(m_format)) quoted = !quoted;
            if (text[i] == end && !quoted) return i + 1;
        }
        return text.size();
    }

    // A last one without an end counts.
    std::size_t lines_of(std::string_view text) const {
        const bool plain = m_dialect.line_end != LineEnd::kCr && !is_sheet(m_format);
        if (plain) return count_line_feeds(text) + (text.empty() || text.back() == '\n' ? 0 : 1);
        std::size_t lines = 0;
        for (; !text.empty(); ++lines)
            text.remove_prefix(line_size(text));
        return lines;
    }

    const Format m_format;
    Contents m_contents;
    Dialect m_dialect;
    std::vector<std::string> m_names;
    Splitter m_splitter;
    std::int64_t m_lines;  // of the file, before the block
    BlockBuffer m_buffer;
    bool m_after_gap = false;  // the block before ended with an empty line
    bool m_ended = false;      // another table follows: the rest is not read
    std::uint64_t m_number = 0;
};

}  // namespace

Result<std::unique_ptr<RecordInput>> open_csv(const InputOptions& options,
                                              std::unique_ptr<ByteStream> stream, std::string head,
                                              FoundEncoding encoding) {
    const bool whole = head.size() < kHeadBytes;
    TRY_ASSIGN(Dialect dialect, detect_dialect(head, whole, options.columns));
    dialect.encoding = encoding.encoding;
    dialect.confidence = std::min(dialect.confidence, encoding.confidence);
    Contents contents;  // tables above the one that has the wanted columns
    if (dialect.preamble_lines > 2) {
        std::size_t begin = 0;
        for (std::size_t line = 0; line < dialect.preamble_lines; ++line)
            begin = std::min(head.find('\n', begin), head.size() - 1) + 1;
        TableCounter counter(dialect, 1);
        counter.feed(std::string_view(head).substr(0, begin));
        contents.tables = counter.finish();
    }
    if (RecordSplitter::reads(dialect)) {
        return std::make_unique<CsvInput<RecordSplitter>>(
            std::move(stream), head, std::move(dialect), Format::kCsv, std::move(contents));
    }
    return std::make_unique<CsvInput<GeneralSplitter>>(std::move(stream), head, std::move(dialect),
                                                       Format::kCsv, std::move(contents));
}

std::unique_ptr<RecordInput> csv_of_sheet(std::unique_ptr<ByteStream> rows, Dialect dialect,
                                          Format format, Contents contents) {
    return std::make_unique<CsvInput<RecordSplitter>>(
        std::move(rows), std::string_view(), std::move(dialect), format, std::move(contents));
}

}  // namespace nguon::scan
