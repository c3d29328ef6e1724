#include "scan/internal/sheet_survey.h"

#include <algorithm>
#include <charconv>

namespace nguon::scan {
namespace {

constexpr std::size_t kLongestTag = 64 * 1024;
constexpr std::size_t kMostMerges = 1 << 20;

// The value of `name="…"` in a tag; empty when absent.
std::string_view attribute(std::string_view tag, std::string_view name) {
    for (std::size_t at = tag.find(name); at != std::string_view::npos;
         at = tag.find(name, at + 1)) {
        const std::size_t equals = at + name.size();
        const bool whole = at > 0 && (tag[at - 1] == ' ' || tag[at - 1] == '\n') &&
                           equals + 1 < tag.size() && tag[equals] == '=';
        if (!whole) continue;
        const char quote = tag[equals + 1];
        const std::size_t end = tag.find(quote, equals + 2);
        if (end == std::string_view::npos) return {};
        return tag.substr(equals + 2, end - equals - 2);
    }
    return {};
}

bool is_hidden(std::string_view tag) {
    const std::string_view hidden = attribute(tag, "hidden");
    return hidden == "1" || hidden == "true";
}

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

void SheetScan::feed(std::string_view bytes) {
    std::size_t at = 0;
    if (!m_held.empty()) {
        const std::size_t end = bytes.find('>');
        m_held += bytes.substr(0, end == std::string_view::npos ? end : end + 1);
        if (end == std::string_view::npos) {
            if (m_held.size() > kLongestTag) m_held.clear();
            return;
        }
        see_tag(std::string_view(m_held).substr(1, m_held.size() - 2));
        m_held.clear();
        at = end + 1;
    }
    for (;;) {
        at = bytes.find('<', at);
        if (at == std::string_view::npos) return;
        const std::size_t end = bytes.find('>', at);
        if (end == std::string_view::npos) {
            m_held = bytes.substr(at);
            return;
        }
        see_tag(bytes.substr(at + 1, end - at - 1));
        at = end + 1;
    }
}

void SheetScan::see_tag(std::string_view tag) {
    if (tag.empty() || tag[0] == '/') return;
    const std::size_t name_end = std::min(tag.find_first_of(" \t\r\n/"), tag.size());
    std::string_view name = tag.substr(0, name_end);
    if (const std::size_t colon = name.find(':'); colon != std::string_view::npos)
        name.remove_prefix(colon + 1);
    const bool is_empty = tag.back() == '/';
    if (name == "v" || name == "t") {
        if (is_empty || m_row_has_value) return;
        m_row_has_value = true;
        ++m_survey.rows;
    } else if (name == "row") {
        m_row_has_value = false;
        if (is_hidden(tag)) m_survey.hide(number(attribute(tag, "r")));
    } else if (name == "col") {
        if (!is_hidden(tag)) return;
        const std::int64_t first = number(attribute(tag, "min")),
                           last = number(attribute(tag, "max"));
        // Up to the last column there is: what is right of the table, not a part of it.
        if (last < kMostSheetColumns && last >= first) m_survey.hidden_columns += last - first + 1;
    } else if (name == "mergeCell" && m_survey.merges.size() < kMostMerges) {
        const std::string_view range = attribute(tag, "ref");
        const std::size_t colon = range.find(':');
        Merge merge;
        if (colon == std::string_view::npos ||
            !parse_reference(range.substr(0, colon), merge.first_column, merge.first_row) ||
            !parse_reference(range.substr(colon + 1), merge.last_column, merge.last_row)) {
            return;
        }
        if (merge.last_row > merge.first_row) m_survey.merges.push_back(merge);
    }
}

SheetSurvey SheetScan::finish() {
    std::ranges::sort(m_survey.merges, {}, &Merge::first_row);
    return std::move(m_survey);
}

}  // namespace nguon::scan
