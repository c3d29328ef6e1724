// For tests of the views: a dataset with random batches in segments, and beside it the same history
// in plain maps, against which the views are held.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "base/json.h"
#include "contract/column_type.h"
#include "sql/duckdb.h"
#include "store/history_source.h"
#include "store/merge.h"

namespace nguon::store::testing {

class TemporaryFolder {
public:
    TemporaryFolder() {
        static std::atomic<int> count = 0;
        m_path = std::filesystem::temp_directory_path() /
                 fmt::format("nguon-views-{}-{}", ::getpid(), count.fetch_add(1));
        std::filesystem::create_directories(m_path);
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

template <class T>
T must(Result<T> result) {
    if (!result) {
        ADD_FAILURE() << result.error().detail.en;
        throw std::runtime_error(result.error().detail.en);
    }
    return std::move(*result);
}
inline void must(Result<void> result) {
    if (!result) {
        ADD_FAILURE() << result.error().detail.en;
        throw std::runtime_error(result.error().detail.en);
    }
}

struct Cell {
    std::string literal;  // SQL
    json::value value;    // as the JSON of a row has it
    std::string text;     // as KEY has it, not yet encoded
};
using Row = std::vector<Cell>;

struct Change {
    Seq seq = 0;
    Op op = Op::kInsert;
    std::string key;  // KEY; empty without a key
    Row row;          // of a delete: the key and nulls
    std::size_t batch = 0;
};

inline contract::Column column(std::string name, contract::LogicalType type, int key_position = 0) {
    contract::Column made;
    made.name = std::move(name);
    made.type = type;
    made.key_position = key_position;
    return made;
}

enum class Keyed { kNo, kYes };

// The columns: region TEXT (second of the key), number BIGINT (first), then one of every type.
class World : public HistorySource {
public:
    World(unsigned seed, Keyed keyed) : m_keyed(keyed), m_random(seed) {
        using contract::LogicalType;
        const bool yes = keyed == Keyed::kYes;
        auto& columns = info.contract.columns;
        info.contract.name = "test.thing";
        info.contract.domain = "test";
        info.contract.schema = "thing";
        info.contract.version = "1.0.0";
        info.contract.mode = yes ? contract::Mode::kUpsert : contract::Mode::kAppend;
        columns.push_back(column("region", LogicalType::kString, yes ? 2 : 0));
        columns.push_back(column("number", LogicalType::kInteger, yes ? 1 : 0));
        columns.push_back(column("na\"me", LogicalType::kString));
        columns.push_back(column("amount", LogicalType::kNumber));
        columns.push_back(column("price", LogicalType::kNumber));
        columns.back().precision = 12;
        columns.back().scale = 2;
        columns.push_back(column("ok", LogicalType::kBoolean));
        columns.push_back(column("born", LogicalType::kDate));
        columns.push_back(column("seen", LogicalType::kTimestamp));
        columns.push_back(column("hour", LogicalType::kTime));
        sql::DuckOptions options;
        options.threads = 1;
        m_duck = must(sql::Duck::open(options));
    }

    // A new optional column, of a new version.
    void add_column(const std::string& name, contract::LogicalType type) {
        info.contract.columns.push_back(column(name, type));
        info.contract.version = fmt::format("1.{}.0", ++m_minor);
        const auto widen = [](Row& row) { row.push_back({"NULL", nullptr, ""}); };
        for (Change& change : changes)
            widen(change.row);
        for (auto& [key, change] : m_rows)
            widen(change.row);
    }

    // One segment of `count` changes. With a key each key stands in it once.
    void add_batch(std::size_t count, double share_of_changes) {
        SegmentInfo segment;
        segment.first = static_cast<Seq>(changes.size()) + 1;
        std::map<std::string, int> used;
        std::string values;
        for (std::size_t i = 0; i < count; ++i) {
            Change change = next_change(share_of_changes);
            if (m_keyed == Keyed::kYes && !used.emplace(change.key, 0).second) continue;
            change.seq = static_cast<Seq>(changes.size()) + 1;
            change.batch = infos.size();
            apply(change, segment.changes);
            values += fmt::format("{}({}", values.empty() ? "" : ", ", static_cast<int>(change.op));
            for (const Cell& cell : change.row)
                values += ", " + cell.literal;
            values += ")";
            changes.push_back(std::move(change));
        }
        segment.last = static_cast<Seq>(changes.size());
        segment.contract_version = info.contract.version;
        segment.batch = fmt::format("batch{}", infos.size());
        segment.sha256 = fmt::format("{:064}", infos.size());
        segment.at = 1'700'000'000'000'000 + static_cast<Micros>(infos.size()) * 1'000'000;
        segment.path = folder.path() / fmt::format("{}.parquet", segment.sha256);
        write(values, segment.path);
        const std::lock_guard lock(m_mutex);
        infos.push_back(std::move(segment));
    }

    // By KEY, as it stands at `upto`.
    std::map<std::string, Change> rows_at(Seq upto) const {
        std::map<std::string, Change> rows;
        for (const Change& change : changes) {
            if (change.seq > upto) break;
            const std::string key =
                m_keyed == Keyed::kYes ? change.key : fmt::format("{}", change.seq);
            if (change.op == Op::kDelete) {
                rows.erase(key);
            } else {
                rows[key] = change;
            }
        }
        return rows;
    }

    std::string row_text(const Row& row) const {
        json::object object;
        for (std::size_t i = 0; i < row.size(); ++i) {
            object[info.contract.columns[i].name] = row[i].value;
        }
        return to_text(object);
    }

    std::string some_key() { return key_of(new_row()); }

    Result<Head> head(std::string_view) const override {
        const std::lock_guard lock(m_mutex);
        Head made;
        made.seq = infos.empty() ? 0 : infos.back().last;
        for (const SegmentInfo& segment : infos) {
            made.rows += segment.changes.inserted - segment.changes.deleted;
        }
        return made;
    }
    Result<std::vector<SegmentInfo>> segments(std::string_view, Seq upto) const override {
        const std::lock_guard lock(m_mutex);
        std::vector<SegmentInfo> kept;
        for (const SegmentInfo& segment : infos) {
            if (segment.first <= upto) kept.push_back(segment);
        }
        return kept;
    }

    TemporaryFolder folder;
    DatasetInfo info;
    std::vector<SegmentInfo> infos;
    std::vector<Change> changes;

    std::size_t pick(std::size_t below) { return m_random() % below; }
    bool chance(double probability) {
        return static_cast<double>(m_random() % 10'000) < probability * 10'000;
    }

private:
    Cell random_cell(std::size_t place) {
        const contract::Column& of = info.contract.columns[place];
        using contract::LogicalType;
        if (m_keyed == Keyed::kYes && of.key_position > 0) {
            if (of.type == LogicalType::kInteger) {
                const std::string digits = fmt::format("{}", static_cast<int>(pick(60)) - 20);
                return {digits, std::stoll(digits), digits};
            }
            static const std::vector<std::string> kRegions = {"VN", "a,b", "50% / é", "it's", ""};
            const std::string& region = kRegions[pick(kRegions.size())];
            return {sql::quote_literal(region), json::string(region), region};
        }
        if (chance(0.15)) return {"NULL", nullptr, ""};
        switch (of.type) {
            case LogicalType::kString: {
                static const std::vector<std::string> kWords = {
                    "Nguyễn", "\"q\"", "a\\b", "l\nf\t\r", "\x01\x1f", "", "'"};
                const std::string word = kWords[pick(kWords.size())] + fmt::format("{}", pick(9));
                return {sql::quote_literal(word), json::string(word), word};
            }
            case LogicalType::kInteger: {
                const auto number = static_cast<std::int64_t>(m_random()) - 2'000'000'000;
                return {fmt::format("{}", number), number, ""};
            }
            case LogicalType::kNumber: {
                if (of.precision > 0) {
                    const auto cents = static_cast<std::int64_t>(pick(100'000)) - 50'000;
                    return {fmt::format("{}::DECIMAL(12,2) / 1", static_cast<double>(cents) / 100),
                            static_cast<double>(cents) / 100, ""};
                }
                const double number =
                    (static_cast<double>(pick(2'000'000)) - 1e6) / 64 * (chance(0.1) ? 1e20 : 1);
                return {fmt::format("{}::DOUBLE", number), number, ""};
            }
            case LogicalType::kBoolean: {
                const bool yes = chance(0.5);
                return {yes ? "true" : "false", yes, ""};
            }
            case LogicalType::kDate: {
                const std::string day =
                    fmt::format("{:04}-{:02}-{:02}", 1890 + pick(200), 1 + pick(12), 1 + pick(28));
                return {"DATE '" + day + "'", json::string(day), day};
            }
            case LogicalType::kTimestamp: {
                const Micros at =
                    static_cast<Micros>(m_random()) * (chance(0.5) ? 1'000'000 : 1'234);
                const std::string text = format_time(chance(0.2) ? -at : at);
                return {"TIMESTAMPTZ '" + text + "'", json::string(text), text};
            }
            case LogicalType::kTime: {
                const std::string text =
                    fmt::format("{:02}:{:02}:{:02}", pick(24), pick(60), pick(60));
                return {"TIME '" + text + "'", json::string(text), text};
            }
            case LogicalType::kObject:
            case LogicalType::kArray:
            case LogicalType::kMap:
            case LogicalType::kVector: break;  // no column of a World is nested
        }
        return {};
    }

    Row new_row() {
        Row row;
        for (std::size_t i = 0; i < info.contract.columns.size(); ++i)
            row.push_back(random_cell(i));
        return row;
    }

    std::string key_of(const Row& row) const {
        if (m_keyed == Keyed::kNo) return "";
        return percent_encode(row[1].text) + "," + percent_encode(row[0].text);
    }

    Change next_change(double share_of_changes) {
        Change change;
        change.row = new_row();
        change.key = key_of(change.row);
        if (m_keyed == Keyed::kNo) return change;
        if (!m_rows.empty() && chance(share_of_changes)) {
            auto at = m_rows.begin();
            std::advance(at, static_cast<std::ptrdiff_t>(pick(m_rows.size())));
            change.op = chance(0.4) ? Op::kDelete : Op::kUpdate;
            for (std::size_t i : {std::size_t{0}, std::size_t{1}})
                change.row[i] = at->second.row[i];
            change.key = at->first;
        } else if (m_rows.contains(change.key)) {
            change.op = share_of_changes > 0 ? Op::kUpdate : Op::kInsert;
            if (change.op == Op::kInsert) {  // an unused key, so that a batch of inserts stays one
                const std::string digits = fmt::format("{}", 1000 + changes.size());
                change.row[1] = {digits, std::stoll(digits), digits};
                change.key = key_of(change.row);
            }
        }
        if (change.op == Op::kDelete) {
            for (std::size_t i = 2; i < change.row.size(); ++i)
                change.row[i] = {"NULL", nullptr, ""};
        }
        return change;
    }

    void apply(const Change& change, ChangeCounts& counts) {
        switch (change.op) {
            case Op::kErased: break;
            case Op::kInsert: ++counts.inserted; break;
            case Op::kUpdate: ++counts.updated; break;
            case Op::kDelete: ++counts.deleted; break;
        }
        if (m_keyed == Keyed::kNo) return;
        if (change.op == Op::kDelete) {
            m_rows.erase(change.key);
        } else {
            m_rows[change.key] = change;
        }
    }

    void write(const std::string& values, const std::filesystem::path& to) {
        std::string names = "_op", list = "_op::TINYINT AS _op";
        for (const contract::Column& of : info.contract.columns) {
            const std::string name = sql::quote_identifier(of.name);
            names += ", " + name;
            list += fmt::format(", CAST({} AS {}) AS {}", name, column_type(of).sql(), name);
        }
        const std::string empty = values.empty() ? " WHERE false" : "";
        std::string row = "0";
        for (std::size_t i = 0; i < info.contract.columns.size(); ++i)
            row += ", NULL";
        must(m_duck->execute(
            fmt::format("COPY (SELECT {} FROM (VALUES {}) AS t({}){}) TO {} (FORMAT parquet)", list,
                        values.empty() ? "(" + row + ")" : values, names, empty,
                        sql::quote_literal(to.string()))));
    }

    Keyed m_keyed;
    std::mt19937 m_random;
    int m_minor = 0;
    mutable std::mutex m_mutex;
    std::map<std::string, Change> m_rows;
    std::unique_ptr<sql::Duck> m_duck;
};

}  // namespace nguon::store::testing
