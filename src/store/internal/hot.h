// Rows written alone that no segment holds yet, in control.db.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "sql/sqlite.h"
#include "store/store.h"

namespace nguon::store {

// What a receipt says of its row as `row_sha256`, so that verify can tell whether control.db still
// has it.
std::string hash_of(const RowChange& change);

// Those with seq > `after`, in order.
Result<std::vector<HotRow>> read_hot_rows(sql::Sqlite& control, std::int64_t dataset, Seq after);

ChangeCounts count(const std::vector<HotRow>& rows);

// How many writes, and Manifest::writes_sha256 of them.
class ReceiptsHash {
public:
    void add(std::string_view receipt);
    void add_hash(std::string_view sha256);
    std::string hex() const;

private:
    std::string m_hashes;
};

}  // namespace nguon::store
