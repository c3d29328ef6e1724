// Contracts applied, batches and their quarantine, and proof.
#include <fmt/format.h>

#include "cli/render.h"
#include "cli/requests.h"
#include "cli/table.h"
#include "cli/words.h"

namespace nguon::cli {
namespace {

constexpr std::size_t kHashShown = 12;

std::string word_of_change(std::string_view change, Language language) {
    if (change == "created") return std::string(words::kCreated.in(language));
    if (change == "unchanged") return std::string(words::kUnchanged.in(language));
    if (change == "compatible") return std::string(words::kCompatible.in(language));
    return std::string(change == "breaking" ? words::kBreaking.in(language) : change);
}

std::string word_of_problem(std::string_view problem, Language language) {
    if (problem == "changed") return std::string(words::kChanged.in(language));
    if (problem == "missing") return std::string(words::kGone.in(language));
    if (problem == "reordered") return std::string(words::kReordered.in(language));
    return std::string(problem == "bad_signature" ? words::kBadSignature.in(language) : problem);
}

std::string head(const Phrase& word, const Style& style) {
    return std::string(word.in(style.language));
}

}  // namespace

std::string render_applied(const json::value& answer, const Style& style) {
    std::string text;
    for (const json::value& applied : array_at(answer, "applied")) {
        const std::string change = text_at(applied, "change");
        text += fmt::format("{} {} {} · {}\n", style.sign(Sign::kGood),
                            style.ink(Ink::kBold, text_at(applied, "dataset")),
                            text_at(applied, "version"), word_of_change(change, style.language));
        for (const json::value& difference : array_at(applied, "differences")) {
            if (!difference.is_object()) {
                text += "    " + printable(cell_text(difference)) + "\n";
                continue;
            }
            const json::value* breaking = member(difference, "breaking");
            const bool breaks = breaking != nullptr && breaking->is_bool() && breaking->get_bool();
            const std::string who = text_at(difference, "for");
            const Phrase& whom = who == "readers"   ? words::kForReaders
                                 : who == "senders" ? words::kForSenders
                                                    : words::kForBoth;
            text += fmt::format("    {} {}: {}{}\n", style.sign(breaks ? Sign::kNote : Sign::kGood),
                                printable(text_at(difference, "path")),
                                printable(text_at(difference, "what")),
                                breaks ? whom.in(style.language) : "");
        }
    }
    for (const json::value& warning : array_at(answer, "warnings")) {
        const bool is_english = style.language == Language::kEnglish;
        text += fmt::format("    {} {}\n", style.sign(Sign::kNote),
                            printable(text_at(warning, is_english ? "en" : "vi")));
    }
    std::map<std::string, std::string> notes;  // by file, on one line
    for (const json::value& note : array_at(answer, "notes")) {
        std::string& list = notes[text_at(note, "file")];
        list += (list.empty() ? "" : ", ") +
                (note.is_object() ? text_at(note, "note") : cell_text(note));
    }
    for (const auto& [file, list] : notes) {
        const std::string line = printable(say(style.language, words::kKeptOnly, file, list));
        text += style.ink(Ink::kDim, style.width > 0 ? cut(line, style.width, style) : line) + "\n";
    }
    return text;
}

namespace {

// What is left to mend: nothing where no row was ever set aside.
std::string render_open(const json::value& answer, const Style& style) {
    std::string oldest;
    bool any_aside = false;
    for (const json::value& batch : array_at(answer, "batches")) {
        if (integer_at(batch, "open") > 0) oldest = text_at(batch, "batch");
        any_aside = any_aside || integer_at(batch, "corrected") > 0;
    }
    std::string line;
    if (!oldest.empty()) {
        line =
            say(style.language, words::kOpenRows, style.number(integer_at(answer, "open")), oldest);
    } else if (any_aside) {
        line = head(words::kNoneOpen, style);
    }
    return line.empty() ? line : style.ink(Ink::kDim, line) + "\n";
}

}  // namespace

std::string render_imported(const json::value& answer, const Style& style) {
    std::string datasets;
    for (const json::value& name : array_at(answer, "datasets"))
        datasets += (datasets.empty() ? "" : ", ") + cell_text(name);
    std::string text = style.sign(Sign::kGood) + " " +
                       say(style.language, words::kImported, printable(text_at(answer, "file")),
                           text_at(answer, "from"), datasets) +
                       "\n";
    const json::array& notes = array_at(answer, "notes");
    if (!notes.empty()) text += std::string(words::kNotTaken.in(style.language)) + "\n";
    for (const json::value& note : notes) {
        std::string where = printable(text_at(note, "path"));
        if (const json::value* line = member(note, "line"); line != nullptr && line->is_int64()) {
            const std::string at = say(style.language, words::kAtLine, line->get_int64());
            where = where.empty() ? at : at + ", " + where;
        }
        text += fmt::format("  {} {}: {}\n", style.sign(Sign::kNote), where,
                            printable(text_at(note, "what")));
    }
    return text;
}

std::string render_batches(const json::value& answer, const Style& style) {
    const json::array& batches = array_at(answer, "batches");
    if (batches.empty()) return head(words::kNoBatches, style) + "\n";
    Table table({{head(words::kBatchHead, style)},
                 {head(words::kAt, style)},
                 {head(words::kRead, style), Align::kRight},
                 {head(words::kAccepted, style), Align::kRight},
                 {head(words::kAside, style), Align::kRight},
                 {head(words::kOpenHead, style), Align::kRight},
                 {head(words::kStatus, style)}});
    for (const json::value& batch : batches) {
        const json::value* rows = member(batch, "rows");
        const auto count = [&](std::string_view name) {
            return rows == nullptr ? std::string() : style.number(integer_at(*rows, name));
        };
        const bool refused = text_at(batch, "status") == "refused";
        const Sign sign = refused                                                ? Sign::kRefused
                          : rows != nullptr && integer_at(*rows, "rejected") > 0 ? Sign::kNote
                                                                                 : Sign::kGood;
        const Phrase& word = refused ? words::kRefused : words::kIn;
        table.add({{text_at(batch, "batch")},
                   {style.time(text_at(batch, "at"))},
                   {count("read")},
                   {count("accepted")},
                   {refused ? "" : count("rejected"), refused},
                   {style.number(integer_at(batch, "open"))},
                   {fmt::format("{} {}", style.mark(sign), head(word, style))}});
    }
    return table.render(style) + render_open(answer, style);
}

namespace {

Table::Cell cell_of(const json::value& row, std::string_view name) {
    const json::value* value = member(row, name);
    const bool missing = value == nullptr || value->is_null();
    return {missing ? "" : cell_text(*value), missing};
}

}  // namespace

std::string render_quarantine(const json::value& answer, const Style& style) {
    const std::string batch = text_at(answer, "batch");
    const json::array& rows = array_at(answer, "rows");
    if (rows.empty()) return say(style.language, words::kNothingAside, batch) + "\n";
    const bool any_mended = std::ranges::any_of(
        rows, [](const json::value& row) { return !text_at(row, "mended").empty(); });
    std::vector<Table::Column> columns{{head(words::kRowHead, style), Align::kRight},
                                       {head(words::kColumn, style)},
                                       {head(words::kValue, style)},
                                       {head(words::kReason, style)},
                                       {head(words::kRule, style)}};
    if (any_mended) columns.push_back({head(words::kMendedBy, style)});
    Table table(std::move(columns));
    for (const json::value& row : rows) {
        std::vector<Table::Cell> cells{{style.number(integer_at(row, "row"))},
                                       cell_of(row, "column"),
                                       cell_of(row, "value"),
                                       cell_of(row, "reason"),
                                       cell_of(row, "rule")};
        if (any_mended) cells.push_back({text_at(row, "mended")});
        table.add(std::move(cells));
    }
    std::string text = table.render(style);
    const std::int64_t left =
        integer_at(answer, "entries") - static_cast<std::int64_t>(rows.size());
    const std::string more =
        left > 0 ? say(style.language, words::kMoreEntries, style.number(left), batch, batch)
                 : say(style.language, words::kMendThenSend, batch, batch);
    if (const std::int64_t mended = integer_at(answer, "corrected"); mended > 0) {
        text += say(style.language, words::kMendedOfThese, style.number(mended),
                    style.number(integer_at(answer, "open"))) +
                "\n";
    }
    return text + style.ink(Ink::kDim, more) + "\n";
}

std::string render_fixes(const json::value& answer, const Style& style) {
    const std::string batch = text_at(answer, "batch");
    const json::array& rows = array_at(answer, "rows");
    if (rows.empty()) return say(style.language, words::kNothingFixed, batch) + "\n";
    Table table({{head(words::kRowHead, style), Align::kRight},
                 {head(words::kColumn, style)},
                 {head(words::kOriginal, style)},
                 {head(words::kAfter, style)},
                 {head(words::kFixHead, style)}});
    for (const json::value& row : rows) {
        table.add({{style.number(integer_at(row, "row"))},
                   cell_of(row, "column"),
                   cell_of(row, "original"),
                   cell_of(row, "value"),
                   cell_of(row, "fix")});
    }
    std::string text = table.render(style);
    const std::int64_t left =
        integer_at(answer, "entries") - static_cast<std::int64_t>(rows.size());
    if (left > 0) {
        text += style.ink(Ink::kDim, say(style.language, words::kMoreFixed, style.number(left),
                                         batch, batch)) +
                "\n";
    }
    return text;
}

std::string render_verification(const json::value& answer, const Style& style) {
    const Language language = style.language;
    const json::array& datasets = array_at(answer, "datasets");
    const json::array& findings = array_at(answer, "findings");
    const json::value* ok = member(answer, "ok");
    const bool intact = ok != nullptr && ok->is_bool() && ok->get_bool();
    std::int64_t segments = 0, rows = 0;
    for (const json::value& dataset : datasets) {
        segments += integer_at(dataset, "segments");
        rows += integer_at(dataset, "rows");
    }
    // The seal: a ring with the sign of what it proves.
    const Sign sign = intact ? Sign::kGood : Sign::kRefused;
    const std::string seal =
        style.ink(intact ? Ink::kBlue : Ink::kPlum, fmt::format("({})", style.mark(sign)));
    const std::string sentence =
        intact ? say(language, words::kIntact,
                     style.number(static_cast<std::int64_t>(datasets.size())),
                     style.number(segments), style.number(rows))
               : say(language, words::kDamaged,
                     style.number(static_cast<std::int64_t>(findings.size())));
    std::string text = seal + " " + style.ink(Ink::kBold, sentence) + "\n";
    if (!datasets.empty()) {
        Table table({{""},
                     {head(words::kDataset, style)},
                     {head(words::kSegments, style), Align::kRight},
                     {head(words::kRows, style), Align::kRight},
                     {head(words::kHead, style)}});
        for (const json::value& dataset : datasets) {
            const std::string name = text_at(dataset, "dataset"), hash = text_at(dataset, "head");
            const bool damaged = std::any_of(
                findings.begin(), findings.end(),
                [&](const json::value& finding) { return text_at(finding, "dataset") == name; });
            table.add({{std::string(style.mark(damaged ? Sign::kRefused : Sign::kGood))},
                       {name},
                       {style.number(integer_at(dataset, "segments"))},
                       {style.number(integer_at(dataset, "rows"))},
                       {hash.substr(0, kHashShown), hash.empty()}});
        }
        text += table.render(style, 2);
    }
    for (const json::value& finding : findings) {
        text +=
            fmt::format("  {} {}: {} {}\n", style.sign(Sign::kRefused), text_at(finding, "dataset"),
                        style.ink(Ink::kBold, printable(text_at(finding, "file"))),
                        word_of_problem(text_at(finding, "problem"), language));
        const std::string detail = text_at(finding, "detail");
        if (!detail.empty()) text += "      " + style.ink(Ink::kDim, printable(detail)) + "\n";
    }
    return text;
}

}  // namespace nguon::cli
