// Any bytes are a description that becomes a contract, or an error that says why not.
#include <cstddef>
#include <cstdint>

#include "forms/internal/fuzzing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    nguon::forms::internal::import_holds({reinterpret_cast<const char*>(data), size},
                                         nguon::forms::Source::kTableSchema);
    return 0;
}
