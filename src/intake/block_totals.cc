#include "intake/block_totals.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>

#include "intake/cell_fixes.h"
#include "scan/value.h"

namespace nguon::intake {
namespace {

using Fields = std::span<const std::string_view>;

bool is_blank(std::string_view cell) {
    if (cell.empty()) return true;
    const auto first = static_cast<unsigned char>(cell[0]);
    const bool may_be_space = first <= ' ' || first == '\'' || first >= 0xC2;
    return may_be_space && bare(cell).empty();
}

// The first field of a record that could not be split, whatever its delimiter.
std::string_view first_words(std::string_view record) {
    constexpr std::string_view kBetween = ",;\t|\"";
    const std::size_t begin = record.find_first_not_of(kBetween);
    if (begin == std::string_view::npos) return {};
    record.remove_prefix(begin);
    return record.substr(0, record.find_first_of(kBetween));
}

// A number under either decimal separator.
using Readings = std::array<std::optional<double>, 2>;

Readings readings_of(std::string_view text, bool is_number) {
    Readings readings;
    double value = 0;
    if (is_number) {
        if (scan::parse_double(text, value)) readings.fill(value);
        return readings;
    }
    for (std::size_t i = 0; i < readings.size(); ++i) {
        const auto plain = number_from(text, i == 0 ? ',' : '.');
        if (plain && scan::parse_double(*plain, value)) readings[i] = value;
    }
    return readings;
}

// What rows come to, column by column.
class Sums {
public:
    explicit Sums(std::size_t width) : m_columns(width) {}

    void add(const scan::Block& block, std::size_t record) {
        ++m_rows;
        for (std::size_t c = 0; c < m_columns.size(); ++c) {
            const std::size_t at = record * block.width + c;
            if (is_blank(block.fields[at])) continue;
            Column& column = m_columns[c];
            ++column.filled;
            const Readings readings = readings_of(block.fields[at], block.is_number(at));
            column.numbers += readings[0] || readings[1] ? 1 : 0;
            for (std::size_t i = 0; i < readings.size(); ++i)
                column.sums[i] += readings[i].value_or(std::nan(""));
        }
    }

    struct Verdict {
        int right = 0, wrong = 0;  // cells that are the sum of a column of numbers, and are not
        bool proven() const { return right > 0 && wrong * 2 <= right; }
    };
    // Of a row whose first filled cell is `first`.
    Verdict judge(const scan::Block& block, std::size_t record, std::size_t first,
                  std::int64_t fewest) const {
        Verdict verdict;
        for (std::size_t c = first + 1; c < m_columns.size(); ++c) {
            const std::size_t at = record * block.width + c;
            const Column& column = m_columns[c];
            if (is_blank(block.fields[at]) || column.numbers < fewest) continue;
            const Readings readings = readings_of(block.fields[at], block.is_number(at));
            if (!readings[0] && !readings[1]) continue;
            bool right = false, nothing = true;
            for (std::size_t i = 0; i < readings.size(); ++i) {
                if (!readings[i] || std::isnan(column.sums[i])) continue;
                const double tolerance = 1e-6 * std::max(1.0, std::abs(column.sums[i]));
                right = right || std::abs(*readings[i] - column.sums[i]) <= tolerance;
                nothing = nothing && *readings[i] == 0;
            }
            if (nothing && right) continue;  // nothing is the sum of nothing
            (right ? verdict.right : verdict.wrong) += 1;
        }
        return verdict;
    }

    // A cell of the row is empty in a column that every row here fills.
    bool has_gap(const scan::Block& block, std::size_t record) const {
        for (std::size_t c = 0; c < m_columns.size(); ++c) {
            const bool is_filled = m_rows > 0 && m_columns[c].filled == m_rows;
            if (is_filled && is_blank(block.fields[record * block.width + c])) return true;
        }
        return false;
    }

private:
    struct Column {
        std::array<double, 2> sums{};  // NaN where a cell is no number so read
        std::int64_t filled = 0, numbers = 0;
    };
    std::vector<Column> m_columns;
    std::int64_t m_rows = 0;
};

// The records of a block in order.
class Signs {
public:
    explicit Signs(const scan::Block& block)
        : m_block(block), m_group(block.width), m_subtotals(block.width), m_all(block.width) {}

    std::vector<TotalSign> run() {
        for (std::size_t record = 0; record < m_block.size(); ++record) {
            const bool damaged = (m_block.flags[record] & scan::kDamaged) != 0;
            const std::size_t first = damaged ? 0 : first_filled(record);
            const std::string_view text = damaged ? first_words(m_block.texts[record])
                                          : first == m_block.width ? std::string_view()
                                                                   : fields(record)[first];
            const TotalWords words = total_words(text);
            if (words == TotalWords::kNone) continue;
            if (m_signs.empty()) m_signs.resize(m_block.size());
            if (damaged) {
                const bool names = words == TotalWords::kName || words == TotalWords::kTotal;
                m_signs[record] = names ? TotalSign::kSure : TotalSign::kNone;
                continue;
            }
            sum_up_to(record);
            m_signs[record] = sign_of(record, first, words);
            if (m_signs[record] == TotalSign::kWord && is_sum(record, first, 2))
                m_proven.push_back(record);
            if (is_total(record)) end_group(record);
        }
        judge_words();
        return std::move(m_signs);
    }

private:
    bool is_total(std::size_t record) const {
        return m_signs[record] == TotalSign::kSure ||
               (!m_proven.empty() && m_proven.back() == record);
    }

    // Words without an empty cell that stand above other rows. The only such row, whose numbers
    // add up, is a total; several may be values of the table ("Nam", "Nữ", "Tổng").
    void judge_words() {
        if (m_proven.empty()) return;
        const auto words = std::ranges::count(m_signs, TotalSign::kWord);
        if (words != static_cast<std::ptrdiff_t>(m_proven.size())) return;
        const bool rows_below =
            std::any_of(m_signs.begin() + static_cast<std::ptrdiff_t>(m_proven[0]), m_signs.end(),
                        [](TotalSign sign) { return sign < TotalSign::kWord; });
        if (!rows_below) return;
        for (const std::size_t record : m_proven)
            m_signs[record] = words == 1 ? TotalSign::kSure : TotalSign::kLikely;
    }

    Fields fields(std::size_t record) const {
        return Fields(m_block.fields).subspan(record * m_block.width, m_block.width);
    }
    std::size_t first_filled(std::size_t record) const {
        const Fields all = fields(record);
        return static_cast<std::size_t>(std::ranges::find_if_not(all, is_blank) - all.begin());
    }

    // Rows of data before the record, each once.
    void sum_up_to(std::size_t record) {
        for (; m_summed < record; ++m_summed) {
            const bool left_out = m_signs[m_summed] == TotalSign::kSure ||
                                  std::ranges::binary_search(m_proven, m_summed);
            if (left_out || (m_block.flags[m_summed] & scan::kDamaged) != 0) continue;
            m_group.add(m_block, m_summed);
            m_all.add(m_block, m_summed);
        }
    }

    void end_group(std::size_t record) {
        m_subtotals.add(m_block, record);
        m_group = Sums(m_block.width);
    }

    bool is_sum(std::size_t record, std::size_t first, std::int64_t fewest) const {
        return std::ranges::any_of(
            std::array{&m_group, &m_subtotals, &m_all},
            [&](const Sums* sums) { return sums->judge(m_block, record, first, fewest).proven(); });
    }

    TotalSign sign_of(std::size_t record, std::size_t first, TotalWords words) const {
        const bool gap = std::ranges::any_of(fields(record), is_blank);
        if (words == TotalWords::kTotal) return gap ? TotalSign::kSure : TotalSign::kWord;
        if (words == TotalWords::kName) return sign_of_name(record, first, gap);
        const bool strong_gap = m_group.has_gap(m_block, record);
        const bool of_several = is_sum(record, first, 2);
        const bool of_one = of_several || is_sum(record, first, 1);
        if (words == TotalWords::kOfGroup) {
            const bool sure = of_several || (of_one && strong_gap);
            return sure ? TotalSign::kSure : strong_gap ? TotalSign::kLikely : TotalSign::kNone;
        }
        return of_several ? strong_gap ? TotalSign::kSure : TotalSign::kLikely : TotalSign::kNone;
    }

    // "Tổng" and "Cộng" are names of persons and places, too: with numbers that sum up nothing they
    // are hardly totals. Past the first block the rows before are not known.
    TotalSign sign_of_name(std::size_t record, std::size_t first, bool gap) const {
        const Fields all = fields(record);
        bool numbers = false, words = false;
        for (std::size_t c = first + 1; c < all.size(); ++c) {
            if (is_blank(all[c])) continue;
            const Readings readings = readings_of(all[c], false);
            const bool is_number = (readings[0] || readings[1]) && !is_code(all[c]);
            (is_number ? numbers : words) = true;
        }
        if (words) return gap ? TotalSign::kLikely : TotalSign::kWord;
        if (!numbers) return TotalSign::kWord;
        if (is_sum(record, first, 1)) return gap ? TotalSign::kSure : TotalSign::kWord;
        return m_block.number == 0 ? TotalSign::kLikely : TotalSign::kWord;
    }

    // "0912345678": nobody writes an amount so.
    static bool is_code(std::string_view text) {
        text = bare(text);
        return text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
    }

    const scan::Block& m_block;
    std::vector<TotalSign> m_signs;
    std::vector<std::size_t> m_proven;  // of kWord: records whose numbers are sums, in order
    std::size_t m_summed = 0;
    Sums m_group, m_subtotals, m_all;
};

}  // namespace

std::vector<TotalSign> total_signs(const scan::Block& block) {
    return Signs(block).run();
}

}  // namespace nguon::intake
