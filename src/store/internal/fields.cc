#include "store/internal/fields.h"

#include <set>

#include "contract/renames.h"

namespace nguon::store {

Result<void> rename_fields(sql::Sqlite& control, std::int64_t dataset,
                           const contract::Dataset& before, const contract::Dataset& after) {
    for (const contract::Renamed& renamed : contract::renames(before, after)) {
        TRY_ASSIGN(
            sql::Statement keep,
            control.prepare("insert into former_name (dataset, id, column_name, until_version) "
                            "select dataset, id, column_name, ?1 from field where dataset = ?2 and "
                            "column_name = ?3 and retired = 0"));
        keep.bind(1, after.version).bind(2, dataset).bind(3, renamed.before);
        TRY(keep.run());
        TRY_ASSIGN(sql::Statement rename,
                   control.prepare("update field set column_name = ?1 where dataset = ?2 and "
                                   "column_name = ?3 and retired = 0"));
        rename.bind(1, renamed.after).bind(2, dataset).bind(3, renamed.before);
        TRY(rename.run());
    }
    return {};
}

Result<void> allot_fields(sql::Sqlite& control, std::int64_t dataset,
                          const contract::Dataset& after) {
    std::set<std::string> alive;
    std::int64_t last = 0;
    {
        TRY_ASSIGN(sql::Statement row,
                   control.prepare("select id, column_name, retired from field where dataset = ?"));
        row.bind(1, dataset);
        for (;;) {
            TRY_ASSIGN(const bool any, row.step());
            if (!any) break;
            last = std::max(last, row.integer(0));
            if (row.integer(2) == 0) alive.emplace(row.text(1));
        }
    }
    TRY_ASSIGN(sql::Statement insert,
               control.prepare("insert into field (dataset, id, column_name) values (?, ?, ?)"));
    for (const contract::Column& column : after.columns) {
        if (alive.erase(column.name) > 0) continue;
        insert.reset();
        insert.bind(1, dataset).bind(2, ++last).bind(3, column.name);
        TRY(insert.run());
    }
    TRY_ASSIGN(
        sql::Statement retire,
        control.prepare(
            "update field set retired = 1 where dataset = ? and column_name = ? and retired = 0"));
    for (const std::string& name : alive) {
        retire.reset();
        retire.bind(1, dataset).bind(2, name);
        TRY(retire.run());
    }
    return {};
}

}  // namespace nguon::store
