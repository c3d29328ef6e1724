#include "sql/engine_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nguon::sql {
namespace {

struct Kind {
    std::string_view begins;
    const char *vi, *en;
};

constexpr std::array<Kind, 9> kKinds{{
    {"Binder Error", "tên bảng, cột hay hàm không có, hoặc dùng không đúng kiểu",
     "a table, column or function is not there, or is used with the wrong type"},
    {"Catalog Error", "không có bảng, hàm hay kiểu nào mang tên này",
     "there is no table, function or type of this name"},
    {"Parser Error", "sai cú pháp", "it does not parse"},
    {"Conversion Error", "có giá trị không đổi được sang kiểu cần dùng",
     "a value cannot be turned into the type that is wanted"},
    {"Out of Range Error", "có số vượt quá giới hạn của kiểu",
     "a number is too large for its type"},
    {"Invalid Input Error", "có đối số không dùng được", "an argument cannot be used"},
    {"Invalid Error", "có đối số không dùng được", "an argument cannot be used"},
    {"Constraint Error", "có giá trị trái với ràng buộc", "a value breaks a constraint"},
    {"Not implemented Error", "bộ máy SQL chưa làm được điều này",
     "the SQL engine cannot do this yet"},
}};

Text with_detail(const Text& sentence, std::string_view said) {
    std::string detail(said);
    std::ranges::replace(detail, '\n', ' ');
    return {fmt::format("{}. Chi tiết (tiếng Anh): {}", sentence.vi, detail),
            fmt::format("{}. Detail: {}", sentence.en, detail)};
}

// What stands between the first two double quotes.
std::string_view quoted_in(std::string_view text) {
    const std::size_t open = text.find('"');
    if (open == std::string_view::npos) return {};
    const std::size_t close = text.find('"', open + 1);
    return close == std::string_view::npos ? std::string_view()
                                           : text.substr(open + 1, close - open - 1);
}

}  // namespace

Text engine_words(std::string_view said, const Text& before) {
    for (const Kind& kind : kKinds) {
        if (!said.starts_with(kind.begins)) continue;
        std::string_view detail = said.substr(kind.begins.size());
        if (detail.starts_with(": ")) detail.remove_prefix(2);
        return with_detail({before.vi + kind.vi, before.en + kind.en}, detail);
    }
    if (before.empty()) {
        return {fmt::format("Bộ máy SQL báo lỗi. Chi tiết (tiếng Anh): {}", said),
                std::string(said)};
    }
    return {fmt::format("{}chi tiết (tiếng Anh): {}", before.vi, said),
            before.en + std::string(said)};
}

Text syntax_words(std::string_view said) {
    const Text before{"SQL sai cú pháp", "The SQL does not parse"};
    const std::string_view near = quoted_in(said);
    Text sentence = before;
    if (said.starts_with("unterminated quoted string")) {
        sentence = {before.vi + ": một dấu nháy đơn mở ra mà không đóng",
                    before.en + ": a single quote is opened and not closed"};
    } else if (said.starts_with("unterminated quoted identifier")) {
        sentence = {before.vi + ": một dấu nháy kép mở ra mà không đóng",
                    before.en + ": a double quote is opened and not closed"};
    } else if (said.starts_with("syntax error at end of input")) {
        sentence = {before.vi + ": câu chưa viết hết", before.en + ": it ends too early"};
    } else if (said.starts_with("syntax error at or near") && !near.empty()) {
        sentence = {fmt::format("{} ở gần «{}»", before.vi, near),
                    fmt::format("{} near \"{}\"", before.en, near)};
    }
    return with_detail(sentence, said);
}

}  // namespace nguon::sql
