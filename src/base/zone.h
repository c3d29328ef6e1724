// A time zone of the IANA database by name, from ICU's copy of it.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace nguon {

// Threads: const members run concurrently.
class Zone {
public:
    // Nothing when there is no such zone. "Asia/Ho_Chi_Minh", "Etc/UTC", "UTC".
    static std::optional<Zone> named(std::string_view name);

    // The moment at which clocks there show `local`, counted as if it were UTC. Of two moments at
    // which they do the earlier; of none (clocks go forward) the one an hour on.
    Micros to_utc(Micros local) const;

private:
    struct Impl;
    std::shared_ptr<const Impl> m_impl;
};

}  // namespace nguon
