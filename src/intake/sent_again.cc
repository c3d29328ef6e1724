#include "intake/internal/sent_again.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "intake/quarantine.h"
#include "quality/damage.h"
#include "sql/duckdb.h"

namespace nguon::intake {
namespace {

// Kept of one batch; rows past it are known by their own `_rule` and `_record` only.
constexpr std::size_t kMostKept = 64 << 20;

std::size_t hash_of(std::string_view record) {
    return std::hash<std::string_view>()(record);
}

const quality::Damage* damage_named(std::string_view rules) {
    for (const std::string& rule : split(rules, ';')) {
        const auto found =
            std::ranges::find(quality::damages(), trim(rule), &quality::Damage::rule);
        if (found != quality::damages().end()) return &*found;
    }
    return nullptr;
}

// A column that stands in the file at `field`: as its cells are, as those that are numbers are, and
// as the quarantine has them.
struct Wanted {
    Wanted(std::size_t field_, const scan::PlannedColumn& column, scan::Format format)
        : field(field_), cell(column), number(column), aside(column) {
        cell.read_from(format);
        number.read_from(format);
        number.decimal = 0;
        aside.read_from(scan::Format::kCsv);
    }
    std::size_t field;
    scan::PlannedColumn cell, number, aside;
};

// A spreadsheet writes values its own way: 2026-02-01 for 01/02/2026, 1.5 for 1,50.
bool is_same(const Wanted& column, std::string_view now, bool is_number, std::string_view then) {
    if (now == then) return true;
    scan::TypedValue a, b;
    return column.cell.type.kind != sql::Kind::kText && !now.empty() && !then.empty() &&
           scan::parse_cell(is_number ? column.number : column.cell, now, a) &&
           scan::parse_cell(column.aside, then, b) && a.integer == b.integer &&
           a.number == b.number && a.decimal == b.decimal;
}

}  // namespace

Result<std::shared_ptr<SentAgain>> SentAgain::of(store::Store& store,
                                                 const store::BatchInfo& batch) {
    auto again = std::make_shared<SentAgain>();
    if (batch.quarantine_sha256.empty()) return again;
    sql::DuckOptions options;
    options.memory_limit = "256MB";
    options.threads = 1;
    TRY_ASSIGN(const auto duck, sql::Duck::open(options));
    const std::filesystem::path file =
        store.options().folder / "quarantine" / (batch.quarantine_sha256 + ".parquet");
    TRY_ASSIGN(const std::vector<store::BatchInfo> batches, store.batches(batch.dataset, 0));
    again->m_mended.emplace(batches);
    TRY(again->read_rows(*duck, file, batch));
    TRY_ASSIGN(sql::DuckResult rows,
               duck->stream(fmt::format(
                   "SELECT \"row\", rule, reason, reason_en, record, fields FROM read_parquet({}) "
                   "WHERE fields IS NULL OR starts_with(rule, 'key:')",
                   sql::quote_literal(file.string()))));
    for (std::size_t kept = 0; kept < kMostKept;) {
        TRY_ASSIGN(const std::size_t count, rows.next());
        if (count == 0) break;
        for (std::size_t i = 0; i < count; ++i) {
            const std::int64_t row = rows.integer(0, i);
            const quality::Damage* damage = damage_named(rows.text(1, i));
            if (damage != nullptr) {
                Text reason{std::string(rows.text(2, i)), std::string(rows.text(3, i))};
                kept += rows.text(4, i).size() + reason.vi.size() + reason.en.size();
                again->m_damaged[row] = {std::string(rows.text(4, i)), damage->flag,
                                         std::move(reason)};
            } else if (!rows.is_null(5, i)) {
                kept += rows.text(5, i).size();
                again->m_repeated[row] = rows.text(5, i);
            }
        }
    }
    return again;
}

Result<void> SentAgain::read_rows(sql::Duck& duck, const std::filesystem::path& file,
                                  const store::BatchInfo& batch) {
    TRY_ASSIGN(const bool origins, names_origins(duck, file));
    TRY_ASSIGN(sql::DuckResult rows,
               duck.stream(fmt::format("SELECT \"row\", {} FROM read_parquet({})",
                                       origins ? "of_batch, of_row" : "NULL::VARCHAR, NULL::BIGINT",
                                       sql::quote_literal(file.string()))));
    for (;;) {
        TRY_ASSIGN(const std::size_t count, rows.next());
        if (count == 0) break;
        for (std::size_t i = 0; i < count; ++i) {
            Aside aside{rows.integer(0, i), {batch.id, rows.integer(0, i)}};
            if (!m_rows.empty() && m_rows.back().row == aside.row) continue;
            if (!rows.is_null(1, i))
                aside.name = {std::string(rows.text(1, i)), rows.integer(2, i)};
            aside.mended = m_mended->by(aside.name) != nullptr;
            m_rows.push_back(std::move(aside));
        }
    }
    std::ranges::sort(m_rows, {}, &Aside::row);
    const auto twice = std::ranges::unique(m_rows, {}, &Aside::row);
    m_rows.erase(twice.begin(), twice.end());
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        m_by_id.emplace(m_rows[i].name.id(), static_cast<std::int32_t>(i));
    return {};
}

std::int32_t SentAgain::find_id(std::string_view id) const {
    const auto found = m_by_id.find(std::string(id));
    return found == m_by_id.end() ? kNone : found->second;
}

std::int32_t SentAgain::find(std::int64_t row) const {
    const auto found = std::ranges::lower_bound(m_rows, row, {}, &Aside::row);
    return found == m_rows.end() || found->row != row
               ? kNone
               : static_cast<std::int32_t>(found - m_rows.begin());
}

void SentAgain::keep_origins(std::uint64_t block, std::vector<std::int32_t> origins) {
    const std::lock_guard lock(m_mutex);
    if (m_origins.size() <= block) m_origins.resize(block + 1);
    m_origins[block] = std::move(origins);
}

const RowAside* SentAgain::origin_of(std::int64_t place) const {
    const auto [block, record] = scan::Table::block_and_record(place);
    if (block >= m_origins.size() || record >= m_origins[block].size()) return nullptr;
    const std::int32_t origin = m_origins[block][record];
    return origin == kNone ? nullptr : &m_rows[static_cast<std::size_t>(origin)].name;
}

std::int64_t SentAgain::known() const {
    std::int64_t known = 0;
    for (const std::vector<std::int32_t>& block : m_origins)
        known += static_cast<std::int64_t>(block.size()) - std::ranges::count(block, kNone);
    return known;
}

std::vector<std::int64_t> SentAgain::entering(const std::vector<std::int64_t>& rejected) const {
    std::vector<bool> enters(m_rows.size(), false);
    for (const std::vector<std::int32_t>& block : m_origins) {
        for (const std::int32_t origin : block)
            if (origin != kNone) enters[static_cast<std::size_t>(origin)] = true;
    }
    for (const std::int64_t place : rejected) {
        const auto [block, record] = scan::Table::block_and_record(place);
        if (block >= m_origins.size() || record >= m_origins[block].size()) continue;
        if (const std::int32_t origin = m_origins[block][record]; origin != kNone)
            enters[static_cast<std::size_t>(origin)] = false;
    }
    std::vector<std::int64_t> rows;
    for (std::size_t i = 0; i < enters.size(); ++i) {
        if (enters[i] && !m_rows[i].mended) rows.push_back(m_rows[i].row);
    }
    return rows;
}

std::vector<std::int64_t> SentAgain::not_returned() const {
    std::vector<bool> returned(m_rows.size(), false);
    for (const std::vector<std::int32_t>& block : m_origins) {
        for (const std::int32_t origin : block)
            if (origin != kNone) returned[static_cast<std::size_t>(origin)] = true;
    }
    std::vector<std::int64_t> rows;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (!returned[i] && !m_rows[i].mended) rows.push_back(m_rows[i].row);
    }
    return rows;
}

std::vector<std::int64_t> SentAgain::mended_before() const {
    std::vector<std::int64_t> rows;
    for (const Aside& aside : m_rows) {
        if (aside.mended) rows.push_back(aside.row);
    }
    return rows;
}

std::map<std::int64_t, RowAside> SentAgain::open_rows() const {
    std::map<std::int64_t, RowAside> rows;
    for (const Aside& aside : m_rows) {
        if (!aside.mended) rows.emplace(aside.row, aside.name);
    }
    return rows;
}

const RowAside& SentAgain::name_of(std::int64_t row) const {
    return m_rows[static_cast<std::size_t>(find(row))].name;
}

const Text* SentAgain::reason_of(std::string_view record) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_reasons.find(hash_of(record));
    return found == m_reasons.end() ? nullptr : found->second;
}

bool SentAgain::is_repeat(std::string_view record) const {
    const std::lock_guard lock(m_mutex);
    return m_repeats.contains(hash_of(record));
}

void SentAgain::keep_reason(std::string_view record, const Text& reason) {
    const std::lock_guard lock(m_mutex);
    m_reasons.emplace(hash_of(record), &reason);
}

void SentAgain::keep_repeat(std::string_view record) {
    const std::lock_guard lock(m_mutex);
    m_repeats.emplace(hash_of(record));
}

// Everything is the inner input's, but for the rows marked.
class SentAgain::Input final : public scan::RecordInput {
public:
    Input(std::shared_ptr<SentAgain> again, std::unique_ptr<scan::RecordInput> input,
          const scan::Plan& plan)
        : m_again(std::move(again)), m_input(std::move(input)), m_has_key(!plan.key.empty()) {
        const std::vector<std::string>& names = m_input->names();
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto place = static_cast<std::ptrdiff_t>(i);
            if (names[i] == "_row") m_row = place;
            if (names[i] == "_id") m_id = place;
            if (names[i] == "_rule") m_rule = place;
            if (names[i] == "_record") m_record = place;
            const std::ptrdiff_t column = scan::column_of(scan::HeaderName(names[i]), plan.columns);
            if (column < 0) continue;
            m_wanted.emplace_back(i, plan.columns[static_cast<std::size_t>(column)],
                                  m_input->format());
        }
    }

    scan::Format format() const override { return m_input->format(); }
    const scan::Dialect* dialect() const override { return m_input->dialect(); }
    scan::Contents contents() const override { return m_input->contents(); }
    scan::Encoding encoding() const override { return m_input->encoding(); }
    scan::Compression compression() const override { return m_input->compression(); }
    const std::vector<std::string>& names() const override { return m_input->names(); }
    Result<bool> next(scan::Block& block) override { return m_input->next(block); }
    std::vector<std::string> best_reading(std::string_view record) const override {
        return m_input->best_reading(record);
    }
    std::optional<Text> why_damaged(std::string_view record) const override {
        return m_input->why_damaged(record);
    }
    std::uint64_t consumed() const override { return m_input->consumed(); }
    std::uint64_t size() const override { return m_input->size(); }
    std::string sha256() override { return m_input->sha256(); }

    void split(scan::Block& block) const override {
        m_input->split(block);
        std::vector<std::int32_t> origins(block.size(), kNone);
        for (std::size_t i = 0; i < block.size(); ++i) {
            if ((block.flags[i] & scan::kDamaged) == 0) origins[i] = look_at(block, i);
        }
        if (m_again->m_scans) m_again->keep_origins(block.number, std::move(origins));
    }

private:
    // The row that a record was, by its `_id`, which a file of any batch of the line has right,
    // else by its `_row`.
    struct Known {
        std::int32_t place = kNone;  // in m_rows
        bool mended = false;
    };
    Known known_of(std::string_view id, std::string_view row) const {
        const std::vector<Aside>& rows = m_again->m_rows;
        Known known;
        if (const std::optional<RowAside> name = RowAside::from_id(id)) {
            known.place = m_again->find_id(id);
            known.mended = known.place == kNone && m_again->m_mended &&
                           m_again->m_mended->by(*name) != nullptr;
        } else {
            std::int64_t number = 0;
            std::from_chars(row.data(), row.data() + row.size(), number);
            known.place = m_again->find(number);
        }
        if (known.place != kNone) known.mended = rows[static_cast<std::size_t>(known.place)].mended;
        return known;
    }

    // The answer: the place in m_rows of the row that it was, unless it is left out.
    std::int32_t look_at(scan::Block& block, std::size_t i) const {
        const auto field = [&](std::ptrdiff_t place) {
            return place < 0 ? std::string_view()
                             : block.fields[i * block.width + static_cast<std::size_t>(place)];
        };
        const auto [origin, mended] = known_of(trim(field(m_id)), trim(field(m_row)));
        if (mended) {
            block.flags[i] |= static_cast<unsigned char>(scan::kLeftOut);
            if (m_again->m_scans) ++m_again->m_left_out;
            return kNone;
        }
        const std::int64_t row =
            origin == kNone ? 0 : m_again->m_rows[static_cast<std::size_t>(origin)].row;
        if (!trim(field(m_record)).empty()) {
            if (is_blank(block, i)) mark_damaged(block, i, row, field(m_rule), field(m_record));
            return origin;
        }
        const auto repeated = m_again->m_repeated.find(row);
        if (!m_has_key || repeated == m_again->m_repeated.end()) return origin;
        if (!is_as_it_was(block, i, repeated->second)) return origin;
        block.flags[i] |= static_cast<unsigned char>(scan::kKeySeenBefore);
        m_again->keep_repeat(block.texts[i]);
        return origin;
    }

    // Nobody wrote a value into any of its columns.
    bool is_blank(const scan::Block& block, std::size_t i) const {
        return std::ranges::all_of(m_wanted, [&](const Wanted& column) {
            return trim(block.fields[i * block.width + column.field]).empty();
        });
    }

    bool is_as_it_was(const scan::Block& block, std::size_t i, std::string_view json) const {
        const Result<json::value> fields = parse_json(json);
        if (!fields || !fields->is_object()) return false;
        return std::ranges::all_of(m_wanted, [&](const Wanted& column) {
            const json::value* then = fields->get_object().if_contains(column.cell.name);
            const bool text = then != nullptr && then->is_string();
            const std::size_t at = i * block.width + column.field;
            return is_same(column, trim(block.fields[at]), block.is_number(at),
                           text ? trim(then->get_string()) : std::string_view());
        });
    }

    void mark_damaged(scan::Block& block, std::size_t i, std::int64_t row, std::string_view rule,
                      std::string_view record) const {
        std::fill_n(block.fields.begin() + static_cast<std::ptrdiff_t>(i * block.width),
                    block.width, std::string_view());
        if (const auto then = m_again->m_damaged.find(row); then != m_again->m_damaged.end()) {
            block.texts[i] = then->second.record;
            block.flags[i] |= static_cast<unsigned char>(then->second.flag);
            return m_again->keep_reason(then->second.record, then->second.reason);
        }
        const quality::Damage* damage = damage_named(rule);
        if (damage == nullptr) damage = quality::damage_of(scan::kFieldCount);
        block.texts[i] = record;
        block.flags[i] |= static_cast<unsigned char>(damage->flag);
        m_again->keep_reason(record, damage->reason);
    }

    std::shared_ptr<SentAgain> m_again;
    std::unique_ptr<scan::RecordInput> m_input;
    bool m_has_key;
    std::ptrdiff_t m_row = -1, m_id = -1, m_rule = -1, m_record = -1;
    std::vector<Wanted> m_wanted;
};

std::unique_ptr<scan::RecordInput> SentAgain::wrap(std::shared_ptr<SentAgain> again,
                                                   std::unique_ptr<scan::RecordInput> input,
                                                   const scan::Plan& plan) {
    return std::make_unique<Input>(std::move(again), std::move(input), plan);
}

}  // namespace nguon::intake
