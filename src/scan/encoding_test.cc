#include "scan/encoding.h"

#include <gtest/gtest.h>

#include <random>

#include "scan/records.h"
#include "scan/transcode.h"

namespace nguon::scan {
namespace {

constexpr std::string_view kNames =
    "id;họ và tên;quê quán\n1;Nguyễn Thị Hương;Thừa Thiên Huế\n2;Đặng Quốc Tuấn;Quảng Ngãi\n"
    "3;Phạm Ngọc Ánh;Đắk Lắk\n";

std::string utf16(std::string_view text, bool little) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        char32_t c = lead;
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (length > 1) c = lead & (0xFF >> (length + 1));
        for (std::size_t k = 1; k < length; ++k)
            c = c << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
        i += length;
        const auto put = [&](char32_t unit) {
            const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xFF);
            out += little ? low : high;
            out += little ? high : low;
        };
        if (c >= 0x10000) {
            put(0xD800 + ((c - 0x10000) >> 10));
            put(0xDC00 + ((c - 0x10000) & 0x3FF));
        } else {
            put(c);
        }
    }
    return out;
}

// Latin-1 as Python writes it: each U+00XX is the byte XX.
std::string bytes_of(std::string_view latin) {
    std::string out;
    for (std::size_t i = 0; i < latin.size(); ++i) {
        const auto lead = static_cast<unsigned char>(latin[i]);
        if (lead == 0xC2 || lead == 0xC3) {
            const auto next = static_cast<unsigned char>(latin[++i]);
            out += static_cast<char>((lead & 3) << 6 | (next & 0x3F));
        } else {
            out += latin[i];
        }
    }
    return out;
}

TEST(Encoding, NamesGoThereAndBack) {
    for (const Encoding encoding :
         {Encoding::kUtf8, Encoding::kUtf16Le, Encoding::kUtf16Be, Encoding::kWindows1258,
          Encoding::kWindows1252, Encoding::kTcvn3}) {
        EXPECT_EQ(*encoding_from_name(name_of(encoding)), encoding);
    }
    EXPECT_EQ(*encoding_from_name("UTF8"), Encoding::kUtf8);
    EXPECT_EQ(encoding_from_name("ebcdic").error().code, Code::kInvalid);
}

TEST(Encoding, Utf16WithAndWithoutMark) {
    for (const bool little : {true, false}) {
        const Encoding encoding = little ? Encoding::kUtf16Le : Encoding::kUtf16Be;
        const std::string bare = utf16(kNames, little);
        const std::string marked = (little ? "\xFF\xFE" : "\xFE\xFF") + bare;
        EXPECT_EQ(detect_encoding(bare).encoding, encoding);
        EXPECT_EQ(detect_encoding(marked).encoding, encoding);
        EXPECT_EQ(to_utf8(bare, encoding), kNames);
        EXPECT_EQ(to_utf8(marked, encoding), kNames) << "the mark is no text";
    }
    EXPECT_EQ(to_utf8(utf16("a𠀋b", true), Encoding::kUtf16Le), "a𠀋b");
}

TEST(Encoding, HalfACharacterOfUtf16IsNone) {
    const std::string lone("a\0\x00\xD8z\0q", 7);
    EXPECT_EQ(to_utf8(lone, Encoding::kUtf16Le), "a\xFFz\xFF");
}

// Goal: a lost byte costs its line. Method: one byte is taken out of the middle of a file.
TEST(Encoding, Utf16IsInStepAgainAtTheNextLine) {
    for (const bool little : {true, false}) {
        std::string bytes = utf16("id,v\n1,aaaa\n2,bbbb\n3,cccc\n", little);
        bytes.erase(2 * 8, 1);  // within the first record
        const std::string text = to_utf8(bytes, little ? Encoding::kUtf16Le : Encoding::kUtf16Be);
        EXPECT_NE(text.find(kNoCharacter), std::string::npos);
        EXPECT_NE(text.find("\n2,bbbb\n3,cccc\n"), std::string::npos) << text;
    }
}

TEST(Encoding, Tcvn3IsToldAndRead) {
    const std::string raw = bytes_of(
        "id,ten\n1,Nguy\u00D4n V\u00A8n \u00A7\u00F8c\n2,ph\u00ADêng H\u00B5 "
        "\u00A7\u00ABng\n3,Th\u00DE tr\u00CAn \u00A7\u00E5ng V\u00A8n\n");
    EXPECT_EQ(detect_encoding(raw).encoding, Encoding::kTcvn3);
    EXPECT_EQ(to_utf8(raw, Encoding::kTcvn3),
              "id,ten\n1,Nguyễn Văn Đức\n2,phường Hà Đông\n3,Thị trấn Đồng Văn\n");
    // Its fonts of capitals show small letters with tones as capitals.
    EXPECT_EQ(to_utf8(bytes_of("NGUY\u00D4N V\u00A1N"), Encoding::kTcvn3), "NGUYỄN VĂN");
    EXPECT_EQ(to_utf8(bytes_of("H\u00B5 N\u00E9i"), Encoding::kTcvn3), "Hà Nội");
}

TEST(Encoding, Windows1258IsComposed) {
    // ê + U+0303, ô + U+0323, ...: the marks stand behind their letter.
    const std::string raw = bytes_of(
        "id,ten\n1,Nguy\u00EA\u00DEn V\u00E3n \u00D0\u00FD\u00ECc\n2,ph\u00FD\u00F5\u00CCng "
        "H\u00E0 N\u00F4\u00F2i\n");
    EXPECT_EQ(detect_encoding(raw).encoding, Encoding::kWindows1258);
    EXPECT_EQ(to_utf8(raw, Encoding::kWindows1258), "id,ten\n1,Nguyễn Văn Đức\n2,phường Hà Nội\n");
}

// "số" read as Windows-1252 is "sôì", which is built like a syllable too.
TEST(Encoding, TextThatCouldBeBothIsWindows1258) {
    const std::string raw =
        bytes_of("id,ten\n1,T\u00EAn s\u00F4\u00EC 1\n2,T\u00EAn s\u00F4\u00EC 2\n");
    EXPECT_EQ(detect_encoding(raw).encoding, Encoding::kWindows1258);
    EXPECT_EQ(to_utf8(raw, Encoding::kWindows1258), "id,ten\n1,Tên số 1\n2,Tên số 2\n");
}

TEST(Encoding, WesternTextIsWindows1252) {
    const std::string raw =
        bytes_of("name,city\nJos\u00E9 Mu\u00F1oz,M\u00E1laga\nJ\u00FCrgen,K\u00F6ln\n");
    EXPECT_EQ(detect_encoding(raw).encoding, Encoding::kWindows1252);
    EXPECT_EQ(to_utf8(raw, Encoding::kWindows1252), "name,city\nJosé Muñoz,Málaga\nJürgen,Köln\n");
    EXPECT_EQ(to_utf8("\x93q\x94 \x80", Encoding::kWindows1252), "“q” €");
    EXPECT_EQ(to_utf8("\x81", Encoding::kWindows1252), "\xFF") << "not assigned";
}

TEST(Encoding, DamagedUtf8StaysUtf8) {
    EXPECT_EQ(detect_encoding("id,ten\n1,Nguyễn Văn \xE1\xBA\n2,Lê Thị Hoa\n").encoding,
              Encoding::kUtf8);
    EXPECT_EQ(detect_encoding("id,v\n1,\xFF\n2,ok\n").encoding, Encoding::kUtf8) << "one odd byte";
    EXPECT_EQ(detect_encoding(std::string_view(kNames).substr(0, 9)).encoding, Encoding::kUtf8)
        << "a character cut at the end";
}

// Goal: pieces change nothing. Method: each encoding in random pieces against all at once.
TEST(Encoding, PiecesOfAnySizeGiveTheSame) {
    std::mt19937_64 random(11);
    std::string vn3 = bytes_of("NGUY\u00D4N V\u00A1N, Th\u00DE tr\u00CAn; H\u00B5 N\u00E9i\n");
    std::string w1258 = bytes_of("Nguy\u00EA\u00DEn, ph\u00FD\u00F5\u00CCng\n");
    const std::vector<std::pair<Encoding, std::string>> samples{
        {Encoding::kTcvn3, vn3},
        {Encoding::kWindows1258, w1258},
        {Encoding::kUtf16Le, "\xFF\xFE" + utf16("a𠀋ữ\r\nb", true)},
        {Encoding::kUtf16Be, utf16(kNames, false)}};
    for (const auto& [encoding, sample] : samples) {
        const std::string expected = to_utf8(sample, encoding);
        for (int round = 0; round < 50; ++round) {
            Transcoder transcoder(encoding);
            std::string out;
            for (std::size_t at = 0; at < sample.size();) {
                const std::size_t count =
                    std::min<std::size_t>(1 + random() % 5, sample.size() - at);
                transcoder.feed(std::string_view(sample).substr(at, count), false, out);
                at += count;
            }
            transcoder.feed("", true, out);
            ASSERT_EQ(out, expected) << name_of(encoding);
        }
    }
}

struct Loaded {
    std::vector<std::string> names, rows;
    int damaged = 0;
    std::string sha256;
};
Loaded load(std::string bytes, std::optional<Encoding> encoding = {}) {
    InputOptions options;
    options.bytes = std::move(bytes);
    options.encoding = encoding;
    const auto input = RecordInput::open(options);
    Loaded loaded;
    if (!input) return loaded;
    loaded.names = (*input)->names();
    for (;;) {
        Block block;
        const auto more = (*input)->next(block);
        if (!more || !*more) return loaded;
        (*input)->split(block);
        for (std::size_t i = 0; i < block.size(); ++i) {
            loaded.damaged += (block.flags[i] & kDamaged) != 0 ? 1 : 0;
            loaded.rows.emplace_back(block.texts[i]);
        }
    }
}

// Goal: a large UTF-16 file comes in whole, and a broken half costs its row.
TEST(Encoding, LargeUtf16WithDamage) {
    std::string text = "id,tên\n";
    for (int i = 0; i < 200'000; ++i)
        text += std::to_string(i) + ",Nguyễn Thị Hương Giang\n";
    std::string bytes = "\xFF\xFE" + utf16(text, true);
    const std::size_t middle = (bytes.size() / 2) & ~std::size_t{1};
    bytes[middle] = '\0';
    bytes[middle + 1] = '\xDC';  // half of a pair
    const Loaded loaded = load(bytes);
    EXPECT_EQ(loaded.names, (std::vector<std::string>{"id", "tên"}));
    EXPECT_EQ(loaded.rows.size(), 200'000u);
    EXPECT_EQ(loaded.damaged, 1);
    EXPECT_EQ(loaded.rows.back(), "199999,Nguyễn Thị Hương Giang");
}

TEST(Encoding, WhatIsSaidGoesBeforeWhatIsTold) {
    const std::string raw = bytes_of("a,b\n\u00E9,1\n");
    EXPECT_EQ(load(raw, Encoding::kTcvn3).rows.at(0), "ộ,1");
    EXPECT_EQ(load(raw, Encoding::kWindows1252).rows.at(0), "é,1");
    EXPECT_EQ(load(raw, Encoding::kUtf8).damaged, 1);
}

}  // namespace
}  // namespace nguon::scan
