// What became of a batch, in at most 15 lines.
#include <fmt/format.h>

#include <algorithm>

#include "cli/render.h"
#include "cli/requests.h"
#include "cli/table.h"
#include "cli/words.h"

namespace nguon::cli {
namespace {

constexpr std::size_t kRulesShown = 3;

// "✕" or "△" or "✓", by what became of the rows.
Sign sign_of(const json::value& receipt) {
    if (text_at(receipt, "status") == "refused") return Sign::kRefused;
    const json::value* rows = member(receipt, "rows");
    return rows != nullptr && integer_at(*rows, "rejected") > 0 ? Sign::kNote : Sign::kGood;
}

std::string counts(const json::value& receipt, const Style& style) {
    const json::value* rows = member(receipt, "rows");
    if (rows == nullptr) return {};
    return say(style.language, words::kRowsLine, style.number(integer_at(*rows, "read")),
               style.number(integer_at(*rows, "accepted")),
               style.number(integer_at(*rows, "rejected")));
}

// Scores say how good the rows are: none where there is no row, or none enters.
bool has_scores(const json::value& receipt) {
    const json::value* rows = member(receipt, "rows");
    return sign_of(receipt) != Sign::kRefused && (rows == nullptr || integer_at(*rows, "read") > 0);
}

std::string overall_of(const json::value& receipt, const Style& style) {
    const json::value* scores = member(receipt, "scores");
    const json::value* overall = scores == nullptr ? nullptr : member(*scores, "overall");
    if (overall == nullptr || !overall->is_number()) return {};
    const double score = overall->to_number<double>();
    return fmt::format(" · {} {}", style.decimal(score), word_of_score(score, style.language));
}

std::string head_line(const json::value& receipt, const Loaded& loaded, const Style& style) {
    std::string line =
        style.sign(sign_of(receipt)) + " " + style.ink(Ink::kBold, text_at(receipt, "dataset"));
    if (!loaded.file.empty() && loaded.file != "-") {
        line += fmt::format(" {} {}", style.unicode ? "←" : "<-", printable(loaded.file));
    }
    return has_scores(receipt) ? line + overall_of(receipt, style) : line;
}

// When the same file came before.
std::string render_repeat(const json::value& receipt, const Style& style) {
    const json::value* repeats = member(receipt, "repeats");
    const json::value* changes = member(receipt, "changes");
    if (repeats == nullptr || !repeats->is_object() || changes == nullptr) return {};
    const std::int64_t changed = integer_at(*changes, "inserted") +
                                 integer_at(*changes, "updated") + integer_at(*changes, "deleted");
    const Phrase& phrase = changed == 0 ? words::kSameFile : words::kSameFileChanged;
    return fmt::format("  {} {}\n", style.sign(Sign::kNote),
                       say(style.language, phrase, style.time(text_at(*repeats, "at")),
                           text_at(*repeats, "batch")));
}

// What went with the batch in whose place this one came.
std::string render_replaced(const json::value& receipt, const Style& style) {
    const json::value* replaces = member(receipt, "replaces");
    if (replaces == nullptr || !replaces->is_object()) return {};
    return fmt::format("  {} {}\n", style.sign(Sign::kGood),
                       say(style.language, words::kReplaced, text_at(*replaces, "batch"),
                           style.number(integer_at(*replaces, "rows"))));
}

// Of the rows of the batch that this one corrects: how many are mended, how many left; of another
// one how many rows that earlier batches set aside it closes.
std::string render_corrected(const json::value& receipt, const Style& style) {
    const json::value* corrected = member(receipt, "corrected");
    if (corrected == nullptr || !corrected->is_object()) return {};
    const json::value* closed = member(*corrected, "closed");
    if (closed != nullptr && closed->is_object()) {
        return fmt::format(
            "  {} {}\n", style.sign(Sign::kGood),
            say(style.language, words::kClosed, style.number(integer_at(*closed, "rows")),
                style.number(integer_at(*corrected, "left"))));
    }
    if (text_at(receipt, "corrects").empty()) {
        return fmt::format("  {} {}\n", style.sign(Sign::kGood),
                           say(style.language, words::kClosesEarlier,
                               style.number(integer_at(*corrected, "rows"))));
    }
    const std::int64_t rows = integer_at(*corrected, "rows"), left = integer_at(*corrected, "left");
    const std::string batch = text_at(receipt, "corrects");
    std::string line = say(style.language, words::kNoneLeft, batch);
    if (rows > 0) {
        line = say(style.language, words::kCorrected, style.number(rows),
                   style.number(integer_at(*corrected, "of")), batch, style.number(left));
    } else if (left > 0) {
        line = say(style.language, words::kMendsNone, batch, style.number(left));
    }
    return fmt::format("  {} {}\n", style.sign(left == 0 ? Sign::kGood : Sign::kNote), line);
}

// The command that says that what was refused is meant.
std::string render_way_on(const json::value& receipt, const Loaded& loaded, const Style& style) {
    if (loaded.command.empty()) return {};
    const auto lines = [&](const std::string& sentence, const std::string& option) {
        return fmt::format("  {}\n    {}\n", sentence,
                           style.ink(Ink::kBlue, printable(loaded.command) + option));
    };
    const json::value* snapshot = member(receipt, "snapshot");
    const std::int64_t deletes = snapshot == nullptr ? 0 : integer_at(*snapshot, "confirm");
    const std::string missing =
        snapshot == nullptr ? std::string() : text_at(*snapshot, "confirm_missing");
    if (deletes > 0 || !missing.empty()) {
        std::string options;
        if (deletes > 0) options += fmt::format(" --confirm-deletes {}", deletes);
        if (!missing.empty()) options += " --confirm-missing " + printable(missing);
        const std::string going =
            missing.empty() ? say(style.language, words::kConfirmDeletes, style.number(deletes))
                            : std::string(words::kConfirmMissing.in(style.language));
        return lines(going, options);
    }
    const json::value* repeats = member(receipt, "repeats");
    for (const json::value& result : array_at(receipt, "results")) {
        if (text_at(result, "rule") != "repeat") continue;
        if (loaded.mends && repeats != nullptr && repeats->is_object()) {
            return lines(std::string(words::kReplaceBatch.in(style.language)),
                         " --replaces " + text_at(*repeats, "batch"));
        }
        return lines(std::string(words::kConfirmAgain.in(style.language)), " --again");
    }
    return {};
}

// What mended them: " (date:born dd/MM/yyyy, drop_total)".
std::string steps_of(const json::value& mended) {
    constexpr std::size_t kMostSteps = 6;
    std::string steps;
    const json::array& all = array_at(mended, "steps");
    for (std::size_t i = 0; i < std::min(all.size(), kMostSteps); ++i) {
        steps += (i == 0 ? " (" : ", ") + printable(text_at(all[i], "code"));
        if (text_at(all[i], "kind") == "date") steps += " " + printable(text_at(all[i], "from"));
    }
    return steps.empty() ? steps : steps + (all.size() > kMostSteps ? ", …)" : ")");
}

// The command that sends the same file to be mended. Rows that are in already would enter twice,
// and a row of totals would stay: the mended file comes in the place of the batch that has them.
std::string mending_command(const json::value& receipt, const Loaded& loaded) {
    std::string command =
        loaded.command.empty()
            ? fmt::format("nguon load {} {}", text_at(receipt, "dataset"), shell_word(loaded.file))
            : loaded.command;
    if (command.find(" --fix") == std::string::npos) command += " --fix";
    if (!text_at(receipt, "corrects").empty()) return command;
    const json::value* rows = member(receipt, "rows");
    const json::value* repeats = member(receipt, "repeats");
    const bool refused = text_at(receipt, "status") == "refused";
    const std::string mode = text_at(receipt, "mode");
    std::string batch = text_at(receipt, "batch");
    if (refused) {
        batch = repeats != nullptr && repeats->is_object() ? text_at(*repeats, "batch") : "";
    } else if (rows == nullptr || integer_at(*rows, "accepted") == 0) {
        return command;
    }
    // Nothing entered with this one: the rows are those of the batch that it repeats.
    const json::value* changes = member(receipt, "changes");
    if (changes != nullptr && integer_at(*changes, "inserted") == 0 && repeats != nullptr &&
        repeats->is_object())
        batch = text_at(*repeats, "batch");
    const bool drops =
        std::ranges::any_of(array_at(receipt, "results"), [](const json::value& result) {
            const json::value* fix = member(result, "fix");
            return fix != nullptr && fix->is_object() && text_at(*fix, "kind") == "drop_total";
        });
    if (!batch.empty() && (mode == "append" || (mode == "upsert" && drops)))
        command += " --replaces " + batch;
    return command;
}

}  // namespace

std::string render_receipt(const json::value& receipt, const Loaded& loaded, const Style& style) {
    const Language language = style.language;
    const bool refused = text_at(receipt, "status") == "refused";
    std::string text = head_line(receipt, loaded, style) + "\n";
    if (!refused) text += "  " + counts(receipt, style) + "\n";
    const json::value* changes = member(receipt, "changes");
    if (refused) {
        text += "  " + style.ink(Ink::kPlum, words::kWholeRefused.in(language)) + "\n";
        for (const std::string& line : render_refusal(receipt, kRulesShown, style))
            text += line + "\n";
    } else if (loaded.repeated) {
        text += "  " + std::string(words::kSeenBefore.in(language)) + "\n";
    } else if (changes != nullptr) {
        text += "  " +
                say(language, words::kChangesLine, style.number(integer_at(*changes, "inserted")),
                    style.number(integer_at(*changes, "updated")),
                    style.number(integer_at(*changes, "deleted")),
                    style.number(integer_at(*changes, "unchanged"))) +
                "\n";
    }
    if (!refused)
        text += render_repeat(receipt, style) + render_replaced(receipt, style) +
                render_corrected(receipt, style);
    const json::value* scores = member(receipt, "scores");
    if (has_scores(receipt) && scores != nullptr && scores->is_object() &&
        !scores->get_object().empty()) {
        text += "  " + render_scores(*scores, style) + "\n";
    }
    json::array others;  // beside the reasons of a refusal
    for (const json::value& result : array_at(receipt, "results")) {
        if (!refused || member(result, "refuses") == nullptr) others.push_back(result);
    }
    for (const std::string& line : render_failures(others, kRulesShown, style))
        text += line + "\n";
    if (const json::value* mended = member(receipt, "mended");
        mended != nullptr && mended->is_object()) {
        text += render_mended(*mended, words::kMended, style);
    }
    text += render_fixes(receipt, mending_command(receipt, loaded), style);
    if (refused) text += render_way_on(receipt, loaded, style);
    const std::string batch = text_at(receipt, "batch");
    std::string last = say(language, words::kBatch, batch, style.seconds(loaded.seconds));
    if (const std::string corrects = text_at(receipt, "corrects"); !corrects.empty()) {
        last += " · " + say(language, words::kCorrects, corrects);
    }
    text += "  " + style.ink(Ink::kDim, last) + "\n";
    if (sign_of(receipt) == Sign::kNote) {
        text += fmt::format("  {}: {}\n", words::kSetAside.in(language),
                            style.ink(Ink::kBlue, "nguon quarantine get " + batch));
    }
    return text;
}

std::string render_mended(const json::value& mended, const Phrase& phrase, const Style& style) {
    const std::int64_t cells = integer_at(mended, "cells"), rows = integer_at(mended, "left_out");
    const auto renamed = std::ranges::count_if(array_at(mended, "steps"), [](const auto& step) {
        return text_at(step, "kind") == "rename";
    });
    std::string text;
    const auto add = [&](const std::string& line) {
        text += fmt::format("  {} {}\n", style.sign(Sign::kGood), line);
    };
    if (renamed > 0) add(say(style.language, words::kRenamed, renamed));
    if (renamed == 0 || cells > 0 || rows > 0)
        add(say(style.language, phrase, style.number(cells), style.number(rows)) +
            steps_of(mended));
    return text;
}

std::string render_receipt_line(const json::value& receipt, const Loaded& loaded,
                                const Style& style) {
    std::string line = head_line(receipt, loaded, style) + "\n    " + counts(receipt, style);
    line += " · " + (loaded.repeated ? std::string(words::kSeenBefore.in(style.language))
                                     : style.seconds(loaded.seconds));
    line += "\n";
    for (const std::string& failure :
         render_failures(array_at(receipt, "results"), kRulesShown, style)) {
        line += "  " + failure + "\n";
    }
    return line;
}

}  // namespace nguon::cli
