#include "intake/internal/mended_file.h"

#include <algorithm>

#include "base/normal_form.h"
#include "intake/internal/cell_text.h"
#include "intake/internal/file_writer.h"
#include "quality/rules.h"
#include "scan/value.h"

namespace nguon::intake {
namespace {

// Quoted also where a sign could be taken for what parts the columns, and spaces at the ends for
// none.
void append_field(std::string& out, std::string_view value) {
    const bool guarded = value.find_first_of(";|\t") != std::string_view::npos ||
                         value.starts_with(' ') || value.ends_with(' ');
    const bool quoted =
        value.find_first_of(",\"\r\n") != std::string_view::npos || value.starts_with('\'');
    if (!guarded || quoted) return append_csv_field(out, value);
    out.append("\"").append(value) += '"';
}

class MendedWriter {
public:
    MendedWriter(const MendedFile& mended, const scan::Plan& plan, scan::RecordInput& input)
        : m_mended(mended),
          m_input(input),
          m_names(input.names()),
          m_field_of(scan::match_fields(m_names, plan.columns)),
          m_texts(m_names.size()),
          m_left_out(mended.left_out.begin(), mended.left_out.end()) {
        for (std::size_t c = 0; c < m_field_of.size(); ++c) {
            if (m_field_of[c] < 0) continue;
            m_texts[static_cast<std::size_t>(m_field_of[c])].emplace(
                mended.dataset.columns[c], plan.columns[c], input.format());
        }
        for (std::size_t i = 0; i < m_names.size(); ++i) {
            if (std::ranges::find(mended.absent, m_names[i]) == mended.absent.end())
                m_fields.push_back(i);
        }
        std::vector<std::string> titles = m_names;
        for (const Step& step : mended.recipe) {
            if (step.kind == FixKind::kRename) std::ranges::replace(titles, step.from, step.column);
        }
        append(m_lines, [&](std::size_t field) { return std::string_view(titles[field]); });
    }

    void add(scan::Block& block) {
        mark_cell_errors(block);
        if (m_mended.mender) m_mended.mender->mend(block, m_field_of);
        for (std::size_t record = 0; record < block.size(); ++record) {
            const std::int64_t place = scan::Table::place_of(block, record);
            if ((block.flags[record] & scan::kLeftOut) != 0 || m_left_out.contains(place)) continue;
            if ((block.flags[record] & scan::kDamaged) != 0) {
                add_damaged(block.texts[record]);
            } else {
                add_row(m_mended.yielding.contains(place) ? m_last : m_lines, block, record);
            }
        }
    }
    // What was added since the last call.
    std::string take_rows() { return std::exchange(m_lines, {}); }
    std::string take_damaged() { return std::exchange(m_damaged, {}); }
    std::string take_last() { return std::exchange(m_last, {}); }

private:
    // As a load: a row with #REF! in a column of the contract is not judged cell by cell.
    void mark_cell_errors(scan::Block& block) const {
        if (!scan::is_sheet(m_input.format())) return;
        for (std::size_t record = 0; record < block.size(); ++record) {
            const bool broken = std::ranges::any_of(m_field_of, [&](std::ptrdiff_t field) {
                return field >= 0 &&
                       scan::is_cell_error(
                           block.fields[record * block.width + static_cast<std::size_t>(field)]);
            });
            if (broken) block.flags[record] |= static_cast<unsigned char>(scan::kCellError);
        }
    }

    void add_row(std::string& to, const scan::Block& block, std::size_t record) {
        std::string kept;
        append(to, [&](std::size_t field) {
            const std::size_t at = record * block.width + field;
            return m_texts[field] ? m_texts[field]->of(block.fields[at], block.is_number(at), kept)
                                  : block.fields[at];
        });
    }

    void add_damaged(std::string_view record) {
        if (!m_any_damaged && !scan::is_json(m_input.format())) {
            const scan::Dialect* dialect = m_input.dialect();
            const std::string delimiter = dialect != nullptr ? dialect->delimiter : ",";
            for (std::size_t i = 0; i < m_names.size(); ++i) {
                if (i > 0) m_damaged += delimiter;
                append_csv_field(m_damaged, m_names[i]);
            }
            m_damaged += '\n';
        }
        m_any_damaged = true;
        m_damaged.append(record) += '\n';
    }

    void append(std::string& to, const auto& text_of) {
        const std::size_t before = to.size();
        std::string nfc;
        bool any = false;
        for (const std::size_t field : m_fields) {
            if (field != m_fields.front()) to += ',';
            const std::string_view text = to_nfc(text_of(field), nfc);
            append_field(to, text);
            any = any || !text.empty();
        }
        // A line that has nothing in it is no record.
        if (!any) to.insert(before, "\"\"");
        to += '\n';
    }

    const MendedFile& m_mended;
    scan::RecordInput& m_input;
    const std::vector<std::string>& m_names;
    const std::vector<std::ptrdiff_t> m_field_of;
    std::vector<std::optional<CellText>> m_texts;  // by field of the input
    std::vector<std::size_t> m_fields;             // that are written
    const std::unordered_set<std::int64_t> m_left_out;
    bool m_any_damaged = false;
    std::string m_lines, m_damaged, m_last;
};

}  // namespace

Result<void> write_mended(const scan::InputOptions& options, Disk& disk, const MendedFile& mended,
                          const std::filesystem::path& to, const std::filesystem::path& damaged) {
    TRY_ASSIGN(scan::Plan plan, quality::plan_of(mended.dataset));
    add_renames(mended.recipe, plan);
    scan::InputOptions wanted = options;  // as it was judged
    scan::want_columns(plan, wanted);
    TRY_ASSIGN(auto input, scan::RecordInput::open(wanted));
    TRY_ASSIGN(FileWriter out, FileWriter::create(disk, to));
    std::optional<FileWriter> aside;
    MendedWriter writer(mended, plan, *input);
    for (;;) {
        scan::Block block;
        TRY_ASSIGN(const bool more, input->next(block));
        if (!more) break;
        input->split(block);
        writer.add(block);
        TRY(out.add(writer.take_rows()));
        const std::string records = writer.take_damaged();
        if (records.empty() || damaged.empty()) continue;
        if (!aside) {
            TRY_ASSIGN(aside, FileWriter::create(disk, damaged));
        }
        TRY(aside->add(records));
    }
    TRY(out.add(writer.take_rows()));
    TRY(out.add(writer.take_last()));
    if (aside) TRY(aside->flush());
    return out.flush();
}

}  // namespace nguon::intake
