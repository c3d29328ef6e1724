#include "intake/change_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "contract/column_type.h"
#include "crypto/sha256.h"
#include "intake/internal/segment_copy.h"
#include "sql/duckdb.h"
#include "store/key.h"
#include "store/merge.h"

namespace nguon::intake {
namespace {

using sql::quote_identifier;

}  // namespace

Result<store::Receipt> delete_rows(store::Store& store, const LoadOptions& options,
                                   std::string_view name, const std::vector<std::string>& keys,
                                   std::string_view idempotency_key) {
    TRY_ASSIGN(auto info, store.dataset(name));
    TRY(store::require_key(info->contract));
    std::set<std::string> canonical;
    for (const std::string& key : keys) {
        TRY_ASSIGN(std::string one, store::canonical_key(info->contract, key));
        canonical.insert(std::move(one));
    }
    TRY_ASSIGN(const auto lock, store.lock(name));
    TRY_ASSIGN(info, store.dataset(name));
    const std::string body = fmt::format("{}", fmt::join(canonical, "\n"));
    store::BatchDraft draft;
    draft.body_sha256 = crypto::sha256_hex(body);
    draft.idempotency_key = idempotency_key;
    TRY_ASSIGN(std::optional<store::Receipt> earlier,
               store.repeated(name, idempotency_key, draft.body_sha256));
    if (earlier) return std::move(*earlier);
    TRY_ASSIGN(const store::Head head, store.head(name));
    TRY_ASSIGN(const auto segments, store.segments(name, head.seq));
    draft.id = make_id(*store.options().clock, *store.options().random);
    draft.dataset = name;
    draft.contract_version = info->contract.version;
    draft.mode = contract::Mode::kUpsert;
    draft.expected_head = head.seq;

    std::vector<std::string> selected, wanted;
    for (const contract::Column& column : info->contract.columns) {
        selected.push_back(column.key_position > 0
                               ? fmt::format("_c.{}", quote_identifier(column.name))
                               : fmt::format("NULL::{} AS {}", contract::column_type(column).sql(),
                                             quote_identifier(column.name)));
    }
    for (const std::string& key : canonical) {
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
                   store::current_view(*info, segments, head.seq, store::WithSeq::kNo).sql,
                   fmt::join(wanted, " OR "), sql::quote_literal(file.string()),
                   segment_copy_options(*info))));
    duck.reset();
    const auto count = static_cast<std::int64_t>(canonical.size());
    if (draft.changes.deleted != count) {
        std::error_code ignored;
        std::filesystem::remove(file, ignored);
        // Keys may be personal: the answer does not repeat them.
        return fail(
            Code::kNotFound,
            {fmt::format("{} trong {} khóa không có dòng nào.", count - draft.changes.deleted,
                         count),
             fmt::format("{} of {} keys have no row.", count - draft.changes.deleted, count)},
            {"Kiểm tra các khóa; chưa dòng nào bị xóa.", "Check the keys; no row was deleted."});
    }
    draft.rows = {count, count, 0};
    draft.segment = store::DraftFile{file, count};
    return store.commit(draft);
}

Result<store::Receipt> put_row(store::Store& store, const LoadOptions& options,
                               std::string_view name, std::string_view key, std::string_view object,
                               std::string_view idempotency_key) {
    TRY_ASSIGN(const auto info, store.dataset(name));
    TRY_ASSIGN(const std::vector<std::string> values, store::parse_key(info->contract, key));
    TRY_ASSIGN(json::value row, parse_json(object));
    if (!row.is_object()) {
        return fail(
            Code::kInvalid,
            {"Thân yêu cầu phải là một đối tượng JSON.", "The body must be one JSON object."},
            {"Gửi {\"cột\": giá trị, …}.", "Send {\"column\": value, …}."});
    }
    const std::vector<const contract::Column*> columns = info->contract.key();
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
    LoadRequest request;
    request.dataset = name;
    request.bytes = to_text(row) + "\n";
    request.mode = contract::Mode::kUpsert;
    request.format = scan::Format::kJsonLines;
    request.idempotency_key = idempotency_key;
    return load(store, options, request);
}

}  // namespace nguon::intake
