// A RecordInput as a table that DuckDB queries: typed columns, and beside them what a load needs to
// know of each row. Parsing, typing and the search for repeated keys happen here, in one pass, on
// all threads.
//
// Columns, in this order:
//   _row     BIGINT   place in the file: grows in file order; row_number() makes it 1, 2, 3, …
//   _flags   BIGINT   RecordFlag
//   _bad<k>  BIGINT   bit c: column 62*k + c holds text that is not of its type (null there)
//   _record  VARCHAR  the record as it stood; only for rows of `keep_record`
//   then the planned columns, texts in NFC
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "scan/cell_check.h"
#include "scan/moment_format.h"
#include "scan/records.h"
#include "scan/value.h"
#include "sql/duckdb.h"

namespace nguon::scan {

struct PlannedColumn {
    std::string name;
    sql::ColumnType type;
    DateFormat date_format;                // of dates
    bool zone_required = false;            // of timestamps
    std::vector<std::string> titles = {};  // business names: a file may have these in its header
    // What is set by read_from(): ISO 8601 is taken beside the contract's own form; a moment may
    // come without a zone, whatever the contract says; an exact number in text has a point.
    bool takes_iso = false, spares_zone = false, takes_point = false, takes_percent = false;
    // Of timestamps and times that are not written as ISO 8601, or name a zone; else null.
    std::shared_ptr<const MomentFormat> moment = nullptr;
    // Of the same where ISO 8601 is taken, if a zone is named; else null.
    std::shared_ptr<const MomentFormat> iso_moment = nullptr;
    // Of text whose inside is described; else null. A cell it refuses is bad, and null.
    std::shared_ptr<const CellCheck> check = nullptr;
    char decimal = 0;  // of numbers written for people: ',' of 1.234,5; 0: as machines write them

    // Where cells come from: sheets and Parquet have dates of their own, and JSON may be what a
    // node gave: ISO 8601, and "1.125" of an exact number, whatever the contract says.
    void read_from(Format format);
};

// A name in a file's header. Its snake case is made once: a wide file is matched name by name.
struct HeaderName {
    explicit HeaderName(std::string_view name);
    std::string text, snake;
};
// The one column that it means: by its name, else by a title, else by the name in snake case; -1:
// none. Names that begin with `_` are reserved for what Nguồn writes beside the columns: they mean
// none.
std::ptrdiff_t column_of(const HeaderName& header, std::span<const PlannedColumn> columns);
// Of each column the field that is it: the one that has its name, else the first one that means it;
// -1: not there. No field is two columns.
std::vector<std::ptrdiff_t> match_fields(std::span<const std::string> names,
                                         std::span<const PlannedColumn> columns);
// How many of the wanted columns (`options.columns`) a header with these names has.
std::size_t count_columns(std::span<const std::string> header, const InputOptions& options);

// Changes cells before they are typed, and may leave records out (kLeftOut). Called concurrently,
// once for each block. New text goes to the block's arena.
class CellMender {
public:
    virtual ~CellMender() = default;
    // `field_of`: planned column -> field of the record, -1: not there.
    virtual void mend(Block& block, std::span<const std::ptrdiff_t> field_of) = 0;
};

struct Plan {
    std::vector<PlannedColumn> columns;
    std::vector<std::size_t> key;  // places in `columns`; empty: no search for repeated keys
    std::shared_ptr<CellMender> mender = nullptr;
};

// Tells an input which columns are looked for.
void want_columns(const Plan& plan, InputOptions& options);

inline constexpr std::size_t kBitsPerMask = 62;

// Where ISO 8601 is taken: a day, or midnight of one.
bool parse_typed_date(std::string_view text, std::int32_t& days);

// One cell to the typed form; false when the text is not of the type.
struct TypedValue {
    std::int64_t integer = 0;  // also booleans, dates, times
    double number = 0;
    Wide decimal = 0;
};
bool parse_cell(const PlannedColumn& column, std::string_view text, TypedValue& value);

class Table final : public sql::RowSource {
public:
    // Columns of the input are matched to planned ones by name; those missing are null.
    Table(std::unique_ptr<RecordInput> input, Plan plan, Random& random);
    ~Table() override;

    std::vector<sql::ColumnSpec> columns() const override;
    std::unique_ptr<Reader> reader() override;
    std::uint64_t row_estimate() const override { return m_input->size() / 32 + 100'000; }

    const RecordInput& input() const { return *m_input; }
    std::uint64_t consumed() const { return m_input->consumed(); }  // from any thread
    // Once the query is done:
    std::int64_t records() const;  // those left out not counted
    std::int64_t row_number(std::int64_t row) const;
    static std::int64_t place_of(const Block& block, std::size_t record);  // as _row has it
    // Of a place, the number of its block and its record there.
    static std::pair<std::size_t, std::size_t> block_and_record(std::int64_t place);
    std::string sha256() { return m_input->sha256(); }
    std::size_t mask_count() const {
        return (m_plan.columns.size() + kBitsPerMask - 1) / kBitsPerMask;
    }
    // The field of a planned column in a record's text as it stood; empty when it cannot be told.
    std::vector<std::string> fields_of(std::string_view record) const;

private:
    class ThreadReader;
    // Fills the next block, split and with keys claimed; false at the end.
    Result<bool> take(Block& block, std::vector<std::uint64_t>& hashes);
    void mark_cell_errors(Block& block) const;
    std::uint64_t hash_key(const Block& block, std::size_t record) const;
    bool parse(const Block& block, std::size_t record, std::size_t column, std::string_view text,
               TypedValue& value) const;

    std::unique_ptr<RecordInput> m_input;
    Plan m_plan;
    std::vector<PlannedColumn> m_as_number;  // the columns, of cells that are numbers already
    std::vector<std::ptrdiff_t> m_field_of;  // planned column -> field of the record, -1: not there
    std::uint64_t m_seed = 0;
    std::atomic<std::int64_t> m_left_out = 0;
    std::mutex m_input_lock;
    struct Claims;
    std::unique_ptr<Claims> m_claims;
};

}  // namespace nguon::scan
