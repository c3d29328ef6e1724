// How text looks on this terminal: language, colours, signs, bars. Colour never carries a meaning
// alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/number_text.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/environment.h"

namespace nguon::cli {

enum class Ink { kBold, kDim, kBlue, kPlum };
enum class Sign { kGood, kNote, kRefused, kNone };  // ✓ △ ✕ ○

struct Style {
    Language language = Language::kEnglish;
    bool colour = false;  // ANSI sequences on standard output
    bool err_colour = false;
    bool unicode = true;  // false: signs and bars in ASCII, for a locale that is not UTF-8
    int width = 0;        // columns to keep within; 0 = no limit

    std::string ink(Ink ink, std::string_view text) const;
    std::string sign(Sign sign) const;       // with its colour
    std::string_view mark(Sign sign) const;  // without
    std::string_view ellipsis() const { return unicode ? "…" : "..."; }
    std::string_view dash() const { return unicode ? "–" : "-"; }
    // A bar of five cells for a score of 0 to 100; full only at 100.
    std::string bar(double score) const;
    // A line of one cell for each score, the lowest of them at the bottom and 100 at the top.
    std::string course(const std::vector<double>& scores) const;
    std::string number(std::int64_t value) const { return with_separators(value, language); }
    std::string real(double value) const { return number_text(value, language); }
    std::string rows(std::int64_t count) const;  // "1 row", "2,000 rows"
    std::string decimal(double value) const;     // cut: 97.25 -> "97,2" or "97.2"; 100 -> "100"
    std::string seconds(double value) const;     // "3,2 giây"
    std::string bytes(std::uint64_t value) const;
    std::string time(
        std::string_view rfc3339) const;  // local: "22/11/2026 14:05", "22 Nov 2026 14:05"
};

// LC_ALL, LC_MESSAGES, LANG: the first that is set decides (POSIX, XBD 8.2).
Language language_of(const Environment& environment);
Style style_of(const Environment& environment);

}  // namespace nguon::cli
