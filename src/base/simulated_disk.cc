#include "base/simulated_disk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <random>

namespace nguon {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kSector = 512;
constexpr int kExclusive = -1;

// One change of content that is not synced yet.
struct Change {
    bool is_truncate = false;
    std::uint64_t at = 0;  // offset, or the new size
    std::string bytes;
};

void apply_change(std::string& content, const Change& change) {
    if (change.is_truncate) {
        content.resize(change.at, '\0');
        return;
    }
    if (content.size() < change.at + change.bytes.size()) {
        content.resize(change.at + change.bytes.size(), '\0');
    }
    std::memcpy(content.data() + change.at, change.bytes.data(), change.bytes.size());
}

std::unexpected<Error> broken(const fs::path& path) {
    return fail(Code::kUnavailable,
                {fmt::format("Đĩa mô phỏng từ chối thao tác trên «{}».", path.string()),
                 fmt::format("The simulated disk refused an operation on \"{}\".", path.string())},
                {"Thử lại sau.", "Try again later."});
}

std::unexpected<Error> absent(const fs::path& path) {
    return fail(Code::kNotFound, {fmt::format("Không có «{}».", path.string()),
                                  fmt::format("There is no \"{}\".", path.string())});
}

}  // namespace

struct SimulatedDisk::Node {
    std::string live;             // as programs see it
    std::string durable;          // as of the last sync
    std::vector<Change> pending;  // from durable to live, in order
    bool is_private = false;
};

class SimulatedDisk::OpenFile final : public File {
public:
    OpenFile(SimulatedDisk& disk, std::shared_ptr<Node> node, fs::path path, bool writable)
        : m_disk(disk),
          m_node(std::move(node)),
          m_path(std::move(path)),
          m_writable(writable),
          m_generation(disk.m_generation) {}

    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) override {
        const std::lock_guard lock(m_disk.m_mutex);
        if (is_dead()) return broken(m_path);
        if (offset >= m_node->live.size()) return std::size_t{0};
        const std::size_t count =
            std::min<std::size_t>(buffer.size(), m_node->live.size() - offset);
        std::memcpy(buffer.data(), m_node->live.data() + offset, count);
        return count;
    }

    Result<void> write_at(std::uint64_t offset, std::string_view bytes) override {
        return change({false, offset, std::string(bytes)});
    }

    Result<void> truncate(std::uint64_t size) override { return change({true, size, {}}); }

    Result<std::uint64_t> size() override {
        const std::lock_guard lock(m_disk.m_mutex);
        if (is_dead()) return broken(m_path);
        return std::uint64_t{m_node->live.size()};
    }

    Result<void> sync() override {
        const std::lock_guard lock(m_disk.m_mutex);
        if (is_dead()) return broken(m_path);
        if (m_disk.begin_operation() == Step::kFail) {
            // Lost for good, while reads still show them. Power loss leaves them to crash().
            if (!m_disk.m_power_lost) m_node->pending.clear();
            return broken(m_path);
        }
        for (const Change& change : m_node->pending)
            apply_change(m_node->durable, change);
        m_node->pending.clear();
        return {};
    }

private:
    bool is_dead() const { return m_generation != m_disk.m_generation || m_disk.m_power_lost; }

    Result<void> change(Change what) {
        const std::lock_guard lock(m_disk.m_mutex);
        if (is_dead() || !m_writable || m_disk.begin_operation() == Step::kFail)
            return broken(m_path);
        apply_change(m_node->live, what);
        m_node->pending.push_back(std::move(what));
        return {};
    }

    SimulatedDisk& m_disk;
    std::shared_ptr<Node> m_node;
    fs::path m_path;
    bool m_writable;
    std::uint64_t m_generation;
};

class SimulatedDisk::HeldLock final : public DiskLock {
public:
    HeldLock(SimulatedDisk& disk, fs::path path)
        : m_disk(disk), m_path(std::move(path)), m_generation(disk.m_generation) {}
    HeldLock(const HeldLock&) = delete;
    HeldLock& operator=(const HeldLock&) = delete;
    ~HeldLock() override {
        const std::lock_guard lock(m_disk.m_mutex);
        if (m_generation != m_disk.m_generation) return;
        const auto held = m_disk.m_locks.find(m_path);
        if (held->second == kExclusive || --held->second == 0) m_disk.m_locks.erase(held);
    }

private:
    SimulatedDisk& m_disk;
    fs::path m_path;
    std::uint64_t m_generation;
};

SimulatedDisk::SimulatedDisk() = default;
SimulatedDisk::~SimulatedDisk() = default;

SimulatedDisk::Step SimulatedDisk::begin_operation() {
    if (m_power_lost) return Step::kFail;
    ++m_operations;
    if (m_operations == m_lose_power_at) m_power_lost = true;
    return m_power_lost || m_operations == m_fail_at ? Step::kFail : Step::kGo;
}

Result<std::unique_ptr<File>> SimulatedDisk::open(const fs::path& given, OpenMode mode) {
    const fs::path path = given.lexically_normal();
    const std::lock_guard lock(m_mutex);
    if (m_power_lost) return broken(path);
    if (m_folders.contains(path)) {
        return fail(Code::kConflict,
                    {fmt::format("«{}» là thư mục, không phải tệp.", path.string()),
                     fmt::format("\"{}\" is a folder, not a file.", path.string())});
    }
    auto found = m_names.find(path);
    if (found == m_names.end()) {
        if (mode == OpenMode::kRead || mode == OpenMode::kReadWrite) return absent(path);
        if (!m_folders.contains(path.parent_path())) return absent(path.parent_path());
        if (begin_operation() == Step::kFail) return broken(path);
        found = m_names.emplace(path, std::make_shared<Node>()).first;
        found->second->is_private = mode == OpenMode::kCreatePrivate;
    } else if (mode == OpenMode::kCreateNew || mode == OpenMode::kCreatePrivate) {
        return fail(Code::kConflict, {fmt::format("«{}» đã có.", path.string()),
                                      fmt::format("\"{}\" exists already.", path.string())});
    }
    return std::make_unique<OpenFile>(*this, found->second, path, mode != OpenMode::kRead);
}

Result<void> SimulatedDisk::rename(const fs::path& from_given, const fs::path& to_given) {
    const fs::path from = from_given.lexically_normal();
    const fs::path to = to_given.lexically_normal();
    const std::lock_guard lock(m_mutex);
    const auto found = m_names.find(from);
    if (found == m_names.end()) return absent(from);
    if (!m_folders.contains(to.parent_path())) return absent(to.parent_path());
    if (begin_operation() == Step::kFail) return broken(from);
    const std::shared_ptr<Node> node = found->second;
    m_names.erase(found);
    m_names[to] = node;
    return {};
}

Result<void> SimulatedDisk::remove(const fs::path& given) {
    const fs::path path = given.lexically_normal();
    const std::lock_guard lock(m_mutex);
    const auto found = m_names.find(path);
    if (found == m_names.end()) return absent(path);
    if (begin_operation() == Step::kFail) return broken(path);
    m_names.erase(found);
    return {};
}

Result<void> SimulatedDisk::make_folders(const fs::path& given) {
    const std::lock_guard lock(m_mutex);
    fs::path path = given.lexically_normal();
    if (m_folders.contains(path)) return {};
    if (begin_operation() == Step::kFail) return broken(path);
    for (; !path.empty() && !m_folders.contains(path); path = path.parent_path()) {
        m_folders.try_emplace(path, Access::kGroup);
        if (path == path.parent_path()) break;
    }
    return {};
}

Result<void> SimulatedDisk::make_private_folder(const fs::path& given) {
    TRY(make_folders(given));
    const std::lock_guard lock(m_mutex);
    m_folders[given.lexically_normal()] = Access::kOwner;
    return {};
}

Result<void> SimulatedDisk::remove_folder(const fs::path& given) {
    const fs::path folder = given.lexically_normal();
    const auto is_inside = [&folder](const auto& entry) {
        const auto [end, rest] = std::ranges::mismatch(folder, entry.first);
        return end == folder.end();
    };
    const std::lock_guard lock(m_mutex);
    if (begin_operation() == Step::kFail) return broken(folder);
    std::erase_if(m_names, is_inside);
    std::erase_if(m_folders, is_inside);
    return {};
}

Result<std::unique_ptr<DiskLock>> SimulatedDisk::lock(const fs::path& given, LockMode mode) {
    const fs::path path = given.lexically_normal();
    const bool shared = mode == LockMode::kShared;
    TRY(open(path, shared ? OpenMode::kRead : OpenMode::kCreate));
    const std::lock_guard lock(m_mutex);
    const auto held = m_locks.find(path);
    if (held != m_locks.end() && (!shared || held->second == kExclusive)) {
        return fail(Code::kConflict,
                    {fmt::format("«{}» đang có tiến trình khác khoá.", path.string()),
                     fmt::format("\"{}\" is locked by another process.", path.string())});
    }
    if (shared) {
        ++m_locks[path];
    } else {
        m_locks[path] = kExclusive;
    }
    return std::make_unique<HeldLock>(*this, path);
}

Result<void> SimulatedDisk::sync_folder(const fs::path& given) {
    const fs::path folder = given.lexically_normal();
    const std::lock_guard lock(m_mutex);
    if (!m_folders.contains(folder)) return absent(folder);
    if (begin_operation() == Step::kFail) return broken(folder);
    std::erase_if(m_durable_names, [&](const auto& name) {
        return name.first.parent_path() == folder && !m_names.contains(name.first);
    });
    for (const auto& [path, node] : m_names) {
        if (path.parent_path() == folder) m_durable_names[path] = node;
    }
    return {};
}

bool SimulatedDisk::exists(const fs::path& given) {
    const fs::path path = given.lexically_normal();
    const std::lock_guard lock(m_mutex);
    return m_names.contains(path) || m_folders.contains(path);
}

Result<std::vector<std::string>> SimulatedDisk::list(const fs::path& given) {
    const fs::path folder = given.lexically_normal();
    const std::lock_guard lock(m_mutex);
    if (m_power_lost) return broken(folder);
    std::vector<std::string> names;
    for (const auto& [path, node] : m_names) {
        if (path.parent_path() == folder) names.push_back(path.filename().string());
    }
    return names;
}

Result<std::uint64_t> SimulatedDisk::size_of(const fs::path& given) {
    const fs::path path = given.lexically_normal();
    const std::lock_guard lock(m_mutex);
    if (m_power_lost) return broken(path);
    const auto found = m_names.find(path);
    if (found == m_names.end()) return absent(path);
    return std::uint64_t{found->second->live.size()};
}

void SimulatedDisk::crash(std::optional<std::uint64_t> seed) {
    const std::lock_guard lock(m_mutex);
    std::mt19937_64 random(seed.value_or(0));
    const auto keeps = [&] { return seed.has_value() && random() % 2 == 0; };

    // Names first: each one that differs stays or goes by itself.
    Names after = m_durable_names;
    for (const auto& [path, node] : m_names) {
        const auto before = m_durable_names.find(path);
        if ((before == m_durable_names.end() || before->second != node) && keeps())
            after[path] = node;
    }
    for (const auto& [path, node] : m_durable_names) {
        if (!m_names.contains(path) && keeps()) after.erase(path);
    }

    std::vector<Node*> seen;  // one node may stand under two names
    for (const auto& [path, node] : after) {
        if (std::find(seen.begin(), seen.end(), node.get()) != seen.end()) continue;
        seen.push_back(node.get());
        for (Change& change : node->pending) {
            if (!keeps()) continue;
            if (!change.is_truncate && random() % 3 == 0) {
                const std::uint64_t sectors = change.bytes.size() / kSector;
                change.bytes.resize(sectors == 0 ? 0 : random() % (sectors + 1) * kSector);
                if (change.bytes.empty()) continue;
            }
            apply_change(node->durable, change);
        }
        node->pending.clear();
        node->live = node->durable;
    }
    m_names = after;
    m_durable_names = std::move(after);
    m_locks.clear();
    ++m_generation;
    m_power_lost = false;
    m_fail_at = 0;
    m_lose_power_at = 0;
}

std::uint64_t SimulatedDisk::operations() const {
    const std::lock_guard lock(m_mutex);
    return m_operations;
}

void SimulatedDisk::fail_at(std::uint64_t n) {
    const std::lock_guard lock(m_mutex);
    m_fail_at = n == 0 ? 0 : m_operations + n;
}

void SimulatedDisk::lose_power_at(std::uint64_t n) {
    const std::lock_guard lock(m_mutex);
    m_lose_power_at = n == 0 ? 0 : m_operations + n;
}

bool SimulatedDisk::power_lost() const {
    const std::lock_guard lock(m_mutex);
    return m_power_lost;
}

bool SimulatedDisk::is_private(const fs::path& given) const {
    const fs::path path = given.lexically_normal();
    const std::lock_guard lock(m_mutex);
    const auto folder = m_folders.find(path);
    if (folder != m_folders.end()) return folder->second == Access::kOwner;
    const auto file = m_names.find(path);
    return file != m_names.end() && file->second->is_private;
}

void SimulatedDisk::put(const fs::path& given, std::string bytes) {
    const fs::path path = given.lexically_normal();
    const std::lock_guard lock(m_mutex);
    for (fs::path folder = path.parent_path(); !folder.empty(); folder = folder.parent_path()) {
        m_folders.try_emplace(folder, Access::kGroup);
        if (folder == folder.parent_path()) break;
    }
    auto node = std::make_shared<Node>();
    node->durable = bytes;
    node->live = std::move(bytes);
    m_names[path] = node;
    m_durable_names[path] = node;
}

bool SimulatedDisk::flip_bit(const fs::path& given, std::uint64_t bit) {
    const fs::path path = given.lexically_normal();
    const std::lock_guard lock(m_mutex);
    const auto found = m_names.find(path);
    if (found == m_names.end() || bit / 8 >= found->second->live.size()) return false;
    const auto flip = [bit](std::string& content) {
        if (bit / 8 < content.size()) {
            content[bit / 8] = static_cast<char>(content[bit / 8] ^ (1 << (bit % 8)));
        }
    };
    flip(found->second->live);
    flip(found->second->durable);
    return true;
}

}  // namespace nguon
