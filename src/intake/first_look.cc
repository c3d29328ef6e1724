#include "intake/first_look.h"

#include <fmt/format.h>

#include <algorithm>

#include "intake/cell_fixes.h"
#include "intake/column_guess.h"
#include "intake/findings.h"
#include "quality/rules.h"

namespace nguon::intake {
namespace {

constexpr std::int64_t kLookedAt = 1'000;  // records

class FirstLook {
public:
    FirstLook(const contract::Dataset& dataset, const std::vector<Step>& recipe, int year)
        : m_dataset(dataset), m_recipe(recipe), m_year(year) {}

    Result<Look> run(scan::RecordInput& input) {
        TRY_ASSIGN(scan::Plan plan, quality::plan_of(m_dataset));
        add_renames(m_recipe, plan);
        m_headers = Headers(plan, input.names());
        TRY(read(input, plan));
        if (input.dialect() != nullptr) {
            for (const Finding& finding : findings_of_dialect(*input.dialect()))
                m_look.results.push_back(to_json(finding));
        }
        for (std::size_t c = 0; c < m_dataset.columns.size(); ++c) {
            say_garbled(m_dataset.columns[c], m_guesses[c]);
            say_decomposed(m_dataset.columns[c], m_guesses[c]);
            say_personal(m_dataset.columns[c], m_guesses[c]);
        }
        return std::move(m_look);
    }

private:
    Result<void> read(scan::RecordInput& input, const scan::Plan& plan) {
        m_guesses.assign(m_dataset.columns.size(), ColumnGuess(m_year));
        std::vector<std::ptrdiff_t> field_of;
        const std::vector<scan::HeaderName> headers(input.names().begin(), input.names().end());
        for (const scan::PlannedColumn& column : plan.columns) {
            const auto found = std::ranges::find_if(headers, [&](const scan::HeaderName& header) {
                return scan::names_column(header, column);
            });
            field_of.push_back(found == headers.end() ? -1 : found - headers.begin());
        }
        while (m_rows < kLookedAt) {
            scan::Block block;
            TRY_ASSIGN(const bool more, input.next(block));
            if (!more) break;
            input.split(block);
            for (std::size_t record = 0; record < block.size() && m_rows < kLookedAt; ++record) {
                ++m_rows;
                if ((block.flags[record] & scan::kDamaged) != 0) continue;
                for (std::size_t c = 0; c < field_of.size(); ++c) {
                    if (field_of[c] < 0) continue;
                    m_guesses[c].see(
                        block.fields[record * block.width + static_cast<std::size_t>(field_of[c])],
                        m_rows);
                }
            }
        }
        return {};
    }

    void say(std::string code, const contract::Column& column, std::int64_t count,
             const std::vector<std::int64_t>& rows, Text sentence, const Proposal* proposal) {
        Finding finding{std::move(code), column.name};
        finding.sentence = std::move(sentence);
        finding.checked = m_rows;
        finding.count = count;
        finding.rows = rows;
        json::object result = to_json(finding);
        if (proposal != nullptr) result["fix"] = to_json(*proposal, m_headers);
        m_look.results.push_back(std::move(result));
    }

    void say_garbled(const contract::Column& column, const ColumnGuess& guess) {
        const OddCells odd = guess.odd(Oddity::kGarbled);
        const Step step{FixKind::kEncoding, column.name, "", 0, ""};
        if (odd.count == 0 || std::ranges::find(m_recipe, step) != m_recipe.end()) return;
        const std::string mended = ungarbled(odd.example).value_or("");
        // Safe: each cell is changed only where the way back gives exactly what stood there.
        const Proposal proposal{step, true, odd.count, quality::mask(odd.example),
                                quality::mask(mended)};
        say("garbled_text", column, odd.count, odd.rows,
            {fmt::format("Cột «{}»: {} ô bị vỡ chữ vì tệp từng được đọc sai bảng mã; --fix đổi lại "
                         "được.",
                         m_headers.of(column.name), odd.count),
             fmt::format("\"{}\": cells garbled because the file was once read in the wrong "
                         "encoding: {}; --fix brings them back.",
                         m_headers.of(column.name), odd.count)},
            &proposal);
        m_look.proposals.push_back(proposal);
    }

    void say_decomposed(const contract::Column& column, const ColumnGuess& guess) {
        const OddCells odd = guess.odd(Oddity::kDecomposed);
        if (odd.count == 0) return;
        say("decomposed", column, odd.count, odd.rows,
            {fmt::format("Cột «{}»: {} ô gõ chữ và dấu rời nhau, đã được ghép lại (Unicode dựng "
                         "sẵn).",
                         m_headers.of(column.name), odd.count),
             fmt::format("\"{}\": cells with letters and marks apart, put together (Unicode NFC): "
                         "{}.",
                         m_headers.of(column.name), odd.count)},
            nullptr);
    }

    // Open data is for everybody: what is personal must at least be said to be.
    void say_personal(const contract::Column& column, const ColumnGuess& guess) {
        if (m_dataset.access != contract::Access::kOpen || !column.classification.empty()) return;
        const auto found =
            guess.personal().guess(column.name, column.type == contract::LogicalType::kDate);
        if (found.kind == Personal::kNone) return;
        const Text kind = words_for(found.kind);
        say("personal_data", column, guess.values(), {},
            {fmt::format(
                 "Cột «{}» có vẻ là dữ liệu cá nhân ({}) mà tập dữ liệu để truy cập mở: đổi "
                 "access, hoặc ghi classification cho cột.",
                 m_headers.of(column.name), kind.vi),
             fmt::format("\"{}\" looks like personal data ({}) and the dataset is open: change "
                         "access, or give the column a classification.",
                         m_headers.of(column.name), kind.en)},
            nullptr);
    }

    const contract::Dataset& m_dataset;
    const std::vector<Step>& m_recipe;
    int m_year;
    Headers m_headers;
    std::vector<ColumnGuess> m_guesses;
    std::int64_t m_rows = 0;
    Look m_look;
};

}  // namespace

Result<Look> look_at(const scan::InputOptions& options, const contract::Dataset& dataset,
                     const std::vector<Step>& recipe, Micros now) {
    TRY_ASSIGN(auto input, scan::RecordInput::open(options));
    return FirstLook(dataset, recipe, year_of(now)).run(*input);
}

}  // namespace nguon::intake
