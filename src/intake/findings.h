// What is said of a file, for people and for machines: a RESULT (docs/reference/json.md) with a
// code, the rows, and one sentence in each language that a clerk understands.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "contract/contract.h"
#include "intake/headers.h"
#include "intake/odd_cells.h"
#include "quality/score.h"
#include "scan/dialect.h"

namespace nguon::intake {

// Something that no rule of a contract says. Codes: docs/concepts/findings.md.
struct Finding {
    std::string code, column;  // "digits_lost"; the column's name, or empty
    contract::Dimension dimension = contract::Dimension::kClean;
    Text sentence = {};  // whole, with the column as the file calls it and the count
    std::int64_t checked = 0, count = 1;
    std::vector<std::int64_t> rows = {};   // the first ones
    std::vector<std::int64_t> lines = {};  // the first ones of the file, for what is in no row
    std::int64_t line_count = 0;           // of these; 0: they are all of them
    std::vector<quality::Example> examples = {};  // masked
    contract::Severity severity = contract::Severity::kWarning;
    json::value fix = nullptr;  // a Proposal as JSON, where a machine can mend it
};
// A RESULT with `code`, `rows` {"count","first"} and `sentence`; `lines`, likewise, where there
// are.
json::object to_json(const Finding& finding);
// "lines": of the file from 1 (of a sheet: its rows).
json::object lines_json(std::int64_t count, std::span<const std::int64_t> first);

// The first cells of each column of a file with a value, by column; empty: they are not known.
using FirstCells = std::vector<OddCells>;

// What a file's writing tells: an encoding of old, titles above the header, columns without a name
// of their own. `changed`: the first cells that an encoding of old spells otherwise.
std::vector<Finding> findings_of_dialect(const scan::Dialect& dialect, const OddCells& changed,
                                         const FirstCells& cells = {});

// A RESULT about the file as a whole, not yet described.
json::object refusal(std::string_view rule, const Text& description, std::string_view column,
                     contract::Dimension dimension);

// Adds `code`, `rows`, `sentence` and, where the file calls the column otherwise, `header` to the
// RESULT of a rule that failed; others stay.
void describe(json::object& result, const Headers& headers);

// Marks the RESULT for which a batch is refused as a whole; `advice`: what the sender can do.
void refuse_for(json::object& result, const Text& advice);

// "12 dòng", "1 row".
Text rows_text(std::int64_t count);
// "12 ô", "1 cell".
Text cells_text(std::int64_t count);

}  // namespace nguon::intake
