// Threads that take jobs from a bounded queue.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace nguon::http {

// Threads: every member may be called concurrently; stop() once.
class WorkerPool {
public:
    using Job = std::move_only_function<void()>;
    // `max_waiting`: jobs that wait while every thread is busy.
    WorkerPool(int threads, std::size_t max_waiting);
    ~WorkerPool();
    // False when the queue is full, but for `kept` places for others, or the pool is stopping; the
    // job is left as it was.
    bool submit(Job&& job, std::size_t kept = 0);
    std::size_t waiting() const;
    // Runs what was submitted, then joins.
    void stop();

private:
    void run();
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Job> m_jobs;
    const std::size_t m_max_waiting;
    std::size_t m_idle;  // threads without a job, started or not
    bool m_stopping = false;
    std::vector<std::thread> m_threads;
};

}  // namespace nguon::http
