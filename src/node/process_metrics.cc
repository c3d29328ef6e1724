// What /metrics says of the process and its disk, under the names that Prometheus clients use.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <charconv>
#include <ctime>

#include "node/internal/kernel_file.h"
#include "node/internal/state.h"

namespace nguon::node {
namespace {

double seconds_of(clockid_t clock) {
    timespec now{};
    (void)::clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// The numbers of a file of /proc, apart by blanks, behind the name of the program in brackets.
std::vector<double> numbers_in(const char* path) {
    const std::string text = read_kernel_file(path);
    std::vector<double> numbers;
    if (text.empty()) return numbers;
    const std::size_t bracket = text.rfind(')');
    const std::size_t start = bracket == std::string::npos ? 0 : bracket + 2;
    const std::string_view behind = std::string_view(text).substr(std::min(start, text.size()));
    for (const std::string& word : split(behind, ' ')) {
        std::int64_t number = 0;
        std::from_chars(word.data(), word.data() + word.size(), number);
        numbers.push_back(static_cast<double>(number));
    }
    return numbers;
}

// Since 1970. proc(5): starttime is the 22nd field of stat, the 20th behind the name, in ticks
// since the machine started.
double started_at() {
    const std::vector<double> stat = numbers_in("/proc/self/stat");
    if (stat.size() < 20) return 0;
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    return seconds_of(CLOCK_REALTIME) - (seconds_of(CLOCK_BOOTTIME) - stat[19] / ticks);
}

std::size_t open_files() {
    std::error_code failure;
    std::size_t count = 0;
    for (auto at = std::filesystem::directory_iterator("/proc/self/fd", failure);
         !failure && at != std::filesystem::directory_iterator(); at.increment(failure)) {
        ++count;
    }
    return count > 0 ? count - 1 : 0;  // not the one that counts
}

}  // namespace

std::string process_metrics(const std::filesystem::path& data) {
    std::string text;
    const auto add = [&](std::string_view name, std::string_view type, std::string_view help,
                         double value) {
        text +=
            fmt::format("# HELP {} {}\n# TYPE {} {}\n{} {}\n", name, help, name, type, name, value);
    };
    rusage usage{};
    (void)::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    add("process_cpu_seconds_total", "counter", "Time of the processor, user and system.",
        seconds(usage.ru_utime) + seconds(usage.ru_stime));
    const std::vector<double> memory = numbers_in("/proc/self/statm");
    if (memory.size() > 1) {
        add("process_resident_memory_bytes", "gauge", "Memory in use.",
            memory[1] * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    }
    add("process_open_fds", "gauge", "Files and connections that are open.",
        static_cast<double>(open_files()));
    rlimit limit{};
    (void)::getrlimit(RLIMIT_NOFILE, &limit);
    add("process_max_fds", "gauge", "So many may be open.", static_cast<double>(limit.rlim_cur));
    add("process_start_time_seconds", "gauge", "When the process started, since 1970.",
        started_at());
    struct statvfs space{};
    if (::statvfs(data.c_str(), &space) == 0) {
        const auto block = static_cast<double>(space.f_frsize);
        add("nguon_disk_free_bytes", "gauge", "Free space where the data folder is.",
            static_cast<double>(space.f_bavail) * block);
        add("nguon_disk_size_bytes", "gauge", "Size of that file system.",
            static_cast<double>(space.f_blocks) * block);
    }
    return text;
}

}  // namespace nguon::node
