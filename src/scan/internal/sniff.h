// The parts of detect_dialect(): rows of a sample, which delimiter and quote, which rows are the
// table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scan/dialect.h"

namespace nguon::scan {

inline constexpr std::size_t kSampleRows = 1000;

struct SampleRow {
    std::vector<std::string> fields;
    std::size_t begin = 0, end = 0;  // bytes of the sample; end: after the line end
    bool broken = false;             // kBrokenQuote; fields are then empty
    bool after_gap = false;          // an empty line stands before it
    std::size_t filled() const;      // fields that are not blank
};
// Without empty lines.
std::vector<SampleRow> sample_rows(std::string_view text, const Dialect& dialect,
                                   std::size_t most = kSampleRows);

enum class CellKind { kEmpty, kNumber, kTime, kCode, kWord, kText, kOdd };
CellKind kind_of(std::string_view cell);
// Digits to 9, letters to a: "RI-3895" and "MG-8769" have one shape.
std::string shape_of(std::string_view cell);
// A whole number of four digits from 1900 to 2100.
bool is_year(std::string_view cell);

// Sets delimiter, quote, escape, usual_columns, confidence. `text` ends with a whole line where
// there is one. `known`: the delimiter, where the file says it; empty: it does not.
void choose_dialect(std::string_view text, Dialect& dialect, const std::string& known);

// Sets the rest that is about rows: header, columns, lines before it, where the records begin.
void choose_rows(std::string_view text, std::span<const std::string> wanted, Dialect& dialect);

}  // namespace nguon::scan
