// Rows written one by one over HTTP, each answered when it is durable, against PostgreSQL: one row
// per transaction, synchronous_commit=on, by pgbench with prepared statements. Both over TCP on
// loopback, from 1, 8 and 64 connections, in turn.
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <random>

#include "bench.h"
#include "requests.h"
#include "served.h"

namespace nguon::bench {
namespace {

constexpr std::array<int, 3> kClients = {1, 8, 64};
constexpr double kSeconds = 4;
constexpr std::int64_t kKeys = 1'000'000'000;
constexpr const char* kPostgres = "/usr/lib/postgresql/15/bin";

Result<std::string> output_of(const std::string& command) {
    std::FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return fail(Code::kInternal, Text::same("popen"));
    std::string text;
    std::array<char, 4096> bytes{};
    while (const std::size_t got = std::fread(bytes.data(), 1, bytes.size(), pipe))
        text.append(bytes.data(), got);
    if (::pclose(pipe) != 0) return fail(Code::kUnavailable, Text::same(command + "\n" + text));
    return text;
}

// A server of its own in a folder on the disk that is measured; it does not run as root.
class Postgres {
public:
    static Result<std::unique_ptr<Postgres>> start(const std::filesystem::path& folder) {
        std::unique_ptr<Postgres> server(new Postgres(folder));
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        if (::geteuid() == 0) {
            const passwd* user = ::getpwnam("postgres");
            if (user == nullptr || ::chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0)
                return fail(Code::kUnavailable, Text::same("there is no user postgres"));
        }
        TRY(output_of(server->as_user(
            fmt::format("{}/initdb -A trust -U postgres -E UTF8 --locale=C.UTF-8 -D {}/data 2>&1",
                        kPostgres, folder.string()))));
        TRY(output_of(server->as_user(
            fmt::format("{0}/pg_ctl -w -s -D {1}/data -l {1}/log -o '-p {2} -c "
                        "listen_addresses=127.0.0.1 -c unix_socket_directories={1} -c "
                        "synchronous_commit=on -c max_connections=80' start 2>&1",
                        kPostgres, folder.string(), kPort))));
        server->m_runs = true;
        std::ofstream table(folder / "table.sql");
        table << "create table person (id text primary key, full_name text not null, born date, "
                 "ward text);\n";
        table.close();
        std::ofstream write(folder / "write.sql");
        write << "\\set id random(1, " << kKeys << ")\n"
              << "insert into person values (lpad(:id::text, 12, '0'), 'Nguyễn Văn Bình', "
                 "'1990-03-02', '00001') on conflict (id) do update set full_name = "
                 "excluded.full_name, born = excluded.born, ward = excluded.ward;\n";
        write.close();
        TRY(output_of(fmt::format("{}/psql -q -h 127.0.0.1 -p {} -U postgres -f {}/table.sql 2>&1",
                                  kPostgres, kPort, folder.string())));
        return server;
    }
    ~Postgres() {
        if (m_runs) {
            (void)output_of(as_user(fmt::format("{}/pg_ctl -s -m fast -D {}/data stop 2>&1",
                                                kPostgres, m_folder.string())));
        }
    }

    Result<double> rows_per_second(int clients) const {
        TRY_ASSIGN(const std::string text,
                   output_of(fmt::format("{}/pgbench -n -M prepared -f {}/write.sql -c {} -j {} -T "
                                         "{:.0f} -h 127.0.0.1 -p {} -U postgres postgres 2>&1",
                                         kPostgres, m_folder.string(), clients,
                                         std::min(clients, 2), kSeconds, kPort)));
        const std::size_t at = text.find("tps = ");
        double rate = 0;
        if (at != std::string::npos)
            std::from_chars(text.data() + at + 6, text.data() + text.size(), rate);
        if (rate <= 0) return fail(Code::kInternal, Text::same(text));
        return rate;
    }

private:
    static constexpr int kPort = 15432;
    explicit Postgres(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    std::string as_user(const std::string& command) const {
        if (::geteuid() != 0) return command;
        return "setpriv --reuid=postgres --regid=postgres --clear-groups " + command;
    }
    std::filesystem::path m_folder;
    bool m_runs = false;
};

Result<double> rows_per_second(const Served& node, int clients, std::mt19937_64& random) {
    Driving driving;
    driving.address = node.address();
    driving.connections = clients;
    driving.seconds = kSeconds;
    driving.next_request = [&] { return node.put(random() % kKeys); };
    return drive(driving);
}

}  // namespace

Result<Figure> bench_write(const Options& options) {
    if (!std::filesystem::exists(std::filesystem::path(kPostgres) / "initdb")) {
        return fail(Code::kUnavailable, Text::same("PostgreSQL 15 is not installed"),
                    Text::same("tools/install.sh bench"));
    }
    Figure figure;
    figure.name = "write";
    figure.unit = "rows/s";
    figure.runs = options.runs;
    const std::filesystem::path folder = options.folder / "write-node";
    TRY_ASSIGN(const auto postgres, Postgres::start(options.folder / "postgres"));
    TRY_ASSIGN(const auto node, Served::start(options, folder));
    std::mt19937_64 random(142);
    TRY(rows_per_second(*node, 1, random));  // both have had a start
    TRY(postgres->rows_per_second(1));
    figure.met = true;
    for (const int clients : kClients) {
        std::vector<double> mine, theirs;
        for (int run = 0; run < options.runs; ++run) {
            TRY_ASSIGN(const double them, postgres->rows_per_second(clients));
            TRY_ASSIGN(const double me, rows_per_second(*node, clients, random));
            theirs.push_back(them);
            mine.push_back(me);
            fmt::print(stderr, "{} clients, run {}: {:.0f} rows/s, PostgreSQL {:.0f}\n", clients,
                       run + 1, me, them);
        }
        figure.value = median(mine);
        figure.baseline = median(theirs);
        figure.ratio = figure.value / figure.baseline;
        figure.met = figure.met && (clients == 1 || figure.ratio >= 1);
        figure.detail[fmt::format("clients_{}", clients)] = {{"rows_per_second", figure.value},
                                                             {"postgres", figure.baseline},
                                                             {"ratio", figure.ratio}};
    }
    figure.aim = 1;
    return figure;
}

}  // namespace nguon::bench
