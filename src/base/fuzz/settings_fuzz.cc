// Any bytes as nguon.yaml: a configuration that is written and read again the same, or a reason.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nguon;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto config = read_node_config(text, "nguon.yaml");
    if (!config) {
        if (config.error().detail.vi.empty() || config.error().detail.en.empty()) std::abort();
        for (const Problem& problem : config.error().errors) {
            if (problem.problem.empty() || problem.line < 0 || problem.column < 0) std::abort();
        }
        return 0;
    }
    if (!is_member_identifier(config->member)) std::abort();
    const auto again = read_node_config(write_node_config(*config), "again.yaml");
    if (!again || again->member != config->member || again->node != config->node ||
        again->name.vi != config->name.vi || again->name.en != config->name.en) {
        std::abort();
    }
    for (const Setting& setting : declared_settings()) {
        const std::int64_t value = config->get(setting.name);
        if (value < setting.lowest || value > setting.highest) std::abort();
        if (again->get(setting.name) != value) std::abort();
    }
    return 0;
}
