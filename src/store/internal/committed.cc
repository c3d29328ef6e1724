#include "store/internal/committed.h"

#include <fmt/format.h>

#include <charconv>

#include "crypto/sha256.h"

namespace nguon::store {
namespace {

// With its hash: of two numbers written one over the other a power cut may leave a mixture.
std::string line_of(std::int64_t manifests) {
    const std::string number = fmt::format("{:020}", manifests);
    return fmt::format("{} {}\n", number, crypto::sha256_hex(number));
}

}  // namespace

void note_committed(Disk& disk, const std::filesystem::path& folder, std::string_view dataset,
                    std::int64_t manifests) {
    const auto file = disk.open(folder / kCommittedFolder / dataset, OpenMode::kCreate);
    if (file) (void)(*file)->write_at(0, line_of(manifests));
}

std::map<std::string, std::int64_t, std::less<>> read_committed(
    Disk& disk, const std::filesystem::path& folder) {
    constexpr std::uint64_t kMost = 200;
    std::map<std::string, std::int64_t, std::less<>> committed;
    const auto names = disk.list(folder / kCommittedFolder);
    if (!names) return committed;
    for (const std::string& name : *names) {
        const Result<std::string> text = disk.read_all(folder / kCommittedFolder / name, kMost);
        std::int64_t manifests = 0;
        if (!text) continue;
        const std::size_t space = std::min(text->find(' '), text->size());
        std::from_chars(text->data(), text->data() + space, manifests);
        if (*text == line_of(manifests)) committed[name] = manifests;
    }
    return committed;
}

}  // namespace nguon::store
