#include "quality/damage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <vector>

#include "scan/value.h"

namespace nguon::quality {

std::span<const Damage> damages() {
    using namespace scan;
    static const std::array<Damage, 6> all{{
        {"record:nul",
         kNulByte,
         0,
         {"Dòng có byte NUL: tệp không phải văn bản, hoặc bị hỏng khi chép",
          "A NUL byte in the record: the file is no text, or was damaged when it was copied"}},
        {"record:encoding",
         kNotUtf8,
         kNulByte,
         {"Dòng có ký tự không phải UTF-8: hãy lưu tệp dạng CSV UTF-8",
          "Bytes that are not UTF-8: save the file as CSV UTF-8"}},
        {"record:quote",
         kBrokenQuote,
         kNulByte | kNotUtf8,
         {"Dấu nháy không đóng, hoặc còn chữ sau dấu nháy đóng",
          "A quote that is not closed, or text after a closing one"}},
        {"record:fields",
         kFieldCount,
         kNulByte | kNotUtf8 | kBrokenQuote,
         {"Số trường khác với tiêu đề", "Another number of fields than the header"}},
        {"record:json",
         kNotAnObject,
         kNulByte | kNotUtf8 | kBrokenQuote | kFieldCount,
         {"Dòng không phải một đối tượng JSON", "The line is not one JSON object"}},
        {"record:cell_error",
         kCellError,
         kNulByte | kNotUtf8 | kBrokenQuote | kFieldCount | kNotAnObject,
         {"Có ô báo lỗi công thức của bảng tính",
          "A cell holds an error of the spreadsheet's formula"}},
    }};
    return all;
}

const Damage* damage_of(unsigned flags) {
    for (const Damage& damage : damages()) {
        if ((flags & damage.flag) != 0) return &damage;
    }
    return nullptr;
}

Text reason_of(const Damage& damage, const scan::RecordInput& input, std::string_view record) {
    if (damage.flag == scan::kNotAnObject) return input.why_damaged(record).value_or(damage.reason);
    const scan::Dialect* dialect = input.dialect();
    const bool told = damage.flag == scan::kFieldCount || damage.flag == scan::kCellError;
    if (!told || dialect == nullptr || record.empty()) return damage.reason;
    const std::size_t expected = dialect->columns;
    std::vector<std::string_view> fields;
    std::deque<std::string> arena;
    const scan::GeneralSplitter splitter(*dialect);
    (void)splitter.split(record.data(), record.data() + record.size(), true, fields, arena);
    if (damage.flag == scan::kCellError) {
        for (std::size_t c = 0; c < std::min(fields.size(), input.names().size()); ++c) {
            if (!scan::is_cell_error(fields[c])) continue;
            return {
                fmt::format("Ô ở cột «{}» báo lỗi {}", input.names()[c], fields[c]),
                fmt::format("The cell in \"{}\" holds the error {}", input.names()[c], fields[c])};
        }
    }
    if (fields.size() == expected) return damage.reason;
    return {fmt::format("{} trường, tiêu đề có {}", fields.size(), expected),
            fmt::format("{} {}, the header has {}", fields.size(),
                        fields.size() == 1 ? "field" : "fields", expected)};
}

}  // namespace nguon::quality
