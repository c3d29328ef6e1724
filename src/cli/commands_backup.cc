// backup … and restore.
#include "cli/acts.h"
#include "cli/internal/commands.h"

namespace nguon::cli {
namespace {

using Need = Parameter::Need;
using A = Arguments;

Parameter repository(std::string_view name) {
    return {name,
            &A::target,
            {"Thư mục của các bản sao lưu", "The folder of the backups"},
            Need::kRequired};
}
Parameter backup_key() {
    return {
        "--key",
        &A::key_file,
        {"Tệp khoá; không nói thì NGUON_BACKUP_KEY, rồi khoá của nút, rồi khoá đã cất ở ~/.config",
         "Key file; else NGUON_BACKUP_KEY, else the node's, else the one kept in ~/.config"},
        Need::kOptional,
        {},
        "FILE"};
}
Parameter one_backup() {
    return {"--backup",
            &A::backup,
            {"Bản nào; không nói thì bản mới nhất", "Which one; the newest when absent"},
            Need::kOptional,
            {},
            "ID"};
}

}  // namespace

std::vector<Command> backup_commands() {
    return {
        {"backup",
         {"Sao lưu nút, cả khi nó đang phục vụ; lần sau chỉ chép phần mới",
          "Back the node up, also while it serves; the next time only what is new"},
         "nguon backup /media/backup/nguon",
         make_backup,
         {{"TO",
           &A::target,
           {"Thư mục để ghi, tốt nhất trên máy hay ổ đĩa khác",
            "The folder to write to, best on another machine or disk"},
           Need::kRequired}},
         "POST /api/v1/backup"},
        {"backup list",
         {"Các bản sao lưu trong một thư mục", "The backups in a folder"},
         "nguon backup list /media/backup/nguon",
         list_backups,
         {repository("FROM"), backup_key()}},
        {"backup verify",
         {"Đối chiếu từng mảnh của mọi bản sao lưu với mã băm, không cần khôi phục",
          "Compare every piece of every backup with its hash, without restoring"},
         "nguon backup verify /media/backup/nguon",
         verify_backup,
         {repository("FROM"), backup_key()}},
        {"backup drill",
         {"Diễn tập: khôi phục vào một thư mục nháp, đối chiếu, hỏi thử, rồi xóa",
          "A drill: restore into a scratch folder, verify, ask, then clear it away"},
         "nguon backup drill /media/backup/nguon",
         drill_backup,
         {repository("FROM"),
          one_backup(),
          {"--scratch",
           &A::scratch,
           {"Thư mục nháp; không nói thì trong thư mục tạm của máy",
            "Scratch folder; in the machine's temporary folder when absent"},
           Need::kOptional,
           {},
           "DIR"},
          backup_key()}},
        {"backup prune",
         {"Bỏ các bản cũ và những mảnh không bản nào còn cần",
          "Take away old backups, and pieces that none needs any more"},
         "nguon backup prune /media/backup/nguon --keep 30",
         prune_backups,
         {repository("FROM"),
          {"--keep",
           &A::keep,
           {"Giữ bấy nhiêu bản mới nhất", "Keep so many of the newest"},
           Need::kRequired,
           {},
           "N"},
          {"--since",
           &A::since,
           {"Giữ cả các bản từ lúc này", "Keep those since then, too"},
           Need::kOptional,
           {},
           "TIME"},
          backup_key()}},
        {"restore",
         {"Khôi phục một bản sao lưu vào --data, một thư mục trống",
          "Restore a backup into --data, an empty folder"},
         "nguon restore /media/backup/nguon --data restored",
         restore,
         {repository("FROM"),
          one_backup(),
          {"--at",
           &A::at,
           {"Như tại thời điểm này (RFC 3339)", "As it was at this moment (RFC 3339)"},
           Need::kOptional,
           {},
           "TIME"},
          backup_key()}},
    };
}

}  // namespace nguon::cli
