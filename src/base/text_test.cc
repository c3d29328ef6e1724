#include "base/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace nguon {
namespace {

struct Range {
    unsigned low, high;
};
using Form = std::vector<Range>;

// RFC 3629 section 4.
const std::vector<Form>& forms() {
    static const Range kTail{0x80, 0xBF};
    static const std::vector<Form> kForms = {{{0x00, 0x7F}},
                                             {{0xC2, 0xDF}, kTail},
                                             {{0xE0, 0xE0}, {0xA0, 0xBF}, kTail},
                                             {{0xE1, 0xEC}, kTail, kTail},
                                             {{0xED, 0xED}, {0x80, 0x9F}, kTail},
                                             {{0xEE, 0xEF}, kTail, kTail},
                                             {{0xF0, 0xF0}, {0x90, 0xBF}, kTail, kTail},
                                             {{0xF1, 0xF3}, kTail, kTail, kTail},
                                             {{0xF4, 0xF4}, {0x80, 0x8F}, kTail, kTail}};
    return kForms;
}

bool is_utf8_by_table(std::string_view text) {
    while (!text.empty()) {
        const auto fits = [&](const Form& form) {
            if (text.size() < form.size()) return false;
            return std::ranges::equal(form, text.substr(0, form.size()),
                                      [](const Range& range, char c) {
                                          const auto byte = static_cast<unsigned char>(c);
                                          return byte >= range.low && byte <= range.high;
                                      });
        };
        const auto form = std::ranges::find_if(forms(), fits);
        if (form == forms().end()) return false;
        text.remove_prefix(form->size());
    }
    return true;
}

// Goal: what is no UTF-8 is told wherever it stands. Method: texts put together from whole and
// broken characters, against the table.
TEST(Text, Utf8IsToldWhereverItBreaks) {
    const std::vector<std::string> parts = {"a",
                                            "bcdefgh",
                                            "ă",
                                            "ễ",
                                            "Nguyễn",
                                            "\xF0\x9F\x98\x80",
                                            "\x7F",
                                            std::string(1, '\0'),
                                            "\x80",
                                            "\xE1\xBB",
                                            "\xC0\xAF",
                                            "\xED\xA0\x80",
                                            "\xE0\x80\x80",
                                            "\xF4\x90\x80\x80",
                                            "\xF8",
                                            "\xC3"};
    constexpr std::size_t kWhole = 8;  // the first ones
    std::mt19937 random(5);
    int good = 0, bad = 0;
    for (int i = 0; i < 100'000; ++i) {
        std::string text;
        for (std::size_t part = 1 + random() % 8; part > 0; --part)
            text += parts[random() % (i % 2 == 0 ? kWhole : parts.size())];
        const bool expected = is_utf8_by_table(text);
        ASSERT_EQ(is_utf8(text), expected) << "text " << i;
        ++(expected ? good : bad);
    }
    EXPECT_GT(good, 50'000);
    EXPECT_GT(bad, 30'000);
}

}  // namespace
}  // namespace nguon
