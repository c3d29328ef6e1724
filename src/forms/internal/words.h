// Words of the dictionary and of the template, in both languages.
#pragma once

#include <string_view>

#include "base/text.h"

namespace nguon::forms::internal {

struct Words {
    std::string_view vi, en;
    std::string_view in(Language language) const {
        return language == Language::kVietnamese ? vi : en;
    }
};

namespace words {

inline constexpr Words kDictionary{"Từ điển dữ liệu", "Data dictionary"};
inline constexpr Words kColumns{"Các cột", "Columns"};
inline constexpr Words kRules{"Quy tắc giữa các cột", "Rules across columns"};
inline constexpr Words kColumn{"Cột", "Column"};
inline constexpr Words kName{"Tên kỹ thuật", "Technical name"};
inline constexpr Words kType{"Kiểu", "Type"};
inline constexpr Words kMeaning{"Ý nghĩa", "Meaning"};
inline constexpr Words kRequired{"Bắt buộc", "Required"};
inline constexpr Words kKey{"Khóa", "Key"};
inline constexpr Words kValues{"Giá trị cho phép", "Allowed values"};
inline constexpr Words kClassification{"Mức bảo vệ", "Classification"};
inline constexpr Words kReference{"Tham chiếu", "References"};
inline constexpr Words kRule{"Quy tắc", "Rules"};
inline constexpr Words kYes{"có", "yes"};
inline constexpr Words kDataset{"Tập dữ liệu", "Dataset"};
inline constexpr Words kVersion{"Phiên bản hợp đồng", "Contract version"};
inline constexpr Words kStatus{"Tình trạng", "Status"};
inline constexpr Words kAccess{"Truy cập", "Access"};
inline constexpr Words kOpen{"mở", "open"};
inline constexpr Words kShared{"chia sẻ", "shared"};
inline constexpr Words kInternal{"nội bộ", "internal"};
inline constexpr Words kMode{"Cách nạp", "How rows enter"};
inline constexpr Words kUpsert{"thêm dòng mới, sửa dòng đã có",
                               "new rows are added, known ones updated"};
inline constexpr Words kAppend{"chỉ thêm dòng", "rows are only added"};
inline constexpr Words kSnapshot{"mỗi tệp là toàn bộ dữ liệu", "each file is the whole dataset"};
inline constexpr Words kSubject{"Cột chỉ người", "Column that names the person"};
inline constexpr Words kUnique{"không trùng nhau", "no value twice"};

inline constexpr Words kDeprecated{"không dùng nữa", "deprecated"};
inline constexpr Words kSynonyms{"Tên khác", "Also called"};
inline constexpr Words kMeasure{"số đo", "a measure"};
inline constexpr Words kDimension{"chiều phân loại", "a dimension"};
inline constexpr Words kService{"Mức dịch vụ", "Service levels"};
inline constexpr Words kTeam{"Người phụ trách", "Team"};

// The template
inline constexpr Words kSheetOfData{"Dữ liệu", "Data"};
inline constexpr Words kSheetOfColumns{"Giải thích", "Dictionary"};
inline constexpr Words kSheetOfLists{"Danh mục", "Lists"};
inline constexpr Words kMust{"Bắt buộc.", "Required."};
inline constexpr Words kPartOfKey{"Thuộc khóa: mỗi dòng một giá trị khác nhau.",
                                  "Part of the key: another value in each row."};
inline constexpr Words kWrongValue{"Chưa đúng", "Not right yet"};
inline constexpr Words kChoose{"Chọn một giá trị trong danh sách.", "Choose a value of the list."};

}  // namespace words
}  // namespace nguon::forms::internal
