// Backups: made by the node, looked at and restored without one.
#include "backup/backup.h"
#include "backup/keys.h"
#include "cli/acts.h"
#include "cli/progress.h"
#include "cli/render.h"
#include "cli/requests.h"
#include "cli/table.h"
#include "node/drill.h"

namespace nguon::cli {
namespace {

namespace fs = std::filesystem;

Host host() {
    return {real_disk(), system_clock(), system_random()};
}

// A repository, its key, and a line that says how far the work is.
class Open {
public:
    static Result<Open> of(Session& session, backup::Use use) {
        const Arguments& given = session.arguments();
        Open open;
        std::error_code failure;
        if (!fs::is_directory(given.target, failure))
            return fail(Code::kNotFound, both(words::kNoFile, given.target),
                        both(words::kCheckPath));
        TRY_ASSIGN(open.repository, backup::open_folder(real_disk(), given.target, use));
        TRY_ASSIGN(const std::string id, backup::key_id_of(*open.repository));
        const Environment& environment = session.environment();
        const backup::KeyPlaces places{given.key_file, environment.variable("NGUON_BACKUP_KEY"),
                                       session.data(), backup::key_folder(environment.variable)};
        TRY_ASSIGN(open.key, backup::find_key(real_disk(), places, id));
        return open;
    }

    std::unique_ptr<backup::Repository> repository;
    std::optional<crypto::SecretKey> key;
};

class Shown {
public:
    Shown(Session& session, std::string step)
        : m_line(session.environment(), session.style()),
          m_sink(m_line.sink()),
          m_step(std::move(step)) {}
    backup::Progress sink() {
        return [this](std::uint64_t done, std::uint64_t total) { m_sink({m_step, done, total}); };
    }

private:
    ProgressLine m_line;
    http::ProgressSink m_sink;
    std::string m_step;
};

Result<backup::Wanted> wanted(const Arguments& given) {
    backup::Wanted wanted;
    wanted.backup = given.backup;
    if (!given.at.empty()) {
        TRY_ASSIGN(wanted.at, parse_time(given.at));
    }
    return wanted;
}

std::int64_t sum_of_rows(const std::vector<store::VerifiedDataset>& datasets) {
    std::int64_t rows = 0;
    for (const store::VerifiedDataset& dataset : datasets)
        rows += dataset.rows;
    return rows;
}

// A copy of the key with the person who made the backup; the node's own is lost with the node. Said
// once.
void keep_key(Session& session) {
    const Style& style = session.style();
    const std::string sign = std::string(style.mark(Sign::kNote)) + " ";
    const fs::path folder = backup::key_folder(session.environment().variable);
    const auto key = backup::read_key(real_disk(), session.data() / backup::kNodeKey);
    const auto kept = key && !folder.empty() ? backup::keep_key(real_disk(), folder, *key)
                                             : Result<backup::KeptKey>(fail(Code::kNotFound, {}));
    if (!kept) {
        session.note(sign + std::string(words::kKeyNotKept.in(style.language)));
    } else if (kept->is_new) {
        session.note(sign + say(style.language, words::kKeyKept, kept->file.string()));
    }
}

}  // namespace

Result<int> make_backup(Session& session) {
    const Arguments& given = session.arguments();
    const fs::path to = fs::absolute(given.target).lexically_normal();
    http::Request request = post_json("/api/v1/backup", {{"to", to.string()}});
    TRY_ASSIGN(const JsonAnswer answer, session.send_for_json(long_work(request)));
    if (given.json) {
        session.print_json(answer.value);
    } else {
        const Style& style = session.style();
        session.print_line(
            style.sign(Sign::kGood) + " " +
            say(style.language, words::kBackedUp, given.target,
                style.number(integer_at(answer.value, "copied")),
                style.bytes(static_cast<std::uint64_t>(integer_at(answer.value, "bytes"))),
                style.number(integer_at(answer.value, "reused"))));
        session.print_line("  " + style.ink(Ink::kDim, say(style.language, words::kBackupId,
                                                           text_at(answer.value, "id"))));
    }
    keep_key(session);
    return 0;
}

Result<int> list_backups(Session& session) {
    TRY_ASSIGN(const Open open, Open::of(session, backup::Use::kRead));
    TRY_ASSIGN(const std::vector<backup::List> lists, backup::lists(*open.repository, *open.key));
    const Style& style = session.style();
    Table table({{std::string(words::kBackup.in(style.language))},
                 {std::string(words::kAt.in(style.language))},
                 {std::string(words::kFiles.in(style.language)), Align::kRight},
                 {std::string(words::kRows.in(style.language)), Align::kRight},
                 {std::string(words::kSize.in(style.language)), Align::kRight}});
    json::array all;
    for (auto list = lists.rbegin(); list != lists.rend(); ++list) {  // newest first
        std::int64_t rows = 0;
        json::array datasets;
        for (const backup::DatasetEntry& one : list->datasets) {
            rows += one.rows;
            datasets.push_back({{"dataset", one.dataset}, {"seq", one.seq}, {"rows", one.rows}});
        }
        const auto files = static_cast<std::int64_t>(list->files.size());
        all.push_back({{"id", list->id},
                       {"at", format_time(list->at)},
                       {"files", files},
                       {"bytes", list->bytes()},
                       {"datasets", std::move(datasets)}});
        table.add({{list->id},
                   {style.time(format_time(list->at))},
                   {style.number(files)},
                   {style.number(rows)},
                   {style.bytes(list->bytes())}});
    }
    if (session.arguments().json) {
        session.print_json(json::value{{"backups", std::move(all)}});
    } else {
        session.print(table.render(style));
    }
    return 0;
}

Result<int> verify_backup(Session& session) {
    TRY_ASSIGN(const Open open, Open::of(session, backup::Use::kRead));
    const Style& style = session.style();
    Result<backup::Verified> verified = [&] {
        Shown shown(session, "verify");
        return backup::verify(*open.repository, *open.key, shown.sink());
    }();
    TRY(verified);
    const bool ok = verified->faults.empty();
    if (session.arguments().json) {
        json::array faults;
        for (const backup::Fault& fault : verified->faults) {
            faults.push_back({{"backup", fault.backup},
                              {"file", fault.file},
                              {"detail", fault.detail.in(style.language)}});
        }
        session.print_json(json::value{{"ok", ok},
                                       {"backups", verified->backups},
                                       {"files", verified->files},
                                       {"bytes", verified->bytes},
                                       {"faults", std::move(faults)}});
        return ok ? 0 : kDataAtFault;
    }
    session.print_line(
        ok ? style.sign(Sign::kGood) + " " +
                 say(style.language, words::kBackupsSound, style.number(verified->backups),
                     style.number(verified->files), style.bytes(verified->bytes))
           : style.sign(Sign::kRefused) + " " +
                 say(style.language, words::kBackupsDamaged,
                     style.number(static_cast<std::int64_t>(verified->faults.size())),
                     style.number(verified->backups)));
    for (const backup::Fault& fault : verified->faults) {
        session.print_line("  " + fault.backup + " " + printable(fault.file) + ": " +
                           fault.detail.in(style.language));
    }
    return ok ? 0 : kDataAtFault;
}

Result<int> drill_backup(Session& session) {
    const Arguments& given = session.arguments();
    TRY_ASSIGN(const Open open, Open::of(session, backup::Use::kRead));
    TRY_ASSIGN(const backup::Wanted which, wanted(given));
    const fs::path scratch = given.scratch.empty()
                                 ? fs::temp_directory_path() /
                                       ("nguon-drill-" + make_id(system_clock(), system_random()))
                                 : fs::path(given.scratch);
    Result<node::Drill> drilled = [&] {
        Shown shown(session, "restore");
        return node::drill(host(), *open.repository, *open.key, scratch, which, shown.sink());
    }();
    TRY(drilled);
    const Style& style = session.style();
    json::array datasets;
    for (const node::DrilledDataset& one : drilled->datasets) {
        datasets.push_back(
            {{"dataset", one.dataset}, {"rows", one.rows}, {"recorded", one.recorded}});
    }
    if (given.json) {
        session.print_json(json::value{{"ok", drilled->ok()},
                                       {"backup", drilled->backup},
                                       {"at", format_time(drilled->at)},
                                       {"files", drilled->files},
                                       {"bytes", drilled->bytes},
                                       {"restore_seconds", drilled->restore_seconds},
                                       {"answer_seconds", drilled->answer_seconds},
                                       {"datasets", std::move(datasets)}});
        return drilled->ok() ? 0 : kDataAtFault;
    }
    session.print_line(drilled->ok()
                           ? style.sign(Sign::kGood) + " " +
                                 say(style.language, words::kDrilled, style.bytes(drilled->bytes),
                                     style.seconds(drilled->restore_seconds),
                                     style.seconds(drilled->answer_seconds))
                           : style.sign(Sign::kRefused) + " " +
                                 std::string(words::kDrillFailed.in(style.language)));
    for (const node::DrilledDataset& one : drilled->datasets) {
        if (one.rows == one.recorded) continue;
        session.print_line("  " + say(style.language, words::kDrillRows, one.dataset,
                                      style.number(one.rows), style.number(one.recorded)));
    }
    return drilled->ok() ? 0 : kDataAtFault;
}

Result<int> prune_backups(Session& session) {
    const Arguments& given = session.arguments();
    std::optional<Micros> since;
    if (!given.since.empty()) {
        TRY_ASSIGN(since, parse_time(given.since));
    }
    TRY_ASSIGN(const Open open, Open::of(session, backup::Use::kWrite));
    TRY_ASSIGN(const backup::Pruned pruned,
               backup::prune(*open.repository, *open.key, given.keep.value_or(1), since));
    if (given.json) {
        session.print_json(json::value{
            {"removed", pruned.removed}, {"kept", pruned.kept}, {"pieces", pruned.pieces}});
        return 0;
    }
    const Style& style = session.style();
    session.print_line(style.sign(Sign::kGood) + " " +
                       say(style.language, words::kPruned, style.number(pruned.removed),
                           style.number(pruned.pieces), style.number(pruned.kept)));
    return 0;
}

Result<int> restore(Session& session) {
    const Arguments& given = session.arguments();
    TRY_ASSIGN(const backup::Wanted which, wanted(given));
    TRY_ASSIGN(const Open open, Open::of(session, backup::Use::kRead));
    Result<backup::Restored> restored = [&] {
        Shown shown(session, "restore");
        return backup::restore(host(), *open.repository, *open.key, session.data(), which,
                               shown.sink());
    }();
    TRY(restored);
    const auto& datasets = restored->verification.datasets;
    const std::int64_t rows = sum_of_rows(datasets);
    if (given.json) {
        session.print_json(json::value{{"id", restored->backup},
                                       {"at", format_time(restored->at)},
                                       {"data", session.data().string()},
                                       {"files", restored->files},
                                       {"bytes", restored->bytes},
                                       {"datasets", datasets.size()},
                                       {"rows", rows},
                                       {"verified", true}});
        return 0;
    }
    const Style& style = session.style();
    session.print_line(style.sign(Sign::kGood) + " " +
                       say(style.language, words::kRestored, session.data().string(),
                           style.number(restored->files), style.bytes(restored->bytes),
                           style.time(format_time(restored->at))));
    session.print_line("  " + say(style.language, words::kRestoredVerified,
                                  style.number(static_cast<std::int64_t>(datasets.size())),
                                  style.number(rows)));
    session.print_line("  " +
                       style.ink(Ink::kDim, std::string(words::kOneNode.in(style.language))));
    return 0;
}

}  // namespace nguon::cli
