// A moment as people write it, in the time zone of this process.
#pragma once

#include <string>

#include "base/text.h"
#include "base/time.h"

namespace nguon {

// "22/11/2026 14:05" in Vietnamese, "22 Nov 2026 14:05" in English.
std::string local_time(Micros at, Language language);

}  // namespace nguon
