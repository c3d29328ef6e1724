// Any bytes as a zip or as JSON (the first byte says which): opening and reading never crash.
#include <cstdint>
#include <cstdlib>

#include "scan/records.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nguon::scan;
    if (size < 2 || size > 64 * 1024) return 0;
    const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    InputOptions options;
    if (data[0] % 2 == 0) {
        options.bytes = "PK\x03\x04" + bytes;
        if (bytes.starts_with("PK\x03\x04")) options.bytes = bytes;
    } else {
        options.bytes = bytes;
        options.format = data[0] % 4 == 1 ? Format::kJson : Format::kJsonLines;
        if (data[0] % 8 == 1) options.columns = {"id", "a_b", "geometry"};
    }
    auto input = RecordInput::open(std::move(options));
    if (!input) return 0;
    for (;;) {
        Block block;
        const auto more = (*input)->next(block);
        if (!more || !*more) return 0;
        (*input)->split(block);
        if (block.fields.size() != block.size() * block.width) std::abort();
        if (block.texts.size() != block.size()) std::abort();
    }
}
