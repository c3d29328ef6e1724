// Backups of this node, made while it serves.
#include <fmt/format.h>

#include "backup/backup.h"
#include "backup/keys.h"
#include "node/internal/schemas.h"
#include "node/internal/state.h"

namespace nguon::node {
namespace {

namespace fs = std::filesystem;

Result<fs::path> place_of(const State& state, const json::value& body) {
    const json::object* object = body.if_object();
    const json::value* to = object == nullptr ? nullptr : object->if_contains("to");
    if (to == nullptr || !to->is_string() || to->get_string().empty()) {
        return fail(Code::kInvalid, {"Chưa nói sao lưu vào đâu.", "Where to is not said."},
                    {"Gửi {\"to\": \"/đường/dẫn\"}.", "Send {\"to\": \"/path\"}."});
    }
    const fs::path place = fs::weakly_canonical(std::string_view(to->get_string()));
    const fs::path data = fs::weakly_canonical(state.folder);
    const auto [end, rest] = std::mismatch(data.begin(), data.end(), place.begin(), place.end());
    if (end != data.end()) return place;
    return fail(Code::kInvalid,
                {fmt::format("{} nằm trong thư mục dữ liệu.", place.string()),
                 fmt::format("{} lies in the data directory.", place.string())},
                {"Chọn nơi khác, tốt nhất là trên một máy hay ổ đĩa khác.",
                 "Choose another place, best on another machine or disk."});
}

Result<http::Response> make_backup(State& state, http::Request& request) {
    TRY_ASSIGN(const json::value body, json_body(state, request));
    TRY_ASSIGN(const fs::path place, place_of(state, body));
    const Host host{*state.seams.disk, *state.seams.clock, *state.seams.random};
    TRY_ASSIGN(const crypto::SecretKey key, backup::node_key(host, state.folder));
    TRY_ASSIGN(const auto repository, backup::open_folder(host.disk, place, backup::Use::kWrite));
    const backup::Source source{host, *state.store, state.folder, state.identity.member,
                                state.identity.node};
    TRY_ASSIGN(
        const backup::Made made,
        backup::make(source, *repository, key, [&request](std::uint64_t done, std::uint64_t total) {
            if (request.progress) request.progress({"backup", done, total});
        }));
    return http::Response::json(200, {{"id", made.id},
                                      {"copied", made.copied},
                                      {"reused", made.reused},
                                      {"bytes", made.bytes},
                                      {"key_id", key.id()}});
}

}  // namespace

void add_backup_routes(http::Router& router, State& state) {
    using http::Access;
    using http::Method;
    router.add({Method::kPost,
                "/api/v1/backup",
                Access::kAdministrator,
                "Backs the node up into a folder of its machine: {\"to\": \"/path\"}",
                [&state](http::Request& request) { return make_backup(state, request); },
                {},
                "application/json",
                "application/json",
                http::Runs::kLong,
                0,
                schemas::kBackup});
}

}  // namespace nguon::node
