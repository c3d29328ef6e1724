// What CREATE TABLE and ALTER TABLE … ADD say, into a draft.
#pragma once

#include "forms/internal/sql_import.h"

namespace nguon::forms::internal {

class SqlTables {
public:
    explicit SqlTables(Draft& draft) : m_draft(draft) {}

    // Whether the statement is CREATE … TABLE; if so its table is taken, or noted as left out.
    bool read_create(Cursor statement);
    // A column or a constraint, into the dataset at this place of the draft.
    void read_item(std::size_t place, Cursor item, const std::string& table);
    void set_unique(std::size_t place, const std::vector<std::string>& names,
                    const std::string& path, int line);
    // References, when every table is known. Last step.
    void resolve();

private:
    struct Pending {
        std::size_t dataset;
        std::vector<std::string> from, to;  // as written; to is empty for the target's primary key
        std::string table;
        int line;
    };
    contract::Dataset& dataset(std::size_t place) { return m_draft.contract.datasets[place]; }
    void read_table(Cursor cursor, const Cursor& whole, int line);
    void read_column(std::size_t place, Cursor item, const std::string& table);
    void read_column_options(std::size_t place, Cursor& cursor, const std::string& name,
                             const std::string& path);
    void read_generated(Cursor& cursor, const std::string& path, int line);
    void set_key(std::size_t place, const std::vector<std::string>& names, const std::string& path,
                 int line);
    void read_reference(std::size_t place, Cursor& cursor, std::vector<std::string> from);
    void read_constraint(std::size_t place, Cursor cursor, const std::string& table);
    void read_options(std::size_t place, Cursor cursor);
    void resolve(const Pending& pending);

    Draft& m_draft;
    std::vector<Pending> m_pending;
};

bool is_create_table(Cursor statement);
// Notes that this part of the text says nothing to a contract.
void left_out(Draft& draft, int line, const std::string& path, const Cursor& part);
// What a comment says of a table or a column: a short one of one line is what people call it, a
// longer one describes.
void describe(Text& title, Text& description, std::string_view name, const std::string& comment);

}  // namespace nguon::forms::internal
