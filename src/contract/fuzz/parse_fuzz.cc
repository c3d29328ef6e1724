// Any bytes are a contract or a list of problems: no crash, no hang, no problem without words.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "contract/contract.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = nguon::contract::parse(text, "fuzz.yaml");
    if (read) {
        if (read->datasets.empty()) std::abort();
        for (const auto& dataset : read->datasets) {
            if (!nguon::contract::compare(dataset, dataset).empty()) std::abort();
        }
        return 0;
    }
    if (read.error().errors.empty()) std::abort();
    for (const auto& problem : read.error().errors) {
        if (problem.problem.vi.empty() || problem.problem.en.empty() || problem.fix.empty())
            std::abort();
        if (!nguon::is_utf8(problem.problem.en) || problem.line < 0 || problem.column < 0)
            std::abort();
    }
    return 0;
}
