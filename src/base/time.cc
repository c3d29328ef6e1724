#include "base/time.h"

#include <fmt/format.h>
#include <sys/random.h>
#include <time.h>

#include <array>
#include <charconv>
#include <chrono>

namespace nguon {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr Micros kDay = 86'400 * kSecond;

class SystemClock final : public Clock {
public:
    Micros now() override {
        timespec spec{};
        clock_gettime(CLOCK_REALTIME, &spec);
        return static_cast<Micros>(spec.tv_sec) * kSecond + spec.tv_nsec / 1000;
    }
};

class SystemRandom final : public Random {
public:
    void fill(std::span<unsigned char> bytes) override {
        while (!bytes.empty()) {
            const ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
            if (got > 0) bytes = bytes.subspan(static_cast<std::size_t>(got));
        }
    }
};

// Digits only; nothing else.
bool read_number(std::string_view digits, int& number) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc() && end == digits.data() + digits.size() && digits[0] >= '0' &&
           digits[0] <= '9';
}

}  // namespace

Clock& system_clock() {
    static SystemClock clock;
    return clock;
}

Random& system_random() {
    static SystemRandom random;
    return random;
}

std::string format_time(Micros at) {
    Micros days = at / kDay;
    Micros rest = at % kDay;
    if (rest < 0) {
        rest += kDay;
        --days;
    }
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
    const Micros seconds = rest / kSecond;
    const Micros fraction = rest % kSecond;
    std::string text =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    seconds / 3600, seconds / 60 % 60, seconds % 60);
    if (fraction != 0) text += fmt::format(".{:06}", fraction);
    return text + "Z";
}

Result<Micros> parse_time(std::string_view text) {
    const auto wrong = [&] {
        return fail(Code::kInvalid,
                    {fmt::format("«{}» không phải thời điểm.", text.substr(0, 64)),
                     fmt::format("\"{}\" is not a time.", text.substr(0, 64))},
                    {"Viết năm-tháng-ngày, chữ T, giờ, rồi Z (giờ UTC) hoặc +07:00 (giờ Việt Nam): "
                     "2026-11-22T14:05:00+07:00.",
                     "Write it as RFC 3339 has it: 2026-11-22T14:05:00Z in UTC, or with +07:00."});
    };
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' ||
        (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':' ||
        text[16] != ':' || !read_number(text.substr(0, 4), year) ||
        !read_number(text.substr(5, 2), month) || !read_number(text.substr(8, 2), day) ||
        !read_number(text.substr(11, 2), hour) || !read_number(text.substr(14, 2), minute) ||
        !read_number(text.substr(17, 2), second)) {
        return wrong();
    }
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || hour > 23 || minute > 59 || second > 59) return wrong();
    std::size_t at = 19;
    Micros fraction = 0;
    if (text[at] == '.') {
        Micros unit = kSecond / 10;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) {
            fraction += (text[at] - '0') * unit;
        }
    }
    Micros offset = 0;
    const std::string_view zone = text.substr(at);
    if (zone != "Z" && zone != "z") {
        int hours = 0, minutes = 0;
        if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' ||
            !read_number(zone.substr(1, 2), hours) || !read_number(zone.substr(4, 2), minutes) ||
            hours > 23 || minutes > 59) {
            return wrong();
        }
        offset = (hours * 3600 + minutes * 60) * kSecond * (zone[0] == '-' ? -1 : 1);
    }
    const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
    return days * kDay + ((hour * 60 + minute) * 60 + second) * kSecond + fraction - offset;
}

std::string make_id(Clock& clock, Random& random) {
    static constexpr char kAlphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    std::array<unsigned char, 16> bytes{};
    random.fill(bytes);
    const auto millis = static_cast<std::uint64_t>(clock.now() / 1000);
    for (std::size_t i = 0; i < 6; ++i)
        bytes[i] = static_cast<unsigned char>(millis >> (40 - 8 * i));
    __extension__ using Wide = unsigned __int128;
    Wide value = 0;
    for (const unsigned char byte : bytes)
        value = (value << 8) | byte;
    std::string id(26, '0');
    for (std::size_t i = 26; i-- > 0; value >>= 5)
        id[i] = kAlphabet[static_cast<unsigned>(value & 31)];
    return id;
}

}  // namespace nguon
