#include "scan/dialect.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "scan/internal/sniff.h"
#include "scan/records.h"

namespace nguon::scan {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

// A file whose lines end in CR has hardly any LF.
LineEnd line_end_of(std::string_view text) {
    std::size_t lf = 0, cr_lf = 0, cr = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') ++lf;
        if (text[i] != '\r') continue;
        const bool cut = i + 1 == text.size();
        if (!cut && text[i + 1] == '\n') {
            ++cr_lf;
        } else if (!cut || lf == 0) {
            ++cr;
        }
    }
    if (cr > lf) return LineEnd::kCr;
    return cr_lf * 2 > lf ? LineEnd::kCrLf : LineEnd::kLf;
}

// Bytes of a first line that tells Excel the delimiter, "sep=;"; 0: there is none.
std::size_t separator_line(std::string_view text) {
    std::size_t at = text.starts_with('"') ? 1 : 0;
    if (to_lower_ascii(text.substr(at, 4)) != "sep=") return 0;
    at += 5;
    if (text.starts_with('"') && at < text.size() && text[at] == '"') ++at;
    if (at >= text.size() || (text[at] != '\r' && text[at] != '\n')) return 0;
    const bool both = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
    return at + (both ? 2 : 1);
}

bool has_lone_return(std::string_view text) {
    for (std::size_t at = text.find('\r'); at != std::string_view::npos;
         at = text.find('\r', at + 1)) {
        if (at + 1 < text.size() && text[at + 1] != '\n') return true;
    }
    return false;
}

}  // namespace

std::string_view name_of(LineEnd line_end) {
    switch (line_end) {
        case LineEnd::kLf: return "lf";
        case LineEnd::kCrLf: return "crlf";
        case LineEnd::kCr: return "cr";
    }
    return "lf";
}

std::vector<std::string> column_names(const Dialect& dialect) {
    std::vector<std::string> names(dialect.columns);
    std::set<std::string> taken;
    for (const std::string& name : dialect.header)
        taken.emplace(trim(name));
    std::set<std::string> seen;
    for (std::size_t c = 0; c < names.size(); ++c) {
        const std::string name(c < dialect.header.size() ? trim(dialect.header[c]) : "");
        names[c] = name.empty() ? fmt::format("column_{}", c + 1) : name;
        const bool as_it_stands = !name.empty() && seen.insert(name).second;
        if (as_it_stands) continue;
        // A made name takes none that another column has.
        const std::string base = names[c];
        for (int n = 2; !taken.insert(names[c]).second; ++n)
            names[c] = fmt::format("{}_{}", base, n);
    }
    return names;
}

Result<Dialect> detect_dialect(std::string_view head, bool whole,
                               std::span<const std::string> wanted) {
    Dialect dialect;
    std::string_view text = head;
    if (text.starts_with(kMark)) {
        dialect.byte_order_mark = true;
        text.remove_prefix(kMark.size());
    }
    dialect.line_end = line_end_of(text);
    if (!whole) {  // the last line may be cut
        const std::size_t last = text.find_last_of(dialect.line_end == LineEnd::kCr ? "\r" : "\n");
        if (last != std::string_view::npos) text = text.substr(0, last + 1);
    }
    if (trim(text).empty()) {
        return wrong_parameter("file", {"Tệp không có dòng nào.", "The file has no rows."},
                               {"Gửi một tệp có dòng tiêu đề và các dòng dữ liệu.",
                                "Send a file with a header row and data rows."});
    }
    const std::size_t hint = separator_line(text);
    const std::string known(hint == 0 ? "" : text.substr(text.find('=') + 1, 1));
    text.remove_prefix(hint);
    choose_dialect(text, dialect, known);
    if (dialect.line_end != LineEnd::kCr && has_lone_return(text)) {
        Dialect other = dialect;
        other.line_end = LineEnd::kCr;
        choose_dialect(text, other, known);
        const bool fits = other.usual_columns > 1 && other.confidence > dialect.confidence;
        if (fits) dialect = std::move(other);
    }
    choose_rows(text, wanted, dialect);
    dialect.body += hint + (dialect.byte_order_mark ? kMark.size() : 0);
    dialect.separator_line = hint > 0;
    dialect.preamble_lines += hint > 0 ? 1 : 0;
    if (std::ranges::any_of(dialect.header, [](const std::string& name) {
            return name.find('\0') != std::string::npos;
        })) {
        return wrong_parameter("file",
                               {"Tệp không phải văn bản: dòng đầu của bảng có byte NUL.",
                                "The file is no text: the first row of its table has NUL bytes."},
                               {"Xuất lại tệp rồi gửi lại.", "Export the file again and send it."});
    }
    return dialect;
}

}  // namespace nguon::scan
