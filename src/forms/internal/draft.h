// A contract while an importer makes it, with what it could not take along.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "forms/import.h"

namespace nguon::forms::internal {

class Draft {
public:
    explicit Draft(const ImportRequest& request) : m_request(request) {}

    contract::Contract contract;
    std::vector<Note> notes;

    // Notes past kMostNotes are counted; the last one says how many.
    void note(int line, std::string path, Text what);
    // A dataset for this table name as it was written; two that come to the same name get a number.
    contract::Dataset& add_table(std::string_view original, Text title);
    contract::Column& add_column(contract::Dataset& dataset, std::string_view original, Text title);
    // The dataset made of this original name, or called so; null when there is none.
    contract::Dataset* table(std::string_view original);
    contract::Column* column(contract::Dataset& dataset, std::string_view original);
    // The key, by original names; a name that no column has is noted at `path`.
    void set_key(contract::Dataset& dataset, const std::vector<std::string>& names,
                 const std::string& path, int line = 0);
    // The full name for a reference. Nothing when no table of the input has this name.
    std::string name_of_table(std::string_view original);
    // Sets the contract's domain, and with it the names of the datasets. Last step.
    void name(std::string_view domain, Text title);
    const ImportRequest& request() const { return m_request; }

    static constexpr std::size_t kMostTables = 1000, kMostColumns = 2000, kMostNotes = 500;
    bool is_full(const contract::Dataset& dataset) const {
        return dataset.columns.size() >= kMostColumns;
    }

private:
    const ImportRequest& m_request;
    std::set<std::string> m_tables;
    std::map<std::string, std::size_t, std::less<>>
        m_by_original;  // without case; and schema names
    struct Names {
        std::set<std::string> taken;
        std::map<std::string, std::size_t, std::less<>>
            given;  // as written, without case: its place
    };
    std::map<std::string, Names, std::less<>> m_columns;  // by schema
    std::size_t m_unsaid = 0;
};

Result<void> import_table_schema(const json::object& schema, Draft& draft);
Result<void> import_data_package(const json::object& package, Draft& draft);
Result<void> import_csvw(const json::object& metadata, Draft& draft);
Result<void> import_sql(std::string_view sql, Draft& draft);

// Members of JSON that may be anything.
std::string text_at(const json::object& object,
                    std::string_view key);  // trimmed; empty when absent
const json::object* object_at(const json::object& object, std::string_view key);
const json::array* array_at(const json::object& object, std::string_view key);
bool true_at(const json::object& object, std::string_view key);
std::optional<std::int64_t> whole_at(const json::object& object, std::string_view key);
// A number, text or boolean as a contract writes it.
std::string scalar_text(const json::value& value);
// One name or a list of them.
std::vector<std::string> names_at(const json::object& object, std::string_view key);
// "data/ward.csv" -> "ward"
std::string stem_of(std::string_view path);

}  // namespace nguon::forms::internal
