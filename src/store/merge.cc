#include "store/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "contract/column_type.h"
#include "store/internal/version.h"

namespace nguon::store {
namespace {

using Columns = std::vector<const contract::Column*>;
using Segments = std::vector<const SegmentInfo*>;

Columns all_columns(const DatasetInfo& dataset) {
    Columns columns;
    for (const contract::Column& column : dataset.contract.columns)
        columns.push_back(&column);
    return columns;
}

bool only_inserts(const SegmentInfo* segment) {
    return segment->changes.updated == 0 && segment->changes.deleted == 0;
}

bool has_erased(const SegmentInfo* segment) {
    const ChangeCounts& changes = segment->changes;
    return segment->last - segment->first + 1 >
           changes.inserted + changes.updated + changes.deleted;
}

Segments up_to(std::span<const SegmentInfo> segments, Seq upto) {
    Segments kept;
    for (const SegmentInfo& segment : segments) {
        if (segment.first <= upto && segment.first <= segment.last) kept.push_back(&segment);
    }
    std::ranges::sort(kept, {}, &SegmentInfo::first);
    return kept;
}

std::vector<std::filesystem::path> files_of(const Segments& segments) {
    std::vector<std::filesystem::path> files;
    for (const SegmentInfo* segment : segments)
        files.push_back(segment->path);
    std::ranges::sort(files);
    files.erase(std::ranges::unique(files).begin(), files.end());
    return files;
}

// read_parquet takes *, ? and [ in a name as a pattern.
std::string file_literal(const std::filesystem::path& path) {
    std::string pattern;
    for (const char c : path.string()) {
        if (c == '*' || c == '?' || c == '[') {
            pattern += {'[', c, ']'};
        } else {
            pattern += c;
        }
    }
    return sql::quote_literal(pattern);
}

std::string cast_of(const contract::Column& column) {
    return fmt::format("CAST({} AS {})", sql::quote_identifier(column.name),
                       column_type(column).sql());
}

// What the columns were called in segments of one version; empty: as they are. A column that has
// the name that another one had then was not there: nothing.
struct Names {
    std::map<std::string, std::optional<std::string>> former;  // by present name
    bool operator==(const Names&) const = default;
    std::optional<std::string> of(const contract::Column& column) const {
        const auto found = former.find(column.name);
        return found == former.end() ? std::optional(column.name) : found->second;
    }
};

Names names_in(const DatasetInfo& dataset, std::string_view version) {
    Names names;
    const auto present = [&](int id) {
        const auto field = std::ranges::find(dataset.fields, id, &FieldId::id);
        return field == dataset.fields.end() ? std::string() : field->column;
    };
    for (const FormerName& former : dataset.former_names) {  // the oldest that was still to come
        if (version_of(former.until) <= version_of(version)) continue;
        const std::string column = present(former.id);
        if (!column.empty()) names.former.try_emplace(column, former.column);
    }
    const std::map<std::string, std::optional<std::string>> renamed = names.former;
    for (const auto& [column, then] : renamed)
        names.former.try_emplace(*then, std::nullopt);
    return names;
}

std::string empty_relation(const Columns& columns, const Names& names,
                           const std::set<std::string, std::less<>>& retyped) {
    std::string sql = "SELECT 0::BIGINT AS _seq, 0::TINYINT AS _op";
    for (const contract::Column* column : columns) {
        const std::optional<std::string> then = names.of(*column);
        if (!then) continue;
        // Beside text every type becomes text: from there each type can be asked for.
        const bool as_text = retyped.contains(column->name);
        sql += fmt::format(", NULL::{} AS {}", as_text ? "VARCHAR" : column_type(*column).sql(),
                           sql::quote_identifier(*then));
    }
    return sql + " WHERE false";
}

// When the value `cast` is all that the text `name` says.
std::string is_exact(sql::Kind kind, const std::string& name, const std::string& cast) {
    switch (kind) {
        case sql::Kind::kBigint:
        case sql::Kind::kUbigint:
        case sql::Kind::kDecimal:
        case sql::Kind::kDouble:
            return fmt::format("TRY_CAST({} AS DOUBLE) = CAST({} AS DOUBLE)", name, cast);
        case sql::Kind::kBoolean: return fmt::format("{} IN ('true', 'false', '1', '0')", name);
        case sql::Kind::kDate:
            return fmt::format("CAST({} AS TIMESTAMP) = TRY_CAST({} AS TIMESTAMP)", cast, name);
        case sql::Kind::kTime: return fmt::format("CAST({} AS VARCHAR) = {}", cast, name);
        case sql::Kind::kText:
        case sql::Kind::kTimestamp: break;
    }
    return "true";
}

// Of rows written under an earlier version, which may have had another type: what this one cannot
// hold exactly is null, since every row must stay readable and none may show what nobody sent.
std::string earlier_cast_of(const contract::Column& column, const Names& names,
                            const std::set<std::string, std::less<>>& retyped) {
    const sql::ColumnType type = column_type(column);
    const std::optional<std::string> then = names.of(column);
    if (!then) return fmt::format("NULL::{}", type.sql());
    const std::string name = sql::quote_identifier(*then);
    const std::string cast = fmt::format("TRY_CAST({} AS {})", name, type.sql());
    if (!retyped.contains(column.name)) return cast;
    return fmt::format("CASE WHEN {} THEN {} END", is_exact(type.kind, name, cast), cast);
}

// The changes of segments in which the columns have these names. file_index is the place in the
// list that is given, also where the same file stands in it twice.
std::string changes_of(const DatasetInfo& dataset, const Segments& segments, const Columns& columns,
                       const Names& names, Seq upto) {
    const std::string& version = dataset.contract.version;
    const auto is_current = [&](const SegmentInfo* segment) {
        return segment->contract_version == version && !version.empty();
    };
    // Without a key only some files have `_of`: like those of older versions they differ.
    const bool alike =
        !dataset.contract.key().empty() || std::ranges::all_of(segments, only_inserts);
    const bool all_current = alike && std::ranges::all_of(segments, is_current);
    std::string files, firsts;
    for (const SegmentInfo* segment : segments) {
        const char* separator = files.empty() ? "" : ", ";
        files += separator + file_literal(segment->path);
        firsts += fmt::format("{}{}", separator, segment->first);
    }
    const std::string first =
        segments.size() == 1
            ? fmt::format("{}::BIGINT", segments[0]->first)
            : fmt::format("list_extract([{}]::BIGINT[], file_index::BIGINT + 1)", firsts);
    std::string source = fmt::format(
        "SELECT {} + file_row_number AS _seq, * FROM read_parquet([{}], hive_partitioning = "
        "false{})",
        first, files, all_current ? "" : ", union_by_name = true");
    if (std::ranges::none_of(segments, is_current)) {
        // No file need have every column of the contract.
        source = fmt::format("({}) UNION ALL BY NAME ({})", source,
                             empty_relation(columns, names, dataset.retyped));
    }
    std::string sql = "SELECT _seq, _op";
    for (const contract::Column* column : columns) {
        sql += fmt::format(
            ", {} AS {}",
            all_current ? cast_of(*column) : earlier_cast_of(*column, names, dataset.retyped),
            sql::quote_identifier(column->name));
    }
    sql += fmt::format(" FROM ({})", source);
    const bool partial = std::ranges::any_of(
        segments, [&](const SegmentInfo* segment) { return segment->last > upto; });
    if (partial) sql += fmt::format(" WHERE _seq <= {}", upto);
    return sql;
}

// The changes of `segments` with these columns.
std::string changes_sql(const DatasetInfo& dataset, const Segments& segments,
                        const Columns& columns, Seq upto) {
    if (segments.empty()) return empty_relation(columns, {}, {});
    std::vector<std::pair<Names, Segments>> groups;
    std::string_view version;  // of the last group: files of two types cannot be read as one
    for (const SegmentInfo* segment : segments) {
        const Names names =
            dataset.former_names.empty() ? Names() : names_in(dataset, segment->contract_version);
        const bool same_types = dataset.retyped.empty() || version == segment->contract_version;
        if (groups.empty() || groups.back().first != names || !same_types)
            groups.emplace_back(names, Segments());
        version = segment->contract_version;
        groups.back().second.push_back(segment);
    }
    std::string sql;
    for (const auto& [names, of_names] : groups) {
        sql += fmt::format("{}{}", sql.empty() ? "" : " UNION ALL ",
                           changes_of(dataset, of_names, columns, names, upto));
    }
    return sql;
}

std::string select_list(const Columns& columns, std::string_view prefix) {
    std::string list;
    for (const contract::Column* column : columns) {
        list += fmt::format("{}{}{}", list.empty() ? "" : ", ", prefix,
                            sql::quote_identifier(column->name));
    }
    return list;
}

// Without a key: the sequence numbers of rows that were taken back.
std::string taken_back_sql(const Segments& segments, Seq upto) {
    std::string sql = "SELECT NULL::BIGINT AS _of WHERE false";
    for (const SegmentInfo* segment : segments) {
        if (segment->changes.deleted == 0) continue;
        sql += fmt::format(
            " UNION ALL SELECT _of FROM (SELECT {}::BIGINT + file_row_number AS _seq, * FROM "
            "read_parquet([{}], hive_partitioning = false) UNION ALL BY NAME SELECT NULL::BIGINT "
            "AS _of WHERE false) WHERE _op = 3 AND _of IS NOT NULL AND _seq <= {}",
            segment->first, file_literal(segment->path), upto);
    }
    return sql;
}

// For each key that an update or a delete touched: its last change. What stands before the first
// such segment is not read: it can only be older.
std::string last_changes_sql(const DatasetInfo& dataset, std::span<const SegmentInfo* const> tail,
                             const Columns& key, Seq upto) {
    const Segments later(tail.begin(), tail.end());
    Segments mixed;
    std::ranges::remove_copy_if(later, std::back_inserter(mixed), only_inserts);
    const std::string names = select_list(key, "");
    std::string renamed;
    for (std::size_t i = 0; i < key.size(); ++i) {
        renamed += fmt::format("{} AS _key{}, ", sql::quote_identifier(key[i]->name), i);
    }
    return fmt::format(
        "SELECT {}max(_seq) AS _last, arg_max(_op, _seq) AS _last_op FROM ({}) SEMI JOIN "
        "(SELECT {} FROM ({}) WHERE _op <> 1) USING ({}) GROUP BY {}",
        renamed, changes_sql(dataset, later, key, upto), names,
        changes_sql(dataset, mixed, key, upto), names, names);
}

}  // namespace

std::string_view name_of(Op op) {
    switch (op) {
        case Op::kErased: return "erased";
        case Op::kInsert: return "insert";
        case Op::kUpdate: return "update";
        case Op::kDelete: return "delete";
    }
    return "insert";
}

HistoryView history_view(const DatasetInfo& dataset, const std::vector<SegmentInfo>& segments,
                         Seq upto) {
    const Segments read = up_to(segments, upto);
    return {changes_sql(dataset, read, all_columns(dataset), upto), files_of(read)};
}

namespace {

// A base, and over it the rows that changed since.
HistoryView over_base(const DatasetInfo& dataset, const SegmentInfo& base, const Segments& later,
                      Seq upto, WithSeq with_seq) {
    const Columns columns = all_columns(dataset);
    const Columns key = dataset.contract.key();
    const std::string_view seq = with_seq == WithSeq::kYes ? "_seq, " : "";
    const std::string list = fmt::format("{}{}", seq, select_list(columns, ""));
    const std::string from_base =
        fmt::format("SELECT {} FROM read_parquet({}, hive_partitioning = false)", list,
                    file_literal(base.path));
    std::vector<std::filesystem::path> files = files_of(later);
    files.push_back(base.path);
    if (later.empty()) return {from_base, files};
    const std::string changes = changes_sql(dataset, later, columns, upto);
    const bool any_changed = !std::ranges::all_of(later, only_inserts);
    if (key.empty() && any_changed) {
        const std::string taken = taken_back_sql(later, upto);
        return {
            fmt::format("SELECT {0} FROM read_parquet({1}, hive_partitioning = false) AS b ANTI "
                        "JOIN ({2}) AS t ON b._seq = t._of UNION ALL SELECT {0} FROM ({3}) AS "
                        "c ANTI JOIN ({2}) AS t ON c._seq = t._of WHERE c._op = 1",
                        list, file_literal(base.path), taken, changes),
            files};
    }
    if (!any_changed) {
        return {fmt::format("{} UNION ALL SELECT {} FROM ({}) WHERE _op <> 0", from_base, list,
                            changes),
                files};
    }
    const std::string names = select_list(key, "");
    const std::string touched = fmt::format("SELECT {} FROM ({}) WHERE _op <> 0", names,
                                            changes_sql(dataset, later, key, upto));
    return {fmt::format("{} ANTI JOIN ({}) USING ({}) UNION ALL SELECT {} FROM (SELECT * FROM ({}) "
                        "WHERE _op <> 0 QUALIFY row_number() OVER (PARTITION BY {} ORDER BY _seq "
                        "DESC) = 1) WHERE _op <> 3",
                        from_base, touched, names, list, changes, names),
            files};
}

}  // namespace

HistoryView current_view(const DatasetInfo& dataset, const std::vector<SegmentInfo>& segments,
                         Seq upto, WithSeq with_seq) {
    if (!segments.empty() && segments.front().is_base) {
        return over_base(dataset, segments.front(),
                         up_to({segments.begin() + 1, segments.end()}, upto), upto, with_seq);
    }
    const Segments read = up_to(segments, upto);
    const Columns columns = all_columns(dataset);
    const std::string changes = changes_sql(dataset, read, columns, upto);
    const Columns key = dataset.contract.key();
    const auto first_mixed = std::ranges::find_if_not(read, only_inserts);
    const std::string_view seq = with_seq == WithSeq::kYes ? "c._seq, " : "";
    const std::string list = select_list(columns, "c.");
    const bool any_erased = std::ranges::any_of(read, has_erased);
    if (key.empty() && first_mixed != read.end()) {
        return {fmt::format("SELECT {}{} FROM ({}) AS c ANTI JOIN ({}) AS t ON c._seq = t._of "
                            "WHERE c._op = 1",
                            seq, list, changes, taken_back_sql(read, upto)),
                files_of(read)};
    }
    if (first_mixed == read.end()) {
        return {fmt::format("SELECT {}{} FROM ({}) AS c{}", seq, list, changes,
                            any_erased ? " WHERE c._op <> 0" : ""),
                files_of(read)};
    }
    std::string same_key;
    for (std::size_t i = 0; i < key.size(); ++i) {
        same_key += fmt::format("{}c.{} = l._key{}", i == 0 ? "" : " AND ",
                                sql::quote_identifier(key[i]->name), i);
    }
    return {fmt::format("SELECT {}{} FROM ({}) AS c LEFT JOIN ({}) AS l ON {} "
                        "WHERE {}(l._last IS NULL OR (c._seq = l._last AND l._last_op <> 3))",
                        seq, list, changes,
                        last_changes_sql(dataset, {first_mixed, read.end()}, key, upto), same_key,
                        any_erased ? "c._op <> 0 AND " : ""),
            files_of(read)};
}

}  // namespace nguon::store
