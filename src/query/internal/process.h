// One child process and the conversation with it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "query/internal/frames.h"

namespace nguon::query {

struct Patience {
    std::chrono::steady_clock::time_point until;
    const std::function<bool()>* cancelled = nullptr;
};

// Why a conversation ended without a frame.
enum class Silence { kTime, kCancelled, kDied, kTooMuch };

// Killed and reaped by the destructor.
class Process {
public:
    // `output`: a descriptor that the child has as kOutputDescriptor; -1: none.
    static Result<Process> start(const std::filesystem::path& program, int output);
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;
    ~Process();

    std::expected<void, Silence> send(Kind kind, std::string_view payload,
                                      const Patience& patience);
    std::expected<Frame, Silence> receive(const Patience& patience);

    // After Silence::kDied: the signal that ended it; 0 for an exit of its own.
    int signal_of_death();

private:
    Process(pid_t pid, int socket) : m_pid(pid), m_socket(socket) {}
    std::expected<void, Silence> wait_for(short events, const Patience& patience) const;
    std::expected<void, Silence> read_exactly(char* to, std::size_t size, const Patience& patience);

    pid_t m_pid;
    int m_socket;
};

}  // namespace nguon::query
