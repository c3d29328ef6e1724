#include "http/internal/worker_pool.h"

#include <algorithm>

namespace nguon::http {

WorkerPool::WorkerPool(int threads, std::size_t max_waiting)
    : m_max_waiting(max_waiting), m_idle(static_cast<std::size_t>(std::max(threads, 1))) {
    for (std::size_t i = m_idle; i > 0; --i)
        m_threads.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() {
    stop();
}

bool WorkerPool::submit(Job&& job, std::size_t kept) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping || m_jobs.size() + kept >= m_max_waiting + m_idle) return false;
        m_jobs.push_back(std::move(job));
    }
    m_wake.notify_one();
    return true;
}

std::size_t WorkerPool::waiting() const {
    const std::lock_guard lock(m_mutex);
    return m_jobs.size();
}

void WorkerPool::run() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_wake.wait(lock, [&] { return m_stopping || !m_jobs.empty(); });
        if (m_jobs.empty()) return;
        --m_idle;
        Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        lock.unlock();
        job();
        job = nullptr;  // what it holds goes before the next wait
        lock.lock();
        ++m_idle;
    }
}

void WorkerPool::stop() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
    for (std::thread& thread : m_threads) {
        if (thread.joinable()) thread.join();
    }
}

}  // namespace nguon::http
