// The dictionary as Markdown and as one HTML page that needs nothing else and prints on A4.
#include <fmt/format.h>

#include "forms/internal/dictionary.h"
#include "forms/internal/html.h"
#include "forms/internal/words.h"
#include "forms/internal/writers.h"

namespace nguon::forms::internal {
namespace {

// Tokens, sizes and steps of the platform's look; fonts are the reader's, since the page stands
// alone.
constexpr std::string_view kStyle = R"(
:root{--giay:#FBFAF6;--mat:#FFFFFF;--lot:#F1EEE6;--ke:#DAD5C9;--muc:#1A2130;--muc-2:#4B5466;--cham:#24408E}
@media (prefers-color-scheme:dark){:root{--giay:#12151B;--mat:#1A1F28;--lot:#0D1015;--ke:#343B47;--muc:#ECE9E1;--muc-2:#B5B3AB;--cham:#A3B8F7}}
*{box-sizing:border-box}
body{margin:0;background:var(--giay);color:var(--muc);font:1rem/1.625 "Be Vietnam Pro",system-ui,sans-serif;hyphens:manual}
main{max-width:72rem;margin:0 auto;padding:2rem 1rem 3rem}
h1{font-size:clamp(1.75rem,4vw,2.25rem);line-height:1.34;font-weight:600;margin:0 0 .5rem}
h2{font-size:1.375rem;line-height:1.37;font-weight:600;margin:2rem 0 .75rem}
p{max-width:68ch;margin:0 0 1rem}
.kind{color:var(--muc-2);font-size:.875rem;margin:0 0 .25rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.5rem;margin:1rem 0 0;padding:.75rem 0;border-top:2px solid var(--cham);border-bottom:1px solid var(--ke)}
dt{color:var(--muc-2)}
dd{margin:0}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;background:var(--mat);font-size:.875rem;line-height:1.5}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid var(--ke)}
thead th{background:var(--lot);font-weight:600}
tbody th{font-weight:600}
code{font:.8125rem/1.5 ui-monospace,"Roboto Mono",Consolas,monospace;color:var(--muc-2);overflow-wrap:anywhere}
td ul{margin:0;padding-left:1rem}
.none{color:var(--muc-2)}
@media (max-width:37.5rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
@media print{@page{size:A4 landscape;margin:12mm}:root{--giay:#FFF;--mat:#FFF;--lot:#FFF;--muc:#000;--muc-2:#333;--cham:#000}body{font-size:9pt;line-height:1.4}main{padding:0;max-width:none}table{font-size:8pt}thead{display:table-header-group}tr{break-inside:avoid}.wide{overflow:visible}}
)";

// Of a cell of a Markdown table, which is one line; signs that mean something are escaped, and so
// is what a reader of Markdown would take for HTML.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\`*_[]|#~").find(c) != std::string_view::npos) out += '\\';
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else {
            out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return out;
}

// Between backticks nothing is escaped; a text with a backtick takes two.
std::string code(std::string_view text) {
    std::string one_line;
    for (const char c : text) {
        if (c == '|') one_line += '\\';  // still ends a table's cell
        one_line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    const bool ticks = one_line.find('`') != std::string::npos;
    return ticks ? "`` " + one_line + " ``" : "`" + one_line + "`";
}

std::string values_cell(const Entry& entry) {
    std::string out;
    for (const Entry::Value& value : entry.values) {
        out += (out.empty() ? "" : "<br>") + code(value.value);
        if (!value.label.empty() && value.label != value.value) out += " " + cell(value.label);
    }
    return out;
}

std::string meaning_cell(const Entry& entry) {
    std::string out = cell(entry.description);
    for (const std::string& remark : entry.remarks)
        out += (out.empty() ? "" : "<br>") + cell(remark);
    return out;
}

std::string rules_cell(const Entry& entry) {
    std::string out;
    for (const std::string& rule : entry.rules)
        out += (out.empty() ? "" : "<br>") + cell(rule);
    return out;
}

void values_html(Html& html, const Entry& entry) {
    html.open("td");
    if (!entry.values.empty()) html.open("ul");
    for (const Entry::Value& value : entry.values) {
        html.open("li").leaf("code", value.value);
        if (!value.label.empty() && value.label != value.value) html.text(" " + value.label);
        html.close();
    }
    if (!entry.values.empty()) html.close();
    html.close();
}

void rules_html(Html& html, const Entry& entry) {
    html.open("td");
    if (!entry.rules.empty()) html.open("ul");
    for (const std::string& rule : entry.rules)
        html.leaf("li", rule);
    if (!entry.rules.empty()) html.close();
    html.close();
}

void row_html(Html& html, const Entry& entry) {
    html.open("tr").open("th", {{"scope", "row"}}).text(entry.title);
    if (entry.title != entry.name) html.empty("br").leaf("code", entry.name);
    html.close();
    html.leaf("td", entry.type).open("td").text(entry.description);
    for (std::size_t i = 0; i < entry.remarks.size(); ++i) {
        if (i > 0 || !entry.description.empty()) html.empty("br");
        html.text(entry.remarks[i]);
    }
    html.close();
    html.leaf("td", entry.required).leaf("td", entry.key);
    values_html(html, entry);
    html.leaf("td", entry.classification);
    html.open("td");
    if (!entry.reference.empty()) html.leaf("code", entry.reference);
    html.close();
    rules_html(html, entry);
    html.close();
}

constexpr std::array kHeads = {words::kColumn,         words::kType,      words::kMeaning,
                               words::kRequired,       words::kKey,       words::kValues,
                               words::kClassification, words::kReference, words::kRule};

}  // namespace

std::string dictionary_markdown(const Wanted& wanted) {
    const Dictionary dictionary = dictionary_of(wanted);
    const Language language = wanted.language;
    std::string out = fmt::format("# {}\n\n", cell(dictionary.title));
    if (!dictionary.description.empty()) out += cell(dictionary.description) + "\n\n";
    for (const Fact& fact : dictionary.facts)
        out += fmt::format("- {}: {}\n", fact.label, cell(fact.value));
    out += fmt::format("\n## {}\n\n|", words::kColumns.in(language));
    std::string rule = "|";
    for (const Words& head : kHeads) {
        out += fmt::format(" {} |", head.in(language));
        rule += " --- |";
    }
    out += "\n" + rule + "\n";
    for (const Entry& entry : dictionary.columns) {
        const std::string title =
            entry.title == entry.name ? "" : "**" + cell(entry.title) + "**<br>";
        out += fmt::format("| {}{} | {} | {} | {} | {} | {} | {} | {} | {} |\n", title,
                           code(entry.name), cell(entry.type), meaning_cell(entry), entry.required,
                           entry.key, values_cell(entry), cell(entry.classification),
                           entry.reference.empty() ? "" : code(entry.reference), rules_cell(entry));
    }
    if (dictionary.rules.empty()) return out;
    out += fmt::format("\n## {}\n\n", words::kRules.in(language));
    for (const std::string& one : dictionary.rules)
        out += "- " + cell(one) + "\n";
    return out;
}

std::string dictionary_html(const Wanted& wanted) {
    const Dictionary dictionary = dictionary_of(wanted);
    const Language language = wanted.language;
    const auto text = [&](const Words& one) { return one.in(language); };
    Html html;
    html.open("html", {{"lang", language == Language::kVietnamese ? "vi" : "en"}}).open("head");
    html.empty("meta", {{"charset", "utf-8"}});
    html.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    html.leaf("title", dictionary.title).style(kStyle).close();
    html.open("body").open("main");
    html.leaf("p", text(words::kDictionary), {{"class", "kind"}}).leaf("h1", dictionary.title);
    if (!dictionary.description.empty()) html.leaf("p", dictionary.description);
    html.open("dl");
    for (const Fact& fact : dictionary.facts)
        html.leaf("dt", fact.label).leaf("dd", fact.value);
    html.close();
    html.leaf("h2", text(words::kColumns)).open("div", {{"class", "wide"}});
    html.open("table").open("thead").open("tr");
    for (const Words& head : kHeads)
        html.leaf("th", text(head), {{"scope", "col"}});
    html.close().close().open("tbody");
    for (const Entry& entry : dictionary.columns)
        row_html(html, entry);
    html.close().close().close();
    if (!dictionary.rules.empty()) {
        html.leaf("h2", text(words::kRules)).open("ul");
        for (const std::string& rule : dictionary.rules)
            html.leaf("li", rule);
        html.close();
    }
    return html.page();
}

}  // namespace nguon::forms::internal
