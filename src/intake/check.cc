#include "intake/check.h"

#include <cmath>

#include "crypto/keys.h"
#include "intake/internal/pass.h"
#include "intake/profile.h"

namespace nguon::intake {
namespace {

// The contract's rules over the file, in a store that is thrown away.
Result<json::object> judge(const CheckRequest& request, const Host& host) {
    store::DatasetInfo info;
    info.contract = *request.contract;
    for (contract::Column& column : info.contract.columns)
        column.reference.reset();
    info.contract.foreign_keys.clear();
    for (std::size_t i = 0; i < info.contract.columns.size(); ++i) {
        info.fields.push_back({info.contract.columns[i].name, static_cast<int>(i) + 1});
    }
    TRY_ASSIGN(const crypto::PrivateKey key, crypto::PrivateKey::generate());
    store::Store::Options options;
    options.folder = request.scratch;
    options.disk = &host.disk;
    options.clock = &host.clock;
    options.random = &host.random;
    options.signer = &key;
    TRY_ASSIGN(const auto store, store::Store::open(options));
    LoadRequest load;
    load.progress = request.progress;
    const LoadOptions load_options;
    store::BatchDraft draft;
    draft.id = "check";
    scan::InputOptions input_options;
    input_options.file = request.file;
    input_options.bytes = request.bytes;
    input_options.format = request.format;
    input_options.disk = &host.disk;
    input_options.encoding = request.encoding;
    input_options.sheet = request.sheet;
    input_options.entry = request.entry;
    input_options.temporary_folder = store->new_temporary("").parent_path();
    TRY_ASSIGN(scan::Plan plan, quality::plan_of(info.contract));
    scan::want_columns(plan, input_options);
    TRY_ASSIGN(auto input, scan::RecordInput::open(input_options));
    Pass pass(*store, load_options, load, info, contract::Mode::kAppend, {}, draft);
    TRY(pass.run(std::move(input), std::move(plan)));
    return json::object{
        {"rejected", pass.set_aside()}, {"scores", draft.scores}, {"results", draft.results}};
}

json::object described(const scan::Dialect& dialect) {
    const auto sign = [](char c) {
        return c == 0 ? json::value(nullptr) : json::value(std::string(1, c));
    };
    return {{"quote", sign(dialect.quote)},
            {"escape", sign(dialect.escape)},
            {"line_end", name_of(dialect.line_end)},
            {"byte_order_mark", dialect.byte_order_mark},
            {"header", dialect.has_header},
            {"preamble_lines", dialect.preamble_lines},
            {"header_lines", dialect.header_lines},
            {"footer_lines", dialect.footer_lines},
            {"confidence", std::round(dialect.confidence * 100) / 100}};
}

json::array described(const std::vector<scan::Part>& parts, bool with_columns) {
    json::array list;
    for (const scan::Part& part : parts) {
        json::object one;
        if (!part.name.empty()) one["name"] = part.name;
        one["rows"] = part.rows < 0 ? json::value(nullptr) : json::value(part.rows);
        if (with_columns) {
            one["columns"] = part.columns;
            one["line"] = part.line;
        } else if (part.bytes > 0) {
            one["bytes"] = part.bytes;
        } else {
            one["hidden"] = part.hidden;
        }
        one["chosen"] = part.chosen;
        list.push_back(std::move(one));
    }
    return list;
}

// Only what there is: a plain file has none of it.
void describe_contents(scan::Contents contents, std::int64_t rows, json::object& answer) {
    for (scan::Part& table : contents.tables) {
        if (table.chosen) table.rows = rows;
    }
    if (!contents.sheets.empty()) {
        answer["sheets"] = described(contents.sheets, false);
        answer["hidden"] = {{"rows", contents.hidden_rows}, {"columns", contents.hidden_columns}};
        answer["merged"] = contents.merged;
    }
    if (!contents.entries.empty()) answer["entries"] = described(contents.entries, false);
    if (!contents.tables.empty()) answer["tables"] = described(contents.tables, true);
    if (!contents.member.empty()) answer["member"] = contents.member;
}

}  // namespace

Result<json::object> check(const CheckRequest& request, const Host& host) {
    scan::InputOptions options;
    options.file = request.file;
    options.bytes = request.bytes;
    options.format = request.format;
    options.encoding = request.encoding;
    options.sheet = request.sheet;
    options.entry = request.entry;
    options.survey = true;
    options.temporary_folder = request.scratch;
    options.disk = &host.disk;
    TRY_ASSIGN(const Profile profiled, profile(options, host.random));
    json::array columns, damage;
    bool is_utf8 = true;
    for (const quality::RuleResult& result : profiled.damage) {
        is_utf8 = is_utf8 && result.rule != "record:encoding";
        damage.push_back(quality::to_json(result));
    }
    for (const ColumnProfile& column : profiled.columns) {
        columns.push_back({{"name", column.header},
                           {"column", column.name},
                           {"type", contract::name_of(column.type)},
                           {"nulls", column.nulls},
                           {"distinct", column.distinct},
                           {"likely_key", column.likely_key},
                           {"personal", column.personal.empty() ? json::value(nullptr)
                                                                : json::value(column.personal)}});
    }
    json::object answer{
        {"file", request.file_name},
        {"format", profiled.format},
        {"encoding", is_utf8 || profiled.encoding != "utf-8" ? profiled.encoding : "unknown"},
        {"delimiter", profiled.dialect && profiled.format == "csv"
                          ? json::value(profiled.dialect->delimiter)
                          : json::value(nullptr)},
        {"dialect",
         profiled.dialect ? json::value(described(*profiled.dialect)) : json::value(nullptr)},
        {"rows", profiled.rows},
        {"rejected", profiled.unreadable},
        {"columns", std::move(columns)},
        {"results", std::move(damage)}};
    describe_contents(profiled.contents, profiled.rows, answer);
    if (request.contract) {
        TRY_ASSIGN(const json::object judged, judge(request, host));
        for (const auto& member : judged)
            answer[member.key()] = member.value();
    } else {
        answer["contract"] = draft_contract(profiled, request.file_name);
    }
    return answer;
}

}  // namespace nguon::intake
