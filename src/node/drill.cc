#include "node/drill.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "node/internal/state.h"
#include "store/merge.h"
#include "store/read.h"

namespace nguon::node {
namespace {

namespace fs = std::filesystem;

using Seconds = std::chrono::duration<double>;

Result<std::int64_t> rows_of(State& state, const std::string& name) {
    TRY_ASSIGN(const auto dataset, state.store->dataset(name));
    TRY_ASSIGN(const store::Head head, state.store->head(name));
    TRY_ASSIGN(const auto segments, state.store->segments(name, head.seq));
    if (segments.empty()) return 0;
    TRY_ASSIGN(const auto duck, store::open_reader({}));
    return duck->query_integer(
        fmt::format("SELECT count(*) FROM ({})",
                    store::current_view(*dataset, segments, head.seq, store::WithSeq::kNo).sql));
}

Result<void> ask(const Host& host, const fs::path& folder, Drill& drill) {
    const auto start = std::chrono::steady_clock::now();
    const Seams seams{&host.disk, &host.clock, &host.random, &no_log()};
    TRY_ASSIGN(const auto node, Node::open(folder, seams, OpenFor::kReading));
    for (const std::string& name : node->state().store->dataset_names()) {
        TRY_ASSIGN(const store::Head head, node->state().store->head(name));
        TRY_ASSIGN(const std::int64_t rows, rows_of(node->state(), name));
        if (drill.datasets.empty())
            drill.answer_seconds = Seconds(std::chrono::steady_clock::now() - start).count();
        drill.datasets.push_back({name, rows, head.rows});
    }
    return {};
}

}  // namespace

bool Drill::ok() const {
    return std::ranges::all_of(datasets,
                               [](const DrilledDataset& one) { return one.rows == one.recorded; });
}

Result<Drill> drill(const Host& host, backup::Repository& repository, const crypto::SecretKey& key,
                    const fs::path& scratch, const backup::Wanted& wanted,
                    const backup::Progress& progress) {
    Drill drill;
    // One of our own: what stands beside it is not ours to clear away.
    const fs::path folder = scratch / ("nguon-drill-" + make_id(host.clock, host.random));
    const auto start = std::chrono::steady_clock::now();
    const Result<void> done = [&]() -> Result<void> {
        TRY_ASSIGN(const backup::Restored restored,
                   backup::restore(host, repository, key, folder, wanted, progress));
        drill.restore_seconds = Seconds(std::chrono::steady_clock::now() - start).count();
        drill.backup = restored.backup;
        drill.at = restored.at;
        drill.files = restored.files;
        drill.bytes = restored.bytes;
        return ask(host, folder, drill);
    }();
    TRY(host.disk.remove_folder(folder));
    if (!done) return std::unexpected(done.error());
    return drill;
}

}  // namespace nguon::node
