// Pages of a dataset's rows: filtered, sorted, as they stand at a sequence number.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/disk.h"
#include "store/read.h"

namespace nguon::store {

enum class Comparison { kEqual, kNotEqual, kGreater, kGreaterOrEqual, kLess, kLessOrEqual, kIn };

// Null is none of the values: only kNotEqual takes it in.
struct RowFilter {
    const contract::Column* column = nullptr;
    Comparison comparison = Comparison::kEqual;
    std::vector<std::string> values;  // canonical; several for kIn only
};

enum class Direction { kUp, kDown };

struct RowSort {
    const contract::Column* column = nullptr;
    Direction direction = Direction::kUp;  // null comes last both ways
};

enum class RowsFormat { kJson, kCsv, kParquet, kGeoJson };

// The column whose cells are the shapes of features, and how one is written as a geometry of
// RFC 7946, behind what stands in `out`.
struct FeatureShape {
    std::string column;
    std::function<Result<void>(std::string& out, std::string_view cell)> append;
};

// The pointers are into the dataset that it was read for.
struct RowsQuery {
    static constexpr std::int64_t kDefaultLimit = 50, kMostLimit = 1000;
    std::vector<RowFilter> filters;     // all must hold
    std::vector<RowSort> sort;          // then by key, or by age without one
    std::optional<std::int64_t> limit;  // JSON: 1 to 1000, default 50; files: no limit by default
    std::string cursor;                 // `next` of the page before
    std::optional<Seq> upto;            // as of; default: as the cursor's first page, else the head
    RowsFormat format = RowsFormat::kJson;
    std::filesystem::path output;  // of the other formats: the file to write
    FeatureShape shape;            // of geojson, which is written
    Disk* disk = nullptr;          // … to this
};

// FIELD=V, FIELD.eq, .ne, .gt, .gte, .lt, .lte =V, FIELD.in=V,V (each percent-encoded), sort=-F,G,
// limit, cursor, format. as_of and output are the caller's. Errors: invalid, naming every parameter
// that is unknown.
Result<RowsQuery> parse_rows_query(
    const contract::Dataset& dataset,
    const std::vector<std::pair<std::string, std::string>>& parameters);

struct RowsAnswer {
    std::string json;  // {"rows":[…],"next":cursor or null}; empty for files
    std::string next;  // empty at the end and for files
    std::int64_t rows = 0;
};

// Every page of one chain of cursors shows the history of its first page. Errors: invalid (a cursor
// that is not of this question), unavailable.
Result<RowsAnswer> rows(const HistorySource& source, const DatasetInfo& dataset,
                        const RowsQuery& query, const ReadOptions& options);

}  // namespace nguon::store
