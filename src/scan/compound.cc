// Compound files: old workbooks (BIFF) by FreeXL, and what else comes in that wrapping, by name.
// Source: [MS-CFB], [MS-XLS].
#include <fmt/format.h>
#include <freexl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "scan/internal/biff_scan.h"
#include "scan/internal/formats.h"
#include "scan/internal/number_format.h"
#include "scan/internal/workbook.h"

namespace nguon::scan {
namespace {

// FreeXL keeps a workbook in memory; Excel 97 itself had 65,536 rows of 256 columns.
constexpr std::uint64_t kLargestXls = 256 << 20;
// It makes room for every cell of each sheet's rectangle, 31 bytes each (measured: 12 sheets with
// a cell in their last corner cost 6.3 GB).
constexpr std::uint64_t kMostCells = 24 << 20;

struct CloseXls {
    void operator()(const void* handle) const { freexl_close(handle); }
};
using Handle = std::unique_ptr<const void, CloseXls>;

std::unexpected<Error> unreadable(int code) {
    return fail(Code::kInvalid,
                {fmt::format("Tệp Excel cũ (.xls) bị hỏng (mã {}).", code),
                 fmt::format("The old Excel workbook (.xls) is damaged (code {}).", code)},
                {"Mở bằng Excel, lưu thành .xlsx rồi gửi.",
                 "Open it in Excel, save it as .xlsx and send that."});
}

std::string text_of(const FreeXL_CellValue& cell) {
    switch (cell.type) {
        case FREEXL_CELL_INT: return std::to_string(cell.value.int_value);
        case FREEXL_CELL_DOUBLE:
            return text_of_number(cell.value.double_value, NumberFormat(), DateSystem::k1900);
        case FREEXL_CELL_TEXT:
        case FREEXL_CELL_SST_TEXT:
        case FREEXL_CELL_DATE:
        case FREEXL_CELL_TIME: return cell.value.text_value != nullptr ? cell.value.text_value : "";
        case FREEXL_CELL_DATETIME: {
            std::string text = cell.value.text_value != nullptr ? cell.value.text_value : "";
            if (text.size() > 10 && text[10] == ' ') text[10] = 'T';
            return text;
        }
        default: return "";
    }
}

class XlsRows final : public SheetRows {
public:
    XlsRows(const void* handle, unsigned rows, unsigned short columns, std::uint64_t size,
            const BiffSheet* known)
        : m_handle(handle), m_rows(rows), m_columns(columns), m_size(size), m_known(known) {}

    Result<bool> next(SheetRow& row) override {
        row.hidden = false;
        for (; m_next < m_rows; ++m_next) {
            row.cells.clear();
            row.number = m_next;
            for (unsigned short column = 0; column < m_columns; ++column) {
                FreeXL_CellValue cell{};
                if (freexl_get_cell_value(m_handle, m_next, column, &cell) != FREEXL_OK) continue;
                std::string text = text_of(cell);
                if (const ErrorCell* error = error_at(m_next, column)) text = error->text;
                const bool number = cell.type == FREEXL_CELL_INT || cell.type == FREEXL_CELL_DOUBLE;
                if (!text.empty()) row.cells.push_back({column, std::move(text), number});
            }
            if (row.cells.empty()) continue;
            ++m_next;
            return true;
        }
        return false;
    }
    std::uint64_t consumed() const override {
        return m_rows == 0 ? m_size : m_size * m_next / m_rows;
    }

private:
    const ErrorCell* error_at(std::uint32_t row, std::uint32_t column) const {
        if (m_known == nullptr || m_known->errors.empty()) return nullptr;
        const auto at = std::ranges::lower_bound(
            m_known->errors, std::pair(row, column), {},
            [](const ErrorCell& cell) { return std::pair(cell.row, cell.column); });
        const bool found = at != m_known->errors.end() && at->row == row && at->column == column;
        return found ? &*at : nullptr;
    }

    const void* m_handle;
    const unsigned m_rows;
    const unsigned short m_columns;
    const std::uint64_t m_size;
    const BiffSheet* m_known;  // null: not known
    std::atomic<unsigned> m_next = 0;
};

class Xls final : public Workbook {
public:
    Xls(Handle handle, std::uint64_t size, std::vector<BiffSheet> known)
        : m_handle(std::move(handle)), m_size(size), m_known(std::move(known)) {}

    Result<void> open() {
        unsigned password = 0, count = 0;
        if (freexl_get_info(m_handle.get(), FREEXL_BIFF_PASSWORD, &password) == FREEXL_OK &&
            password == FREEXL_BIFF_OBFUSCATED) {
            return fail(Code::kInvalid, {"Tệp Excel có mật khẩu.", "The workbook has a password."},
                        {"Mở bằng mật khẩu, bỏ mật khẩu rồi lưu lại.",
                         "Open it with the password, remove that, and save it."});
        }
        const int got = freexl_get_info(m_handle.get(), FREEXL_BIFF_SHEET_COUNT, &count);
        if (got != FREEXL_OK || count == 0) return unreadable(got);
        for (unsigned short i = 0; i < std::min<unsigned>(count, kMostSheets); ++i) {
            const char* name = nullptr;
            (void)freexl_get_worksheet_name(m_handle.get(), i, &name);
            m_sheets.push_back({name != nullptr ? name : "", false});
        }
        if (m_known.size() != m_sheets.size()) m_known.clear();  // not told which is which
        for (std::size_t i = 0; i < m_known.size(); ++i)
            m_sheets[i].hidden = m_known[i].hidden;
        return {};
    }

    Format format() const override { return Format::kXls; }
    const std::vector<Sheet>& sheets() const override { return m_sheets; }
    Result<std::unique_ptr<SheetRows>> rows(std::size_t sheet) override {
        unsigned rows = 0;
        unsigned short columns = 0;
        int done =
            freexl_select_active_worksheet(m_handle.get(), static_cast<unsigned short>(sheet));
        if (done == FREEXL_OK) done = freexl_worksheet_dimensions(m_handle.get(), &rows, &columns);
        if (done != FREEXL_OK) return unreadable(done);
        return std::make_unique<XlsRows>(m_handle.get(), rows, columns, m_size,
                                         sheet < m_known.size() ? &m_known[sheet] : nullptr);
    }
    Result<SheetSurvey> survey(std::size_t sheet) override {
        SheetSurvey survey;
        if (sheet < m_known.size()) survey = m_known[sheet].survey;
        TRY_ASSIGN(const auto all, rows(sheet));
        SheetRow row;
        for (;;) {
            TRY_ASSIGN(const bool more, all->next(row));
            if (!more) return survey;
            ++survey.rows;
        }
    }

private:
    Handle m_handle;
    std::uint64_t m_size;
    std::vector<BiffSheet> m_known;
    std::vector<Sheet> m_sheets;
};

// Names in a compound file's directory are UTF-16.
std::string wide(std::string_view name) {
    std::string bytes;
    for (const char c : name) {
        bytes += c;
        bytes += '\0';
    }
    return bytes;
}

Result<bool> holds(const RandomBytes& bytes, std::string_view name) {
    const std::string wanted = wide(name);
    std::string chunk(1 << 20, '\0');
    for (std::uint64_t at = 0; at < bytes.size(); at += chunk.size() - wanted.size()) {
        TRY_ASSIGN(const std::size_t got, bytes.read_at(at, chunk));
        if (std::string_view(chunk).substr(0, got).find(wanted) != std::string_view::npos)
            return true;
        if (got < chunk.size()) break;
    }
    return false;
}

// FreeXL opens files by name only.
struct NamedFile {
    std::filesystem::path path;
    std::shared_ptr<void> remover;
};
Result<NamedFile> as_file(std::string_view all, const InputOptions& options) {
    if (!options.file.empty()) return NamedFile{options.file, nullptr};
    static std::atomic<unsigned> count = 0;  // several are read at the same time
    std::error_code ignored;
    const std::filesystem::path folder = options.temporary_folder.empty()
                                             ? std::filesystem::temp_directory_path(ignored)
                                             : options.temporary_folder;
    NamedFile file;
    file.path = folder / fmt::format("workbook-{}-{}", ::getpid(), ++count);
    Disk* disk = options.disk;
    file.remover = std::shared_ptr<void>(
        nullptr, [disk, path = file.path](void*) { (void)disk->remove(path); });
    TRY_ASSIGN(const auto out, disk->open(file.path, OpenMode::kCreate));
    TRY(out->truncate(0));
    TRY(out->write_at(0, all));
    return file;
}

}  // namespace

Result<std::unique_ptr<Workbook>> open_xls(const std::shared_ptr<const RandomBytes>& bytes,
                                           const InputOptions& options) {
    if (bytes->size() > kLargestXls) {
        return fail(Code::kInvalid,
                    {"Tệp Excel cũ (.xls) lớn quá 256 MB.",
                     "The old Excel workbook (.xls) is larger than 256 MB."},
                    {"Lưu thành .xlsx hoặc CSV UTF-8.", "Save it as .xlsx or CSV UTF-8."});
    }
    std::string all(static_cast<std::size_t>(bytes->size()), '\0');
    TRY(bytes->read_at(0, all));
    std::vector<BiffSheet> known = scan_biff(all);
    std::uint64_t cells = 0;
    for (const BiffSheet& sheet : known)
        cells += std::uint64_t{sheet.rows} * sheet.columns;
    if (cells > kMostCells) {
        return fail(Code::kInvalid,
                    {"Tệp Excel cũ (.xls) trải rộng quá 24 triệu ô.",
                     "The old Excel workbook (.xls) spreads over more than 24 million cells."},
                    {"Xóa các ô ở xa ngoài bảng, hoặc lưu thành .xlsx.",
                     "Delete the cells far beside the table, or save it as .xlsx."});
    }
    TRY_ASSIGN(const NamedFile file, as_file(all, options));
    all.clear();
    all.shrink_to_fit();
    const void* opened = nullptr;
    const int done = freexl_open(file.path.c_str(), &opened);
    Handle handle(opened);
    if (done != FREEXL_OK) return unreadable(done);
    auto workbook = std::make_unique<Xls>(std::move(handle), bytes->size(), std::move(known));
    TRY(workbook->open());
    return workbook;
}

Result<std::unique_ptr<RecordInput>> open_compound(InputOptions options, const Source& source) {
    TRY_ASSIGN(auto bytes, RandomBytes::open(options));
    struct Known {
        std::string_view stream;
        Text what, fix;
    };
    const Text copy_out{"Chép bảng sang Excel, lưu thành .xlsx hoặc CSV UTF-8.",
                        "Copy the table into Excel and save it as .xlsx or CSV UTF-8."};
    const Known known[] = {
        {"EncryptedPackage",
         {"tệp Excel có mật khẩu", "a workbook with a password"},
         {"Mở bằng mật khẩu, vào Thông tin › Bảo vệ, bỏ mật khẩu rồi lưu lại.",
          "Open it with the password, remove that under Info › Protect, and save it."}},
        {"WordDocument", {"văn bản Word cũ (.doc)", "an old Word document (.doc)"}, copy_out},
        {"PowerPoint Document",
         {"bản trình chiếu cũ (.ppt)", "an old presentation (.ppt)"},
         copy_out},
        {"__substg1.0_", {"thư Outlook (.msg)", "an Outlook message (.msg)"}, copy_out},
    };
    for (const Known& one : known) {
        TRY_ASSIGN(const bool there, holds(*bytes, one.stream));
        if (there) return not_a_table(source.name, one.what, one.fix);
    }
    TRY_ASSIGN(auto workbook, open_xls(bytes, options));
    return open_sheet(options, std::move(bytes), std::move(workbook));
}

}  // namespace nguon::scan
