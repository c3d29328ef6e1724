// How soon a change is with who follows a dataset: from the moment at which the writer has its
// acknowledgement to the moment at which a follower, who waits for the next change, has read it.
#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "base/json.h"
#include "bench.h"
#include "requests.h"
#include "served.h"

namespace nguon::bench {
namespace {

constexpr std::int64_t kWrites = 500;
constexpr double kPause = 0.01;  // between two writes: the follower is waiting, not reading

struct Moments {
    std::mutex mutex;
    std::vector<double> acknowledged, read;  // by sequence number, from 1
};

Result<void> follow(const Served& node, std::int64_t writes, Moments& moments) {
    Connection connection;
    TRY(connection.open(node.address()));
    for (std::int64_t next = 1; next <= writes;) {
        TRY_ASSIGN(const std::string page, connection.ask(node.follow(next)));
        const double now = seconds_now();
        TRY_ASSIGN(const json::value answer, parse_json(page));
        const std::lock_guard lock(moments.mutex);
        for (const json::value& change : answer.at("changes").as_array()) {
            if (change.at("seq").as_int64() != next)
                return fail(Code::kInternal, Text::same("a change is missing or doubled"));
            moments.read[static_cast<std::size_t>(next - 1)] = now;
            ++next;
        }
    }
    return {};
}

Result<void> write(const Served& node, std::int64_t writes, Moments& moments) {
    Connection connection;
    TRY(connection.open(node.address()));
    for (std::int64_t i = 0; i < writes; ++i) {
        TRY(connection.ask(node.put(static_cast<std::uint64_t>(i))));
        {
            const std::lock_guard lock(moments.mutex);
            moments.acknowledged[static_cast<std::size_t>(i)] = seconds_now();
        }
        std::this_thread::sleep_for(std::chrono::duration<double>(kPause));
    }
    return {};
}

double share(std::vector<double> values, double part) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

}  // namespace

Result<Figure> bench_follow(const Options& options) {
    Figure figure;
    figure.name = "follow";
    figure.unit = "ms";
    figure.rows = options.rows > 0 ? options.rows : kWrites;
    figure.runs = 1;
    TRY_ASSIGN(const auto node, Served::start(options, options.folder / "follow-node"));
    const auto count = static_cast<std::size_t>(figure.rows);
    Moments moments;
    moments.acknowledged.resize(count);
    moments.read.resize(count);
    Result<void> followed, written;
    {
        const std::jthread follower([&] { followed = follow(*node, figure.rows, moments); });
        written = write(*node, figure.rows, moments);
        // A follower whose changes do not come ends with its wait.
    }
    TRY(written);
    TRY(followed);
    std::vector<double> late;
    for (std::size_t i = 0; i < count; ++i)
        late.push_back(std::max(0.0, moments.read[i] - moments.acknowledged[i]) * 1000);
    figure.value = share(late, 0.99);
    figure.detail = {{"p50_ms", share(late, 0.5)}, {"p99_ms", figure.value}};
    figure.met = true;  // nothing is promised of it
    return figure;
}

}  // namespace nguon::bench
