#include "store/internal/features.h"

#include <fmt/format.h>

#include "store/key.h"
#include "store/row_json.h"

namespace nguon::store {
namespace {

constexpr std::size_t kPieceBytes = 1 << 20;

// Bytes behind each other in a file.
class Pieces {
public:
    explicit Pieces(std::unique_ptr<File> file) : m_file(std::move(file)) {}
    std::string text;  // not yet written

    Result<void> spill(std::size_t most) {
        if (text.size() <= most) return {};
        TRY(m_file->write_at(m_written, text));
        m_written += text.size();
        text.clear();
        return {};
    }

private:
    std::unique_ptr<File> m_file;
    std::uint64_t m_written = 0;
};

// Section 3.2: a text or a number. A key of one column is its own value, one of several is the KEY.
class FeatureId {
public:
    explicit FeatureId(const contract::Dataset& dataset) : m_keys(dataset, 0) {
        const auto columns = dataset.key();
        if (columns.empty()) return;
        m_has_key = true;
        if (columns.size() > 1) return;
        m_column = columns[0];
        m_place = static_cast<std::size_t>(m_column - dataset.columns.data());
        m_number = m_column->type == contract::LogicalType::kInteger;
    }
    void append(std::string& out, const sql::DuckResult& rows, std::size_t row) const {
        if (!m_has_key) return;
        std::string id;
        if (m_column == nullptr) {
            m_keys.append(id, rows, row);
        } else {
            append_canonical(id, *m_column, rows, m_place, row);
        }
        out += ",\"id\":";
        if (m_number) {
            out += id;
        } else {
            append_json_string(out, id);
        }
    }

private:
    KeyWriter m_keys;
    bool m_has_key = false, m_number = false;
    const contract::Column* m_column = nullptr;  // the only one of the key
    std::size_t m_place = 0;
};

// A change is no one's personal data, as a key may be.
std::unexpected<Error> in_row(Error wrong, std::int64_t seq) {
    wrong.detail = {fmt::format("Dòng của thay đổi số {}: {}", seq, wrong.detail.vi),
                    fmt::format("The row of change {}: {}", seq, wrong.detail.en)};
    return std::unexpected(std::move(wrong));
}

}  // namespace

Result<std::int64_t> write_features(sql::Duck& duck, const contract::Dataset& dataset,
                                    const RowsQuery& query, const std::string& from_sql) {
    std::string all, properties;
    std::size_t shape = 0;
    for (std::size_t i = 0; i < dataset.columns.size(); ++i) {
        const std::string name = sql::quote_identifier(dataset.columns[i].name);
        all += (i > 0 ? ", " : "") + name;
        if (dataset.columns[i].name == query.shape.column) {
            shape = i;
        } else {
            properties += ", " + name;
        }
    }
    TRY_ASSIGN(sql::DuckResult rows,
               duck.stream(fmt::format("SELECT {}, _seq{} FROM {}", all, properties, from_sql)));
    TRY_ASSIGN(auto file, query.disk->open(query.output, OpenMode::kCreate));
    Pieces out(std::move(file));
    const FeatureId id(dataset);
    const std::size_t seq = dataset.columns.size();
    const RowJson members(rows, seq + 1, &dataset);
    out.text = "{\"type\":\"FeatureCollection\",\"features\":[";
    std::int64_t features = 0;
    for (;;) {
        TRY_ASSIGN(const std::size_t count, rows.next());
        if (count == 0) break;
        for (std::size_t row = 0; row < count; ++row) {
            out.text += features++ == 0 ? "\n" : ",\n";
            out.text += "{\"type\":\"Feature\"";
            id.append(out.text, rows, row);
            out.text += ",\"geometry\":";
            if (rows.is_null(shape, row)) {
                out.text += "null";
            } else {
                Result<void> shown = query.shape.append(out.text, rows.text(shape, row));
                if (!shown) return in_row(std::move(shown.error()), rows.integer(seq, row));
            }
            out.text += ",\"properties\":";
            members.append(out.text, rows, row);
            out.text += '}';
            TRY(out.spill(kPieceBytes));
        }
    }
    out.text += "\n]}\n";
    TRY(out.spill(0));
    return features;
}

}  // namespace nguon::store
