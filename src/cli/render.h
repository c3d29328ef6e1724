// Answers of a node as text for people. Pure functions of an answer and a style.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "cli/style.h"

namespace nguon::cli {

struct Phrase;

struct Loaded {
    std::string file;    // what was sent, for people
    double seconds = 0;  // 0: not shown
    bool repeated = false;
    std::string command = {};  // that sent it; empty: none that can be given again
    bool mends = false;        // it was sent to be mended
};
// At most 15 lines; only rules that failed.
std::string render_receipt(const json::value& receipt, const Loaded& loaded, const Style& style);
// One line, for a receipt among others.
std::string render_receipt_line(const json::value& receipt, const Loaded& loaded,
                                const Style& style);
// Why a batch was refused: the first `most` reasons, each with what to do.
std::vector<std::string> render_refusal(const json::value& receipt, std::size_t most,
                                        const Style& style);
// "✕ sentence  1.204 dòng" with an example, for the `most` worst rules that failed.
std::vector<std::string> render_failures(const json::array& results, std::size_t most,
                                         const Style& style);
// `unscored`: what stands where there is no score.
std::string render_scores(const json::value& scores, const Style& style,
                          std::string_view unscored = {});
// "Tốt", "Good".
std::string_view word_of_score(double overall, Language language);
// Scores, their course, and what costs points.
std::string render_quality(const json::value& answer, const Style& style);
// What else could be mended, each fix once with its sentence; `command`: what applies the safe
// ones.
std::string render_fixes(const json::value& answer, const std::string& command, const Style& style);

std::string render_applied(const json::value& answer, const Style& style);
std::string render_datasets(const json::value& answer, const Style& style);
std::string render_query(const json::value& answer, const Style& style);
// `described`: the dataset's description, for the titles of columns; may be null.
std::string render_row(const json::value& row, const json::value& described, const Style& style);
std::string render_history(const json::value& answer, const Style& style);
std::string render_batches(const json::value& answer, const Style& style);
std::string render_quarantine(const json::value& answer, const Style& style);
std::string render_fixes(const json::value& answer, const Style& style);
// What a recipe did: columns under another name, then `phrase` of cells and rows.
std::string render_mended(const json::value& mended, const Phrase& phrase, const Style& style);
std::string render_verification(const json::value& answer, const Style& style);
// `findings` as `nguon doctor --json` has them.
std::string render_doctor(const json::value& answer, const Style& style);
// What was made of a description, and every note.
std::string render_imported(const json::value& answer, const Style& style);
std::string render_check(const json::value& answer, const Style& style);

// A value of JSON as one cell: text without quotes, the rest compact.
std::string cell_text(const json::value& value);

}  // namespace nguon::cli
