#include "forms/internal/sql_tables.h"

#include <fmt/format.h>

#include <array>

#include "forms/internal/columns.h"

namespace nguon::forms::internal {
namespace {

using contract::Column;
using contract::Dataset;

constexpr std::size_t kLongestTitle = 80;  // a longer comment is a description

// CREATE … TABLE at the cursor: moves behind the words.
bool take_create_table(Cursor& cursor) {
    static constexpr std::array<std::string_view, 10> kBetween = {
        "or",   "replace",  "global",   "local",   "temporary",
        "temp", "unlogged", "external", "foreign", "column"};
    if (!cursor.take("create")) return false;
    while (std::ranges::find(kBetween, std::string_view(cursor.peek().lower)) != kBetween.end())
        cursor.next();
    if (!cursor.take("table")) return false;
    cursor.take_all({"if", "not", "exists"});
    return true;
}

bool is_constraint(const Cursor& item) {
    static constexpr std::array<std::string_view, 10> kStarts = {
        "constraint", "primary",  "unique",  "foreign", "check",
        "index",      "fulltext", "spatial", "exclude", "like"};
    const Token& first = item.peek();
    if (first.kind != Token::Kind::kWord) return false;
    // `key` alone may be a column's name; KEY name (…) is MySQL's index.
    if (first.is("key")) return item.peek(1).is_sign("(") || item.peek(2).is_sign("(");
    if (first.is("check") || first.is("index") || first.is("like"))
        return item.peek(1).is_sign("(") || item.peek(1).is_name();
    return std::ranges::find(kStarts, std::string_view(first.lower)) != kStarts.end();
}

// Where a word's value is passed over: COLLATE x, ON UPDATE CURRENT_TIMESTAMP.
bool skip_storage(Cursor& cursor) {
    static constexpr std::array<std::string_view, 24> kAlone = {
        "null",           "clustered", "nonclustered", "asc",        "desc",       "autoincrement",
        "auto_increment", "enable",    "disable",      "validate",   "novalidate", "visible",
        "invisible",      "sparse",    "rowguidcol",   "deferrable", "immediate",  "deferred",
        "initially",      "persisted", "stored",       "virtual",    "rely",       "norely"};
    if (cursor.take_all({"not", "deferrable"}) || cursor.take_all({"not", "enforced"})) return true;
    if (cursor.take("collate") || cursor.take("charset") || cursor.take_all({"character", "set"}) ||
        cursor.take("storage") || cursor.take("compression") || cursor.take("tablespace")) {
        cursor.take_sign("=");
        cursor.name();
        return true;
    }
    if (cursor.take_all({"using", "index"})) {
        cursor.take("tablespace");
        cursor.name();
        cursor.parentheses();
        return true;
    }
    if (std::ranges::find(kAlone, std::string_view(cursor.peek().lower)) == kAlone.end())
        return false;
    cursor.next();
    return true;
}

// An expression up to the next word that begins an option.
void skip_expression(Cursor& cursor) {
    static constexpr std::array<std::string_view, 13> kStops = {
        "not",     "null",    "primary", "unique",         "check",     "references", "constraint",
        "comment", "collate", "on",      "auto_increment", "generated", "enable"};
    bool first = true;
    while (!cursor.done()) {
        if (cursor.peek().is_sign("(")) {
            cursor.parentheses();
        } else if (!first && cursor.peek().kind == Token::Kind::kWord &&
                   std::ranges::find(kStops, std::string_view(cursor.peek().lower)) !=
                       kStops.end()) {
            return;
        } else {
            cursor.next();
        }
        first = false;
    }
}

// UNIQUE KEY uk_name USING btree (a, b): the names in the parentheses.
std::vector<std::string> names_after_words(Cursor& cursor) {
    while (!cursor.done() && !cursor.peek().is_sign("("))
        cursor.next();
    return cursor.names();
}

}  // namespace

bool is_create_table(Cursor statement) {
    return take_create_table(statement);
}

void left_out(Draft& draft, int line, const std::string& path, const Cursor& part) {
    const std::string shown = part.shown();
    draft.note(line, path, {fmt::format("bỏ qua: {}", shown), fmt::format("left out: {}", shown)});
}

void describe(Text& title, Text& description, std::string_view name, const std::string& comment) {
    const std::string_view words = trim(comment);
    if (words.empty()) return;
    const bool is_title = words.size() <= kLongestTitle && words.find('\n') == std::string::npos;
    if (is_title && (title.empty() || title.vi == name || snake_case(title.vi) == title.vi ||
                     title.vi == title.en)) {
        title = Text::same(words);
    } else {
        description = Text::same(words);
    }
}

bool SqlTables::read_create(Cursor statement) {
    Cursor behind = statement;
    if (!take_create_table(behind)) return false;
    read_table(behind, statement, statement.line());
    return true;
}

void SqlTables::read_table(Cursor cursor, const Cursor& whole, int line) {
    const std::string name = cursor.name();
    if (name.empty() || !cursor.peek().is_sign("(")) return left_out(m_draft, line, name, whole);
    if (m_draft.table(name) != nullptr) {
        return m_draft.note(line, name,
                            {fmt::format("bảng «{}» đã có ở trên; bỏ qua lần này", name),
                             fmt::format("the table \"{}\" is above already; left out", name)});
    }
    if (m_draft.contract.datasets.size() == Draft::kMostTables) {
        return m_draft.note(line, name,
                            {"bỏ qua: quá 1.000 bảng", "left out: more than 1,000 tables"});
    }
    m_draft.add_table(name, {});
    const std::size_t place = m_draft.contract.datasets.size() - 1;
    std::vector<Cursor> constraints;
    for (Cursor item : cursor.parentheses().items()) {
        if (is_constraint(item)) {
            constraints.push_back(item);
        } else {
            read_column(place, item, name);
        }
    }
    for (const Cursor& constraint : constraints)
        read_constraint(place, constraint, name);
    read_options(place, cursor);
}

void SqlTables::read_item(std::size_t place, Cursor item, const std::string& table) {
    if (is_constraint(item)) {
        read_constraint(place, item, table);
    } else {
        item.take("column");
        read_column(place, item, table);
    }
}

void SqlTables::read_column(std::size_t place, Cursor item, const std::string& table) {
    const Cursor whole = item;
    const int line = item.line();
    const std::string name = item.peek().is_name() ? item.next().text : std::string();
    if (name.empty() || m_draft.is_full(dataset(place)))
        return left_out(m_draft, line, table, whole);
    const std::string path = table + "." + name;
    Column& column = m_draft.add_column(dataset(place), name, {});
    if (item.peek().is_name()) {
        read_sql_type(item, column, path, m_draft);
    } else if (!item.done()) {
        left_out(m_draft, line, path, item);
    } else {
        m_draft.note(line, path, {"không nói kiểu; lấy là chữ", "no type is given; taken as text"});
    }
    read_column_options(place, item, name, path);
}

void SqlTables::read_column_options(std::size_t place, Cursor& cursor, const std::string& name,
                                    const std::string& path) {
    while (!cursor.done()) {
        Column& column = *m_draft.column(dataset(place), name);
        const int line = cursor.line();
        if (cursor.take("constraint")) {
            cursor.name();
        } else if (cursor.take_all({"not", "null"})) {
            column.required = true;
        } else if (cursor.take_all({"primary", "key"})) {
            set_key(place, {name}, path, line);
        } else if (cursor.take("unique")) {
            cursor.take("key");
            column.unique = true;
        } else if (cursor.take("references")) {
            read_reference(place, cursor, {name});
        } else if (cursor.take("check")) {
            Cursor inside = cursor.parentheses();
            read_sql_check(inside, dataset(place), path, m_draft);
        } else if (cursor.take("comment")) {
            describe(column.title, column.description, name, cursor.next().text);
        } else if (cursor.take("default")) {
            const Cursor before = cursor;
            skip_expression(cursor);
            const std::string shown = before.until(cursor.position()).shown();
            if (to_lower_ascii(shown) == "null") continue;
            m_draft.note(
                line, path,
                {fmt::format("bỏ qua giá trị mặc định {}: ô trống vẫn là ô trống", shown),
                 fmt::format("the default {} is left out: an empty cell stays empty", shown)});
        } else if (cursor.take("identity")) {
            cursor.parentheses();
        } else if (cursor.take("generated") || cursor.peek().is("as")) {
            read_generated(cursor, path, line);
        } else if (cursor.take_all({"on", "update"}) || cursor.take_all({"on", "conflict"})) {
            skip_expression(cursor);
        } else if (!skip_storage(cursor)) {
            const Cursor before = cursor;
            cursor.next();
            cursor.parentheses();
            left_out(m_draft, line, path, before.until(cursor.position()));
        }
    }
}

// GENERATED ALWAYS AS IDENTITY numbers rows; AS (expression) is computed.
void SqlTables::read_generated(Cursor& cursor, const std::string& path, int line) {
    cursor.take("always");
    cursor.take_all({"by", "default"});
    cursor.take_all({"on", "null"});
    cursor.take("as");
    if (cursor.take("identity")) {
        cursor.parentheses();
        return;
    }
    cursor.parentheses();
    m_draft.note(line, path,
                 {"cột được tính trong cơ sở dữ liệu: ở đây nó là cột thường",
                  "a column that the database computes: here it is a plain one"});
}

void SqlTables::set_key(std::size_t place, const std::vector<std::string>& names,
                        const std::string& path, int line) {
    if (!dataset(place).key().empty())
        return m_draft.note(line, path,
                            {"bỏ qua: đã có khóa chính", "left out: there is a primary key"});
    m_draft.set_key(dataset(place), names, path, line);
}

void SqlTables::set_unique(std::size_t place, const std::vector<std::string>& names,
                           const std::string& path, int line) {
    contract::MetricRule metric;
    metric.metric = contract::Metric::kDuplicateValues;
    Column* last = nullptr;
    for (const std::string& name : names) {
        last = m_draft.column(dataset(place), name);
        if (last == nullptr) {
            return m_draft.note(
                line, path,
                {fmt::format("bỏ qua UNIQUE: không có cột «{}»", name),
                 fmt::format("UNIQUE is left out: there is no column \"{}\"", name)});
        }
        metric.properties.push_back(last->name);
    }
    if (last == nullptr) return;
    if (names.size() == 1) {
        last->unique = true;
        return;
    }
    contract::Rule rule;
    rule.name = fmt::format("unique_{}", dataset(place).rules.size() + 1);
    rule.dimension = contract::Dimension::kClean;
    rule.metric = std::move(metric);
    dataset(place).rules.push_back(std::move(rule));
}

void SqlTables::read_reference(std::size_t place, Cursor& cursor, std::vector<std::string> from) {
    Pending pending{place, std::move(from), {}, {}, cursor.line()};
    pending.table = cursor.name();
    pending.to = cursor.names();
    for (;;) {  // ON DELETE CASCADE and the like say what the database does, not what data is
                // right
        if (cursor.take("on")) {
            cursor.next();
            if (!cursor.take_all({"set", "null"}) && !cursor.take_all({"set", "default"}) &&
                !cursor.take_all({"no", "action"}))
                cursor.next();
        } else if (cursor.take("match")) {
            cursor.next();
        } else {
            break;
        }
    }
    m_pending.push_back(std::move(pending));
}

void SqlTables::read_constraint(std::size_t place, Cursor cursor, const std::string& table) {
    const Cursor whole = cursor;
    const int line = cursor.line();
    if (cursor.take("constraint") && !cursor.peek().is("check") && !cursor.peek().is("primary"))
        cursor.name();
    while (cursor.take("clustered") || cursor.take("nonclustered")) {
    }
    if (cursor.take_all({"primary", "key"})) {
        const std::vector<std::string> names = names_after_words(cursor);
        set_key(place, names, table, line);
    } else if (cursor.take("unique")) {
        set_unique(place, names_after_words(cursor), table, line);
    } else if (cursor.take_all({"foreign", "key"})) {
        const std::vector<std::string> names = names_after_words(cursor);
        if (cursor.take("references")) return read_reference(place, cursor, names);
        left_out(m_draft, line, table, whole);
    } else if (cursor.take("check")) {
        Cursor inside = cursor.parentheses();
        read_sql_check(inside, dataset(place), table, m_draft);
    } else if (whole.peek().is("constraint") || whole.peek().is("like") ||
               whole.peek().is("exclude")) {
        left_out(m_draft, line, table, whole);
    }  // else an index: how the database finds rows
}

// Behind the parenthesis: MySQL's COMMENT = '…'; engines and tablespaces are storage.
void SqlTables::read_options(std::size_t place, Cursor cursor) {
    while (!cursor.done()) {
        if (cursor.take("comment")) {
            cursor.take_sign("=");
            if (cursor.peek().kind == Token::Kind::kText) {
                Dataset& made = dataset(place);
                describe(made.title, made.description, "", cursor.next().text);
            }
            continue;
        }
        cursor.next();
    }
}

void SqlTables::resolve(const Pending& pending) {
    Dataset& from = dataset(pending.dataset);
    Dataset* target = m_draft.table(pending.table);
    std::string path = from.schema;
    if (target == nullptr) {
        return m_draft.note(
            pending.line, path,
            {fmt::format("bỏ qua tham chiếu tới «{}»: bảng này không có trong tệp", pending.table),
             fmt::format("the reference to \"{}\" is left out: the file has no such table",
                         pending.table)});
    }
    contract::ForeignKey key;
    key.dataset = target->schema;
    for (const std::string& name : pending.from) {
        if (const Column* column = m_draft.column(from, name)) key.columns.push_back(column->name);
    }
    for (const std::string& name : pending.to) {
        if (const Column* column = m_draft.column(*target, name))
            key.target_columns.push_back(column->name);
    }
    if (pending.to.empty()) {
        for (const Column* column : target->key())
            key.target_columns.push_back(column->name);
    }
    if (key.columns.empty() || key.columns.size() != pending.from.size() ||
        key.target_columns.size() != key.columns.size()) {
        return m_draft.note(
            pending.line, path,
            {fmt::format("bỏ qua tham chiếu tới «{}»: không rõ cột", pending.table),
             fmt::format("the reference to \"{}\" is left out: its columns are not known",
                         pending.table)});
    }
    if (key.columns.size() > 1) {
        from.foreign_keys.push_back(std::move(key));
        return;
    }
    Column& column = *std::ranges::find(from.columns, key.columns[0], &Column::name);
    if (column.reference) {
        return m_draft.note(pending.line, path + "." + column.name,
                            {"bỏ qua tham chiếu thứ hai của cột này",
                             "a second reference of this column is left out"});
    }
    column.reference = {key.dataset, key.target_columns[0], {}};
}

void SqlTables::resolve() {
    for (const Pending& pending : m_pending)
        resolve(pending);
}

}  // namespace nguon::forms::internal
