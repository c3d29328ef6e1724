#include "intake/internal/mended_file.h"

#include <algorithm>
#include <unordered_set>

#include "base/normal_form.h"
#include "intake/internal/file_writer.h"
#include "quality/rules.h"

namespace nguon::intake {
namespace {

template <class Fields>
void append_line(std::string& out, const Fields& fields) {
    bool first = true;
    std::string nfc;
    for (const auto& field : fields) {
        if (!first) out += ',';
        first = false;
        append_csv_field(out, is_utf8(field) ? to_nfc(field, nfc) : std::string_view(field));
    }
    out += '\n';
}

}  // namespace

Result<void> write_mended(const scan::InputOptions& options, Disk& disk, const MendedFile& mended,
                          const std::filesystem::path& to) {
    TRY_ASSIGN(scan::Plan plan, quality::plan_of(mended.dataset));
    add_renames(mended.recipe, plan);
    scan::InputOptions wanted = options;  // as it was judged
    scan::want_columns(plan, wanted);
    TRY_ASSIGN(auto input, scan::RecordInput::open(wanted));
    TRY_ASSIGN(FileWriter out, FileWriter::create(disk, to));
    std::vector<std::string> names = input->names();
    const std::vector<std::ptrdiff_t> field_of = scan::match_fields(names, plan.columns);
    for (const Step& step : mended.recipe) {
        if (step.kind == FixKind::kRename) std::ranges::replace(names, step.from, step.column);
    }
    const std::unordered_set<std::int64_t> left_out(mended.left_out.begin(), mended.left_out.end());
    std::string lines;
    append_line(lines, names);
    for (;;) {
        scan::Block block;
        TRY_ASSIGN(const bool more, input->next(block));
        if (!more) break;
        input->split(block);
        if (mended.mender) mended.mender->mend(block, field_of);
        for (std::size_t record = 0; record < block.size(); ++record) {
            if ((block.flags[record] & scan::kLeftOut) != 0 ||
                left_out.contains(scan::Table::place_of(block, record)))
                continue;
            if ((block.flags[record] & scan::kDamaged) != 0) {
                append_line(lines, input->best_reading(block.texts[record]));
            } else {
                append_line(lines,
                            std::span(block.fields).subspan(record * block.width, block.width));
            }
        }
        TRY(out.add(lines));
        lines.clear();
    }
    TRY(out.add(lines));
    return out.flush();
}

}  // namespace nguon::intake
