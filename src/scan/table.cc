#include "scan/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <map>

#include "base/normal_form.h"
#include "scan/key_table.h"
#include "scan/written_number.h"

namespace nguon::scan {
namespace {

constexpr int kRecordBits = 32;          // _row = block number << 32 | record in the block
constexpr std::size_t kFixedBefore = 2;  // _row, _flags

std::uint64_t mix(std::uint64_t value) {  // the finalizer of SplitMix64 (Steele, Lea, Flood 2014)
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

std::uint64_t hash_bytes(std::uint64_t seed, std::string_view bytes) {
    std::uint64_t hash = seed ^ (bytes.size() * 0x9E3779B97F4A7C15u);
    while (bytes.size() >= 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes.data(), 8);
        hash = mix(hash ^ word) + 0x9E3779B97F4A7C15u;
        bytes.remove_prefix(8);
    }
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), bytes.size());
    return mix(hash ^ word);
}

bool is_number(sql::Kind kind) {
    return kind == sql::Kind::kBigint || kind == sql::Kind::kUbigint ||
           kind == sql::Kind::kDouble || kind == sql::Kind::kDecimal;
}

}  // namespace

// Keys are claimed block after block in file order, so that the first in the file stays whatever
// thread reads it.
struct Table::Claims {
    std::mutex mutex;
    std::condition_variable turn;
    std::uint64_t next = 0;  // the block whose turn it is
    bool failed = false;
    KeyTable keys;
    std::vector<std::int64_t> sizes;   // records by block
    std::vector<std::int64_t> starts;  // sums of sizes, made once
};

HeaderName::HeaderName(std::string_view name) : snake(snake_case(name)) {
    std::string nfc;
    text = to_nfc(name, nfc);
}

std::ptrdiff_t column_of(const HeaderName& header, std::span<const PlannedColumn> columns) {
    if (header.text.starts_with('_')) return -1;  // reserved: `_row` is not the column `row`
    const auto place = [&](auto found) {
        return found == columns.end() ? -1 : found - columns.begin();
    };
    const std::ptrdiff_t exact =
        place(std::ranges::find(columns, header.text, &PlannedColumn::name));
    if (exact >= 0) return exact;
    const std::ptrdiff_t titled = place(std::ranges::find_if(columns, [&](const auto& column) {
        return std::ranges::find(column.titles, header.text) != column.titles.end();
    }));
    if (titled >= 0) return titled;
    return place(std::ranges::find(columns, header.snake, &PlannedColumn::name));
}

std::vector<std::ptrdiff_t> match_fields(std::span<const std::string> names,
                                         std::span<const PlannedColumn> columns) {
    std::vector<std::ptrdiff_t> fields(columns.size(), -1);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::ptrdiff_t column = column_of(HeaderName(names[i]), columns);
        if (column < 0) continue;
        std::ptrdiff_t& field = fields[static_cast<std::size_t>(column)];
        const bool is_exact = names[i] == columns[static_cast<std::size_t>(column)].name;
        if (field < 0 || is_exact) field = static_cast<std::ptrdiff_t>(i);
    }
    return fields;
}

std::size_t count_columns(std::span<const std::string> header, const InputOptions& options) {
    std::vector<PlannedColumn> columns(options.columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        columns[i].name = options.columns[i];
        if (i < options.titles.size()) columns[i].titles = options.titles[i];
    }
    std::vector<std::string> names;
    for (const std::string& name : header)
        names.emplace_back(trim(name));
    const std::vector<std::ptrdiff_t> fields = match_fields(names, columns);
    return fields.size() - static_cast<std::size_t>(std::ranges::count(fields, -1));
}

void want_columns(const Plan& plan, InputOptions& options) {
    for (const PlannedColumn& column : plan.columns) {
        options.columns.push_back(column.name);
        options.titles.push_back(column.titles);
    }
}

void PlannedColumn::read_from(Format format) {
    takes_iso = is_typed(format) || is_json(format);
    spares_zone = takes_percent = is_typed(format);
    takes_point = is_json(format);
}

bool parse_typed_date(std::string_view text, std::int32_t& days) {
    static const DateFormat kIso;
    if (text.size() == 19 && (text.ends_with("T00:00:00") || text.ends_with(" 00:00:00")))
        text = text.substr(0, 10);
    return kIso.parse(text, days);
}

bool parse_cell(const PlannedColumn& column, std::string_view text, TypedValue& value) {
    std::optional<std::string> plain;
    if (column.decimal != 0) {
        plain = number_from(text, column.decimal);
        // What the node gives as text has 16 digits and more: no thousands are written so.
        const bool may_have_point = column.takes_point && column.type.kind == sql::Kind::kDecimal;
        if (!plain && !may_have_point) return false;
        if (plain) text = *plain;
    } else if (column.takes_percent && text.ends_with('%') && is_number(column.type.kind)) {
        text.remove_suffix(1);  // 12.5% is 12.5, as people write it
    }
    switch (column.type.kind) {
        case sql::Kind::kText: return true;
        case sql::Kind::kBoolean: {
            bool truth = false;
            if (!parse_boolean(text, truth)) return false;
            value.integer = truth ? 1 : 0;
            return true;
        }
        case sql::Kind::kBigint: return parse_integer(text, value.integer);
        case sql::Kind::kUbigint: return parse_integer(text, value.integer) && value.integer >= 0;
        case sql::Kind::kDouble: return parse_double(text, value.number);
        case sql::Kind::kDecimal:
            return parse_decimal(text, column.type.precision, column.type.scale, value.decimal);
        case sql::Kind::kDate: {
            std::int32_t days = 0;
            if (!column.date_format.parse(text, days) &&
                !(column.takes_iso && parse_typed_date(text, days))) {
                return false;
            }
            value.integer = days;
            return true;
        }
        case sql::Kind::kTimestamp:
            if (column.moment && column.moment->parse(text, value.integer)) return true;
            if (column.moment && !column.takes_iso) return false;
            if (column.iso_moment) return column.iso_moment->parse(text, value.integer);
            return parse_timestamp(text, column.zone_required && !column.spares_zone,
                                   value.integer);
        case sql::Kind::kTime:
            if (column.moment && column.moment->parse(text, value.integer)) return true;
            if (column.moment && !column.takes_iso) return false;
            return parse_time(text, value.integer);
    }
    return false;
}

class Table::ThreadReader final : public Reader {
public:
    explicit ThreadReader(Table& table) : m_table(table) {}

    Result<std::size_t> read(sql::ChunkWriter& chunk) override {
        while (m_at == m_block.size()) {
            m_block = Block();
            m_at = 0;
            TRY_ASSIGN(const bool more, m_table.take(m_block, m_hashes));
            if (!more) return 0;
        }
        const std::size_t rows = std::min(sql::ChunkWriter::kCapacity, m_block.size() - m_at);
        const std::size_t masks = m_table.mask_count();
        const std::size_t record_column = kFixedBefore + masks;
        write_fixed(chunk, rows, record_column);
        for (std::size_t mask = 0; mask < masks; ++mask) {
            if (auto* bad = chunk.data<std::int64_t>(kFixedBefore + mask))
                std::fill(bad, bad + rows, 0);
        }
        for (std::size_t c = 0; c < m_table.m_plan.columns.size(); ++c) {
            auto* bad = chunk.data<std::int64_t>(kFixedBefore + c / kBitsPerMask);
            write_column(chunk, rows, c, record_column + 1 + c, bad,
                         std::int64_t{1} << (c % kBitsPerMask));
        }
        m_at += rows;
        return rows;
    }

private:
    void write_fixed(sql::ChunkWriter& chunk, std::size_t rows, std::size_t record_column) {
        auto* places = chunk.data<std::int64_t>(0);
        auto* flags = chunk.data<std::int64_t>(1);
        for (std::size_t row = 0; row < rows; ++row) {
            if (places != nullptr) places[row] = place_of(m_block, m_at + row);
            if (flags != nullptr) flags[row] = m_block.flags[m_at + row];
            if (chunk.wanted(record_column))
                chunk.set_text(record_column, row, m_block.texts[m_at + row]);
        }
    }

    void write_column(sql::ChunkWriter& chunk, std::size_t rows, std::size_t c, std::size_t to,
                      std::int64_t* bad, std::int64_t bit) {
        const PlannedColumn& column = m_table.m_plan.columns[c];
        const std::ptrdiff_t field = m_table.m_field_of[c];
        const bool is_text = column.type.kind == sql::Kind::kText;
        const bool is_free_text = is_text && column.check == nullptr;
        if (!chunk.wanted(to) && (bad == nullptr || is_free_text)) return;
        const std::string_view* cell =
            field < 0 ? nullptr
                      : &m_block.fields[m_at * m_block.width + static_cast<std::size_t>(field)];
        for (std::size_t row = 0; row < rows; ++row) {
            const std::string_view text =
                cell == nullptr ? std::string_view() : cell[row * m_block.width];
            TypedValue value;
            if (text.empty()) {
                chunk.set_null(to, row);
            } else if (is_free_text) {
                chunk.set_text(to, row, to_nfc(text, m_nfc));
            } else if (is_text) {
                std::string_view kept;
                if (column.check->read(to_nfc(text, m_nfc), m_checked, kept)) {
                    if (chunk.wanted(to)) chunk.set_text(to, row, kept);
                } else {
                    chunk.set_null(to, row);
                    if (bad != nullptr) bad[row] |= bit;
                }
            } else if (!m_table.parse(m_block, m_at + row, c, text, value)) {
                chunk.set_null(to, row);
                if (bad != nullptr) bad[row] |= bit;
            } else if (chunk.wanted(to)) {
                store(chunk, to, row, column.type.kind, value, column.type.precision);
            }
        }
    }

    static void store(sql::ChunkWriter& chunk, std::size_t to, std::size_t row, sql::Kind kind,
                      const TypedValue& value, int precision) {
        switch (kind) {
            case sql::Kind::kBoolean: chunk.data<bool>(to)[row] = value.integer != 0; break;
            case sql::Kind::kDouble: chunk.data<double>(to)[row] = value.number; break;
            case sql::Kind::kDate:
                chunk.data<std::int32_t>(to)[row] = static_cast<std::int32_t>(value.integer);
                break;
            case sql::Kind::kDecimal:  // DuckDB keeps decimals in the shortest integer that fits
                if (precision <= 4) {
                    chunk.data<std::int16_t>(to)[row] = static_cast<std::int16_t>(value.decimal);
                } else if (precision <= 9) {
                    chunk.data<std::int32_t>(to)[row] = static_cast<std::int32_t>(value.decimal);
                } else if (precision <= 18) {
                    chunk.data<std::int64_t>(to)[row] = static_cast<std::int64_t>(value.decimal);
                } else {
                    chunk.data<Wide>(to)[row] = value.decimal;
                }
                break;
            default: chunk.data<std::int64_t>(to)[row] = value.integer; break;
        }
    }

    Table& m_table;
    Block m_block;
    std::size_t m_at = 0;
    std::vector<std::uint64_t> m_hashes;
    std::string m_nfc, m_checked;
};

Table::Table(std::unique_ptr<RecordInput> input, Plan plan, Random& random)
    : m_input(std::move(input)), m_plan(std::move(plan)), m_claims(std::make_unique<Claims>()) {
    for (PlannedColumn& column : m_plan.columns)
        column.read_from(m_input->format());
    m_field_of = match_fields(m_input->names(), m_plan.columns);
    m_as_number = m_plan.columns;
    for (PlannedColumn& column : m_as_number)
        column.decimal = 0;
    std::array<unsigned char, 8> bytes{};
    random.fill(bytes);  // a sender cannot make keys that collide
    std::memcpy(&m_seed, bytes.data(), bytes.size());
}

Table::~Table() = default;

std::vector<sql::ColumnSpec> Table::columns() const {
    std::vector<sql::ColumnSpec> specs{{"_row", {sql::Kind::kBigint}},
                                       {"_flags", {sql::Kind::kBigint}}};
    for (std::size_t mask = 0; mask < mask_count(); ++mask) {
        specs.push_back({fmt::format("_bad{}", mask), {sql::Kind::kBigint}});
    }
    specs.push_back({"_record", {sql::Kind::kText}});
    for (const PlannedColumn& column : m_plan.columns)
        specs.push_back({column.name, column.type});
    return specs;
}

std::unique_ptr<sql::RowSource::Reader> Table::reader() {
    return std::make_unique<ThreadReader>(*this);
}

bool Table::parse(const Block& block, std::size_t record, std::size_t column, std::string_view text,
                  TypedValue& value) const {
    const PlannedColumn& planned = m_plan.columns[column];
    if (planned.decimal == 0) return parse_cell(planned, text, value);
    const auto field = static_cast<std::size_t>(m_field_of[column]);
    return parse_cell(block.is_number(record * block.width + field) ? m_as_number[column] : planned,
                      text, value);
}

std::uint64_t Table::hash_key(const Block& block, std::size_t record) const {
    std::uint64_t hash = m_seed;
    std::string nfc;
    for (const std::size_t c : m_plan.key) {
        const std::ptrdiff_t field = m_field_of[c];
        const std::string_view text =
            field < 0 ? std::string_view()
                      : block.fields[record * block.width + static_cast<std::size_t>(field)];
        TypedValue value;
        // Equal values have equal hashes however they are written: 007 and 7, NFC and NFD.
        if (m_plan.columns[c].type.kind == sql::Kind::kText ||
            !parse(block, record, c, text, value)) {
            hash = hash_bytes(hash, to_nfc(text, nfc));
        } else {
            std::uint64_t bits = 0;
            const double number = value.number == 0 ? 0.0 : value.number;  // -0 is 0
            std::memcpy(&bits, &number, 8);
            bits ^= static_cast<std::uint64_t>(value.integer);
            hash = mix(hash ^ bits ^ static_cast<std::uint64_t>(value.decimal)) ^
                   static_cast<std::uint64_t>(value.decimal >> 64);
            hash = mix(hash) + 0x9E3779B97F4A7C15u;
        }
    }
    return hash;
}

// Only in columns that are wanted: a helper column beside the table may be broken.
void Table::mark_cell_errors(Block& block) const {
    for (std::size_t record = 0; record < block.size(); ++record) {
        const std::size_t first = record * block.width;
        const bool broken = std::ranges::any_of(m_field_of, [&](std::ptrdiff_t field) {
            return field >= 0 &&
                   is_cell_error(block.fields[first + static_cast<std::size_t>(field)]);
        });
        if (!broken) continue;
        block.flags[record] |= kCellError;
        std::fill_n(block.fields.begin() + static_cast<std::ptrdiff_t>(first), block.width,
                    std::string_view());
    }
}

Result<bool> Table::take(Block& block, std::vector<std::uint64_t>& hashes) {
    {
        const std::lock_guard lock(m_input_lock);
        Result<bool> more = m_input->next(block);
        if (!more) {
            const std::lock_guard claims(m_claims->mutex);
            m_claims->failed = true;
            m_claims->turn.notify_all();
        }
        if (!more || !*more) return more;
    }
    m_input->split(block);
    if (is_sheet(m_input->format())) mark_cell_errors(block);
    if (m_plan.mender) {
        m_plan.mender->mend(block, m_field_of);
        m_left_out += std::ranges::count_if(
            block.flags, [](unsigned char flags) { return (flags & kLeftOut) != 0; });
    }
    if (!m_plan.key.empty()) {
        hashes.resize(block.size());
        for (std::size_t i = 0; i < block.size(); ++i) {
            // A damaged record has no key; a number of its own makes it repeat nothing.
            hashes[i] = (block.flags[i] & (kDamaged | kLeftOut)) != 0
                            ? mix(m_seed + (block.number << kRecordBits) + i)
                            : hash_key(block, i);
        }
    }
    std::unique_lock lock(m_claims->mutex);
    m_claims->turn.wait(lock, [&] { return m_claims->next == block.number || m_claims->failed; });
    if (m_claims->failed) return false;
    m_claims->sizes.push_back(static_cast<std::int64_t>(block.size()));
    if (!m_plan.key.empty()) {
        std::vector<bool> seen;
        m_claims->keys.claim(hashes, seen);
        for (std::size_t i = 0; i < block.size(); ++i) {
            if (seen[i]) block.flags[i] |= kKeySeenBefore;
        }
    }
    ++m_claims->next;
    m_claims->turn.notify_all();
    return true;
}

std::int64_t Table::records() const {
    std::int64_t sum = 0;
    for (const std::int64_t size : m_claims->sizes)
        sum += size;
    return sum - m_left_out;
}

std::int64_t Table::place_of(const Block& block, std::size_t record) {
    return static_cast<std::int64_t>((block.number << kRecordBits) + record);
}

std::pair<std::size_t, std::size_t> Table::block_and_record(std::int64_t place) {
    return {static_cast<std::size_t>(place >> kRecordBits),
            static_cast<std::size_t>(place & ((std::int64_t{1} << kRecordBits) - 1))};
}

std::int64_t Table::row_number(std::int64_t row) const {
    Claims& claims = *m_claims;
    const std::lock_guard lock(claims.mutex);
    if (claims.starts.size() != claims.sizes.size()) {
        claims.starts.clear();
        std::int64_t start = 0;
        for (const std::int64_t size : claims.sizes) {
            claims.starts.push_back(start);
            start += size;
        }
    }
    const auto [block, record] = block_and_record(row);
    return claims.starts[block] + static_cast<std::int64_t>(record) + 1;
}

std::vector<std::string> Table::fields_of(std::string_view record) const {
    Block block;
    block.bytes = std::string(record);
    std::vector<std::string> fields(m_plan.columns.size());
    m_input->split(block);
    if (block.size() != 1 || (block.flags[0] & kDamaged) != 0) return fields;
    for (std::size_t c = 0; c < fields.size(); ++c) {
        if (m_field_of[c] >= 0) fields[c] = block.fields[static_cast<std::size_t>(m_field_of[c])];
    }
    return fields;
}

}  // namespace nguon::scan
