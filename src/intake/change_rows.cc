#include "intake/change_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "contract/column_type.h"
#include "crypto/sha256.h"
#include "quality/json_tree.h"
#include "scan/value.h"
#include "sql/duckdb.h"
#include "store/key.h"
#include "store/merge.h"
#include "store/segment_file.h"

namespace nguon::intake {
namespace {

using sql::quote_identifier;

// A row that was read says its dates as ISO 8601, and a format may read that text as another day
// (yyyy-dd-MM): here it is ISO 8601 first. What is no ISO date stays as it is.
void write_date(const contract::Column& column, json::value& member) {
    if (column.type != contract::LogicalType::kDate || column.options.format.empty()) return;
    std::int32_t days = 0;
    if (!member.is_string() || !scan::DateFormat().parse(member.get_string(), days)) return;
    const std::string iso(member.get_string());
    std::string text = column.options.format;
    for (const auto& [part, value] :
         {std::pair<std::string_view, std::string>{"yyyy", iso.substr(0, 4)},
          {"MM", iso.substr(5, 2)},
          {"dd", iso.substr(8, 2)}}) {
        const std::size_t at = text.find(part);
        if (at == std::string::npos) return;  // no contract has such a format
        text.replace(at, part.size(), value);
    }
    member = text;
}

// Errors: invalid for a member that is no column, and for text that has a NUL.
Result<void> check_members(const contract::Dataset& dataset, const json::object& row) {
    constexpr std::size_t kMostShown = 100;
    for (const auto& member : row) {
        const std::string name(std::string_view(member.key()).substr(0, kMostShown));
        const bool known =
            std::ranges::any_of(dataset.columns, [&](const contract::Column& column) {
                return column.name == std::string_view(member.key());
            });
        if (!known) {
            std::vector<std::string> names;
            for (const contract::Column& column : dataset.columns)
                names.push_back(column.name);
            return fail(Code::kInvalid,
                        {fmt::format("{} không có cột «{}».", dataset.name, name),
                         fmt::format("{} has no column \"{}\".", dataset.name, name)},
                        {fmt::format("Bỏ «{}», hoặc viết đúng tên. Các cột: {}.", name,
                                     fmt::join(names, ", ")),
                         fmt::format("Leave \"{}\" out, or write its right name. The columns: {}.",
                                     name, fmt::join(names, ", "))});
        }
        if (member.value().is_string() &&
            member.value().get_string().find('\0') != json::string::npos) {
            return fail(Code::kInvalid,
                        {fmt::format("Cột «{}» có ký tự NUL.", name),
                         fmt::format("Column \"{}\" has a NUL character.", name)},
                        {"Bỏ ký tự đó (\\u0000) rồi gửi lại.",
                         "Take that character (\\u0000) out, then send it again."});
        }
    }
    return {};
}

// The object as it was given, numbers with every digit, its texts as `row` has them by now: keys
// and dates as a load reads them.
Result<std::string> exact_text(std::string_view object, const json::object& row) {
    Text fault;
    std::optional<quality::Json> given = quality::read_json(object, fault);
    if (!given) {
        return fail(Code::kInvalid,
                    {fmt::format("Đối tượng JSON không dùng được: {}.", fault.vi),
                     fmt::format("The JSON object cannot be used: {}.", fault.en)},
                    {"Sửa rồi gửi lại.", "Mend it and send it again."});
    }
    for (const auto& member : row) {
        if (!member.value().is_string()) continue;
        const std::string_view name = member.key();
        auto at = std::ranges::find(given->names, name);
        if (at == given->names.end()) {
            given->names.emplace_back(name);
            given->items.emplace_back();
            at = given->names.end() - 1;
        }
        quality::Json& item = given->items[static_cast<std::size_t>(at - given->names.begin())];
        item.kind = quality::Json::Kind::kString;
        item.text.assign(member.value().get_string());
    }
    std::string text;
    quality::append_json(text, *given);
    return text + "\n";
}

// "seq:12", as a history numbers its changes.
Result<std::string> inserted_as(const contract::Dataset& dataset, std::string_view key) {
    const Result<store::AsOf> at = store::parse_as_of(key);
    if (at && at->seq && *at->seq > 0) return std::to_string(*at->seq);
    return fail(
        Code::kInvalid,
        {fmt::format("{} không có khóa, nên một dòng được gọi bằng số của nó trong lịch sử.",
                     dataset.name),
         fmt::format("{} has no key, so that a row goes by its number in the history.",
                     dataset.name)},
        {fmt::format("Viết seq:SỐ; xem số: nguon history {}.", dataset.name),
         fmt::format("Write seq:NUMBER; for the numbers: nguon history {}.", dataset.name)});
}

}  // namespace

Result<store::Receipt> delete_rows(store::Store& store, const LoadOptions& options,
                                   std::string_view name, const std::vector<std::string>& keys,
                                   std::string_view idempotency_key,
                                   const Precondition& precondition) {
    TRY_ASSIGN(auto info, store.dataset(name));
    const bool has_key = !info->contract.key().empty();
    std::set<std::string> canonical;
    for (const std::string& key : keys) {
        TRY_ASSIGN(std::string one, has_key ? store::canonical_key(info->contract, key)
                                            : inserted_as(info->contract, key));
        canonical.insert(std::move(one));
    }
    TRY_ASSIGN(const auto lock, store.lock(name));
    TRY_ASSIGN(info, store.dataset(name));
    const std::string body = fmt::format("{}", fmt::join(canonical, "\n"));
    store::BatchDraft draft;
    draft.id = make_id(*store.options().clock, *store.options().random);
    // Keys may be personal, and so few that a hash tells them: only who names a key of repetition
    // needs one that can be made again.
    draft.body_sha256 =
        crypto::sha256_hex(idempotency_key.empty() ? fmt::format("{}\n{}", draft.id, body) : body);
    draft.idempotency_key = idempotency_key;
    TRY_ASSIGN(std::optional<store::Receipt> earlier,
               store.repeated(name, idempotency_key, draft.body_sha256));
    if (earlier) return std::move(*earlier);
    if (precondition) TRY(precondition());
    TRY_ASSIGN(const store::Head head, store.head(name));
    TRY_ASSIGN(const auto segments, store.current_files(name, head.seq));
    draft.dataset = name;
    draft.contract_version = info->contract.version;
    draft.mode = has_key ? contract::Mode::kUpsert : contract::Mode::kAppend;
    draft.expected_head = head.seq;

    std::vector<std::string> selected, wanted;
    for (const contract::Column& column : info->contract.columns) {
        selected.push_back(!has_key || column.key_position > 0
                               ? fmt::format("_c.{}", quote_identifier(column.name))
                               : fmt::format("NULL::{} AS {}", contract::column_type(column).sql(),
                                             quote_identifier(column.name)));
    }
    if (!has_key) {
        selected.emplace_back("_c._seq AS _of");
        wanted.push_back(fmt::format("_c._seq IN ({})", fmt::join(canonical, ", ")));
    }
    for (const std::string& key : canonical) {
        if (!has_key) break;
        TRY_ASSIGN(const std::vector<std::string> values, store::parse_key(info->contract, key));
        std::vector<std::string> parts;
        const std::vector<const contract::Column*> columns = info->contract.key();
        for (std::size_t i = 0; i < columns.size(); ++i) {
            parts.push_back(fmt::format("_c.{} = {}", quote_identifier(columns[i]->name),
                                        store::sql_value(*columns[i], values[i])));
        }
        wanted.push_back(fmt::format("({})", fmt::join(parts, " AND ")));
    }
    sql::DuckOptions duck_options;
    duck_options.memory_limit = options.memory_limit;
    duck_options.temporary_folder = store.new_temporary(".spill");
    TRY_ASSIGN(auto duck, sql::Duck::open(duck_options));
    const std::filesystem::path file = store.new_temporary(".parquet");
    TRY_ASSIGN(draft.changes.deleted,
               duck->query_integer(fmt::format(
                   "COPY (SELECT 3::TINYINT AS _op, {} FROM ({}) _c WHERE {}) TO {} {}",
                   fmt::join(selected, ", "),
                   store::current_view(*info, segments, head.seq,
                                       has_key ? store::WithSeq::kNo : store::WithSeq::kYes)
                       .sql,
                   fmt::join(wanted, " OR "), sql::quote_literal(file.string()),
                   store::segment_copy_options(*info))));
    duck.reset();
    const auto count = static_cast<std::int64_t>(canonical.size());
    if (draft.changes.deleted != count) {
        (void)store.options().disk->remove(file);
        // Keys may be personal: the answer does not repeat them.
        return fail(
            Code::kNotFound,
            count == 1 ? Text{"Không có dòng nào mang khóa này.", "No row has this key."}
                       : Text{fmt::format("{} trong {} khóa không có dòng nào.",
                                          count - draft.changes.deleted, count),
                              fmt::format("{} of {} keys have no row.",
                                          count - draft.changes.deleted, count)},
            {"Kiểm tra các khóa; chưa dòng nào bị xóa.", "Check the keys; no row was deleted."});
    }
    draft.rows = {count, count, 0};
    draft.segment = store::DraftFile{file, count};
    return store.commit(draft);
}

Result<PutLine> put_line(const contract::Dataset& dataset, std::string_view key,
                         std::string_view object) {
    TRY_ASSIGN(const std::vector<std::string> values, store::parse_key(dataset, key));
    TRY_ASSIGN(json::value row, parse_json(object));
    if (!row.is_object()) {
        return fail(
            Code::kInvalid,
            {"Thân yêu cầu phải là một đối tượng JSON.", "The body must be one JSON object."},
            {"Gửi {\"cột\": giá trị, …}.", "Send {\"column\": value, …}."});
    }
    TRY(check_members(dataset, row.get_object()));
    const std::vector<const contract::Column*> columns = dataset.key();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        json::value& member = row.get_object()[columns[i]->name];
        const std::string given =
            member.is_string() ? std::string(member.get_string()) : to_text(member);
        const Result<std::string> same = member.is_null()
                                             ? Result<std::string>(values[i])
                                             : store::canonical_value(*columns[i], given);
        if (!same || *same != values[i]) {
            return fail(Code::kInvalid,
                        {fmt::format("Cột khóa {} khác với khóa trong địa chỉ.", columns[i]->name),
                         fmt::format("The key column {} differs from the key in the address.",
                                     columns[i]->name)},
                        {"Bỏ cột khóa khỏi thân, hoặc viết giống địa chỉ.",
                         "Leave the key out of the body, or write it as in the address."});
        }
        member = values[i];
    }
    for (const contract::Column& column : dataset.columns) {
        if (json::value* member = row.get_object().if_contains(column.name))
            write_date(column, *member);
    }
    PutLine put;
    put.key = store::format_key(values);
    TRY_ASSIGN(put.line, exact_text(object, row.get_object()));
    return put;
}

Result<store::Receipt> put_row(store::Store& store, const LoadOptions& options,
                               std::string_view name, std::string_view line,
                               std::string_view idempotency_key, const Precondition& precondition) {
    LoadRequest request;
    request.dataset = name;
    request.bytes = line;
    request.mode = contract::Mode::kUpsert;
    request.format = scan::Format::kJsonLines;
    request.idempotency_key = idempotency_key;
    request.all_or_none = true;
    request.precondition = precondition;
    return load(store, options, request);
}

}  // namespace nguon::intake
