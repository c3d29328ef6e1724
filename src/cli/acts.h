// What each command does. Each returns its exit code.
#pragma once

#include "cli/session.h"

namespace nguon::cli {

Result<int> init(Session& session);
Result<int> serve(Session& session);
Result<int> version(Session& session);
Result<int> demo(Session& session);
Result<int> doctor(Session& session);

Result<int> apply(Session& session);
Result<int> show_contract(Session& session);
Result<int> import_contract(Session& session);
Result<int> install_pack(Session& session);

Result<int> load(Session& session);
Result<int> resubmit(Session& session);
Result<int> close_quarantine(Session& session);
Result<int> delete_rows(Session& session);
Result<int> erase_rows(Session& session);
Result<int> list_quarantine(Session& session);
Result<int> get_quarantine(Session& session);

Result<int> list_datasets(Session& session);
Result<int> get_row(Session& session);
Result<int> query(Session& session);
Result<int> history(Session& session);
Result<int> quality(Session& session);

Result<int> check(Session& session);
Result<int> verify(Session& session);
Result<int> rebuild(Session& session);

Result<int> make_backup(Session& session);
Result<int> list_backups(Session& session);
Result<int> verify_backup(Session& session);
Result<int> drill_backup(Session& session);
Result<int> prune_backups(Session& session);
Result<int> restore(Session& session);

// 1: done, and the data is at fault.
inline constexpr int kDataAtFault = 1;

}  // namespace nguon::cli
