// Where the table of a delimited file ends: notes, sources and signatures below it are no rows.
#pragma once

#include <string_view>
#include <vector>

#include "base/text.h"
#include "scan/csv.h"
#include "scan/internal/sniff.h"

namespace nguon::scan {

inline constexpr std::size_t kMostFooterRows = 60;

bool is_only_delimiters(std::string_view text, const Dialect& dialect);

// A record that cannot be one of the table's, by its fields: a lone cell, or a sentence in the
// first of otherwise empty ones. `after_gap`: an empty row stands before it. Without one only a
// whole line of words counts: a cut record must stay damage, and so must one with delimiters of
// another kind.
bool is_footer_row(const std::vector<std::string_view>& fields, bool after_gap, bool whole_line,
                   const Dialect& dialect);

// What no table has and every report ends with, in the only cell that is filled: "Bằng chữ: …",
// "Nơi nhận:", "Người lập biểu", "…, ngày 5 tháng 6 năm 2026". Needs no empty row before it.
bool begins_notes(const std::vector<std::string_view>& fields);
// Who signs, in two or more cells of a row: "Người lập biểu,,Thủ trưởng", "(Ký, ghi rõ họ tên)".
bool names_signers(const std::vector<std::string_view>& fields);
// Words in a few cells: what may stand between and under those.
bool is_row_of_words(const std::vector<std::string_view>& fields);

// In the text of a file's last block: the first byte of the footer; its size when there is none.
template <class Splitter>
std::size_t footer_begin(std::string_view text, bool after_gap, const Dialect& dialect,
                         const Splitter& splitter) {
    if (dialect.columns < 2) return text.size();
    std::vector<std::string_view> fields;
    std::deque<std::string> arena;
    const char* end = text.data() + text.size();
    const char* begin = nullptr;  // of the footer
    const char* gap = after_gap ? text.data() : nullptr;
    std::size_t rows = 0;
    bool is_signed = false;  // a row of the footer is surely a note, so that words below are, too
    for (const char* at = text.data(); at < end;) {
        if (*at == '\n' || *at == '\r') {
            const bool line_feed = *at == '\n';
            if (gap == nullptr && (line_feed || dialect.line_end == LineEnd::kCr)) gap = at;
            ++at;
            continue;
        }
        fields.clear();
        arena.clear();
        const SplitRecord record = splitter.split(at, end, true, fields, arena);
        const bool whole_line = record.text.data() + record.text.size() < end;
        if (is_only_delimiters(record.text, dialect)) {
            if (gap == nullptr) gap = at;
        } else if (record.flags != kBrokenQuote &&
                   is_footer_row(fields, gap != nullptr || begin != nullptr, whole_line, dialect)) {
            if (begin == nullptr) begin = gap != nullptr ? gap : at;
            is_signed = is_signed || begins_notes(fields);
            ++rows;
        } else if (record.flags != kBrokenQuote &&
                   (begins_notes(fields) ||
                    ((gap != nullptr || begin != nullptr) && names_signers(fields)) ||
                    (is_signed && is_row_of_words(fields)))) {
            if (begin == nullptr) begin = gap != nullptr ? gap : at;
            is_signed = true;
            ++rows;
        } else {
            begin = gap = nullptr;
            is_signed = false;
            rows = 0;
        }
        at = record.next;
    }
    const bool found = begin != nullptr && rows <= kMostFooterRows;
    return found ? static_cast<std::size_t>(begin - text.data()) : text.size();
}

}  // namespace nguon::scan
