#include "intake/recipe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "base/spoken.h"
#include "intake/findings.h"

namespace nguon::intake {
namespace {

constexpr std::array<std::pair<FixKind, std::string_view>, 11> kNames = {{
    {FixKind::kRename, "rename"},
    {FixKind::kDropTotal, "drop_total"},
    {FixKind::kDropDuplicates, "drop_duplicates"},
    {FixKind::kTrim, "trim"},
    {FixKind::kEmpty, "empty"},
    {FixKind::kDate, "date"},
    {FixKind::kNumber, "number"},
    {FixKind::kLabel, "label"},
    {FixKind::kPad, "pad"},
    {FixKind::kSuccessor, "successor"},
    {FixKind::kEncoding, "encoding"},
}};

Text date_sentence(const Step& step, const Text& title) {
    if (step.from == "excel") {
        return {fmt::format("Cột «{}»: số ngày của Excel được đổi lại thành ngày.", title.vi),
                fmt::format("\"{}\": Excel's day numbers become dates again.", title.en)};
    }
    return {
        fmt::format("Cột «{}»: ngày viết kiểu {} được đọc lại đúng kiểu đó.", title.vi, step.from),
        fmt::format("\"{}\": dates written as {} are read that way.", title.en, step.from)};
}

Text number_sentence(const Step& step, const Text& title) {
    const bool vietnamese = step.from == ",";
    const std::string_view shown = vietnamese ? "1.234,5" : "1,234.5";
    return {fmt::format("Cột «{}»: số viết kiểu {} được đọc là 1234.5.", title.vi, shown),
            fmt::format("\"{}\": numbers written like {} are read as 1234.5.", title.en, shown)};
}

}  // namespace

std::string_view name_of(FixKind kind) {
    for (const auto& [known, name] : kNames) {
        if (known == kind) return name;
    }
    return "";
}

std::string Step::code() const {
    return column.empty() ? std::string(name_of(kind))
                          : fmt::format("{}:{}", name_of(kind), column);
}

json::object to_json(const Step& step) {
    json::object value{{"code", step.code()}, {"kind", name_of(step.kind)}};
    if (!step.column.empty()) value["column"] = step.column;
    if (!step.from.empty()) value["from"] = step.from;
    if (step.length > 0) value["length"] = step.length;
    if (!step.dataset.empty()) value["dataset"] = step.dataset;
    return value;
}

Result<Step> step_from_json(const json::value& value) {
    const auto text = [&](std::string_view name) {
        const json::value* member =
            value.is_object() ? value.as_object().if_contains(name) : nullptr;
        return member != nullptr && member->is_string() ? std::string(member->as_string())
                                                        : std::string();
    };
    const std::string kind = text("kind");
    for (const auto& [known, name] : kNames) {
        if (name != kind) continue;
        Step step{known, text("column"), text("from"), 0, text("dataset")};
        if (const json::value* length = value.as_object().if_contains("length");
            length != nullptr && length->is_int64() && length->as_int64() > 0)
            step.length = static_cast<std::size_t>(length->as_int64());
        return step;
    }
    return fail(Code::kInvalid, {fmt::format("Bước sửa không rõ: «{}».", kind),
                                 fmt::format("Unknown fix: \"{}\".", kind)});
}

Result<std::vector<Step>> steps_from_json(std::string_view text) {
    TRY_ASSIGN(const json::value value, parse_json(text));
    std::vector<Step> steps;
    if (!value.is_array()) return steps;
    for (const json::value& member : value.as_array()) {
        TRY_ASSIGN(Step step, step_from_json(member));
        steps.push_back(std::move(step));
    }
    return steps;
}

std::string to_json_text(const std::vector<Step>& steps) {
    json::array values;
    for (const Step& step : steps)
        values.push_back(to_json(step));
    return json::serialize(values);
}

Text sentence_of(const Step& step, const Headers& headers) {
    const Text title = Text::same(headers.of(step.column));
    switch (step.kind) {
        case FixKind::kRename:
            return {fmt::format("Cột «{}» của tệp là «{}».", step.from, title.vi),
                    fmt::format("The file's column \"{}\" is \"{}\".", step.from, title.en)};
        case FixKind::kDropTotal:
            return {"Bỏ dòng tổng cộng: không phải là dữ liệu.",
                    "The row of totals is left out: it is no data."};
        case FixKind::kDropDuplicates:
            return {"Bỏ các dòng giống hệt một dòng phía trên.",
                    "Rows equal to one above them are left out."};
        case FixKind::kTrim:
            return {fmt::format("Cột «{}»: bỏ khoảng trắng thừa ở hai đầu.", title.vi),
                    fmt::format("\"{}\": spaces at the ends are taken away.", title.en)};
        case FixKind::kEmpty:
            return {
                fmt::format("Cột «{}»: các chữ như «-», «NULL», «không có» là ô trống.", title.vi),
                fmt::format("\"{}\": words like \"-\", \"NULL\" mean an empty cell.", title.en)};
        case FixKind::kDate: return date_sentence(step, title);
        case FixKind::kNumber: return number_sentence(step, title);
        case FixKind::kLabel:
            return {fmt::format("Cột «{}»: tên gọi được đổi thành mã trong danh mục.", title.vi),
                    fmt::format("\"{}\": labels become the codes of the list.", title.en)};
        case FixKind::kPad:
            return {fmt::format("Cột «{}»: thêm lại số 0 ở đầu cho đủ {} chữ số.", title.vi,
                                step.length),
                    fmt::format("\"{}\": zeros lost at the front are put back, {} digits in all.",
                                title.en, step.length)};
        case FixKind::kSuccessor:
            return {fmt::format("Cột «{}»: mã cũ được thay bằng mã mới (chỉ khi một đổi một).",
                                title.vi),
                    fmt::format("\"{}\": former codes become present ones, where one became one.",
                                title.en)};
        case FixKind::kEncoding:
            return {
                fmt::format("Cột «{}»: chữ vỡ vì đọc sai bảng mã được đổi lại như cũ.", title.vi),
                fmt::format("\"{}\": text garbled by a wrong encoding becomes what it was.",
                            title.en)};
    }
    return {};
}

void add_renames(const std::vector<Step>& recipe, scan::Plan& plan) {
    for (const Step& step : recipe) {
        if (step.kind != FixKind::kRename) continue;
        for (scan::PlannedColumn& column : plan.columns) {
            if (column.name == step.column) column.titles.push_back(step.from);
        }
    }
}

std::string Proposal::code() const {
    return alternative ? fmt::format("{}={}", step.code(), step.from) : step.code();
}

json::object to_json(const Proposal& proposal, const Headers& headers) {
    json::object value = to_json(proposal.step);
    value["code"] = proposal.code();
    const Text sentence = sentence_of(proposal.step, headers);
    value["safe"] = proposal.safe;
    value["cells"] = proposal.cells;
    value["description"] = {{"vi", sentence.vi}, {"en", sentence.en}};
    value["example"] = {{"before", proposal.before}, {"after", proposal.after}};
    return value;
}

Result<void> check_accepted(const std::vector<std::string>& accept,
                            const std::vector<std::string>& offered,
                            const std::vector<Step>& recipe) {
    std::set<std::string> known(offered.begin(), offered.end());
    for (const Step& step : recipe) {  // accepted before, as itself or as the other reading
        known.insert(step.code());
        known.insert(fmt::format("{}={}", step.code(), step.from));
    }
    for (const std::string& code : accept) {
        if (code.empty() || known.contains(code)) continue;
        std::set<std::string> listed(offered.begin(), offered.end());
        for (const Step& step : recipe)
            listed.insert(step.code());
        const std::string list = fmt::format("{}", fmt::join(listed, ", "));
        const std::string said = spoken::parameter("accept");
        return scan::wrong_parameter(
            "accept",
            {fmt::format("Không có cách sửa «{}» nào được đề nghị cho tệp này.", code),
             fmt::format("No fix \"{}\" is offered for this file.", code)},
            listed.empty()
                ? Text{fmt::format("Bỏ {}: tệp này không có gì cần chấp nhận.", said),
                       fmt::format("Leave {} out: there is nothing to accept for this file.", said)}
                : Text{fmt::format("Dùng {} với một trong: {}.", said, list),
                       fmt::format("Use {} with one of: {}.", said, list)});
    }
    return {};
}

bool join(std::vector<Step>& recipe, const std::vector<Proposal>& proposals,
          const std::vector<std::string>& accept) {
    bool any = false;
    for (const Proposal& proposal : proposals) {
        const bool accepted =
            proposal.safe || std::ranges::find(accept, proposal.code()) != accept.end();
        if (!accepted || std::ranges::find(recipe, proposal.step) != recipe.end()) continue;
        recipe.push_back(proposal.step);
        any = true;
    }
    return any;
}

namespace {

// 'd' or 'M' for a step that says which of day and month comes first; 0: it does not.
char order_of(const Step& step) {
    if (step.kind != FixKind::kDate) return 0;
    return step.from.starts_with("dd/") ? 'd' : step.from.starts_with("MM/") ? 'M' : char{0};
}

// The orders that files of the dataset were mended by, by column.
std::map<std::string, std::set<char>> accepted_orders(
    const std::vector<store::BatchInfo>& batches) {
    std::map<std::string, std::set<char>> orders;
    for (const store::BatchInfo& batch : batches) {
        if (batch.status != store::BatchStatus::kAccepted) continue;
        if (batch.receipt_json.find("\"kind\":\"date\"") == std::string::npos) continue;
        const Result<json::value> receipt = parse_json(batch.receipt_json);
        const json::value* mended = receipt ? receipt->get_object().if_contains("mended") : nullptr;
        if (mended == nullptr || !mended->is_object()) continue;
        const Result<std::vector<Step>> steps = steps_from_json(to_text(mended->at("steps")));
        if (!steps) continue;
        for (const Step& step : *steps) {
            if (const char order = order_of(step); order != 0) orders[step.column].insert(order);
        }
    }
    return orders;
}

}  // namespace

Result<std::vector<Step>> kept_recipe(const store::Store& store, const contract::Dataset& dataset) {
    TRY_ASSIGN(const std::string text, store.recipe(dataset.name));
    if (text.empty()) return std::vector<Step>();
    TRY_ASSIGN(std::vector<Step> steps, steps_from_json(text));
    std::erase_if(steps, [&](const Step& step) {
        return !step.column.empty() && dataset.column(step.column) == nullptr;
    });
    if (std::ranges::all_of(steps, [](const Step& step) { return order_of(step) == 0; }))
        return steps;
    TRY_ASSIGN(const auto batches, store.batches(dataset.name, 0));
    const auto orders = accepted_orders(batches);
    std::erase_if(steps, [&](const Step& step) {
        const auto found = orders.find(step.column);
        return order_of(step) != 0 && found != orders.end() && found->second.size() > 1;
    });
    return steps;
}

json::object recipe_offer(const std::vector<Step>& steps, const Headers& headers, std::int64_t read,
                          std::int64_t rejected) {
    Finding finding{"recipe", ""};
    json::array known;
    Text said;
    for (const Step& step : steps) {
        const Text sentence = sentence_of(step, headers);
        said.vi += " " + sentence.vi;
        said.en += " " + sentence.en;
        known.push_back(to_json(step));
    }
    finding.sentence = {"Lần trước tệp đã được sửa; nạp với --fix để sửa như vậy:" + said.vi,
                        "The last file was mended; load with --fix to do the same:" + said.en};
    finding.checked = read;
    finding.count = std::max<std::int64_t>(1, rejected);
    json::object result = to_json(finding);
    result["steps"] = std::move(known);
    return result;
}

}  // namespace nguon::intake
