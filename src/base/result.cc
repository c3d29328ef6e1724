#include "base/result.h"

#include <array>

namespace nguon {
namespace {

struct CodeRow {
    Code code;
    std::string_view name;
    int http_status;
    int exit_code;
    Text title;
};

// The one place where a code becomes an HTTP status and an exit code.
const std::array<CodeRow, 9>& code_rows() {
    static const std::array<CodeRow, 9> rows{{
        {Code::kInvalid, "invalid", 400, 2, {"Không hợp lệ", "Not valid"}},
        {Code::kNotFound, "not_found", 404, 3, {"Không tìm thấy", "Not found"}},
        {Code::kConflict, "conflict", 409, 4, {"Xung đột", "Conflict"}},
        {Code::kDenied, "denied", 403, 4, {"Không được phép", "Denied"}},
        {Code::kTooLarge, "too_large", 413, 4, {"Quá lớn", "Too large"}},
        {Code::kRefused, "refused", 422, 4, {"Bị từ chối", "Refused"}},
        {Code::kUnavailable, "unavailable", 503, 5, {"Chưa phục vụ được", "Unavailable"}},
        {Code::kCorrupt, "corrupt", 500, 6, {"Dữ liệu lưu trữ bị hỏng", "Stored data is damaged"}},
        {Code::kInternal, "internal", 500, 6, {"Lỗi bên trong", "Internal error"}},
    }};
    return rows;
}

const CodeRow& row_of(Code code) {
    return code_rows()[static_cast<std::size_t>(code)];
}

}  // namespace

std::string_view name_of(Code code) {
    return row_of(code).name;
}
int http_status_of(Code code) {
    return row_of(code).http_status;
}
int exit_code_of(Code code) {
    return row_of(code).exit_code;
}
const Text& title_of(Code code) {
    return row_of(code).title;
}

Code code_from_name(std::string_view name) {
    for (const CodeRow& row : code_rows()) {
        if (row.name == name) return row.code;
    }
    return Code::kInternal;
}

}  // namespace nguon
