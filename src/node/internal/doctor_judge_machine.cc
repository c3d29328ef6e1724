// What a node thinks of its configuration, ports, limits and versions.
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "node/internal/doctor_facts.h"

namespace nguon::node::doctor {
namespace {

constexpr std::uint64_t kSpareDescriptors = 256;  // files, databases, the SQL child
constexpr std::uint64_t kBaseMemory = 256ull << 20;
constexpr int kOldestSqlite = 3'040'000;

std::string megabytes(std::uint64_t bytes) {
    return fmt::format("{} MB", bytes >> 20);
}

}  // namespace

Finding judge_config(const Result<NodeConfig>& config, const std::string& file) {
    Finding finding{"config", {"Cấu hình", "Configuration"}, Verdict::kOk, {}, {}};
    if (config) {
        finding.values = {{"member", config->member}, {"node", config->node}};
        finding.found = {fmt::format("{}: nút của {}, {} cài đặt khác mặc định.", file,
                                     config->member, config->settings.size()),
                         fmt::format("{}: a node of {}, {} settings given.", file, config->member,
                                     config->settings.size())};
        return finding;
    }
    finding.verdict = Verdict::kWrong;
    finding.found = config.error().detail;
    finding.fix = config.error().fix;
    json::array places;
    for (const Problem& problem : config.error().errors) {
        finding.found.vi += fmt::format(" {}:{} {}: {}", problem.line, problem.column, problem.path,
                                        problem.problem.vi);
        finding.found.en += fmt::format(" {}:{} {}: {}", problem.line, problem.column, problem.path,
                                        problem.problem.en);
        places.push_back(
            {{"line", problem.line}, {"column", problem.column}, {"path", problem.path}});
    }
    finding.values = {{"errors", std::move(places)}};
    return finding;
}

Finding judge_port(const PortFacts& facts) {
    const bool is_public = facts.listener == "public";
    Finding finding{
        "ports." + facts.listener,
        is_public ? Text{"Cổng công khai", "Public port"} : Text{"Cổng nội bộ", "Internal port"},
        Verdict::kOk,
        {},
        {}};
    finding.values = {{"address", facts.address}};
    const std::string& at = facts.address;
    if (facts.held_by_node) {
        finding.found = {at + ": nút này đang nghe.", at + ": this node listens there."};
    } else if (facts.invalid) {
        finding.verdict = Verdict::kWrong;
        finding.found = {fmt::format("«{}» không phải địa chỉ máy:cổng của máy này.", at),
                         fmt::format("\"{}\" is no host:port of this machine.", at)};
        finding.fix = {"Ví dụ: 127.0.0.1:8080.", "For example: 127.0.0.1:8080."};
    } else if (facts.error == 0) {
        finding.found = {at + ": còn trống.", at + ": free."};
    } else {
        finding.verdict = Verdict::kWrong;
        if (facts.error == EADDRINUSE) {
            finding.found = {at + ": chương trình khác đang giữ.",
                             at + ": another program holds it."};
            finding.fix = {
                "Xem ai giữ: ss -ltnp; dừng nó, hoặc chọn cổng khác (--public, --internal).",
                "See who: ss -ltnp; stop it, or choose another port (--public, --internal)."};
        } else if (facts.error == EACCES) {
            finding.found = {at + ": cổng dưới 1024 cần quyền riêng.",
                             at + ": ports below 1024 need a privilege."};
            finding.fix = {
                "Để systemd mở cổng (nguon-public.socket), hoặc dùng cổng từ 1024.",
                "Let systemd open it (nguon-public.socket), or use a port from 1024 on."};
        } else {
            finding.found = Text::same(fmt::format("{}: {}", at, std::strerror(facts.error)));
            finding.fix = {"Kiểm tra địa chỉ mạng của máy: ip address.",
                           "Check the machine's addresses: ip address."};
        }
    }
    return finding;
}

Finding judge_descriptors(const LimitFacts& facts, const NodeConfig& config) {
    Finding finding{"limits.descriptors", {"Số tệp mở", "Open files"}, Verdict::kOk, {}, {}};
    const auto connections = static_cast<std::uint64_t>(config.get("http.max_connections"));
    const std::uint64_t wanted = connections + kSpareDescriptors;
    finding.values = {{"limit", facts.descriptors}, {"wanted", wanted}};
    finding.found = {fmt::format("Được mở {} tệp; cần {}.", facts.descriptors, wanted),
                     fmt::format("{} may be open; {} are wanted.", facts.descriptors, wanted)};
    if (facts.descriptors >= wanted) return finding;
    finding.verdict = facts.descriptors < kSpareDescriptors ? Verdict::kWrong : Verdict::kWarning;
    finding.found.vi += " Đông người dùng thì kết nối mới sẽ bị từ chối.";
    finding.found.en += " Under load new connections will be turned away.";
    finding.fix = {fmt::format("Đặt LimitNOFILE={} trong đơn vị systemd, hoặc «ulimit -n {}»; hoặc "
                               "giảm http.max_connections.",
                               wanted, wanted),
                   fmt::format("Set LimitNOFILE={} in the systemd unit, or `ulimit -n {}`; or "
                               "lower http.max_connections.",
                               wanted, wanted)};
    return finding;
}

// The worst case of docs/reference/settings.md: every SQL child full, and one load.
Finding judge_memory(const LimitFacts& facts, const NodeConfig& config) {
    Finding finding{"limits.memory", {"Bộ nhớ", "Memory"}, Verdict::kOk, {}, {}};
    const auto setting = [&](std::string_view name) {
        return static_cast<std::uint64_t>(config.get(name));
    };
    const std::uint64_t wanted =
        kBaseMemory +
        ((setting("query.children") * setting("query.memory_mb") + setting("load.memory_mb"))
         << 20);
    std::uint64_t have = facts.memory;
    if (facts.address_space && (have == 0 || *facts.address_space < have))
        have = *facts.address_space;
    finding.values = {{"bytes", have}, {"wanted_bytes", wanted}, {"of_group", facts.in_group}};
    finding.found = {
        fmt::format("Có {}; nhiều nhất cần {} (một lần nạp và mọi câu SQL cùng lúc).",
                    megabytes(have), megabytes(wanted)),
        fmt::format("{} there; at worst {} are used (one load and every SQL query at once).",
                    megabytes(have), megabytes(wanted))};
    if (have >= wanted) return finding;
    finding.verdict = have < kBaseMemory ? Verdict::kWrong : Verdict::kWarning;
    finding.fix = {
        "Thêm bộ nhớ (hoặc nới MemoryMax), hoặc giảm load.memory_mb, query.memory_mb, "
        "query.children.",
        "Add memory (or raise MemoryMax), or lower load.memory_mb, query.memory_mb, "
        "query.children."};
    return finding;
}

Finding judge_file_size(const LimitFacts& facts) {
    Finding finding{"limits.file_size", {"Cỡ tệp", "File size"}, Verdict::kOk, {}, {}};
    finding.found = {"Không giới hạn.", "Not limited."};
    if (!facts.file_size) return finding;
    finding.values = {{"bytes", *facts.file_size}};
    finding.verdict = Verdict::kWarning;
    finding.found = {
        fmt::format("Mỗi tệp nhiều nhất {}: lần nạp lớn hơn sẽ thất bại.",
                    megabytes(*facts.file_size)),
        fmt::format("At most {} each: a larger load will fail.", megabytes(*facts.file_size))};
    finding.fix = {"Bỏ giới hạn: «ulimit -f unlimited», LimitFSIZE=infinity.",
                   "Lift it: `ulimit -f unlimited`, LimitFSIZE=infinity."};
    return finding;
}

std::vector<Finding> judge_versions(const VersionFacts& facts) {
    Finding libraries{"versions", {"Phiên bản", "Versions"}, Verdict::kOk, {}, {}};
    libraries.values = {{"sqlite", facts.sqlite},
                        {"duckdb", facts.duckdb},
                        {"openssl", facts.openssl},
                        {"icu", facts.icu},
                        {"kernel", facts.kernel}};
    libraries.found =
        Text::same(fmt::format("SQLite {}, DuckDB {}, OpenSSL {}, ICU {}, {}.", facts.sqlite,
                               facts.duckdb, facts.openssl, facts.icu, facts.kernel));
    if (facts.sqlite_number < kOldestSqlite) {
        libraries.verdict = Verdict::kWrong;
        libraries.found.vi += " SQLite cũ hơn 3.40, bản cũ nhất đã kiểm thử.";
        libraries.found.en += " SQLite is older than 3.40, the oldest that was tested.";
        libraries.fix = {"Cập nhật gói libsqlite3-0.", "Update the package libsqlite3-0."};
    }
    Finding sandbox{"versions.sandbox", {"Hộp cát SQL", "SQL sandbox"}, Verdict::kOk, {}, {}};
    sandbox.values = {{"landlock", facts.landlock}, {"seccomp", facts.seccomp}};
    sandbox.found = {"Nhân có Landlock và seccomp: câu SQL chạy trong hộp kín.",
                     "The kernel has Landlock and seccomp: SQL runs shut in."};
    if (!facts.seccomp) {
        sandbox.verdict = Verdict::kWrong;
        sandbox.found = {"Nhân không cho dùng seccomp: không nhận câu SQL của người dùng.",
                         "The kernel does not allow seccomp: SQL from people is not run."};
        sandbox.fix = {
            "Dùng nhân có CONFIG_SECCOMP_FILTER; trong hộp chứa: cho phép lời gọi seccomp.",
            "Use a kernel with CONFIG_SECCOMP_FILTER; in a container allow the call seccomp."};
    } else if (!facts.landlock) {
        sandbox.verdict = Verdict::kWarning;
        sandbox.found = {
            "Nhân không có Landlock: chỉ danh sách cho phép giữ câu SQL khỏi các tệp khác.",
            "The kernel has no Landlock: the allow list alone keeps SQL from other files."};
        sandbox.fix = {"Dùng nhân 5.13 trở lên và thêm landlock vào lsm=… khi khởi động.",
                       "Use a kernel from 5.13 on, and add landlock to lsm=… at boot."};
    }
    return {std::move(libraries), std::move(sandbox)};
}

Finding judge_locale(const std::string& locale, const std::string& charset) {
    Finding finding{"locale", {"Ngôn ngữ", "Locale"}, Verdict::kOk, {}, {}};
    finding.values = {{"locale", locale}, {"charset", charset}};
    if (locale.empty()) {
        finding.found = {"Không đặt: chữ UTF-8, thông báo tiếng Anh.",
                         "None set: UTF-8, messages in English."};
    } else if (charset.empty()) {
        finding.verdict = Verdict::kWarning;
        finding.found = {fmt::format("Máy không có «{}».", locale),
                         fmt::format("This machine does not have \"{}\".", locale)};
        finding.fix = {
            "Tạo nó bằng locale-gen, hoặc đặt LANG=C.UTF-8. Nguồn chạy được mà không cần; chương "
            "trình khác có thể không.",
            "Make it with locale-gen, or set LANG=C.UTF-8. Nguồn does without; other programs may "
            "not."};
    } else if (charset != "UTF-8") {
        finding.verdict = Verdict::kWarning;
        finding.found = {
            fmt::format("{} không phải UTF-8 ({}): chữ có dấu sẽ hiện sai.", locale, charset),
            fmt::format("{} is not UTF-8 ({}): letters with marks are shown wrongly.", locale,
                        charset)};
        finding.fix = {"Đặt LANG=vi_VN.UTF-8 hoặc C.UTF-8.", "Set LANG=vi_VN.UTF-8 or C.UTF-8."};
    } else {
        finding.found = Text::same(locale + ", UTF-8.");
    }
    return finding;
}

}  // namespace nguon::node::doctor
