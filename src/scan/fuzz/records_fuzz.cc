// Any bytes as an input: never a crash, and every record that is whole has the header's fields.
#include <cstdint>
#include <cstdlib>

#include "scan/records.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nguon::scan;
    if (size == 0) return 0;
    InputOptions options;
    // The first byte chooses format and encoding; Parquet is DuckDB's own.
    options.format = data[0] % 2 == 0 ? Format::kCsv : Format::kJsonLines;
    if (data[0] / 2 % 8 < 6) options.encoding = static_cast<Encoding>(data[0] / 2 % 8);
    options.bytes.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto input = RecordInput::open(options);
    if (!input) return 0;
    for (;;) {
        Block block;
        const auto more = (*input)->next(block);
        if (!more || !*more) return 0;
        (*input)->split(block);
        if (block.fields.size() != block.size() * block.width || block.texts.size() != block.size())
            std::abort();
    }
}
