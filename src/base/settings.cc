#include "base/settings.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <cassert>

namespace nguon {
namespace {

Problem problem_at(std::string_view file, const YAML::Mark& mark, std::string path, Text what,
                   Text fix) {
    return {std::string(file), mark.line + 1,   mark.column + 1,
            std::move(path),   std::move(what), std::move(fix)};
}

Error invalid_config(std::string_view file, std::vector<Problem> problems) {
    Error error;
    error.code = Code::kInvalid;
    error.detail = {fmt::format("Tệp cấu hình {} sai.", file),
                    fmt::format("The file {} is wrong.", file)};
    error.fix = {"Sửa các chỗ nêu dưới đây.", "Mend the places named below."};
    error.errors = std::move(problems);
    return error;
}

std::string yaml_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (code < 0x20 || code == 0x7F) {  // a line break as it is would come back as a space
            out += fmt::format("\\x{:02x}", code);
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

}  // namespace

const std::vector<Setting>& declared_settings() {
    static const std::vector<Setting> settings{
        {"load.memory_mb",
         {"Bộ nhớ của một lần nạp (MB)", "Memory of one load (MB)"},
         1024,
         128,
         262'144},
        {"load.threads", {"Số luồng của một lần nạp", "Threads of one load"}, 2, 1, 256},
        {"http.handler_threads",
         {"Số luồng xử lý yêu cầu", "Threads that handle requests"},
         4,
         1,
         256},
        {"http.max_queued",
         {"Số yêu cầu chờ nhiều nhất", "Most requests that may wait"},
         256,
         1,
         100'000},
        {"http.max_connections", {"Số kết nối nhiều nhất", "Most connections"}, 2048, 1, 1'000'000},
        {"http.max_body_mb",
         {"Thân yêu cầu lớn nhất (MB)", "Largest request body (MB)"},
         16'384,
         1,
         1'048'576},
        {"http.header_timeout_seconds",
         {"Thời gian chờ phần đầu yêu cầu (giây)", "Time to wait for a request's head (seconds)"},
         15,
         1,
         600},
        {"http.idle_timeout_seconds",
         {"Thời gian giữ kết nối rảnh (giây)", "Time to keep an idle connection (seconds)"},
         60,
         1,
         3600},
        {"http.stop_timeout_seconds",
         {"Thời gian hoàn tất yêu cầu khi dừng (giây)",
          "Time to finish requests at stop (seconds)"},
         25,
         1,
         600},
        {"query.seconds",
         {"Thời gian của một câu SQL (giây)", "Time of one SQL query (seconds)"},
         30,
         1,
         3600},
        {"query.memory_mb",
         {"Bộ nhớ của một câu SQL (MB)", "Memory of one SQL query (MB)"},
         1024,
         64,
         262'144},
        {"query.children", {"Số câu SQL chạy cùng lúc", "SQL queries at once"}, 2, 1, 256},
    };
    return settings;
}

std::int64_t NodeConfig::get(std::string_view setting) const {
    if (const auto given = settings.find(setting); given != settings.end()) return given->second;
    for (const Setting& declared : declared_settings()) {
        if (declared.name == setting) return declared.standard;
    }
    assert(false && "a setting must be declared");
    return 0;
}

bool is_member_identifier(std::string_view text) {
    const std::vector<std::string> parts = split(text, '/');
    if (parts.size() != 3) return false;
    for (const std::string& part : parts) {
        if (part.empty() || part.size() > 64) return false;
        for (const char c : part) {
            const bool fits = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                              (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
            if (!fits) return false;
        }
    }
    return true;
}

Result<NodeConfig> read_node_config(std::string_view yaml, std::string_view file) {
    std::vector<Problem> problems;
    NodeConfig config;
    try {
        const YAML::Node root = YAML::Load(std::string(yaml));
        if (!root.IsMap()) {
            problems.push_back(
                problem_at(file, root.Mark(), "",
                           {"Phải là các cặp tên: giá trị.", "Must be name: value pairs."}, {}));
            return std::unexpected(invalid_config(file, std::move(problems)));
        }
        for (const auto& member : root) {
            const auto name = member.first.as<std::string>();
            const YAML::Node value = member.second;
            if (name == "member") {
                config.member = value.as<std::string>();
            } else if (name == "node") {
                config.node = value.as<std::string>();
            } else if (name == "name") {
                config.name = {value["vi"].as<std::string>(""), value["en"].as<std::string>("")};
            } else if (name == "settings") {
                for (const auto& given : value) {
                    const auto key = given.first.as<std::string>();
                    const Setting* found = nullptr;
                    for (const Setting& declared : declared_settings()) {
                        if (declared.name == key) found = &declared;
                    }
                    std::int64_t number = 0;
                    if (found == nullptr) {
                        problems.push_back(
                            problem_at(file, given.first.Mark(), "settings." + key,
                                       {"Không có cài đặt này.", "There is no such setting."},
                                       {"Xem docs/reference/settings.md.",
                                        "See docs/reference/settings.md."}));
                    } else if (!YAML::convert<std::int64_t>::decode(given.second, number) ||
                               number < found->lowest || number > found->highest) {
                        const std::string range =
                            fmt::format("{}..{}", found->lowest, found->highest);
                        problems.push_back(problem_at(file, given.second.Mark(), "settings." + key,
                                                      {"Phải là số nguyên trong khoảng " + range,
                                                       "Must be a whole number in " + range},
                                                      {}));
                    } else {
                        config.settings[key] = number;
                    }
                }
            } else {
                problems.push_back(problem_at(file, member.first.Mark(), name,
                                              {"Không hiểu mục này.", "This member is not known."},
                                              {"Có member, node, name, settings.",
                                               "There are member, node, name, settings."}));
            }
        }
    } catch (const YAML::Exception& exception) {
        problems.push_back(problem_at(file, exception.mark, "", Text::same(exception.msg), {}));
    }
    if (problems.empty() && !is_member_identifier(config.member)) {
        problems.push_back({std::string(file),
                            1,
                            1,
                            "member",
                            {"Phải có dạng VN/GOV/BCA.", "Must look like VN/GOV/BCA."},
                            {}});
    }
    if (!problems.empty()) return std::unexpected(invalid_config(file, std::move(problems)));
    return config;
}

std::string write_node_config(const NodeConfig& config) {
    std::string text = "# Một nút Nguồn. / A Nguồn node.\n";
    text += fmt::format("member: {}\nnode: {}\nname:\n  vi: {}\n  en: {}\n",
                        yaml_string(config.member), yaml_string(config.node),
                        yaml_string(config.name.vi), yaml_string(config.name.en));
    text += "settings:\n";
    for (const Setting& setting : declared_settings()) {
        text +=
            fmt::format("  # {} / {}; {}..{}\n  {}: {}\n", setting.prose.vi, setting.prose.en,
                        setting.lowest, setting.highest, setting.name, config.get(setting.name));
    }
    return text;
}

}  // namespace nguon
