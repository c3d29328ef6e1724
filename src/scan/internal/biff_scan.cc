#include "scan/internal/biff_scan.h"

#include <algorithm>

namespace nguon::scan {
namespace {

enum Record : std::uint32_t {
    kFormula = 0x0006,
    kEof = 0x000A,
    kBoundSheet = 0x0085,
    kMulRk = 0x00BD,
    kMergeCells = 0x00E5,
    kLabelSst = 0x00FD,
    kDimensions = 0x0200,
    kNumber = 0x0203,
    kLabel = 0x0204,
    kBoolErr = 0x0205,
    kRow = 0x0208,
    kRk = 0x027E,
};

std::uint32_t number(std::string_view bytes, std::size_t at, int size) {
    std::uint32_t value = 0;
    for (int i = 0; i < size; ++i) {
        const std::size_t place = at + static_cast<std::size_t>(i);
        if (place >= bytes.size()) return 0;
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[place])) << (8 * i);
    }
    return value;
}

// Sectors of one size that a table chains.
class Sectors {
public:
    Sectors(std::string_view bytes, std::size_t before, std::size_t size)
        : m_bytes(bytes), m_before(before), m_size(size) {}
    std::string_view at(std::uint32_t number) const {
        const std::size_t from = m_before + static_cast<std::size_t>(number) * m_size;
        return from < m_bytes.size() ? m_bytes.substr(from, m_size) : std::string_view();
    }
    // The chain from `first`, at most as long as the table: a chain that turns back ends.
    std::string chain(const std::vector<std::uint32_t>& table, std::uint32_t first) const {
        std::string joined;
        std::size_t steps = 0;
        for (std::uint32_t next = first; next < table.size() && steps < table.size();
             next = table[next], ++steps)
            joined += at(next);
        return joined;
    }

private:
    std::string_view m_bytes;
    std::size_t m_before, m_size;
};

std::vector<std::uint32_t> numbers(std::string_view bytes) {
    std::vector<std::uint32_t> all(bytes.size() / 4);
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = number(bytes, i * 4, 4);
    return all;
}

// The workbook's own stream; a file that is no compound file is one as it stands.
std::string workbook_stream(std::string_view file) {
    if (!file.starts_with("\xD0\xCF\x11\xE0")) return std::string(file);
    const std::uint32_t shift = number(file, 0x1E, 2);
    if (shift < 7 || shift > 16) return {};
    const std::size_t size = std::size_t{1} << shift;
    const Sectors sectors(file, std::max<std::size_t>(size, 512), size);
    std::vector<std::uint32_t> parts = numbers(file.substr(0, 512).substr(0x4C));  // of the table
    std::uint32_t more = number(file, 0x44, 4);
    for (std::size_t steps = 0; steps < file.size() / size && !sectors.at(more).empty(); ++steps) {
        std::vector<std::uint32_t> next = numbers(sectors.at(more));
        if (next.empty()) break;
        more = next.back();
        next.pop_back();
        parts.insert(parts.end(), next.begin(), next.end());
    }
    std::vector<std::uint32_t> table;
    for (const std::uint32_t part : parts) {
        if (table.size() > file.size() / size + size) break;
        const std::vector<std::uint32_t> some = numbers(sectors.at(part));
        table.insert(table.end(), some.begin(), some.end());
    }
    const std::string directory = sectors.chain(table, number(file, 0x30, 4));
    std::string_view root;
    for (std::size_t at = 0; at + 128 <= directory.size(); at += 128) {
        const std::string_view entry = std::string_view(directory).substr(at, 128);
        if (at == 0) root = entry;
        std::string name;
        for (std::size_t i = 0; i < 64 && entry[i] != 0; i += 2)
            name += entry[i];
        if (name != "Workbook" && name != "Book") continue;
        const std::uint32_t first = number(entry, 0x74, 4), length = number(entry, 0x78, 4);
        std::string stream;
        if (length >= number(file, 0x38, 4)) {
            stream = sectors.chain(table, first);
        } else {  // a small stream lies in the root's, in sectors of 64 bytes
            const std::string small = sectors.chain(table, number(root, 0x74, 4));
            const auto small_table = numbers(sectors.chain(table, number(file, 0x3C, 4)));
            stream = Sectors(small, 0, 64).chain(small_table, first);
        }
        stream.resize(std::min<std::size_t>(stream.size(), length));
        return stream;
    }
    return {};
}

std::string_view error_text(std::uint32_t code) {
    switch (code) {
        case 0x00: return "#NULL!";
        case 0x07: return "#DIV/0!";
        case 0x0F: return "#VALUE!";
        case 0x17: return "#REF!";
        case 0x1D: return "#NAME?";
        case 0x24: return "#NUM!";
        default: return "#N/A";
    }
}

void see_record(std::uint32_t type, std::string_view body, BiffSheet& sheet) {
    const std::uint32_t row = number(body, 0, 2), column = number(body, 2, 2);
    std::uint32_t last = column;
    switch (type) {
        case kRow:
            if ((number(body, 12, 2) & 0x20) != 0) sheet.survey.hide(row + 1);
            return;
        case kDimensions: {
            const bool wide = body.size() >= 14;
            sheet.rows = std::max(sheet.rows, wide ? number(body, 4, 4) : number(body, 2, 2));
            sheet.columns = std::max(sheet.columns, number(body, wide ? 10 : 6, 2));
            return;
        }
        case kMergeCells:
            for (std::size_t i = 0; i < number(body, 0, 2); ++i) {
                const std::size_t at = 2 + i * 8;
                if (at + 8 > body.size()) break;
                const Merge merge{number(body, at, 2), number(body, at + 2, 2),
                                  number(body, at + 4, 2), number(body, at + 6, 2)};
                if (merge.last_row > merge.first_row) sheet.survey.merges.push_back(merge);
            }
            return;
        case kMulRk:
            if (body.size() >= 2) last = number(body, body.size() - 2, 2);
            break;
        case kBoolErr:
            if (number(body, 7, 1) == 1)
                sheet.errors.push_back({row, column, error_text(number(body, 6, 1))});
            break;
        case kFormula:  // its value is an error: FF FF at the end, 2 at the start
            if (number(body, 12, 2) == 0xFFFF && number(body, 6, 1) == 2)
                sheet.errors.push_back({row, column, error_text(number(body, 8, 1))});
            break;
        case kLabelSst:
        case kNumber:
        case kLabel:
        case kRk: break;
        default:
            // Cells of BIFF 2 to 4 and blank ones widen a sheet too.
            if (type != 0x0201 && type != 0x00BE && !(type >= 0x0001 && type <= 0x0005) &&
                type != 0x0206 && type != 0x0406 && type != 0x00D6)
                return;
            if (type == 0x00BE && body.size() >= 2) last = number(body, body.size() - 2, 2);
    }
    sheet.rows = std::max(sheet.rows, row + 1);
    sheet.columns = std::max(sheet.columns, std::max(column, last) + 1);
}

BiffSheet scan_sheet(std::string_view stream, std::size_t at) {
    BiffSheet sheet;
    int depth = 0;  // a chart inside a sheet has records of its own
    while (at + 4 <= stream.size()) {
        const std::uint32_t type = number(stream, at, 2), size = number(stream, at + 2, 2);
        const std::string_view body = stream.substr(std::min(at + 4, stream.size()), size);
        at += 4 + size;
        const bool begins = type == 0x0809 || type == 0x0409 || type == 0x0209 || type == 0x0009;
        if (begins) ++depth;
        if (type == kEof && --depth <= 0) break;
        if (depth <= 1 && !begins) see_record(type, body, sheet);
    }
    std::ranges::sort(sheet.survey.merges, {}, &Merge::first_row);
    std::ranges::sort(sheet.errors, {},
                      [](const ErrorCell& cell) { return std::pair(cell.row, cell.column); });
    return sheet;
}

}  // namespace

std::vector<BiffSheet> scan_biff(std::string_view file) {
    const std::string stream = workbook_stream(file);
    std::vector<BiffSheet> sheets;
    bool listed = false;
    std::size_t work = 0;  // sheets that stand at one place are read once each
    for (std::size_t at = 0; at + 4 <= stream.size();) {
        const std::uint32_t type = number(stream, at, 2), size = number(stream, at + 2, 2);
        const std::string_view body =
            std::string_view(stream).substr(std::min(at + 4, stream.size()), size);
        at += 4 + size;
        if (type == kEof) break;
        if (type != kBoundSheet || body.size() < 6) continue;
        listed = true;
        const std::size_t place = number(body, 0, 4);
        if (number(body, 5, 1) != 0 || place >= stream.size()) continue;  // a chart or macros
        work += stream.size() - place;
        if (sheets.size() == kMostSheets || work > 64 * stream.size() + (64 << 20)) break;
        sheets.push_back(scan_sheet(stream, place));
        sheets.back().hidden = (number(body, 4, 1) & 3) != 0;
    }
    if (!listed && !stream.empty()) sheets.push_back(scan_sheet(stream, 0));
    return sheets;
}

}  // namespace nguon::scan
