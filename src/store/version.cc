#include "store/internal/version.h"

#include <charconv>

#include "base/text.h"

namespace nguon::store {

std::array<int, 3> version_of(std::string_view text) {
    std::array<int, 3> version{};
    if (text.starts_with('v')) text.remove_prefix(1);
    text = text.substr(0, text.find_first_of("-+"));
    std::size_t i = 0;
    for (const std::string& part : split(text, '.')) {
        if (i == version.size()) break;
        std::from_chars(part.data(), part.data() + part.size(), version[i++]);
    }
    return version;
}

}  // namespace nguon::store
