#include "base/settings.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
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

template <class Declared>
const Declared* named(const std::vector<Declared>& list, std::string_view name) {
    for (const Declared& declared : list) {
        if (declared.name == name) return &declared;
    }
    return nullptr;
}

bool is_one_line(std::string_view text) {
    return text.size() <= kLongestText && is_utf8(text) && std::ranges::none_of(text, [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
           });
}

void read_setting(std::string_view file, const YAML::Node& name, const YAML::Node& value,
                  NodeConfig& config, std::vector<Problem>& problems) {
    const auto key = name.as<std::string>();
    const auto wrong = [&](const YAML::Mark& mark, Text what, Text fix) {
        problems.push_back(
            problem_at(file, mark, "settings." + key, std::move(what), std::move(fix)));
    };
    if (named(declared_texts(), key) != nullptr) {
        std::string text;
        if (!value.IsScalar() || !is_one_line(text = value.as<std::string>())) {
            const std::string most = std::to_string(kLongestText);
            return wrong(value.Mark(),
                         {"Phải là một dòng chữ, tối đa " + most + " byte.",
                          "Must be a text of one line, at most " + most + " bytes."},
                         {});
        }
        config.texts[key] = text;
        return;
    }
    const Setting* found = named(declared_settings(), key);
    if (found == nullptr) {
        return wrong(name.Mark(), {"Không có cài đặt này.", "There is no such setting."},
                     {"Xem docs/reference/settings.md.", "See docs/reference/settings.md."});
    }
    std::int64_t number = 0;
    if (!YAML::convert<std::int64_t>::decode(value, number) || number < found->lowest ||
        number > found->highest) {
        const std::string range = fmt::format("{}..{}", found->lowest, found->highest);
        return wrong(
            value.Mark(),
            {"Phải là số nguyên trong khoảng " + range, "Must be a whole number in " + range}, {});
    }
    config.settings[key] = number;
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
        {"rows.seal_count",
         {"Số dòng ghi lẻ được chờ niêm phong", "Rows written alone that may wait for a segment"},
         5000,
         1,
         1'000'000},
        {"rows.seal_seconds",
         {"Số giây một dòng ghi lẻ chờ niêm phong", "Seconds that a row written alone waits"},
         30,
         1,
         86'400},
        {"bases.kept",
         {"Số bản dòng hiện có được giữ cho mỗi tập dữ liệu",
          "Bases of current rows kept for each dataset"},
         3,
         1,
         100},
        {"http.write_threads",
         {"Số yêu cầu ghi từng dòng cùng chờ", "Writes of single rows that wait together"},
         64,
         1,
         1024},
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
        {"http.least_bytes_per_second",
         {"Tốc độ chậm nhất của một thân yêu cầu hay câu trả lời (byte/giây); 0: không giới hạn",
          "Slowest rate of a body or an answer (bytes a second); 0: no limit"},
         512,
         0,
         1'000'000},
        {"http.client_requests_per_second",
         {"Số yêu cầu mỗi giây của một địa chỉ ở cổng công khai; 0: không giới hạn",
          "Requests a second of one address on the public listener; 0: no limit"},
         200,
         0,
         1'000'000},
        {"http.client_connections",
         {"Số kết nối cùng lúc của một địa chỉ ở cổng công khai; 0: không giới hạn",
          "Connections at once of one address on the public listener; 0: no limit"},
         256,
         0,
         1'000'000},
        {"http.limit_loopback",
         {"Hai giới hạn trên có áp dụng cho chính máy này không (1: có)",
          "Whether those two hold for this machine itself as well (1: yes)"},
         0,
         0,
         1},
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

const std::vector<TextSetting>& declared_texts() {
    static const std::vector<TextSetting> texts{
        {"log.file",
         {"Tệp nhật ký, tính từ thư mục dữ liệu; để trống: ra lỗi chuẩn",
          "Log file, from the data folder on; empty: standard error"}},
    };
    return texts;
}

std::string NodeConfig::text(std::string_view setting) const {
    assert(named(declared_texts(), setting) != nullptr && "a setting must be declared");
    const auto given = texts.find(setting);
    return given == texts.end() ? std::string() : given->second;
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
                for (const auto& given : value)
                    read_setting(file, given.first, given.second, config, problems);
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
    for (const TextSetting& setting : declared_texts()) {
        text += fmt::format("  # {} / {}; text\n  {}: {}\n", setting.prose.vi, setting.prose.en,
                            setting.name, yaml_string(config.text(setting.name)));
    }
    return text;
}

}  // namespace nguon
