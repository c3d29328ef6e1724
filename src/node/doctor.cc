#include "node/doctor.h"

#include <fmt/format.h>
#include <signal.h>

#include <cerrno>

#include "crypto/keys.h"
#include "node/internal/doctor_facts.h"

namespace nguon::node {
namespace {

namespace fs = std::filesystem;
using Ticks = std::chrono::steady_clock;

// Holds wall time against monotonic time from its making to its reading.
class ClockWatch {
public:
    explicit ClockWatch(Clock& clock)
        : m_clock(clock), m_wall(clock.now()), m_steady(Ticks::now()) {
        auto last = m_steady;
        for (int i = 0; i < 10'000; ++i) {
            const auto now = Ticks::now();
            m_went_back = m_went_back || now < last;
            last = now;
        }
    }
    bool went_back() const { return m_went_back; }
    double jump_ms() const {
        const double wall = static_cast<double>(m_clock.now() - m_wall) / 1e3;
        return wall - std::chrono::duration<double, std::milli>(Ticks::now() - m_steady).count();
    }

private:
    Clock& m_clock;
    Micros m_wall;
    Ticks::time_point m_steady;
    bool m_went_back = false;
};

// The nearest folder that is there: where a node would be made.
fs::path existing(fs::path folder) {
    std::error_code failure;
    folder = fs::absolute(folder, failure);
    while (!fs::is_directory(folder, failure) && folder.has_relative_path())
        folder = folder.parent_path();
    return folder;
}

// The listeners of the node that serves the folder, as it has said itself.
struct Served {
    std::string public_address, internal_address;
    std::int64_t pid = 0;
};
std::optional<Served> served(const fs::path& folder, Disk& disk) {
    const Result<std::string> text = disk.read_all(folder / "node.json", 1 << 16);
    const Result<json::value> line = text ? parse_json(*text) : Result<json::value>(json::value());
    if (!line || !line->is_object()) return std::nullopt;
    const auto text_at = [&](std::string_view name) {
        const json::value* value = line->get_object().if_contains(name);
        return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                      : std::string();
    };
    const json::value* pid = line->get_object().if_contains("pid");
    if (pid == nullptr || !pid->is_int64() || pid->get_int64() <= 0) return std::nullopt;
    const bool runs = ::kill(static_cast<pid_t>(pid->get_int64()), 0) == 0 || errno == EPERM;
    std::error_code failure;
    if (!runs || !fs::equivalent(text_at("data"), folder, failure)) return std::nullopt;
    return Served{text_at("public"), text_at("internal"), pid->get_int64()};
}

Finding examine_key_pair(const fs::path& folder, Disk& disk) {
    Finding finding{"keys.pair", {"Cặp khóa", "Key pair"}, Verdict::kOk, {}, {}};
    const auto wrong = [&](Text found) {
        finding.verdict = Verdict::kWrong;
        finding.found = std::move(found);
        finding.fix = {
            "Khôi phục keys/ và public.pem cùng một bản sao lưu; đừng tạo khóa mới trên dữ liệu đã "
            "ký.",
            "Restore keys/ and public.pem from one backup; do not make a new key over signed "
            "data."};
        return finding;
    };
    const Result<std::string> private_pem = disk.read_all(folder / "keys" / "node.pem", 1 << 16);
    const Result<std::string> public_pem = disk.read_all(folder / "public.pem", 1 << 16);
    if (!private_pem || !public_pem) {
        return wrong({"Không đọc được keys/node.pem hoặc public.pem.",
                      "keys/node.pem or public.pem cannot be read."});
    }
    const auto key = crypto::PrivateKey::from_pem(*private_pem);
    const auto open = crypto::PublicKey::from_pem(*public_pem);
    if (!key || !open) {
        return wrong({"keys/node.pem hoặc public.pem không phải khóa.",
                      "keys/node.pem or public.pem is no key."});
    }
    if (key->public_key().key_id() != open->key_id()) {
        return wrong({"public.pem không thuộc về khóa trong keys/node.pem.",
                      "public.pem does not belong to the key in keys/node.pem."});
    }
    finding.values = {{"key_id", open->key_id()}};
    finding.found = {"public.pem đúng là của keys/node.pem.",
                     "public.pem belongs to keys/node.pem."};
    return finding;
}

std::string locale_of(const DoctorOptions& options) {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (std::string value = options.variable(name); !value.empty()) return value;
    }
    return {};
}

void examine_ports(const DoctorOptions& options, const std::optional<Served>& node,
                   std::vector<Finding>& to) {
    const auto add = [&](const std::string& listener, const std::string& wanted,
                         const std::string& held) {
        doctor::PortFacts facts{listener, held};
        facts.held_by_node = !held.empty();
        if (held.empty()) facts = doctor::look_at_port(listener, wanted);
        to.push_back(doctor::judge_port(facts));
    };
    add("public", options.public_address, node ? node->public_address : "");
    add("internal", options.internal_address, node ? node->internal_address : "");
}

}  // namespace

std::vector<Finding> examine(const DoctorOptions& options, const Seams& seams) {
    std::vector<Finding> findings;
    const auto add = [&](std::vector<Finding> several) {
        for (Finding& finding : several)
            findings.push_back(std::move(finding));
    };
    const fs::path& folder = options.folder;
    const fs::path place = existing(folder);
    const ClockWatch watch(*seams.clock);
    const doctor::SyncFacts sync = doctor::measure_sync(
        *seams.disk, seams.disk->exists(place / "tmp") ? place / "tmp" : place, *seams.random);

    const std::string file = (folder / "nguon.yaml").string();
    const Result<std::string> yaml = seams.disk->read_all(folder / "nguon.yaml", 1 << 20);
    Result<NodeConfig> config =
        yaml ? read_node_config(*yaml, file) : Result<NodeConfig>(std::unexpected(yaml.error()));
    if (!config && config.error().code == Code::kNotFound) {
        config.error().detail = {fmt::format("{} chưa phải là một nút.", folder.string()),
                                 fmt::format("{} is not a node yet.", folder.string())};
        config.error().fix = {
            fmt::format("nguon init --member VN/GOV/BCA --data {}", folder.string()),
            fmt::format("nguon init --member VN/GOV/BCA --data {}", folder.string())};
    }
    findings.push_back(doctor::judge_config(config, file));
    const bool is_node = config.has_value();
    if (is_node) {
        add(doctor::judge_secrets(doctor::look_at_secrets(folder)));
        findings.push_back(examine_key_pair(folder, *seams.disk));
    }
    add(doctor::judge_space(doctor::look_at_space(place)));
    findings.push_back(doctor::judge_sync(sync));
    findings.push_back(doctor::judge_temporary(doctor::look_at_space(fs::temp_directory_path())));
    const doctor::ClockFacts clock =
        doctor::look_at_clock(options.variable("TZ"), watch.jump_ms(), watch.went_back());
    findings.push_back(doctor::judge_steadiness(clock));
    findings.push_back(doctor::judge_synchronisation(clock));
    findings.push_back(doctor::judge_zone(clock));
    const std::optional<Served> node = served(folder, *seams.disk);
    examine_ports(options, node, findings);
    const NodeConfig settings = is_node ? *config : NodeConfig();
    const doctor::LimitFacts limits = doctor::look_at_limits(node ? node->pid : 0);
    findings.push_back(doctor::judge_descriptors(limits, settings));
    findings.push_back(doctor::judge_memory(limits, settings));
    findings.push_back(doctor::judge_file_size(limits));
    add(doctor::judge_versions(doctor::look_at_versions()));
    const std::string locale = locale_of(options);
    findings.push_back(
        doctor::judge_locale(locale, locale.empty() ? "" : doctor::charset_of(locale)));
    return findings;
}

}  // namespace nguon::node
