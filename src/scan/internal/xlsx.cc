// Office Open XML workbooks: the sheets as rows of texts.
// Source: ECMA-376 part 1, chapter 18.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <deque>

#include "scan/internal/sheet_survey.h"
#include "scan/internal/xlsx_parts.h"

namespace nguon::scan {
namespace {

std::unexpected<Error> bad_sheet(const std::string& name, std::string_view vi,
                                 std::string_view en) {
    return fail(Code::kInvalid,
                {fmt::format("Trang «{}» bị hỏng: {}.", name, vi),
                 fmt::format("The sheet \"{}\" is damaged: {}.", name, en)},
                {"Mở bằng Excel, lưu lại rồi gửi, hoặc lưu dạng CSV UTF-8.",
                 "Open it in Excel, save it again and send that, or save it as CSV UTF-8."});
}

// Cells of a sheet's XML as texts.
class RowsHandler final : public XmlHandler {
public:
    RowsHandler(const SharedStrings& strings, const Styles& styles, DateSystem dates,
                std::string sheet)
        : m_strings(strings), m_styles(styles), m_dates(dates), m_sheet(std::move(sheet)) {}

    std::deque<SheetRow> done;
    bool ended = false;  // </sheetData>: only what is no cell follows

    // Rows are used again: their texts keep their memory.
    void give_back(SheetRow row) {
        if (m_free.size() < 64) m_free.push_back(std::move(row));
    }

    void start(std::string_view name, const XmlAttributes& attributes) override {
        if (ended) return;
        if (name == "c" && m_in_row) {
            start_cell(attributes);
        } else if (name == "row") {
            start_row(attributes);
        } else if (name == "f") {
            m_is_formula = m_in_cell;
        } else if (name == "v") {
            m_reads = m_in_cell && !m_is_inline;
        } else if (name == "t") {
            m_reads = m_in_cell && m_is_inline && !m_spoken;
        } else if (name == "rPh") {
            m_spoken = true;
        }
    }

    void end(std::string_view name) override {
        if (name == "v" || name == "t") {
            m_reads = false;
        } else if (name == "c") {
            if (m_in_cell) end_cell();
            m_in_cell = false;
        } else if (name == "row") {
            if (m_in_row && !m_row.cells.empty()) {
                if (!std::ranges::is_sorted(m_row.cells, {}, &SheetCell::column))
                    std::ranges::stable_sort(m_row.cells, {}, &SheetCell::column);
                done.push_back(std::move(m_row));
            }
            m_in_row = false;
        } else if (name == "rPh") {
            m_spoken = false;
        } else if (name == "sheetData") {
            ended = true;
        }
    }

    void text(std::string_view part) override {
        if (!m_reads) return;
        if (m_value.size() + part.size() > kLongestCell) {
            error =
                bad_sheet(m_sheet, "một ô dài quá 160 KB", "a cell is longer than 160 KB").error();
            return;
        }
        m_value += part;
    }

private:
    enum class Type { kNumber, kShared, kText, kInline, kBoolean, kError, kDate };

    void start_row(const XmlAttributes& attributes) {
        std::uint32_t number = m_next_row;
        if (const char* r = attributes.find("r")) {
            const std::string_view text(r);
            const auto [end, wrong] =
                std::from_chars(text.data(), text.data() + text.size(), number);
            if (wrong != std::errc() || number == 0 || number - 1 < m_next_row) {
                number = m_next_row;  // out of order: it follows the one before
            } else {
                --number;
            }
        }
        if (number >= kMostSheetRows) {
            error = bad_sheet(m_sheet, "quá nhiều dòng", "too many rows").error();
            return;
        }
        if (!m_free.empty()) {
            m_row = std::move(m_free.back());
            m_free.pop_back();
        }
        m_row.cells.clear();
        m_row.number = number;
        m_row.hidden = attributes.is_true("hidden");
        m_next_row = number + 1;
        m_next_column = 0;
        m_in_row = true;
    }

    void start_cell(const XmlAttributes& attributes) {
        m_column = m_next_column;
        std::uint32_t column = 0, row = 0;
        if (const char* r = attributes.find("r"); r != nullptr && parse_reference(r, column, row))
            m_column = column;
        if (m_column >= kMostSheetColumns || m_row.cells.size() >= kMostSheetColumns) {
            error = bad_sheet(m_sheet, "quá nhiều cột", "too many columns").error();
            return;
        }
        m_next_column = m_column + 1;
        m_type = Type::kNumber;
        if (const char* t = attributes.find("t")) {
            const std::string_view type(t);
            m_type = type == "s"           ? Type::kShared
                     : type == "str"       ? Type::kText
                     : type == "inlineStr" ? Type::kInline
                     : type == "b"         ? Type::kBoolean
                     : type == "e"         ? Type::kError
                     : type == "d"         ? Type::kDate
                                           : Type::kNumber;
        }
        m_style = 0;
        if (const char* s = attributes.find("s")) {
            const std::string_view style(s);
            std::from_chars(style.data(), style.data() + style.size(), m_style);
        }
        m_is_inline = m_type == Type::kInline;
        m_is_formula = false;
        m_in_cell = true;
        m_value.clear();
    }

    void end_cell() {
        if (m_value.empty()) {
            // A formula that no program has reckoned: not empty, and nobody knows what it is.
            if (m_is_formula && m_type == Type::kNumber)
                m_row.cells.push_back({m_column, "#UNKNOWN!"});
            return;
        }
        std::string text;
        bool is_number = false;
        switch (m_type) {
            case Type::kNumber: {
                static const NumberFormat kGeneral;
                const NumberFormat& format =
                    m_style < m_styles.formats.size() ? m_styles.formats[m_style] : kGeneral;
                text = text_of_number(m_value, format, m_dates);
                is_number = true;
                break;
            }
            case Type::kShared: {
                std::size_t number = 0;
                const auto [end, wrong] =
                    std::from_chars(m_value.data(), m_value.data() + m_value.size(), number);
                if (wrong != std::errc() || number >= m_strings.size()) {
                    error = bad_sheet(m_sheet, "thiếu văn bản của một ô",
                                      "the text of a cell is missing")
                                .error();
                    return;
                }
                if (auto got = m_strings.append(number, text); !got) error = got.error();
                break;
            }
            case Type::kBoolean: text = m_value == "1" ? "true" : "false"; break;
            case Type::kDate:
                text = m_value.ends_with("T00:00:00") || m_value.ends_with("T00:00:00.000")
                           ? m_value.substr(0, 10)
                           : m_value;
                break;
            case Type::kError: text = m_value; break;
            case Type::kText:
            case Type::kInline: append_unescaped(m_value, text); break;
        }
        if (!text.empty()) m_row.cells.push_back({m_column, std::move(text), is_number});
    }

    const SharedStrings& m_strings;
    const Styles& m_styles;
    const DateSystem m_dates;
    const std::string m_sheet;
    std::vector<SheetRow> m_free;
    SheetRow m_row;
    std::string m_value;
    std::uint32_t m_next_row = 0, m_next_column = 0, m_column = 0;
    std::size_t m_style = 0;
    Type m_type = Type::kNumber;
    bool m_in_row = false, m_in_cell = false, m_is_inline = false, m_is_formula = false,
         m_reads = false, m_spoken = false;
};

class XlsxRows final : public SheetRows {
public:
    XlsxRows(std::unique_ptr<ByteStream> stream, const SharedStrings& strings, const Styles& styles,
             DateSystem dates, const std::string& sheet)
        : m_stream(std::move(stream)),
          m_handler(strings, styles, dates, sheet),
          m_parser(m_handler, sheet),
          m_chunk(kSheetChunk, '\0') {}

    Result<bool> next(SheetRow& row) override {
        while (m_handler.done.empty()) {
            if (m_ended) return false;
            TRY_ASSIGN(const std::size_t got, m_stream->read(m_chunk));
            m_ended = got < m_chunk.size();
            TRY(m_parser.feed(std::string_view(m_chunk).substr(0, got), m_ended));
        }
        m_handler.give_back(std::exchange(row, std::move(m_handler.done.front())));
        m_handler.done.pop_front();
        return true;
    }
    std::uint64_t consumed() const override { return m_stream->consumed(); }

private:
    std::unique_ptr<ByteStream> m_stream;
    RowsHandler m_handler;
    XmlParser m_parser;
    std::string m_chunk;
    bool m_ended = false;
};

class Xlsx final : public Workbook {
public:
    Xlsx(ZipArchive archive, const InputOptions& options)
        : m_archive(std::move(archive)), m_strings(options) {}

    Result<void> open() {
        std::string main = "xl/workbook.xml";
        if (const ZipEntry* entry = m_archive.find("_rels/.rels")) {
            TRY_ASSIGN(const auto relations, relations_in(*entry));
            for (const Relation& relation : relations) {
                if (relation.type.ends_with("/officeDocument"))
                    main = resolve_target("", relation.target);
            }
        }
        TRY_ASSIGN(const auto workbook, part(main));
        TRY_ASSIGN(const WorkbookPart book, read_workbook(*workbook));
        m_dates = book.dates;
        const std::size_t folder = main.rfind('/') + 1;  // 0 without one
        const std::string of_main =
            main.substr(0, folder) + "_rels/" + main.substr(folder) + ".rels";
        const ZipEntry* rels = m_archive.find(of_main);
        if (rels == nullptr) return missing(of_main);
        TRY_ASSIGN(const auto relations, relations_in(*rels));
        for (std::size_t i = 0; i < book.sheets.size(); ++i) {
            const auto found = std::ranges::find(relations, book.relations[i], &Relation::id);
            // Charts and dialogs are sheets too, without cells.
            if (found == relations.end() || found->external ||
                !found->type.ends_with("/worksheet")) {
                continue;
            }
            m_sheets.push_back(book.sheets[i]);
            m_parts.push_back(resolve_target(main, found->target));
        }
        if (m_sheets.empty()) {
            return fail(Code::kInvalid,
                        {"Bảng tính không có trang nào có ô.", "The workbook has no worksheet."},
                        {"Gửi tệp có ít nhất một trang dữ liệu.",
                         "Send a file with at least one sheet of data."});
        }
        for (const Relation& relation : relations) {
            if (relation.external) continue;
            const std::string target = resolve_target(main, relation.target);
            if (relation.type.ends_with("/sharedStrings") && m_archive.find(target) != nullptr) {
                TRY_ASSIGN(const auto strings, part(target));
                TRY(m_strings.read(*strings));
            } else if (relation.type.ends_with("/styles") && m_archive.find(target) != nullptr) {
                TRY_ASSIGN(const auto styles, part(target));
                TRY_ASSIGN(m_styles, read_styles(*styles));
            }
        }
        return {};
    }

    Format format() const override { return Format::kXlsx; }
    const std::vector<Sheet>& sheets() const override { return m_sheets; }

    Result<std::unique_ptr<SheetRows>> rows(std::size_t sheet) override {
        TRY_ASSIGN(auto stream, part(m_parts[sheet]));
        return std::make_unique<XlsxRows>(std::move(stream), m_strings, m_styles, m_dates,
                                          m_sheets[sheet].name);
    }

    Result<SheetSurvey> survey(std::size_t sheet) override {
        TRY_ASSIGN(const auto stream, part(m_parts[sheet]));
        SheetScan scan;
        std::string chunk(256 * 1024, '\0');
        for (;;) {
            TRY_ASSIGN(const std::size_t got, stream->read(chunk));
            scan.feed(std::string_view(chunk).substr(0, got));
            if (got < chunk.size()) break;
        }
        return scan.finish();
    }

private:
    static std::unexpected<Error> missing(const std::string& name) {
        return fail(
            Code::kInvalid,
            {fmt::format("Tệp Excel thiếu phần «{}».", name),
             fmt::format("The workbook lacks its part \"{}\".", name)},
            {"Mở bằng Excel, lưu lại rồi gửi.", "Open it in Excel, save it and send that."});
    }
    Result<std::unique_ptr<ByteStream>> part(const std::string& name) const {
        const ZipEntry* entry = m_archive.find(name);
        if (entry == nullptr) return missing(name);
        return m_archive.stream(*entry);
    }
    Result<std::vector<Relation>> relations_in(const ZipEntry& entry) const {
        TRY_ASSIGN(const auto stream, m_archive.stream(entry));
        return read_relations(*stream);
    }

    const ZipArchive m_archive;
    std::vector<Sheet> m_sheets;
    std::vector<std::string> m_parts;
    SharedStrings m_strings;
    Styles m_styles;
    DateSystem m_dates = DateSystem::k1900;
};

}  // namespace

bool parse_reference(std::string_view text, std::uint32_t& column, std::uint32_t& row) {
    std::uint32_t letters = 0;
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '$') continue;
        const bool lower = c >= 'a' && c <= 'z';
        if (!lower && (c < 'A' || c > 'Z')) break;
        letters = letters * 26 + static_cast<std::uint32_t>(c - (lower ? 'a' : 'A') + 1);
        if (letters > kMostSheetColumns) return false;
    }
    if (letters == 0) return false;
    column = letters - 1;
    std::uint32_t number = 0;
    const auto [end, wrong] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    if (wrong != std::errc() || number == 0 || number > kMostSheetRows) return false;
    row = number - 1;
    return true;
}

Result<std::unique_ptr<Workbook>> open_xlsx(ZipArchive archive, const InputOptions& options) {
    auto workbook = std::make_unique<Xlsx>(std::move(archive), options);
    TRY(workbook->open());
    return workbook;
}

}  // namespace nguon::scan
