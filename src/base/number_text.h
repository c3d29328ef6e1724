// Numbers as people of a language write them: 1.234,5 in Vietnamese, 1,234.5 in English.
#pragma once

#include <string>

#include "base/text.h"

namespace nguon {

// Grouped, with so many decimals (rounded).
std::string number_text(double value, int decimals, Language language);
// Six digits that count, no zeros after them, never "1e+06"; from 10^15 on as "1,5 × 10^18".
std::string number_text(double value, Language language);

}  // namespace nguon
