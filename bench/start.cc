// `nguon serve` over 1,000 datasets with a segment each: time to the ready line, memory ten seconds
// later.
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "bench.h"
#include "crypto/keys.h"
#include "intake/load.h"
#include "node/node.h"
#include "store/store.h"

namespace nguon::bench {
namespace {

constexpr std::int64_t kDatasets = 1'000;
constexpr double kAimSeconds = 0.2;
constexpr std::int64_t kAimMegabytes = 80;

Result<void> fill(const std::filesystem::path& folder, std::int64_t datasets) {
    TRY(node::init({folder, "VN/GOV/NDC", "", ""}, node::real_seams()));
    TRY_ASSIGN(const std::string pem, real_disk().read_all(folder / "keys" / "node.pem"));
    TRY_ASSIGN(const crypto::PrivateKey key, crypto::PrivateKey::from_pem(pem));
    store::Store::Options options;
    options.folder = folder;
    options.disk = &real_disk();
    options.clock = &system_clock();
    options.random = &system_random();
    options.signer = &key;
    TRY_ASSIGN(const auto store, store::Store::open(options));
    std::vector<contract::Contract> contracts;
    for (std::int64_t i = 0; i < datasets; ++i) {
        const std::string yaml = fmt::format(
            "apiVersion: v3.1.0\nkind: DataContract\nid: d{0}\nname: d{0}\nversion: 1.0.0\nstatus: "
            "active\nschema:\n  - name: item\n"
            "    properties:\n      - {{name: id, logicalType: integer, primaryKey: true, "
            "primaryKeyPosition: 1}}\n"
            "      - {{name: title, logicalType: string}}\n",
            i);
        TRY_ASSIGN(contract::Contract contract, contract::parse(yaml, "d.yaml"));
        contracts.push_back(std::move(contract));
    }
    TRY(store->apply(contracts));
    for (std::int64_t i = 0; i < datasets; ++i) {
        intake::LoadRequest request;
        request.dataset = fmt::format("d{}.item", i);
        request.bytes = fmt::format("id,title\n1,a{}\n2,b\n", i);
        TRY(intake::load(*store, {"256MB", 1}, request));
    }
    return {};
}

std::int64_t resident_megabytes(pid_t pid) {
    std::ifstream status(fmt::format("/proc/{}/status", pid));
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::stoll(line.substr(6)) / 1024;
    }
    return 0;
}

struct Started {
    double seconds = 0;
    std::int64_t megabytes = 0;
};

Result<Started> start_once(const Options& options, const std::filesystem::path& folder, bool wait) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) return fail(Code::kInternal, Text::same("pipe"));
    const double start = seconds_now();
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(pipe[1], STDOUT_FILENO);
        ::close(pipe[0]);
        ::execl(options.program.c_str(), "nguon", "serve", "--data", folder.c_str(), "--public",
                "127.0.0.1:0", "--internal", "127.0.0.1:0", nullptr);
        ::_exit(127);
    }
    ::close(pipe[1]);
    std::array<char, 4096> line{};
    const ssize_t got = ::read(pipe[0], line.data(), line.size());
    Started started;
    started.seconds = seconds_now() - start;
    if (wait) {
        ::sleep(10);
        started.megabytes = resident_megabytes(child);
    }
    ::kill(child, SIGTERM);
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(pipe[0]);
    if (got <= 0 || status != 0)
        return fail(Code::kInternal, Text::same("the node did not start or did not stop well"));
    return started;
}

}  // namespace

Result<Figure> bench_start(const Options& options) {
    Figure figure;
    figure.name = "start";
    figure.unit = "s";
    figure.rows = options.rows > 0 ? options.rows : kDatasets;
    figure.runs = options.runs;
    const std::filesystem::path folder = options.folder / "start-node";
    std::filesystem::remove_all(folder);
    TRY(fill(folder, figure.rows));
    std::vector<double> seconds;
    std::int64_t megabytes = 0;
    for (int run = 0; run < options.runs; ++run) {
        TRY_ASSIGN(const Started started, start_once(options, folder, run + 1 == options.runs));
        seconds.push_back(started.seconds);
        megabytes = started.megabytes;
        fmt::print(stderr, "run {}: {:.0f} ms\n", run + 1, started.seconds * 1000);
    }
    figure.value = median(seconds);
    figure.aim = kAimSeconds;
    figure.met = figure.value <= kAimSeconds && megabytes <= kAimMegabytes;
    figure.detail = {{"memory_mb_after_10_s", megabytes},
                     {"aim_memory_mb", kAimMegabytes},
                     {"seconds", json::array(seconds.begin(), seconds.end())}};
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return figure;
}

}  // namespace nguon::bench
