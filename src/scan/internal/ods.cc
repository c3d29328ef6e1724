// OpenDocument spreadsheets: content.xml as sheets of rows of texts.
// Source: OpenDocument 1.3 part 3, 9 (tables) and 19.389 (office:value-type).
#include <algorithm>
#include <charconv>
#include <deque>

#include "scan/internal/number_format.h"
#include "scan/internal/workbook.h"
#include "scan/internal/xml.h"
#include "scan/value.h"

namespace nguon::scan {
namespace {

// LibreOffice fills a sheet to its end with one repeated row or cell; only what holds something is
// repeated here.
constexpr std::uint32_t kMostRepeats = kMostSheetRows;
// A few bytes can repeat a row or a cell: what comes of it is bounded.
constexpr std::uint64_t kMostCells = 512 << 20;
constexpr std::size_t kMostRepeated = 4 << 20;

std::uint32_t count_of(const XmlAttributes& attributes, std::string_view name) {
    const char* text = attributes.find(name);
    if (text == nullptr) return 1;
    const std::string_view digits(text);
    std::uint32_t value = 1;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return std::clamp<std::uint32_t>(value, 1, kMostRepeats);
}

// "PT10H30M00S" -> "10:30:00"; as it stands when it is no such thing.
std::string clock_of(std::string_view duration) {
    if (!duration.starts_with("PT")) return std::string(duration);
    double seconds = 0, number = 0;
    std::string_view rest = duration.substr(2);
    while (!rest.empty()) {
        const auto [end, wrong] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        if (wrong != std::errc() || end == rest.data() + rest.size()) return std::string(duration);
        seconds += *end == 'H' ? number * 3600 : *end == 'M' ? number * 60 : number;
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
    }
    return text_of_number(seconds / 86'400, {NumberMeaning::kElapsed, {}}, DateSystem::k1900);
}

// Rows of the sheet with this number; or only counts, hidden rows and merges of all.
class ContentHandler final : public XmlHandler {
public:
    explicit ContentHandler(std::size_t wanted) : m_wanted(wanted) {}

    struct Rows {
        SheetRow row;
        std::uint32_t repeats = 1;  // so many rows, one after the other
    };
    std::deque<Rows> done;
    std::vector<Sheet> sheets;
    SheetSurvey survey;
    bool ended = false;  // the wanted sheet is behind

    void start(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "table") {
            if (++m_nested == 1) start_table(attributes);
        } else if (m_nested != 1 || !m_inside) {
            return;
        } else if (name == "table-column") {
            if (is_hidden(attributes)) {
                const std::uint32_t count = count_of(attributes, "number-columns-repeated");
                if (count < 1000) survey.hidden_columns += count;  // more: up to the edge
            }
        } else if (name == "table-row") {
            m_repeats = count_of(attributes, "number-rows-repeated");
            m_row = {};
            m_row.number = m_next_row;
            m_row.hidden = is_hidden(attributes);
            m_next_column = 0;
        } else if (name == "table-cell" || name == "covered-table-cell") {
            start_cell(attributes, name == "table-cell");
        } else if (name == "annotation") {
            m_note = true;
        } else if (name == "p" && m_in_cell && !m_note) {
            if (m_paragraphs++ > 0) m_text += '\n';
            m_reads = true;
        } else if (m_reads && name == "s") {
            m_text.append(std::min<std::uint32_t>(count_of(attributes, "c"), 1000), ' ');
        } else if (m_reads && name == "tab") {
            m_text += '\t';
        } else if (m_reads && name == "line-break") {
            m_text += '\n';
        }
    }

    void end(std::string_view name) override {
        if (name == "table") {
            if (m_nested-- == 1 && m_inside) {
                m_inside = false;
                ended = true;
            }
        } else if (m_nested != 1 || !m_inside) {
            return;
        } else if (name == "p") {
            m_reads = false;
        } else if (name == "annotation") {
            m_note = false;
        } else if (name == "table-cell" || name == "covered-table-cell") {
            end_cell();
        } else if (name == "table-row") {
            end_row();
        }
    }

    void text(std::string_view part) override {
        if (!m_reads) return;
        if (m_text.size() + part.size() > kLongestCell) {
            error = too_large();
            return;
        }
        m_text += part;
    }

private:
    static Error too_large() {
        return Error{Code::kInvalid,
                     {"Bảng tính quá lớn: một ô, một dòng hoặc cả trang vượt giới hạn.",
                      "The spreadsheet is too large: a cell, a row or a sheet is past the limit."},
                     {"Lưu dữ liệu dạng CSV UTF-8 rồi gửi lại.",
                      "Save the data as CSV UTF-8 and send that."},
                     {},
                     {}};
    }
    static bool is_hidden(const XmlAttributes& attributes) {
        const std::string visibility = attributes.text("visibility");
        return visibility == "collapse" || visibility == "filter";
    }

    void start_table(const XmlAttributes& attributes) {
        m_inside = sheets.size() == m_wanted;
        sheets.push_back({attributes.text("name"), false});
        if (sheets.size() > kMostSheets) error = too_large();
        m_next_row = 0;
    }

    void start_cell(const XmlAttributes& attributes, bool own) {
        m_in_cell = true;
        m_type = attributes.text("value-type");
        m_value.clear();
        m_text.clear();
        m_paragraphs = 0;
        m_cell_repeats = count_of(attributes, "number-columns-repeated");
        m_rows_spanned = own ? count_of(attributes, "number-rows-spanned") : 1;
        m_columns_spanned = own ? count_of(attributes, "number-columns-spanned") : 1;
        if (m_type == "date") {
            m_value = attributes.text("date-value");
        } else if (m_type == "time") {
            m_value = clock_of(attributes.text("time-value"));
        } else if (m_type == "boolean") {
            m_value = attributes.text("boolean-value");
        } else if (m_type == "string") {
            m_value = attributes.text("string-value");
        } else if (!m_type.empty()) {  // float, percentage, currency
            NumberFormat format;
            if (m_type == "percentage") format.meaning = NumberMeaning::kPercent;
            m_value = text_of_number(attributes.text("value"), format, DateSystem::k1900);
        }
        if (m_value.ends_with("T00:00:00")) m_value.resize(10);
    }

    void end_cell() {
        m_in_cell = m_reads = false;
        // What is shown decides for texts and for digits with leading zeros.
        const bool padded = (m_type == "float") && m_text.size() > m_value.size() &&
                            m_text.starts_with('0') && m_text.ends_with(m_value) &&
                            m_text.find_first_not_of('0') >= m_text.size() - m_value.size();
        std::string value =
            m_type.empty() || (m_type == "string" && m_value.empty()) || padded ? m_text : m_value;
        if (is_cell_error(m_text)) value = m_text;
        const std::uint32_t column = m_next_column;
        if (m_next_column + m_cell_repeats > kMostSheetColumns) {
            if (!value.empty()) error = too_large();
            m_next_column = kMostSheetColumns;
            return;
        }
        m_next_column += m_cell_repeats;
        if (m_rows_spanned > 1 && survey.merges.size() < kMostSheetRows) {
            survey.merges.push_back({m_next_row, m_next_row + m_rows_spanned - 1, column,
                                     column + m_columns_spanned - 1});
        }
        if (value.empty()) return;
        if (m_cell_repeats * value.size() > kMostRepeated) {
            error = too_large();
            return;
        }
        const bool number =
            (m_type == "float" || m_type == "percentage" || m_type == "currency") && !padded;
        for (std::uint32_t i = 0; i < m_cell_repeats; ++i)
            m_row.cells.push_back({column + i, value, number});
    }

    void end_row() {
        const std::uint32_t first = m_next_row;
        m_next_row += std::min(m_repeats, kMostSheetRows - std::min(first, kMostSheetRows));
        if (m_row.hidden && m_repeats < 100'000) survey.hide(first + 1, m_repeats);
        if (m_row.cells.empty()) return;
        m_cells += std::uint64_t{m_repeats} * m_row.cells.size();
        if (m_next_row >= kMostSheetRows || m_cells > kMostCells) {
            error = too_large();
            return;
        }
        survey.rows += m_repeats;
        m_row.number = first;
        done.push_back({std::move(m_row), m_repeats});
    }

    const std::size_t m_wanted;
    SheetRow m_row;
    std::string m_type, m_value, m_text;
    std::uint32_t m_next_row = 0, m_next_column = 0, m_repeats = 1, m_cell_repeats = 1,
                  m_rows_spanned = 1, m_columns_spanned = 1;
    std::size_t m_nested = 0, m_paragraphs = 0;
    std::uint64_t m_cells = 0;
    bool m_inside = false, m_in_cell = false, m_reads = false, m_note = false;
};

class OdsRows final : public SheetRows {
public:
    OdsRows(std::unique_ptr<ByteStream> stream, std::size_t sheet)
        : m_stream(std::move(stream)),
          m_handler(sheet),
          m_parser(m_handler, "content.xml"),
          m_chunk(kSheetChunk, '\0') {}

    Result<bool> next(SheetRow& row) override {
        while (m_handler.done.empty()) {
            TRY_ASSIGN(const bool more, read());
            if (!more) return false;
        }
        ContentHandler::Rows& next = m_handler.done.front();
        if (--next.repeats > 0) {
            row = next.row;
            ++next.row.number;
            return true;
        }
        row = std::move(next.row);
        m_handler.done.pop_front();
        return true;
    }
    // One piece more; false once the sheet is behind.
    Result<bool> read() {
        if (m_ended || m_handler.ended) return false;
        TRY_ASSIGN(const std::size_t got, m_stream->read(m_chunk));
        m_ended = got < m_chunk.size();
        TRY(m_parser.feed(std::string_view(m_chunk).substr(0, got), m_ended));
        return true;
    }
    std::uint64_t consumed() const override { return m_stream->consumed(); }
    ContentHandler& handler() { return m_handler; }

private:
    std::unique_ptr<ByteStream> m_stream;
    ContentHandler m_handler;
    XmlParser m_parser;
    std::string m_chunk;
    bool m_ended = false;
};

class Ods final : public Workbook {
public:
    explicit Ods(ZipArchive archive) : m_archive(std::move(archive)) {}

    Result<void> open() {
        if (const ZipEntry* manifest = m_archive.find("META-INF/manifest.xml")) {
            constexpr std::size_t kMostManifest = 4 << 20;
            TRY_ASSIGN(const std::string text, m_archive.read(*manifest, kMostManifest));
            if (text.find("encryption-data") != std::string::npos) {
                return fail(Code::kInvalid,
                            {"Bảng tính có mật khẩu.", "The spreadsheet has a password."},
                            {"Mở bằng mật khẩu, bỏ mật khẩu rồi lưu lại.",
                             "Open it with the password, remove that, and save it."});
            }
        }
        constexpr std::size_t kNone = static_cast<std::size_t>(-1);
        TRY_ASSIGN(const auto content, sheet(kNone));
        for (;;) {
            TRY_ASSIGN(const bool more, content->read());
            if (!more) break;
        }
        m_sheets = content->handler().sheets;
        if (!m_sheets.empty()) return {};
        return fail(Code::kInvalid,
                    {"Bảng tính không có trang nào.", "The spreadsheet has no sheet."},
                    {"Gửi tệp có ít nhất một trang dữ liệu.",
                     "Send a file with at least one sheet of data."});
    }

    Format format() const override { return Format::kOds; }
    const std::vector<Sheet>& sheets() const override { return m_sheets; }
    Result<std::unique_ptr<SheetRows>> rows(std::size_t number) override { return sheet(number); }
    Result<SheetSurvey> survey(std::size_t number) override {
        TRY_ASSIGN(const auto content, sheet(number));
        for (;;) {
            TRY_ASSIGN(const bool more, content->read());
            if (!more) break;
            content->handler().done.clear();
        }
        return std::move(content->handler().survey);
    }

private:
    Result<std::unique_ptr<OdsRows>> sheet(std::size_t number) const {
        const ZipEntry* entry = m_archive.find("content.xml");
        if (entry == nullptr) {
            return fail(Code::kInvalid,
                        {"Bảng tính thiếu phần content.xml.",
                         "The spreadsheet lacks its part content.xml."},
                        {"Mở bằng LibreOffice, lưu lại rồi gửi.",
                         "Open it in LibreOffice, save it and send that."});
        }
        TRY_ASSIGN(auto stream, m_archive.stream(*entry));
        return std::make_unique<OdsRows>(std::move(stream), number);
    }

    const ZipArchive m_archive;
    std::vector<Sheet> m_sheets;
};

}  // namespace

Result<std::unique_ptr<Workbook>> open_ods(ZipArchive archive) {
    auto workbook = std::make_unique<Ods>(std::move(archive));
    TRY(workbook->open());
    return workbook;
}

}  // namespace nguon::scan
