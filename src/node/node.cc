#include "node/node.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "node/internal/state.h"

namespace nguon::node {
namespace {

// The folder's lock: one process at a time owns a data directory.
class FolderLock {
public:
    explicit FolderLock(Disk& disk) : m_disk(disk) {}
    ~FolderLock() { sign(""); }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

    Result<void> take(const std::filesystem::path& folder, OpenFor purpose) {
        const bool reading = purpose == OpenFor::kReading;
        const std::filesystem::path file = folder / "lock";
        Result<std::unique_ptr<DiskLock>> lock =
            m_disk.lock(file, reading ? LockMode::kShared : LockMode::kExclusive);
        if (!lock && lock.error().code == Code::kConflict) return refuse(folder);
        if (!lock && reading) return {};  // a copy without one, or one that is not ours to open
        TRY(lock);
        m_lock = *std::move(lock);
        if (!reading) {
            m_signed = file;
            sign(fmt::format("{}\n", ::getpid()));
        }
        return {};
    }
    // The process that signed last; 0 when that is not known.
    std::int64_t signer(const std::filesystem::path& folder) const {
        const Result<std::string> text = m_disk.read_all(folder / "lock", kLongestSign);
        std::int64_t pid = 0;
        if (text) std::from_chars(text->data(), text->data() + text->size(), pid);
        // One that was killed left its id behind; now another, which only reads, holds the folder.
        const bool runs = pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
        return runs ? pid : 0;
    }

private:
    static constexpr std::uint64_t kLongestSign = 64;

    // For people: which process holds the folder. Only while the lock is held.
    void sign(std::string_view text) const {
        if (m_signed.empty()) return;
        const auto file = m_disk.open(m_signed, OpenMode::kReadWrite);
        if (file && (*file)->truncate(0)) (void)(*file)->write_at(0, text);
    }

    std::unexpected<Error> refuse(const std::filesystem::path& folder) const {
        const std::int64_t pid = signer(folder);
        if (pid <= 0) {
            return fail(Code::kUnavailable,
                        {fmt::format("Thư mục {} đang do một lệnh khác giữ.", folder.string()),
                         fmt::format("The folder {} is held by another command.", folder.string())},
                        {"Đợi lệnh kia xong rồi thử lại.", "Wait for it to end, then try again."});
        }
        return fail(
            Code::kUnavailable,
            {fmt::format("Thư mục {} đang do tiến trình {} giữ.", folder.string(), pid),
             fmt::format("The folder {} is held by process {}.", folder.string(), pid)},
            {fmt::format("Đợi nó xong rồi thử lại; «ps -p {}» cho biết đó là gì.", pid),
             fmt::format("Wait for it to end, then try again; `ps -p {}` tells what it is.", pid)});
    }

    Disk& m_disk;
    std::unique_ptr<DiskLock> m_lock;
    std::filesystem::path m_signed;  // the file with our id in it
};

// The same table; what would write is refused before it begins.
http::Router only_reading(const http::Router& router) {
    constexpr std::array<std::string_view, 4> kReadingPosts{
        "/api/v1/check", "/api/v1/verify", "/api/v1/query", "/api/v1/contracts/import"};
    http::Router reading;
    for (http::Route route : router.routes()) {
        const bool reads = route.method == http::Method::kGet ||
                           std::ranges::find(kReadingPosts, route.path) != kReadingPosts.end();
        if (!reads) {
            route.handler = [](http::Request&) -> Result<http::Response> {
                return fail(Code::kUnavailable,
                            {"Thư mục này đang được mở chỉ để đọc.",
                             "This folder is open for reading only."},
                            {"Gắn lại hệ tệp để ghi được, hoặc mở bằng nút có khoá riêng.",
                             "Mount its file system for writing, or open it with the node that has "
                             "its private key."});
            };
        }
        reading.add(std::move(route));
    }
    return reading;
}

}  // namespace

struct Node::Impl {
    explicit Impl(Disk& disk) : lock(disk) {}
    FolderLock lock;
    State state;
    http::Router router;
};

Node::Node(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Node::~Node() = default;

Result<std::unique_ptr<Node>> Node::open(const std::filesystem::path& folder, const Seams& seams,
                                         OpenFor purpose) {
    if (!seams.disk->exists(folder / "nguon.yaml")) {
        return fail(
            Code::kNotFound,
            {fmt::format("{} chưa phải là một nút.", folder.string()),
             fmt::format("{} is not a node yet.", folder.string())},
            {fmt::format("Tạo nút: nguon init --member VN/GOV/BCA --data {}", folder.string()),
             fmt::format("Make one: nguon init --member VN/GOV/BCA --data {}", folder.string())});
    }
    auto impl = std::make_unique<Impl>(*seams.disk);
    State& state = impl->state;
    state.folder = folder;
    state.seams = seams;
    TRY(impl->lock.take(folder, purpose));
    TRY_ASSIGN(const std::string yaml, seams.disk->read_all(folder / "nguon.yaml"));
    TRY_ASSIGN(state.config, read_node_config(yaml, (folder / "nguon.yaml").string()));
    TRY_ASSIGN(const std::string pem, seams.disk->read_all(folder / "public.pem"));
    TRY_ASSIGN(state.public_key, crypto::PublicKey::from_pem(pem));
    state.identity = {state.config.member, state.config.node, state.public_key->key_id(),
                      state.config.name};

    store::Store::Options options;
    options.folder = folder;
    options.disk = seams.disk;
    options.clock = seams.clock;
    options.random = seams.random;
    options.read_only = purpose == OpenFor::kReading;
    if (!options.read_only) {
        TRY_ASSIGN(const std::string private_pem,
                   seams.disk->read_all(folder / "keys" / "node.pem"));
        TRY_ASSIGN(state.key, crypto::PrivateKey::from_pem(private_pem));
        options.signer = &*state.key;
        TRY_ASSIGN(const std::string token, seams.disk->read_all(folder / "admin.token"));
        state.admin_token = trim(token);
    }
    TRY_ASSIGN(state.store, store::Store::open(options));
    state.courses = std::make_unique<Courses>(*state.store, *seams.clock);
    state.orphans = std::make_unique<Orphans>(*state.store, store::ReadOptions());
    state.history = std::make_unique<store::StoreHistory>(*state.store);
    if (!options.read_only) {
        store::Lookups::Options lookups;
        lookups.lookup.disk = seams.disk;
        lookups.lookup.clock = seams.clock;
        lookups.lookup.random = seams.random;
        lookups.lookup.folder = state.store->views_folder();
        state.lookups = std::make_unique<store::Lookups>(*state.history, std::move(lookups));
    }
    state.load_options.memory_limit = fmt::format("{}MB", state.config.get("load.memory_mb"));
    state.load_options.threads = static_cast<int>(state.config.get("load.threads"));

    state.load_options.ask_sql = sql_asker(state);
    if (state.lookups) {
        state.row_writer =
            std::make_unique<intake::RowWriter>(*state.store, *state.lookups, state.load_options);
    }

    http::Router& router = impl->router;
    add_system_routes(router, state);
    add_dataset_routes(router, state);
    add_quality_routes(router, state);
    add_row_routes(router, state);
    add_batch_routes(router, state);
    add_query_routes(router, state);
    add_backup_routes(router, state);
    add_form_routes(router, state);
    add_import_routes(router, seams);
    add_check_routes(router, seams, folder / "tmp", state.store.get());
    if (options.read_only) impl->router = only_reading(router);
    return std::unique_ptr<Node>(new Node(std::move(impl)));
}

std::optional<std::int64_t> Node::holder(Disk& disk, const std::filesystem::path& folder) {
    FolderLock lock(disk);
    if (lock.take(folder, OpenFor::kReading)) return std::nullopt;
    return lock.signer(folder);
}

const http::Router& Node::router() const {
    return m_impl->router;
}
const Identity& Node::identity() const {
    return m_impl->state.identity;
}
std::filesystem::path Node::spool_folder() const {
    return m_impl->state.folder / "tmp";
}
std::string Node::admin_token() const {
    return m_impl->state.admin_token;
}
State& Node::state() {
    return m_impl->state;
}

std::unique_ptr<http::Router> stateless_routes(const Seams& seams) {
    auto router = std::make_unique<http::Router>();
    add_import_routes(*router, seams);
    add_check_routes(*router, seams, std::filesystem::temp_directory_path(), nullptr);
    return router;
}

}  // namespace nguon::node
