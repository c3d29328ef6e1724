#include "scan/csv.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <random>

#include "scan/records.h"

namespace nguon::scan {
namespace {

struct Read {
    std::vector<std::vector<std::string>> rows;  // fields of records that are whole
    std::vector<std::string> damaged;            // texts of those that are not
};

// Through the blocks, as a load reads.
Read read(std::string bytes) {
    InputOptions options;
    options.bytes = std::move(bytes);
    const auto input = RecordInput::open(options);
    Read read;
    if (!input) return read;
    for (;;) {
        Block block;
        const Result<bool> more = (*input)->next(block);
        if (!more || !*more) return read;
        (*input)->split(block);
        for (std::size_t i = 0; i < block.size(); ++i) {
            if ((block.flags[i] & kDamaged) != 0) {
                read.damaged.emplace_back(block.texts[i]);
                continue;
            }
            std::vector<std::string>& row = read.rows.emplace_back();
            for (std::size_t c = 0; c < block.width; ++c)
                row.emplace_back(block.fields[i * block.width + c]);
        }
    }
}

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, PlainQuotedAndDoubled) {
    EXPECT_EQ(read("a,b\n1,x\n2,\"y, z\"\n3,\"say \"\"hi\"\"\"\n").rows,
              (Rows{{"1", "x"}, {"2", "y, z"}, {"3", "say \"hi\""}}));
}

TEST(Csv, LineEndsWithinQuotesAndWindowsLineEnds) {
    EXPECT_EQ(read("a,b\r\n1,\"one\r\ntwo\"\r\n2,x\r\n").rows,
              (Rows{{"1", "one\r\ntwo"}, {"2", "x"}}));
}

TEST(Csv, LastLineMayEndWithoutLineEnd) {
    EXPECT_EQ(read("a,b\n1,x\n2,y").rows, (Rows{{"1", "x"}, {"2", "y"}}));
    EXPECT_EQ(read("a,b\n1,\"x\"").rows, (Rows{{"1", "x"}}));
}

TEST(Csv, EmptyLinesAreNoRecords) {
    EXPECT_EQ(read("a,b\n\n1,x\n\r\n2,y\n\n").rows, (Rows{{"1", "x"}, {"2", "y"}}));
}

TEST(Csv, ByteOrderMarkIsNotPartOfTheFirstName) {
    InputOptions options;
    options.bytes =
        "\xEF\xBB\xBF"
        "a;b\n1;2\n";
    const auto input = RecordInput::open(options);
    ASSERT_TRUE(input);
    EXPECT_EQ((*input)->names(), (std::vector<std::string>{"a", "b"}));
    EXPECT_TRUE((*input)->dialect()->byte_order_mark);
    EXPECT_EQ((*input)->dialect()->delimiter, ";");
}

TEST(Csv, DetectsDelimiters) {
    for (const char delimiter : {',', ';', '\t', '|'}) {
        const std::string text =
            fmt::format("id{0}name{0}note\n1{0}\"a{0}b\"{0}x\n2{0}c{0}y, z; w\n", delimiter);
        const auto dialect = detect_dialect(text);
        ASSERT_TRUE(dialect);
        EXPECT_EQ(dialect->delimiter, std::string(1, delimiter)) << text;
        EXPECT_EQ(dialect->header.size(), 3u);
    }
    EXPECT_EQ(detect_dialect("id,name\n1,'a,b'\n2,'c'\n")->quote, '\'');
    EXPECT_FALSE(detect_dialect(""));
    EXPECT_FALSE(detect_dialect("\n\n"));
}

// Goal: a quote in the middle of a field is a letter like others.
TEST(Csv, StrayQuoteInsideAFieldIsText) {
    EXPECT_EQ(read("a,b\n1,5\" x\n2,y\n").rows, (Rows{{"1", "5\" x"}, {"2", "y"}}));
}

// Goal: an unclosed quote costs its own line. Method: lines after it hold quotes, or none at all.
TEST(Csv, UnclosedQuoteCostsItsLine) {
    const Read with_quotes = read("a,b\n1,\"open\n2,\"q, r\"\n3,z\n");
    EXPECT_EQ(with_quotes.rows, (Rows{{"2", "q, r"}, {"3", "z"}}));
    EXPECT_EQ(with_quotes.damaged, (std::vector<std::string>{"1,\"open"}));
    std::string plain = "a,b\n1,\"open\n";
    for (int i = 0; i < 1000; ++i)
        plain += fmt::format("{},v\n", i);
    const Read without = read(plain);
    EXPECT_EQ(without.rows.size(), 1000u);
    EXPECT_EQ(without.damaged.size(), 1u);
}

TEST(Csv, TextAfterAClosingQuoteIsDamage) {
    const Read result = read("a,b\n1,\"x\"y\n2,z\n");
    EXPECT_EQ(result.rows, (Rows{{"2", "z"}}));
    EXPECT_EQ(result.damaged.size(), 1u);
}

TEST(Csv, RaggedRowsNulAndBadUtf8AreDamage) {
    const Read result =
        read(std::string("a,b\n1\n1,2,3\n4,\xFF\n5,") + std::string(1, '\0') + "x\n6,ok\n");
    EXPECT_EQ(result.rows, (Rows{{"6", "ok"}}));
    EXPECT_EQ(result.damaged.size(), 4u);
}

// Goal: where blocks are cut changes nothing. Method: random files of several megabytes with quoted
// line ends, against rows known beforehand; one stray and one unclosed quote cost one row.
TEST(Csv, BlocksAreCutAnywhere) {
    std::mt19937_64 random(7);
    std::string text = "id,note\n";
    Rows expected;
    for (int i = 0; text.size() < 5'000'000; ++i) {
        std::string note(random() % 200, 'x');
        std::string written = note;
        switch (random() % 6) {
            case 0:
                note += "\n" + std::string(random() % 50, 'y');
                written = "\"" + note + "\"";
                break;
            case 1:
                note += ", \"";
                written = "\"" + std::string(note.size() - 3, 'x') + ", \"\"\"";
                break;
            case 2:
                note += "5\" x";
                written = note;
                break;
            default: break;
        }
        if (i == 9'000) {
            text += "9000,\"unclosed\n";
            continue;
        }
        text += fmt::format("{},{}\n", i, written);
        expected.push_back({fmt::format("{}", i), note});
    }
    const Read result = read(text);
    EXPECT_EQ(result.damaged, (std::vector<std::string>{"9000,\"unclosed"}));
    ASSERT_EQ(result.rows.size(), expected.size());
    EXPECT_TRUE(result.rows == expected);
}

// Goal: nobody makes the scanner work quadratically. Method: two million opening quotes, none
// closed.
TEST(Csv, ManyUnclosedQuotesStayCheap) {
    std::string text = "a,b\n";
    for (int i = 0; i < 400'000; ++i)
        text += "\"x,y\n";
    EXPECT_EQ(read(text).damaged.size(), 400'000u);
}

}  // namespace
}  // namespace nguon::scan
