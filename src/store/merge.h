// SQL that reads history: every change up to a sequence number, and the rows as they stand there.
//
// A segment is a Parquet file with `_op` TINYINT (Op) and the dataset's columns. An update holds
// the whole new row, a delete the key and nulls, an erased change only nulls. A change's sequence
// number is segment.first + its place in the file. Without a key a delete holds the whole row, and
// in
// `_of` the sequence number of the insert that it takes back.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sql/duckdb.h"
#include "store/change.h"
#include "store/store.h"

namespace nguon::store {

enum class WithSeq { kNo, kYes };

// One SELECT, to stand in parentheses or behind `create view … as`, and the files that it opens.
// The rows come in no promised order.
struct HistoryView {
    std::string sql;
    std::vector<std::filesystem::path> files;
};

// Every change with seq <= upto: `_seq` BIGINT, `_op` TINYINT, then the contract's columns in its
// order and its types. Segments of older versions may lack columns: null there. `segments` may be a
// part of the history.
HistoryView history_view(const DatasetInfo& dataset, const std::vector<SegmentInfo>& segments,
                         Seq upto);

// The rows as they stand at `upto`: the contract's columns, behind `_seq` (of the last change of
// the row) when asked for. Costs a plain scan while the history holds only inserts; otherwise one
// scan of it and a hash table of the keys that an update or a delete has touched. `segments`: the
// whole history to `upto`, or a base (SegmentInfo::is_base) first and what is behind it.
HistoryView current_view(const DatasetInfo& dataset, const std::vector<SegmentInfo>& segments,
                         Seq upto, WithSeq with_seq);

}  // namespace nguon::store
