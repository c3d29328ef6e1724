#include "base/normal_form.h"

#include <gtest/gtest.h>

namespace nguon {
namespace {

std::string nfc(std::string_view text) {
    std::string buffer;
    return std::string(to_nfc(text, buffer));
}

TEST(NormalForm, MarksJoinTheirLetters) {
    EXPECT_EQ(nfc("Nguye\u0302\u0303n Va\u0306n A"), "Nguy\u1ec5n V\u0103n A");
    EXPECT_EQ(nfc("Nguye\u0303\u0302n"), "Nguy\u1ebd\u0302n") << "another order is another text";
    EXPECT_EQ(nfc("o\u031b\u0323"), "\u1ee3");
    EXPECT_EQ(nfc("o\u0323\u031b"), "\u1ee3");
    EXPECT_EQ(nfc("\u212b"), "\u00c5") << "one character for another";
    EXPECT_EQ(nfc("\u1100\u1161"), "\uac00");
}

// Goal: what is right already is not copied. Method: the same pointer comes back.
TEST(NormalForm, WhatIsNfcStays) {
    std::string buffer;
    for (const std::string_view text :
         {"", "a", "plain ASCII of some length", "Nguy\u1ec5n V\u0103n \u0110\u1ee9c",
          "\u2013 \u201cx\u201d", "\u4e2d\u6587", "\U0001F600", "x\u0301\u0301"}) {
        EXPECT_EQ(to_nfc(text, buffer).data(), text.data()) << text;
    }
}

TEST(NormalForm, WhatIsNoTextStays) {
    for (const std::string_view bytes :
         {"\xff", "e\xcc", "\xe1\xbb", "\xe1", "\xc3", "\xcc\x82\xff"})
        EXPECT_EQ(nfc(bytes), bytes);
    EXPECT_EQ(nfc(std::string_view("a\0e\u0301", 5)), std::string_view("a\0\u00e9", 4));
}

}  // namespace
}  // namespace nguon
