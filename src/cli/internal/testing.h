// For tests: a world in memory, and a node that answers what it is told and remembers what it was
// asked.
#pragma once

#include <deque>
#include <fstream>
#include <sstream>

#include "cli/cli.h"
#include "cli/requests.h"

namespace nguon::cli {

struct Asked {
    std::string method, path, body;
    std::vector<std::pair<std::string, std::string>> query;
    http::Headers headers;
    Language language{};

    std::string query_value(std::string_view name) const {
        for (const auto& [key, value] : query) {
            if (key == name) return value;
        }
        return {};
    }
};

struct World {
    std::map<std::string, std::string> variables{{"LANG", "en_US.UTF-8"}};
    std::string out, err;
    std::vector<Asked> asked;
    std::deque<http::Response> answers;
    std::vector<Purpose> opened;
    node::InitOptions init;
    node::ServeOptions serve;
    DemoOptions demo;
    node::DoctorOptions doctor;
    std::vector<node::Finding> findings;
    std::filesystem::path data;
    bool out_is_terminal = false, err_is_terminal = false, in_is_terminal = false;
    bool out_fails = false;
    std::deque<std::string> lines;     // that a person types
    std::vector<std::string> started;  // "program argument"
    bool start_fails = false;
    int columns = 80, in = -1;

    World() {
        folder = std::filesystem::temp_directory_path() /
                 ("cli-test-" + make_id(system_clock(), system_random()));
        std::filesystem::create_directories(folder);
    }
    ~World() {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    void answer(std::string_view json_text, int status = 200) {
        http::Response response;
        response.status = status;
        response.headers.set("Content-Type", "application/json");
        response.body = json_text;
        answers.push_back(std::move(response));
    }

    std::string file(const std::string& name, std::string_view text) const {
        const std::filesystem::path path = folder / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return path.string();
    }

    std::string text_of_file(const std::string& name) const {
        std::stringstream text;
        text << std::ifstream(folder / name).rdbuf();
        return text.str();
    }

    int run(const std::vector<std::string>& words) {
        out.clear();
        err.clear();
        asked.clear();
        Environment environment;
        environment.variable = [this](const char* name) { return variables[name]; };
        environment.out = [this](std::string_view text) {
            if (!out_fails) out += text;
            return !out_fails;
        };
        environment.err = [this](std::string_view text) {
            err += text;
            return true;
        };
        environment.open = [this](const std::filesystem::path& folder_of_data,
                                  Purpose purpose) -> Result<Opened> {
            data = folder_of_data;
            opened.push_back(purpose);
            return Opened{std::make_unique<FakeNode>(*this), folder};
        };
        environment.init = [this](const node::InitOptions& options) -> Result<node::Identity> {
            init = options;
            return node::Identity{
                options.member, "01NODE", "key-1", {options.name_vi, options.name_en}};
        };
        environment.serve =
            [this](const node::ServeOptions& options,
                   const std::function<void(const std::string&)>& ready) -> Result<void> {
            serve = options;
            ready(
                R"({"event":"ready","public":"127.0.0.1:1","internal":"127.0.0.1:2","federation":null,"pid":3})");
            return {};
        };
        environment.doctor = [this](const node::DoctorOptions& options) {
            doctor = options;
            return findings;
        };
        environment.demo = [this](const DemoOptions& options) {
            demo = options;
            return 0;
        };
        environment.start = [this](const std::string& program, const std::string& argument) {
            started.push_back(program + " " + argument);
            return !start_fails;
        };
        environment.in = in;
        environment.out_is_terminal = out_is_terminal;
        environment.err_is_terminal = err_is_terminal;
        environment.columns = columns;
        environment.in_is_terminal = in_is_terminal;
        environment.read_line = [this] {
            if (lines.empty()) return std::string();
            std::string line = lines.front();
            lines.pop_front();
            return line;
        };
        return cli::run(words, environment);
    }

    json::value out_json() const {
        const Result<json::value> value = parse_json(out);
        return value && value->is_object() ? *value : json::value();
    }

    std::filesystem::path folder;

private:
    class FakeNode final : public http::Target {
    public:
        explicit FakeNode(World& world) : m_world(world) {}
        Result<http::Response> send(http::Request& request) override {
            Asked asked;
            asked.method = http::name_of(request.method);
            asked.path = request.path;
            asked.query = request.query;
            asked.headers = request.headers;
            asked.language = request.language;
            asked.body = request.body.bytes;
            if (request.body.file) {
                std::stringstream text;
                text << std::ifstream(request.body.file->path(), std::ios::binary).rdbuf();
                asked.body = text.str();
            }
            m_world.asked.push_back(std::move(asked));
            if (m_world.answers.empty()) return fail(Code::kUnavailable, Text::same("away"));
            http::Response response = std::move(m_world.answers.front());
            m_world.answers.pop_front();
            return response;
        }

    private:
        World& m_world;
    };
};

inline constexpr std::string_view kReceipt =
    R"({"batch":"01B","dataset":"population.person","status":"accepted","rows":{"read":100000,"accepted":98796,)"
    R"("rejected":1204},"changes":{"inserted":98700,"updated":96,"deleted":0,"unchanged":0},"corrects":null,)"
    R"("scores":{"overall":98.7,"accurate":99.9,"complete":100,"clean":98.8,"live":null},"results":[)"
    R"({"rule":"r1","column":"ward","severity":"error","description":{"vi":"mã xã không có","en":"no such ward"},)"
    R"("checked":100000,"failed":1204,"examples":[{"row":17,"value":"01***"}],"fix":null},)"
    R"({"rule":"r2","column":null,"severity":"warning","checked":9,"failed":3,"examples":[],"fix":null},)"
    R"({"rule":"r3","column":null,"severity":"error","checked":9,"failed":0,"examples":[],"fix":null}]})";
inline constexpr std::string_view kCleanReceipt =
    R"({"batch":"01C","dataset":"a.b","status":"accepted","rows":{"read":2,"accepted":2,"rejected":0},)"
    R"("changes":{"inserted":2,"updated":0,"deleted":0,"unchanged":0},"corrects":null,"results":[]})";

}  // namespace nguon::cli
