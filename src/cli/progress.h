// A line on standard error that says how far long work is.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "cli/environment.h"
#include "cli/style.h"

namespace nguon::cli {

// What the line says after `elapsed` seconds, without the terminal's own control.
std::string progress_text(const http::Progress& progress, double elapsed, const Style& style);

// Draws nothing when standard error is no terminal, and in the first second. Gone with the object.
class ProgressLine {
public:
    ProgressLine(Environment& environment, const Style& style);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    bool shows() const { return m_thread.joinable(); }
    // Threads: may be called concurrently, until the line is gone.
    http::ProgressSink sink();

private:
    void draw_until_stopped(const std::stop_token& stop);

    Environment& m_environment;
    Style m_style;
    std::mutex m_mutex;
    std::condition_variable_any m_woken;
    http::Progress m_last;
    std::chrono::steady_clock::time_point m_start;
    std::jthread m_thread;
};

}  // namespace nguon::cli
