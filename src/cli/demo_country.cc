#include "cli/demo_country.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <fstream>

#include "cli/session.h"

extern char** environ;

namespace nguon::cli {
namespace {

constexpr int kPublicPort = 8080, kInternalPort = 8081;
constexpr int kSeed = 2026;

Error not_started(std::string_view what) {
    return {Code::kInternal,
            {fmt::format("Không chạy được {}.", what), fmt::format("{} could not be run.", what)},
            {"Chạy `./run build` rồi thử lại.", "Run `./run build`, then try again."},
            {},
            {}};
}

struct Process {
    pid_t pid = -1;
    int output = -1;  // its standard output
};

Result<Process> start_process(const std::vector<std::string>& words,
                              const std::filesystem::path& log) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return std::unexpected(not_started(words[0]));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    // Ctrl-C reaches the demo alone, which then stops its children in order.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&attributes, 0);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    std::vector<char*> arguments;
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    Process process;
    const int failed = ::posix_spawn(&process.pid, words[0].c_str(), &actions, &attributes,
                                     arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    ::close(pipe[1]);
    process.output = pipe[0];
    if (failed != 0) {
        ::close(pipe[0]);
        return std::unexpected(not_started(words[0]));
    }
    return process;
}

// Up to the first line end, or the end.
std::string read_line(int descriptor) {
    std::string line;
    for (char c = 0; ::read(descriptor, &c, 1) == 1 && c != '\n';)
        line += c;
    return line;
}

Error error_from_json(const json::value& said) {
    const json::object& error = said.at("error").as_object();
    const auto text = [&](std::string_view name) {
        const json::value* value = error.if_contains(name);
        return Text::same(
            value != nullptr && value->is_string() ? std::string_view(value->get_string()) : "");
    };
    return {code_from_name(text("code").en), text("detail"), text("fix"), {}, {}};
}

}  // namespace

DemoPlaces DemoPlaces::find() {
    std::error_code ignored;
    DemoPlaces places;
    places.program = std::filesystem::canonical("/proc/self/exe", ignored);
    const std::filesystem::path build = places.program.parent_path();
    places.generator = build / "nguon-population";
    places.packs = build.parent_path() / "packs";
    places.folder = build / "demo";
    return places;
}

Result<DemoFiles> make_demo_files(const DemoPlaces& places, std::int64_t rows) {
    const std::filesystem::path folder = places.folder / fmt::format("population-{}", rows);
    const std::filesystem::path summary = folder / "planted.json";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    DemoFiles files{folder / "citizens.csv", folder / "truth.csv", folder / "corrections.csv", {}};
    if (!std::filesystem::exists(summary)) {
        TRY_ASSIGN(
            const Process process,
            start_process({places.generator.string(), "--seed", fmt::format("{}", kSeed), "--rows",
                           fmt::format("{}", rows), "--wards",
                           (places.packs / "administrative-units/data/ward.csv").string(), "--out",
                           files.citizens.string(), "--truth", files.truth.string(),
                           "--corrections", files.corrections.string(), "--corrections-truth",
                           (folder / "corrections-truth.csv").string()},
                          places.folder / "population.log"));
        const std::string line = read_line(process.output);
        ::close(process.output);
        int status = 0;
        ::waitpid(process.pid, &status, 0);
        if (status != 0) return std::unexpected(not_started("nguon-population"));
        std::ofstream(summary) << line << '\n';  // last: its presence says that the files are whole
    }
    TRY_ASSIGN(const std::string text, read_file(summary));
    TRY_ASSIGN(const json::value planted, parse_json(trim(text)));
    files.planted = planted.as_object();
    return files;
}

Result<Truth> read_truth(const std::filesystem::path& file) {
    Truth truth;
    std::ifstream lines(file);
    std::string line;
    std::getline(lines, line);  // row,kind,column,original,planted
    while (std::getline(lines, line)) {
        const std::size_t comma = line.find(',');
        if (comma == std::string::npos) continue;
        std::int64_t row = 0;
        std::from_chars(line.data(), line.data() + comma, row);
        const std::string_view rest = std::string_view(line).substr(comma + 1);
        (rest.starts_with("missing_tones,") ? truth.tones : truth.faults).insert(row);
    }
    if (truth.faults.empty()) return std::unexpected(not_started("truth.csv"));
    return truth;
}

Result<void> ServedNode::start(const DemoPlaces& places, int port_base) {
    const auto address = [&](int port) { return fmt::format("127.0.0.1:{}", port + port_base); };
    TRY_ASSIGN(
        const Process process,
        start_process({places.program.string(), "serve", "--json", "--data", places.node().string(),
                       "--public", address(kPublicPort), "--internal", address(kInternalPort)},
                      places.folder / "ndc.log"));
    m_pid = process.pid;
    const std::string line = read_line(process.output);
    ::close(process.output);
    const Result<json::value> said = parse_json(line);
    if (said && said->is_object() && said->get_object().contains("error")) {
        stop();
        return std::unexpected(error_from_json(*said));
    }
    if (!said || !said->is_object() || !said->get_object().contains("public")) {
        stop();
        return std::unexpected(not_started("nguon serve"));
    }
    m_public = said->at("public").as_string();
    m_internal = said->at("internal").as_string();
    return {};
}

void ServedNode::stop() {
    if (m_pid <= 0) return;
    ::kill(m_pid, SIGTERM);
    int status = 0;
    ::waitpid(m_pid, &status, 0);
    m_pid = -1;
}

ServedNode::~ServedNode() {
    stop();
}

}  // namespace nguon::cli
