#include "base/zone.h"

#include <unicode/timezone.h>

#include <string>

namespace nguon {

struct Zone::Impl {
    std::unique_ptr<icu::TimeZone> zone;
};

std::optional<Zone> Zone::named(std::string_view name) {
    auto impl = std::make_shared<Impl>();
    impl->zone.reset(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(
        icu::StringPiece(name.data(), static_cast<int>(name.size())))));
    if (impl->zone == nullptr || *impl->zone == icu::TimeZone::getUnknown()) return std::nullopt;
    Zone zone;
    zone.m_impl = std::move(impl);
    return zone;
}

Micros Zone::to_utc(Micros local) const {
    constexpr Micros kMilli = 1000;
    std::int32_t raw = 0, summer = 0;
    UErrorCode status = U_ZERO_ERROR;
    m_impl->zone->getOffset(static_cast<double>(local / kMilli), 1, raw, summer, status);
    if (U_FAILURE(status)) return local;
    return local - (Micros{raw} + Micros{summer}) * kMilli;
}

}  // namespace nguon
