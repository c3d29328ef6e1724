// The table as read, written as plain CSV.
#include <algorithm>
#include <utility>

#include "intake/internal/file_writer.h"
#include "intake/profile.h"
#include "scan/value.h"

namespace nguon::intake {
namespace {

using Fields = std::vector<std::string>;

// A row is told to be the header of a second table by this many rows under it.
constexpr std::size_t kRowsUnderHeader = 3;

bool is_value(std::string_view cell) {
    std::int64_t whole = 0;
    double real = 0;
    return scan::parse_double(cell, real) || scan::parse_time(cell, whole) ||
           scan::parse_timestamp(cell, false, whole) ||
           (cell.size() >= 8 && cell.size() <= 10 &&
            cell.find_first_not_of("0123456789/.-") == std::string_view::npos);
}

bool could_be_header(const Fields& fields) {
    return fields.size() > 1 && std::ranges::none_of(fields, [](const std::string& cell) {
               return trim(cell).empty() || is_value(trim(cell));
           });
}

// Text that a reader of UTF-8 takes: what is no character becomes U+FFFD, NUL goes.
std::string readable(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t length = 1;
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead >= 0x80) length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        const std::string_view character = text.substr(i, length);
        if (!is_utf8(character)) {
            out += "\uFFFD";
            length = 1;
        } else if (lead != 0) {
            out += character;
        }
        i += length;
    }
    return out;
}

class RowWriter {
public:
    RowWriter(std::size_t width, std::size_t usual) : m_width(width), m_usual(usual) {}
    // The lines written since the last call.
    std::string take() { return std::exchange(m_lines, {}); }

    void add_whole(std::span<const std::string_view> fields) {
        flush();
        write(fields);
    }
    // A damaged record in its best reading. False once a second table has begun.
    bool add(Fields fields) {
        const bool ragged = fields.size() != m_width && fields.size() != m_usual;
        const bool of_held = !m_held.empty() && fields.size() == m_held[0].size();
        if (!of_held) flush();
        if (ragged && (of_held || could_be_header(fields))) {
            m_held.push_back(std::move(fields));
            return m_held.size() <= kRowsUnderHeader || !second_table();
        }
        write(fields);
        return true;
    }
    void finish() {
        if (m_held.size() < 2 || !second_table()) flush();
    }
    void write(const auto& fields) {
        for (std::size_t c = 0; c < std::max(fields.size(), m_width); ++c) {
            if (c > 0) m_lines += ',';
            if (c < fields.size()) append_csv_field(m_lines, fields[c]);
        }
        // One empty field alone would be an empty line, which is no record.
        if (fields.size() == 1 && m_width < 2 && fields[0].empty()) m_lines += "\"\"";
        m_lines += '\n';
    }

private:
    // The held rows: a header, and under it a column of values.
    bool second_table() {
        const auto has_values = [&](std::size_t c) {
            return std::all_of(m_held.begin() + 1, m_held.end(),
                               [&](const Fields& row) { return is_value(trim(row[c])); });
        };
        for (std::size_t c = 0; c < m_held[0].size(); ++c) {
            if (has_values(c)) return true;
        }
        flush();
        return false;
    }
    void flush() {
        for (const Fields& fields : m_held)
            write(fields);
        m_held.clear();
    }
    std::string m_lines;
    std::size_t m_width, m_usual;
    std::vector<Fields> m_held;
};

}  // namespace

Result<void> write_rows(const scan::InputOptions& options, Disk& disk,
                        const std::filesystem::path& to) {
    TRY_ASSIGN(auto input, scan::RecordInput::open(options));
    TRY_ASSIGN(FileWriter out, FileWriter::create(disk, to));
    const scan::Dialect* dialect = input->dialect();
    const bool named = dialect != nullptr && dialect->has_header;
    const Fields header = named ? dialect->header : input->names();
    RowWriter writer(header.size(), dialect != nullptr ? dialect->usual_columns : header.size());
    writer.write(header);
    for (bool first_table = true; first_table;) {
        scan::Block block;
        TRY_ASSIGN(const bool more, input->next(block));
        if (!more) break;
        input->split(block);
        for (std::size_t record = 0; record < block.size() && first_table; ++record) {
            if ((block.flags[record] & scan::kDamaged) == 0) {
                writer.add_whole(
                    std::span(block.fields).subspan(record * block.width, block.width));
                continue;
            }
            Fields fields = input->best_reading(readable(block.texts[record]));
            if (!fields.empty()) first_table = writer.add(std::move(fields));
        }
        TRY(out.add(writer.take()));
    }
    writer.finish();
    TRY(out.add(writer.take()));
    return out.flush();
}

}  // namespace nguon::intake
