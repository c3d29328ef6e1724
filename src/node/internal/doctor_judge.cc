// What a node thinks of its clock, its disk and its secrets. The bounds are at the top.
#include <fmt/format.h>

#include "base/local_time.h"
#include "node/internal/doctor_facts.h"

namespace nguon::node {

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::kOk: return "ok";
        case Verdict::kWarning: return "warning";
        case Verdict::kWrong: return "wrong";
    }
    return "ok";
}

namespace doctor {
namespace {

constexpr double kJumpMs = 50;                   // wall time against monotonic time, in a second
constexpr std::uint64_t kNoSpace = 64ull << 20;  // as /health has it
constexpr std::uint64_t kLowSpace = 2ull << 30;  // a load of some million rows
constexpr std::uint64_t kFewInodes = 10'000;     // a batch takes three files
constexpr std::uint64_t kLowTemporary = 256ull << 20;
constexpr double kSlowSyncMs = 50;      // p99: fewer than some 20 durable commits a second
constexpr double kUnrealSyncMs = 0.01;  // p50: no medium takes less; somebody only says so

std::string megabytes(std::uint64_t bytes) {
    if (bytes >= 10ull << 30) return fmt::format("{} GB", bytes >> 30);
    return fmt::format("{} MB", bytes >> 20);
}

double percentile(const std::vector<double>& sorted, double share) {
    const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
    return sorted[std::min(at, sorted.size() - 1)];
}

Text same_place(const std::string& vi, const std::string& en) {
    return {vi, en};
}

}  // namespace

Finding judge_steadiness(const ClockFacts& facts) {
    Finding finding{"clock.steady", {"Đồng hồ", "Clock"}, Verdict::kOk, {}, {}};
    finding.values = {{"jump_ms", std::round(facts.jump_ms * 100) / 100}};
    if (facts.went_back) {
        finding.verdict = Verdict::kWrong;
        finding.found = {
            "Đồng hồ đơn điệu của nhân đã chạy lùi: mọi thời hạn đều không đáng tin.",
            "The kernel's monotonic clock ran backwards: no time limit can be trusted."};
        finding.fix = {
            "Đổi nguồn đồng hồ của máy (clocksource=tsc hoặc hpet), hoặc báo cho người "
            "quản lý máy ảo.",
            "Choose another clock source (clocksource=tsc or hpet), or tell whoever "
            "runs the virtual machines."};
    } else if (std::abs(facts.jump_ms) > kJumpMs) {
        finding.verdict = Verdict::kWarning;
        finding.found = {
            fmt::format("Giờ của máy nhảy {:+.0f} ms trong một giây quan sát.", facts.jump_ms),
            fmt::format("The time of day jumped by {:+.0f} ms while it was watched for a second.",
                        facts.jump_ms)};
        finding.fix = {"Cho máy chỉnh giờ từ từ: chrony, hoặc systemd-timesyncd.",
                       "Let the machine's time be corrected gradually: chrony, or "
                       "systemd-timesyncd."};
    } else {
        finding.found = {"Chạy đều.", "Runs evenly."};
    }
    return finding;
}

Finding judge_synchronisation(const ClockFacts& facts) {
    Finding finding{"clock.synchronised", {"Chỉnh giờ", "Time service"}, Verdict::kOk, {}, {}};
    if (facts.synchronised) {
        finding.found = {"Giờ được một máy chủ thời gian chỉnh.",
                         "The time is kept by a time server."};
        return finding;
    }
    finding.verdict = Verdict::kWarning;
    finding.found = {
        "Nhân chưa được máy chủ thời gian nào chỉnh giờ; thời điểm trong biên nhận theo "
        "đồng hồ riêng của máy.",
        "The kernel is not synchronised; times on receipts are those of this "
        "machine's own clock."};
    finding.fix = {
        "Cài chrony và trỏ tới máy chủ thời gian của cơ quan. Trong hộp chứa thì giờ do "
        "máy chủ bên ngoài giữ: xem ở đó.",
        "Install chrony and point it at your agency's time server. In a container the "
        "host keeps the time: look there."};
    return finding;
}

Finding judge_zone(const ClockFacts& facts) {
    Finding finding{"clock.zone", {"Múi giờ", "Time zone"}, Verdict::kOk, {}, {}};
    const int minutes = std::abs(facts.offset_minutes);
    const std::string offset = fmt::format("UTC{}{:02}:{:02}", facts.offset_minutes < 0 ? '-' : '+',
                                           minutes / 60, minutes % 60);
    finding.values = {{"offset_minutes", facts.offset_minutes}};
    if (!facts.zone_known) {
        finding.verdict = Verdict::kWarning;
        finding.found = {
            fmt::format("Máy không có múi giờ «{}» mà TZ nêu; giờ hiện ra theo UTC.", facts.zone),
            fmt::format("TZ names the zone \"{}\", which this machine does not have; times are "
                        "shown in UTC.",
                        facts.zone)};
        finding.fix = {"Cài gói tzdata, hoặc đặt TZ=Asia/Ho_Chi_Minh.",
                       "Install tzdata, or set TZ=Asia/Ho_Chi_Minh."};
        return finding;
    }
    finding.found = {
        fmt::format("Giờ hiện trên màn hình theo {}; dữ liệu luôn ghi theo UTC.", offset),
        fmt::format("Terminals show {}; data is always kept in UTC.", offset)};
    return finding;
}

std::vector<Finding> judge_space(const SpaceFacts& facts) {
    Finding space{"disk.space", {"Chỗ trên đĩa", "Disk space"}, Verdict::kOk, {}, {}};
    space.values = {{"free_bytes", facts.free}, {"total_bytes", facts.total}};
    const std::string free = megabytes(facts.free), total = megabytes(facts.total);
    space.found = {fmt::format("Còn {} trong {} ở {}.", free, total, facts.path),
                   fmt::format("{} of {} free at {}.", free, total, facts.path)};
    if (facts.free < kLowSpace) {
        const bool none = facts.free < kNoSpace;
        space.verdict = none ? Verdict::kWrong : Verdict::kWarning;
        const std::string_view vi =
            none ? " Ghi sẽ bị từ chối." : " Một lần nạp lớn có thể không đủ chỗ.";
        const std::string_view en =
            none ? " Writes will be refused." : " A large load may not fit.";
        space.found.vi += vi;
        space.found.en += en;
        space.fix = {
            "Thêm chỗ, hoặc chuyển thư mục dữ liệu sang đĩa lớn hơn khi nút đã dừng.",
            "Add space, or move the data folder to a larger disk while the node is stopped."};
    }
    Finding inodes{"disk.inodes", {"Số tệp", "Files (inodes)"}, Verdict::kOk, {}, {}};
    inodes.values = {{"free", facts.free_inodes}, {"total", facts.total_inodes}};
    if (facts.total_inodes == 0) {
        inodes.found = {"Hệ thống tệp này không giới hạn số tệp.",
                        "This file system has no limit on the number of files."};
    } else {
        inodes.found = {fmt::format("Còn tạo được {} tệp.",
                                    with_separators(static_cast<std::int64_t>(facts.free_inodes),
                                                    Language::kVietnamese)),
                        fmt::format("{} more files fit.",
                                    with_separators(static_cast<std::int64_t>(facts.free_inodes),
                                                    Language::kEnglish))};
        if (facts.free_inodes < kFewInodes) {
            inodes.verdict =
                facts.free_inodes < kFewInodes / 100 ? Verdict::kWrong : Verdict::kWarning;
            inodes.fix = {
                "Xóa tệp thừa trên đĩa ấy, hoặc tạo hệ thống tệp có nhiều inode hơn.",
                "Remove needless files on that disk, or make a file system with more inodes."};
        }
    }
    Finding place{"disk.file_system", {"Hệ thống tệp", "File system"}, Verdict::kOk, {}, {}};
    place.values = {{"kind", facts.kind}, {"read_only", facts.read_only}};
    place.found = {"Thư mục dữ liệu nằm trọn trên một hệ thống tệp của máy.",
                   "The data folder lies whole on one local file system."};
    if (facts.read_only) {
        place.verdict = Verdict::kWrong;
        place.found = {"Đĩa gắn ở chế độ chỉ đọc: không ghi được gì.",
                       "The disk is mounted read-only: nothing can be written."};
        place.fix = {
            "Xem nhật ký nhân (dmesg): đĩa hỏng thường bị gắn lại chỉ đọc. Rồi gắn lại để ghi.",
            "Look at the kernel's log (dmesg): a failing disk is often remounted read-only. "
            "Then mount it for writing."};
    } else if (!facts.elsewhere.empty()) {
        std::string list;
        for (const std::string& name : facts.elsewhere)
            list += (list.empty() ? "" : ", ") + name;
        place.verdict = Verdict::kWrong;
        place.found = {
            fmt::format("{} nằm trên hệ thống tệp khác: không thể đổi tên tệp sang trong một bước.",
                        list),
            fmt::format(
                "{} lies on another file system: files cannot be renamed across in one step.",
                list)};
        place.fix = {
            "Để cả thư mục dữ liệu trên một hệ thống tệp; gắn đĩa vào chính thư mục ấy.",
            "Keep the data folder on one file system; mount the disk at the folder itself."};
    } else if (!facts.kind.empty()) {
        const bool memory = facts.kind == "tmpfs" || facts.kind == "ramfs";
        place.verdict = Verdict::kWarning;
        place.found =
            memory ? Text{fmt::format("Thư mục dữ liệu ở trong bộ nhớ ({}): mất hết khi tắt máy.",
                                      facts.kind),
                          fmt::format("The data folder is in memory ({}): all of it goes when the "
                                      "machine stops.",
                                      facts.kind)}
                   : Text{fmt::format(
                              "Thư mục dữ liệu ở trên {}: khóa tệp và fsync ở đó tùy máy chủ kia.",
                              facts.kind),
                          fmt::format("The data folder is on {}: its locks and fsync are as good "
                                      "as the other end.",
                                      facts.kind)};
        place.fix = {"Dùng đĩa gắn trong (ext4 hoặc xfs).", "Use a local disk (ext4 or xfs)."};
    }
    return {std::move(space), std::move(inodes), std::move(place)};
}

Finding judge_temporary(const SpaceFacts& facts) {
    Finding finding{"disk.temporary", {"Thư mục tạm", "Temporary files"}, Verdict::kOk, {}, {}};
    finding.values = {{"free_bytes", facts.free}};
    finding.found = {fmt::format("Còn {} ở {}.", megabytes(facts.free), facts.path),
                     fmt::format("{} free at {}.", megabytes(facts.free), facts.path)};
    if (facts.read_only || facts.free < kLowTemporary) {
        finding.verdict = Verdict::kWarning;
        finding.found.vi += " «nguon check» đọc từ đầu vào chuẩn có thể không đủ chỗ.";
        finding.found.en += " `nguon check` of standard input may not fit.";
        finding.fix = {"Đặt TMPDIR sang chỗ rộng hơn.", "Set TMPDIR to where there is more space."};
    }
    return finding;
}

Finding judge_sync(const SyncFacts& facts) {
    Finding finding{
        "disk.sync", {"Ghi bền (fsync)", "Durable writes (fsync)"}, Verdict::kOk, {}, {}};
    if (!facts.error.empty() || facts.milliseconds.empty()) {
        finding.verdict = Verdict::kWrong;
        finding.found = {"Không ghi bền được: " + facts.error,
                         "A durable write failed: " + facts.error};
        finding.fix = {
            "Kiểm tra quyền của thư mục dữ liệu, chỗ trống và nhật ký nhân (dmesg).",
            "Check the data folder's permissions, the space, and the kernel's log (dmesg)."};
        return finding;
    }
    const double p50 = percentile(facts.milliseconds, 0.5),
                 p99 = percentile(facts.milliseconds, 0.99);
    finding.values = {{"writes", static_cast<std::int64_t>(facts.milliseconds.size())},
                      {"p50_ms", std::round(p50 * 1000) / 1000},
                      {"p99_ms", std::round(p99 * 1000) / 1000}};
    const auto said = fmt::format("p50 {:.2f} ms, p99 {:.2f} ms, {} × 4 KiB.", p50, p99,
                                  facts.milliseconds.size());
    finding.found = Text::same(said);
    if (p99 > kSlowSyncMs) {
        finding.verdict = Verdict::kWarning;
        finding.found = {said + " Chậm: mỗi lần ghi được xác nhận phải chờ bấy nhiêu.",
                         said + " Slow: every acknowledged write waits that long."};
        finding.fix = {
            "Dùng SSD có bảo vệ khi mất điện, hoặc bộ điều khiển đĩa có pin.",
            "Use an SSD with power-loss protection, or a disk controller with a battery."};
    } else if (p50 < kUnrealSyncMs) {
        finding.verdict = Verdict::kWarning;
        finding.found = {
            said +
                " Nhanh quá mức có thể: có lẽ đĩa nhận lời mà chưa ghi; mất điện là mất dữ liệu.",
            said +
                " Faster than any medium: the disk probably says yes before it has written; a "
                "power cut would lose data."};
        finding.fix = {
            "Tắt bộ đệm ghi không pin của máy ảo (cache=none), đừng dùng libeatmydata.",
            "Turn off the virtual machine's write cache (cache=none); do not use libeatmydata."};
    }
    return finding;
}

std::vector<Finding> judge_secrets(const std::vector<SecretFacts>& secrets) {
    std::vector<Finding> findings;
    for (const SecretFacts& secret : secrets) {
        const std::string name = std::filesystem::path(secret.path).filename().string();
        Finding finding{"keys." + name, Text::same(name), Verdict::kOk, {}, {}};
        const unsigned wanted = secret.folder ? 0700 : 0600;
        finding.values = {{"path", secret.path}, {"mode", fmt::format("{:04o}", secret.mode)}};
        const std::string fix = fmt::format("chmod {:04o} {}", wanted, secret.path);
        if (!secret.present) {
            finding.verdict = Verdict::kWrong;
            finding.found = {fmt::format("Không có {}.", secret.path),
                             fmt::format("There is no {}.", secret.path)};
            finding.fix = {"Khôi phục nó từ bản sao lưu; thiếu nó thì nút không khởi động.",
                           "Restore it from a backup; the node does not start without it."};
        } else if ((secret.mode & 077u) != 0) {
            finding.verdict = Verdict::kWrong;
            finding.found = {fmt::format("Người khác trên máy đọc hoặc sửa được {} ({:04o}).",
                                         secret.path, secret.mode),
                             fmt::format("Others on this machine can read or change {} ({:04o}).",
                                         secret.path, secret.mode)};
            finding.fix = {fix + "; rồi coi như đã lộ.",
                           fix + "; then treat it as seen by others."};
        } else if (!secret.readable) {
            finding.verdict = Verdict::kWrong;
            finding.found = {fmt::format("Không đọc được {}.", secret.path),
                             fmt::format("{} cannot be read.", secret.path)};
            finding.fix = {
                "Chạy bằng người dùng của nút: sudo -u nguon nguon doctor …; hoặc sửa chủ của tệp "
                "(chown).",
                "Run as the node's own user: sudo -u nguon nguon doctor …; or mend the file's "
                "owner (chown)."};
        } else if (!secret.owned) {
            finding.verdict = Verdict::kWarning;
            finding.found = {fmt::format("{} thuộc về người dùng khác.", secret.path),
                             fmt::format("{} belongs to another user.", secret.path)};
            finding.fix = {"chown cho người dùng chạy nút.",
                           "chown it to the user that runs the node."};
        } else {
            finding.found =
                same_place(fmt::format("Chỉ chủ của nó đọc được ({:04o}).", secret.mode),
                           fmt::format("For its owner alone ({:04o}).", secret.mode));
        }
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace doctor

Finding examine_last_commit(Micros last_commit, Micros now) {
    constexpr Micros kMinute = 60'000'000;
    Finding finding{"clock.last_commit", {"Lần ghi cuối", "Last commit"}, Verdict::kOk, {}, {}};
    if (last_commit == 0) {
        finding.found = {"Chưa ghi lần nào.", "Nothing was committed yet."};
        return finding;
    }
    finding.values = {{"at", format_time(last_commit)},
                      {"behind_seconds", static_cast<double>(last_commit - now) / 1e6}};
    const std::string vi = local_time(last_commit, Language::kVietnamese);
    const std::string en = local_time(last_commit, Language::kEnglish);
    finding.found = {fmt::format("Lúc {}, trước giờ của máy.", vi),
                     fmt::format("At {}, before the machine's time.", en)};
    if (last_commit <= now + kMinute) return finding;
    finding.verdict = Verdict::kWarning;
    finding.found = {fmt::format("Giờ của máy chậm hơn lần ghi cuối ({}): đồng hồ đã bị vặn lùi, "
                                 "hoặc lúc ấy chạy trước. "
                                 "Thời điểm ghi không bao giờ lùi nên các lần ghi mới mang giờ ấy "
                                 "cho tới khi máy đuổi kịp.",
                                 vi),
                     fmt::format("The machine's time is before the last commit ({}): the clock was "
                                 "turned back, or ran ahead "
                                 "then. Commit times never go back, so new ones carry that time "
                                 "until the machine catches up.",
                                 en)};
    finding.fix = {
        "Xem «Chỉnh giờ»; nếu giờ của máy bây giờ đúng thì chỉ cần đợi.",
        "See the time service; if the machine's time is right now, waiting is all it takes."};
    return finding;
}

}  // namespace nguon::node
