#include "node/node.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "node/internal/state.h"

namespace nguon::node {
namespace {

// The folder's lock: one process at a time owns a data directory.
class FolderLock {
public:
    ~FolderLock() {
        if (m_descriptor >= 0) ::close(m_descriptor);
    }
    Result<void> take(const std::filesystem::path& folder, OpenFor purpose) {
        const bool reading = purpose == OpenFor::kReading;
        const std::filesystem::path file = folder / "lock";
        m_descriptor = reading ? ::open(file.c_str(), O_RDONLY | O_CLOEXEC)
                               : ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (m_descriptor < 0 && reading) return {};  // a copy without one
        if (m_descriptor >= 0 &&
            ::flock(m_descriptor, (reading ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0)
            return {};
        return fail(Code::kUnavailable,
                    {fmt::format("Thư mục {} đang do một lệnh khác giữ.", folder.string()),
                     fmt::format("The folder {} is held by another command.", folder.string())},
                    {"Đợi lệnh kia xong rồi thử lại.", "Wait for it to end, then try again."});
    }

private:
    int m_descriptor = -1;
};

}  // namespace

struct Node::Impl {
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
    auto impl = std::make_unique<Impl>();
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
    state.history = std::make_unique<store::StoreHistory>(*state.store);
    if (!options.read_only) {
        store::Lookups::Options lookups;
        lookups.lookup.disk = seams.disk;
        lookups.lookup.folder = state.store->views_folder();
        state.lookups = std::make_unique<store::Lookups>(*state.history, std::move(lookups));
    }
    state.load_options.memory_limit = fmt::format("{}MB", state.config.get("load.memory_mb"));
    state.load_options.threads = static_cast<int>(state.config.get("load.threads"));

    http::Router& router = impl->router;
    add_system_routes(router, state);
    add_dataset_routes(router, state);
    add_row_routes(router, state);
    add_batch_routes(router, state);
    add_query_routes(router, state);
    add_check_routes(router, seams, folder / "tmp");
    return std::unique_ptr<Node>(new Node(std::move(impl)));
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
    add_check_routes(*router, seams, std::filesystem::temp_directory_path());
    return router;
}

}  // namespace nguon::node
