// An Excel file to fill in: a header that `load` recognises, columns typed so that leading zeros
// stay, lists and bounds that Excel itself checks, and a second sheet that explains the columns.
#include "forms/internal/workbook.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "contract/headings.h"
#include "forms/internal/columns.h"
#include "forms/internal/words.h"
#include "forms/internal/writers.h"

namespace nguon::forms::internal {
namespace {

namespace fs = std::filesystem;
using contract::Column;
using contract::LogicalType;

constexpr std::size_t kMostComment = 1000, kMostCell = 32'000;
constexpr lxw_color_t kIndigo = 0x24408E, kInset = 0xF1EEE6, kInk = 0x1A2130, kRule = 0xDAD5C9;
// The same contract gives the same bytes: the moment of making is not written.
constexpr time_t kMade = 1'767'225'600;  // 2026-01-01T00:00:00Z

// A file of ours that nobody else can have put there; it goes when this goes.
class TemporaryFile {
public:
    static Result<TemporaryFile> make(const fs::path& folder) {
        std::error_code ignored;
        std::string name =
            (folder.empty() ? fs::temp_directory_path(ignored) : folder) / "template-XXXXXX";
        const int descriptor = ::mkstemp(name.data());
        if (descriptor < 0) {
            return fail(Code::kUnavailable,
                        {fmt::format("Không ghi được tệp tạm {}.", name),
                         fmt::format("The temporary file {} cannot be written.", name)},
                        {"Kiểm tra chỗ trống và quyền của thư mục.",
                         "Check the space and the rights of the folder."});
        }
        ::close(descriptor);
        return TemporaryFile(std::move(name));
    }
    TemporaryFile(TemporaryFile&& other) noexcept : m_name(std::exchange(other.m_name, {})) {}
    TemporaryFile& operator=(TemporaryFile&&) = delete;
    ~TemporaryFile() {
        if (!m_name.empty()) ::unlink(m_name.c_str());
    }
    const std::string& name() const { return m_name; }

private:
    explicit TemporaryFile(std::string name) : m_name(std::move(name)) {}
    std::string m_name;
};

// dd/MM/yyyy of a contract is dd/mm/yyyy in Excel.
std::string number_format(const Column& column) {
    switch (column.type) {
        case LogicalType::kInteger: return "0";
        case LogicalType::kNumber:
            return column.precision > 0 && column.scale > 0
                       ? "0." + std::string(static_cast<std::size_t>(column.scale), '0')
                       : "General";
        case LogicalType::kDate: return to_lower_ascii(date_format(column));
        case LogicalType::kTimestamp: return "yyyy-mm-dd hh:mm:ss";
        case LogicalType::kTime: return "hh:mm:ss";
        default: return "@";  // text: 001099000001 keeps its zeros
    }
}

class Template {
public:
    Template(lxw_workbook* book, const Wanted& wanted)
        : m_book(book), m_wanted(wanted), m_dictionary(dictionary_of(wanted)) {}

    void fill() {
        lxw_doc_properties properties{};
        std::string title = m_dictionary.title, company = "Nguồn";
        properties.title = title.data();
        properties.company = company.data();
        properties.created = kMade;
        workbook_set_properties(m_book, &properties);
        lxw_worksheet* data = sheet(words::kSheetOfData);
        lxw_worksheet* columns = sheet(words::kSheetOfColumns);
        lxw_worksheet* lists = sheet(words::kSheetOfLists);
        Lists kept(lists, text(words::kSheetOfLists));
        fill_data(data, kept);
        fill_columns(columns);
        worksheet_hide(lists);
        worksheet_activate(data);
    }

private:
    std::string text(const Words& words) const { return std::string(words.in(m_wanted.language)); }
    lxw_worksheet* sheet(const Words& name) {
        return workbook_add_worksheet(m_book, text(name).c_str());
    }

    lxw_format* header_format(bool strong) {
        lxw_format* format = workbook_add_format(m_book);
        format_set_bold(format);
        format_set_text_wrap(format);
        format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
        format_set_bg_color(format, strong ? kIndigo : kInset);
        format_set_font_color(format, strong ? 0xFFFFFF : kInk);
        format_set_bottom(format, LXW_BORDER_THIN);
        format_set_bottom_color(format, kRule);
        format_set_num_format(format, "@");
        return format;
    }

    // The title, where it means this column alone; else the name.
    std::string heading(const Column& column, const std::vector<std::string>& titles) const {
        const std::string title(trim(column.title.in(m_wanted.language)));
        // `load` leaves out what begins with an underscore.
        const bool is_usable = !title.empty() && title[0] != '_' && title.size() <= kMostCell;
        return is_usable && std::ranges::find(titles, title) != titles.end() ? title : column.name;
    }

    const Entry& entry_of(const std::string& name) const {
        return *std::ranges::find(m_dictionary.columns, name, &Entry::name);
    }

    std::string comment(const Column& column, const Entry& entry) const {
        std::string out;
        const auto line = [&](std::string_view words) {
            if (!words.empty()) out += (out.empty() ? "" : "\n") + std::string(words);
        };
        if (column.required) line(text(words::kMust));
        line(entry.description);
        line(entry.type);
        if (m_wanted.dataset.key().size() == 1 && column.key_position > 0)
            line(text(words::kPartOfKey));
        if (!entry.reference.empty()) line(text(words::kReference) + ": " + entry.reference);
        for (const std::string& rule : entry.rules)
            line(rule);
        return shortened(out, kMostComment);
    }

    void fill_data(lxw_worksheet* data, Lists& lists) {
        lxw_format *required = header_format(true), *optional = header_format(false);
        const auto headings = contract::headings_of(m_wanted.dataset);
        const std::vector<Column>& all = m_wanted.dataset.columns;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const Column column = as_judged(m_wanted.dataset, all[i]);
            const auto place = static_cast<lxw_col_t>(i);
            lxw_format* cells = workbook_add_format(m_book);
            format_set_num_format(cells, number_format(column).c_str());
            const std::string head = heading(column, headings[i]);
            const double width = std::clamp(static_cast<double>(head.size()) * 0.9 + 3, 12.0, 32.0);
            worksheet_set_column(data, place, place, width, cells);
            worksheet_write_string(data, 0, place, head.c_str(),
                                   column.required ? required : optional);
            const std::string said = comment(column, entry_of(column.name));
            if (!said.empty()) worksheet_write_comment(data, 0, place, said.c_str());
            add_validation(data, place, column, m_wanted.language, lists);
        }
        worksheet_freeze_panes(data, 1, 0);
        worksheet_set_landscape(data);
        worksheet_set_paper(data, 9);  // A4
        worksheet_repeat_rows(data, 0, 0);
    }

    void fill_columns(lxw_worksheet* sheet) {
        static constexpr std::array kHeads = {
            words::kColumn,    words::kName, words::kType,   words::kMeaning,
            words::kRequired,  words::kKey,  words::kValues, words::kClassification,
            words::kReference, words::kRule};
        static constexpr std::array kWidths = {28., 20., 36., 48., 10., 8., 36., 14., 28., 40.};
        lxw_format* head = header_format(true);
        lxw_format* cell = workbook_add_format(m_book);
        format_set_text_wrap(cell);
        format_set_align(cell, LXW_ALIGN_VERTICAL_TOP);
        format_set_num_format(cell, "@");
        for (std::size_t i = 0; i < kHeads.size(); ++i) {
            const auto place = static_cast<lxw_col_t>(i);
            worksheet_set_column(sheet, place, place, kWidths[i], nullptr);
            worksheet_write_string(sheet, 0, place, text(kHeads[i]).c_str(), head);
        }
        lxw_row_t row = 0;
        for (const Entry& entry : m_dictionary.columns) {
            ++row;
            const std::array cells = {entry.title,       entry.name,           entry.type,
                                      entry.description, entry.required,       entry.key,
                                      values_of(entry),  entry.classification, entry.reference,
                                      lines(entry.rules)};
            for (std::size_t i = 0; i < cells.size(); ++i) {
                worksheet_write_string(sheet, row, static_cast<lxw_col_t>(i),
                                       shortened(cells[i], kMostCell).c_str(), cell);
            }
        }
        worksheet_freeze_panes(sheet, 1, 1);
        worksheet_set_landscape(sheet);
        worksheet_set_paper(sheet, 9);
        worksheet_fit_to_pages(sheet, 1, 0);
        worksheet_repeat_rows(sheet, 0, 0);
    }

    static std::string lines(const std::vector<std::string>& all) {
        std::string out;
        for (const std::string& one : all)
            out += (out.empty() ? "" : "\n") + one;
        return out;
    }
    static std::string values_of(const Entry& entry) {
        std::string out;
        for (const Entry::Value& value : entry.values) {
            out += (out.empty() ? "" : "\n") + value.value;
            if (!value.label.empty() && value.label != value.value) out += " = " + value.label;
        }
        return out;
    }

    lxw_workbook* m_book;
    const Wanted& m_wanted;
    Dictionary m_dictionary;
};

}  // namespace

Result<std::string> workbook(const Wanted& wanted) {
    TRY_ASSIGN(const TemporaryFile file, TemporaryFile::make(wanted.temporary_folder));
    std::string folder = wanted.temporary_folder.string();
    lxw_workbook_options options{};
    if (!folder.empty()) options.tmpdir = folder.data();
    lxw_workbook* book = workbook_new_opt(file.name().c_str(), &options);
    if (book == nullptr) return fail(Code::kUnavailable, Text::same("xlsxwriter"));
    Template(book, wanted).fill();
    if (const lxw_error error = workbook_close(book); error != LXW_NO_ERROR) {
        return fail(
            Code::kUnavailable,
            {fmt::format("Không tạo được tệp Excel: {}.", lxw_strerror(error)),
             fmt::format("The Excel file cannot be made: {}.", lxw_strerror(error))},
            {"Kiểm tra chỗ trống của thư mục tạm.", "Check the space of the temporary folder."});
    }
    std::ifstream in(file.name(), std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in) return fail(Code::kUnavailable, Text::same(file.name()));
    return bytes;
}

}  // namespace nguon::forms::internal
