// A population file with faults and duplicates into an empty dataset: first byte read to durable
// receipt, against DuckDB's typed read of the same file into a file database, checkpoint included.
#include <fmt/format.h>
#include <sys/resource.h>

#include <fstream>
#include <sstream>

#include "base/time.h"
#include "bench.h"
#include "crypto/keys.h"
#include "intake/load.h"
#include "sql/duckdb.h"
#include "store/store.h"

namespace nguon::bench {
namespace {

constexpr std::int64_t kRows = 1'000'000;
constexpr double kAim = 1.5;

std::string text_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

class Scratch {
public:
    Scratch(const Options& options, std::string_view name) : m_folder(options.folder / name) {
        std::filesystem::remove_all(m_folder);
        std::filesystem::create_directories(m_folder);
    }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(m_folder, ignored);
    }
    const std::filesystem::path& folder() const { return m_folder; }

private:
    std::filesystem::path m_folder;
};

Result<double> baseline(const Options& options, const std::filesystem::path& file) {
    const Scratch scratch(options, "baseline");
    sql::DuckOptions duck_options;
    duck_options.memory_limit = "2GB";
    duck_options.temporary_folder = scratch.folder() / "spill";
    duck_options.preserve_order = false;
    const double start = seconds_now();
    TRY_ASSIGN(const auto duck, sql::Duck::open(duck_options));
    TRY(duck->execute(
        fmt::format("ATTACH {} AS b", sql::quote_literal((scratch.folder() / "b.db").string()))));
    TRY(
        duck->execute(fmt::format("CREATE TABLE b.person AS SELECT * FROM read_csv({}, header = "
                                  "true, delim = ',', quote = '\"', escape = "
                                  "'\"', columns = {{'citizen_id': 'VARCHAR', 'full_name': "
                                  "'VARCHAR', 'birth_date': 'DATE', 'sex': 'VARCHAR', "
                                  "'ethnicity': 'VARCHAR', 'ward_code': 'VARCHAR', 'address': "
                                  "'VARCHAR', 'household_id': 'VARCHAR', "
                                  "'relation_to_head': 'VARCHAR', 'phone': 'VARCHAR', "
                                  "'registered_at': 'TIMESTAMP'}}, ignore_errors = true)",
                                  sql::quote_literal(file.string()))));
    TRY(duck->execute("CHECKPOINT b"));
    return seconds_now() - start;
}

struct Loaded {
    double seconds = 0;
    json::object steps;
    std::int64_t rejected = 0;
};

Result<Loaded> ours(const Options& options, const std::filesystem::path& file) {
    const Scratch scratch(options, "node");
    TRY_ASSIGN(const crypto::PrivateKey key, crypto::PrivateKey::generate());
    store::Store::Options store_options;
    store_options.folder = scratch.folder();
    store_options.disk = &real_disk();
    store_options.clock = &system_clock();
    store_options.random = &system_random();
    store_options.signer = &key;
    TRY_ASSIGN(const auto store, store::Store::open(store_options));
    const std::filesystem::path packs = packs_folder(options);
    std::vector<contract::Contract> contracts;
    for (const char* name : {"administrative-units/contracts/administrative.yaml",
                             "population/contracts/population.yaml"}) {
        TRY_ASSIGN(contract::Contract contract, contract::parse(text_of(packs / name), name));
        contracts.push_back(std::move(contract));
    }
    TRY(store->apply(contracts));
    const intake::LoadOptions load_options{"2GB", 2};
    for (const char* name : {"province", "ward"}) {
        intake::LoadRequest request;
        request.dataset = fmt::format("administrative.{}", name);
        request.file = packs / fmt::format("administrative-units/data/{}.csv", name);
        TRY(intake::load(*store, load_options, request));
    }
    Loaded loaded;
    intake::LoadRequest request;
    request.dataset = "population.person";
    request.file = file;
    std::string step = "read";
    double since = seconds_now();
    const double start = since;
    const auto finish_step = [&] {
        const json::value* before = loaded.steps.if_contains(step);
        loaded.steps[step] =
            (before != nullptr ? before->to_number<double>() : 0.0) + seconds_now() - since;
        since = seconds_now();
    };
    request.progress = [&](std::string_view name, std::uint64_t, std::uint64_t total) {
        if (total > 0 || name == step) return;
        finish_step();
        step = name;
    };
    TRY_ASSIGN(const store::Receipt receipt, intake::load(*store, load_options, request));
    finish_step();
    loaded.seconds = seconds_now() - start;
    TRY_ASSIGN(const json::value parsed, parse_json(receipt.json_text));
    loaded.rejected = parsed.at("rows").at("rejected").to_number<std::int64_t>();
    return loaded;
}

// What peers take on the same file, of those that this machine's Python has (NGUON_PYTHON, else
// python3).
json::value peers(const Options& options, const std::filesystem::path& file) {
    const char* python = std::getenv("NGUON_PYTHON");
    const std::string command = fmt::format(
        "'{}' '{}' '{}' 2> /dev/null", python != nullptr ? python : "python3",
        (packs_folder(options).parent_path() / "bench/peers.py").string(), file.string());
    std::string text;
    if (std::FILE* pipe = ::popen(command.c_str(), "r")) {
        std::array<char, 4096> bytes{};
        while (const std::size_t got = std::fread(bytes.data(), 1, bytes.size(), pipe))
            text.append(bytes.data(), got);
        ::pclose(pipe);
    }
    const Result<json::value> figures = parse_json(trim(text));
    return figures && figures->is_object() ? *figures : json::value(json::object());
}

}  // namespace

Result<Figure> bench_load(const Options& options) {
    Figure figure;
    figure.name = "load";
    figure.unit = "s";
    figure.rows = options.rows > 0 ? options.rows : kRows;
    figure.runs = options.runs;
    TRY_ASSIGN(const std::filesystem::path file, citizens_file(options, figure.rows));
    std::vector<double> mine, theirs;
    Loaded last;
    for (int run = 0; run < options.runs; ++run) {
        TRY_ASSIGN(const double base, baseline(options, file));
        TRY_ASSIGN(last, ours(options, file));
        theirs.push_back(base);
        mine.push_back(last.seconds);
        fmt::print(stderr, "run {}: {:.2f} s, baseline {:.2f} s\n", run + 1, last.seconds, base);
    }
    figure.value = median(mine);
    figure.baseline = median(theirs);
    figure.ratio = figure.value / figure.baseline;
    figure.aim = kAim;
    figure.met = figure.ratio <= kAim;
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    figure.detail = {{"steps_seconds", last.steps},
                     {"rejected", last.rejected},
                     {"file_bytes", static_cast<std::int64_t>(std::filesystem::file_size(file))},
                     {"peak_memory_mb", usage.ru_maxrss / 1024},
                     {"peers", peers(options, file)},
                     {"seconds", json::array(mine.begin(), mine.end())},
                     {"baseline_seconds", json::array(theirs.begin(), theirs.end())}};
    return figure;
}

}  // namespace nguon::bench
