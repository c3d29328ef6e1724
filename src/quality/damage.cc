#include "quality/damage.h"

#include <fmt/format.h>

#include <array>
#include <deque>
#include <vector>

namespace nguon::quality {

std::span<const Damage> damages() {
    using namespace scan;
    static const std::array<Damage, 5> all{{
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
    const scan::Dialect* dialect = input.dialect();
    if (damage.flag != scan::kFieldCount || dialect == nullptr || record.empty())
        return damage.reason;
    const std::size_t expected = dialect->columns;
    std::vector<std::string_view> fields;
    std::deque<std::string> arena;
    const scan::GeneralSplitter splitter(*dialect);
    (void)splitter.split(record.data(), record.data() + record.size(), true, fields, arena);
    if (fields.size() == expected) return damage.reason;
    return {fmt::format("{} trường, tiêu đề có {}", fields.size(), expected),
            fmt::format("{} {}, the header has {}", fields.size(),
                        fields.size() == 1 ? "field" : "fields", expected)};
}

}  // namespace nguon::quality
