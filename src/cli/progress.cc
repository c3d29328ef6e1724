#include "cli/progress.h"

#include <fmt/format.h>

#include "cli/table.h"
#include "cli/words.h"

namespace nguon::cli {
namespace {

constexpr auto kQuiet = std::chrono::seconds(1);
constexpr auto kBetween = std::chrono::milliseconds(100);
constexpr int kCells = 20;
constexpr std::string_view kClear = "\r\x1b[K";

enum class Unit { kRows, kBytes };
struct Step {
    std::string_view name;
    const Phrase& words;
    Unit unit;
};
// Steps of the node and what they count.
constexpr Step kSteps[] = {
    {"read", words::kStepRead, Unit::kBytes},      {"check", words::kStepCheck, Unit::kRows},
    {"compare", words::kStepCompare, Unit::kRows}, {"seal", words::kStepSeal, Unit::kBytes},
    {"view", words::kStepView, Unit::kRows},       {"verify", words::kStepVerify, Unit::kBytes},
    {"backup", words::kStepBackup, Unit::kBytes},  {"restore", words::kStepRestore, Unit::kBytes},
};

}  // namespace

std::string progress_text(const http::Progress& progress, double elapsed, const Style& style) {
    std::string name =
        progress.step.empty() ? std::string(words::kWorking.in(style.language)) : progress.step;
    Unit unit = Unit::kRows;
    for (const Step& step : kSteps) {
        if (step.name != progress.step) continue;
        name = step.words.in(style.language);
        unit = step.unit;
    }
    std::string text = fmt::format("  {}  ", name);
    if (progress.total > 0) {
        const double share =
            std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(progress.total));
        const int full = static_cast<int>(share * kCells);
        for (int i = 0; i < kCells; ++i)
            text += style.unicode ? (i < full ? "▇" : "▁") : (i < full ? "#" : ".");
        text += fmt::format(" {:3.0f} %  ", std::floor(share * 100.0));
    }
    if (progress.done > 0 && elapsed > 0) {
        const auto rate = static_cast<std::uint64_t>(static_cast<double>(progress.done) / elapsed);
        const std::string amount = unit == Unit::kBytes
                                       ? style.bytes(rate)
                                       : style.number(static_cast<std::int64_t>(rate));
        text += say(style.language, words::kPerSecond, amount) + "  ";
    }
    return text + style.seconds(elapsed);
}

ProgressLine::ProgressLine(Environment& environment, const Style& style)
    : m_environment(environment), m_style(style), m_start(std::chrono::steady_clock::now()) {
    if (!environment.err_is_terminal) return;
    m_thread = std::jthread([this](const std::stop_token& stop) { draw_until_stopped(stop); });
}

ProgressLine::~ProgressLine() = default;

http::ProgressSink ProgressLine::sink() {
    return [this](const http::Progress& progress) {
        const std::lock_guard lock(m_mutex);
        m_last = progress;
    };
}

void ProgressLine::draw_until_stopped(const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    m_woken.wait_for(lock, stop, kQuiet, [] { return false; });
    if (stop.stop_requested()) return;
    while (!stop.stop_requested()) {
        const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - m_start;
        const http::Progress last = m_last;
        lock.unlock();
        std::string text = progress_text(last, elapsed.count(), m_style);
        if (m_environment.columns > 0) text = cut(text, m_environment.columns - 1, m_style);
        (void)m_environment.err(std::string(kClear) + text);
        lock.lock();
        m_woken.wait_for(lock, stop, kBetween, [] { return false; });
    }
    lock.unlock();
    (void)m_environment.err(kClear);
}

}  // namespace nguon::cli
