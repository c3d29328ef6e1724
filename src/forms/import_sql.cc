// SQL data definitions: CREATE TABLE, and what belongs to tables and stands elsewhere (ALTER TABLE
// … ADD, COMMENT ON, unique indexes, SQL Server's descriptions). Our own reader: PostgreSQL's
// parser refuses the quotes, types and clauses of MySQL, SQL Server and Oracle (docs/adr).
#include <array>

#include "forms/internal/sql_tables.h"

namespace nguon::forms::internal {
namespace {

using contract::Column;
using contract::Dataset;

class Reader {
public:
    explicit Reader(Draft& draft) : m_draft(draft), m_tables(draft) {}

    void read(const std::vector<Token>& tokens) {
        const std::vector<Statement> statements = statements_of(tokens);
        // Tables first: a dump may comment on one before it makes it, and often alters after.
        for (const Statement& statement : statements)
            m_tables.read_create(Cursor(statement));
        for (const Statement& statement : statements)
            read_other(Cursor(statement));
        m_tables.resolve();
    }

private:
    void read_other(Cursor cursor) {
        const Cursor whole = cursor;
        const int line = cursor.line();
        if (is_create_table(cursor)) return;  // read before
        if (cursor.take_all({"comment", "on"})) return read_comment(cursor, whole, line);
        if (cursor.take_all({"alter", "table"})) return read_alter(cursor, whole, line);
        if (cursor.take_all({"create", "unique"})) return read_unique_index(cursor);
        if (cursor.peek().is("exec") || cursor.peek().is("execute"))
            return read_property(cursor, whole, line);
        tell_once(cursor, line);
    }

    // One note for each kind of statement that is no data definition of tables.
    void tell_once(const Cursor& cursor, int line) {
        static constexpr std::array<std::string_view, 14> kSettings = {
            "set",   "use",    "begin", "commit", "start", "lock",    "unlock",
            "print", "pragma", "go",    "drop",   "grant", "analyze", "select"};
        const std::string word = cursor.peek().lower;
        if (std::ranges::find(kSettings, std::string_view(word)) != kSettings.end()) return;
        if (!m_told.insert(word).second) return;
        left_out(m_draft, line, "", cursor);
    }

    void read_comment(Cursor cursor, const Cursor& whole, int line) {
        const bool on_table = cursor.take("table");
        if (!on_table && !cursor.take("column")) return tell_once(whole, line);
        std::vector<std::string> parts;
        while (cursor.peek().is_name()) {
            parts.push_back(cursor.next().text);
            if (!cursor.take_sign(".")) break;
        }
        if (!cursor.take("is")) return left_out(m_draft, line, "", whole);
        const std::size_t wanted = on_table ? 1 : 2;
        if (parts.size() < wanted || cursor.peek().kind != Token::Kind::kText)
            return left_out(m_draft, line, "", whole);
        comment(parts[parts.size() - wanted], on_table ? "" : parts.back(), cursor.next().text,
                whole, line);
    }

    void comment(const std::string& table, const std::string& name, const std::string& text,
                 const Cursor& whole, int line) {
        Dataset* found = m_draft.table(table);
        if (found == nullptr) return left_out(m_draft, line, table, whole);
        if (name.empty()) return describe(found->title, found->description, table, text);
        Column* column = m_draft.column(*found, name);
        if (column == nullptr) return left_out(m_draft, line, table + "." + name, whole);
        describe(column->title, column->description, name, text);
    }

    void read_alter(Cursor cursor, const Cursor& whole, int line) {
        cursor.take_all({"if", "exists"});
        cursor.take("only");
        const std::string table = cursor.name();
        const Dataset* found = m_draft.table(table);
        if (found == nullptr) return left_out(m_draft, line, table, whole);
        const auto place = static_cast<std::size_t>(found - m_draft.contract.datasets.data());
        cursor.take_all({"with", "check"});
        cursor.take_all({"with", "nocheck"});
        for (Cursor item : cursor.items()) {
            const Cursor all = item;
            if (!item.take("add")) {
                // CHECK CONSTRAINT turns one on; OWNER TO, ENABLE and the like are no data.
                const bool changes = item.peek().is("modify") || item.peek().is("alter") ||
                                     item.peek().is("drop") || item.peek().is("change");
                if (changes) left_out(m_draft, line, table, all);
                continue;
            }
            if (item.peek().is_sign("(")) item = item.parentheses();  // Oracle
            m_tables.read_item(place, item, table);
        }
    }

    void read_unique_index(Cursor cursor) {
        const int line = cursor.line();
        while (!cursor.done() && !cursor.take("on"))
            cursor.next();
        cursor.take("only");
        const std::string table = cursor.name();
        if (cursor.take("using")) cursor.next();
        const Dataset* found = m_draft.table(table);
        const std::vector<std::string> names = cursor.names();
        if (found == nullptr || cursor.take("where")) return left_out(m_draft, line, table, cursor);
        m_tables.set_unique(static_cast<std::size_t>(found - m_draft.contract.datasets.data()),
                            names, table, line);
    }

    // EXEC sp_addextendedproperty N'MS_Description', N'…', 'SCHEMA', N'dbo', 'TABLE', N't',
    // 'COLUMN', N'c'
    void read_property(Cursor cursor, const Cursor& whole, int line) {
        std::vector<std::string> texts;
        for (; !cursor.done(); cursor.next()) {
            if (cursor.peek().kind == Token::Kind::kText) texts.push_back(cursor.peek().text);
        }
        const bool describes = texts.size() >= 6 && texts[0] == "MS_Description" &&
                               to_lower_ascii(texts[4]) == "table";
        if (!describes) return tell_once(whole, line);
        comment(texts[5], texts.size() >= 8 ? texts[7] : "", texts[1], whole, line);
    }

    Draft& m_draft;
    SqlTables m_tables;
    std::set<std::string> m_told;
};

}  // namespace

Result<void> import_sql(std::string_view sql, Draft& draft) {
    TRY_ASSIGN(const std::vector<Token> tokens, sql_words(sql));
    Reader(draft).read(tokens);
    draft.name(stem_of(draft.request().file), {});
    return {};
}

}  // namespace nguon::forms::internal
