// `nguon init`: the identity of a node, made once.
#include <fmt/format.h>

#include <array>

#include "base/settings.h"
#include "crypto/keys.h"
#include "node/node.h"

namespace nguon::node {
namespace {

Result<void> write_private(Disk& disk, const std::filesystem::path& path, std::string_view bytes) {
    TRY_ASSIGN(const std::unique_ptr<File> file, disk.open(path, OpenMode::kCreatePrivate));
    TRY(file->write_at(0, bytes));
    return file->sync();
}

}  // namespace

Seams real_seams() {
    return {&real_disk(), &system_clock(), &system_random(), &no_log()};
}

Result<Identity> init(const InitOptions& options, const Seams& seams) {
    if (!is_member_identifier(options.member)) {
        return fail(Code::kInvalid,
                    {fmt::format("«{}» không phải mã thành viên.", options.member),
                     fmt::format("\"{}\" is not a member identifier.", options.member)},
                    {"Viết như VN/GOV/BCA: nước, lớp, mã.",
                     "Write it like VN/GOV/BCA: instance, class, code."});
    }
    const std::filesystem::path& folder = options.folder;
    if (seams.disk->exists(folder / "nguon.yaml") || seams.disk->exists(folder / "keys")) {
        return fail(Code::kConflict,
                    {fmt::format("{} đã là một nút.", folder.string()),
                     fmt::format("{} is a node already.", folder.string())},
                    {"Chọn thư mục khác bằng --data, hoặc dùng nút đang có.",
                     "Choose another folder with --data, or use the node that is there."});
    }
    TRY(seams.disk->make_folders(folder));
    TRY(seams.disk->make_private_folder(folder / "keys"));
    TRY_ASSIGN(const crypto::PrivateKey key, crypto::PrivateKey::generate());
    std::array<unsigned char, 32> secret{};
    seams.random->fill(secret);
    const std::string token = crypto::base64url(
        std::string_view(reinterpret_cast<const char*>(secret.data()), secret.size()));

    NodeConfig config;
    config.member = options.member;
    config.node = make_id(*seams.clock, *seams.random);
    const std::string code = options.member.substr(options.member.rfind('/') + 1);
    config.name = {options.name_vi.empty() ? (options.name_en.empty() ? code : options.name_en)
                                           : options.name_vi,
                   options.name_en.empty() ? (options.name_vi.empty() ? code : options.name_vi)
                                           : options.name_en};
    TRY(write_private(*seams.disk, folder / "keys" / "node.pem", key.pem()));
    TRY(write_private(*seams.disk, folder / "admin.token", token + "\n"));
    TRY(seams.disk->sync_folder(folder / "keys"));
    TRY(seams.disk->write_durably(folder / "public.pem", key.public_key().pem()));
    // Last: its presence makes the folder a node.
    TRY(seams.disk->write_durably(folder / "nguon.yaml", write_node_config(config)));
    return Identity{config.member, config.node, key.public_key().key_id(), config.name};
}

}  // namespace nguon::node
