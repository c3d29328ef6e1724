// Rows sent again for a batch: which of those set aside they mend.
#include <fmt/ranges.h>

#include "intake/internal/load_fixture.h"
#include "intake/load.h"
#include "intake/quarantine.h"

namespace nguon::intake {
namespace {

class CorrectionsTest : public LoadTest {
protected:
    json::value correct(const json::value& batch, std::string bytes) {
        LoadRequest request;
        request.dataset = batch.at("dataset").as_string();
        request.bytes = std::move(bytes);
        request.corrects = batch.at("batch").as_string();
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    }
    // "rows of left"
    static std::string corrected(const json::value& receipt) {
        return fmt::format("{} {} {}", at(receipt, "corrected", "rows"),
                           at(receipt, "corrected", "of"), at(receipt, "corrected", "left"));
    }
};

// Goal: each row set aside is mended once, by its key; other rows of the file mend nothing. Method:
// one after the other, some of them twice, one as it was, one of no business here.
TEST_F(CorrectionsTest, RowsAreMendedByTheirKey) {
    apply(kPerson);
    const std::string head = "id,name,born,age,sex\n";
    const json::value wrong = load("t.person", head +
                                                   "001,A,,1,m\n"
                                                   "002,,,1,m\n"     // no name
                                                   "003,C,,1,x\n"    // no such sex
                                                   "004,D,1/1,,m\n"  // no date
                                                   "0O5,E,,1,m\n"    // the key itself
                                                   "001,F,,1,m\n");  // the key of another
    EXPECT_TRUE(wrong.at("corrected").is_null());
    EXPECT_EQ(corrected(correct(wrong, head + "002,B,,1,m\n001,A,,9,m\n")), "2 5 3")
        << "a row that answers no key that can be told stands for one that cannot";
    EXPECT_EQ(corrected(correct(wrong, head + "002,Bi,,1,m\n")), "0 5 3") << "mended before";
    EXPECT_EQ(corrected(correct(wrong, head + "003,C,,1,m\n004,D,2000-01-01,,m\n")), "2 5 1");
    EXPECT_EQ(corrected(correct(wrong, head + "005,E,,200,m\n")), "0 5 1") << "set aside again";
    EXPECT_EQ(corrected(correct(wrong, head + "005,E,,1,m\n006,G,,1,m\n")), "1 5 0");
    EXPECT_EQ(corrected(correct(wrong, head + "007,H,,1,m\n")), "0 5 0");
}

// Goal: without keys rows are counted.
TEST_F(CorrectionsTest, WithoutAKeyRowsAreCounted) {
    apply("  - name: e\n    properties:\n      - {name: v, logicalType: integer}\n");
    const json::value wrong = load("t.e", "v\n1\nx\ny\nz\n");
    EXPECT_EQ(corrected(correct(wrong, "v\n7\n")), "1 3 2");
    EXPECT_EQ(corrected(correct(wrong, "v\n8\n9\n10\n")), "2 3 0");
}

// Goal: keys are compared as the contract reads them. Method: a date key in the contract's format.
TEST_F(CorrectionsTest, KeysAreReadByTheContract) {
    apply(
        "  - name: day\n    properties:\n      - {name: d, logicalType: date, primaryKey: true, "
        "logicalTypeOptions: {format: dd/MM/yyyy}}\n      - {name: n, logicalType: integer}\n");
    const json::value wrong = load("t.day", "d,n\n01/02/2020,x\n02/02/2020,x\n");
    EXPECT_EQ(corrected(correct(wrong, "d,n\n02/02/2020,5\n03/03/2020,6\n")), "1 2 1");
}

// A mending file, row by row, with what somebody wrote into it.
class MendingTest : public CorrectionsTest {
protected:
    // The file of a batch as lines without line ends, the header first.
    Lines mending_file(const json::value& batch) {
        const auto info = m_store->batch(batch.at("batch").as_string());
        const std::filesystem::path file = m_folder / "tmp" / "rows.csv";
        const auto written =
            export_quarantine(*m_store, *info, Language::kEnglish, QuarantineFormat::kCsv, file);
        EXPECT_TRUE(written) << written.error().detail.en;
        Lines lines = split(*real_disk().read_all(file), '\n');
        lines.pop_back();
        return lines;
    }
    static std::string text(const Lines& lines) {
        return fmt::format("{}\n", fmt::join(lines, "\n"));
    }
    // "read accepted rejected · rows of left"
    static std::string counts(const json::value& receipt) {
        return fmt::format("{} {} {} · {}", at(receipt, "rows", "read"),
                           at(receipt, "rows", "accepted"), at(receipt, "rows", "rejected"),
                           corrected(receipt));
    }
    // "row rule reason record" of every entry.
    Lines reasons(const json::value& receipt) {
        const auto batch = m_store->batch(receipt.at("batch").as_string());
        const auto rows = quarantine_rows(*m_store, *batch, Language::kEnglish, {});
        Lines entries;
        for (const json::value& row : rows->at("rows").as_array()) {
            entries.push_back(fmt::format("{} {} {} [{}]", row.at("row").as_int64(),
                                          std::string_view(row.at("rule").as_string()),
                                          std::string_view(row.at("reason").as_string()),
                                          std::string_view(row.at("record").as_string())));
        }
        return entries;
    }
    // "row batch" of every entry: the batch that mended it, or "-".
    Lines mended(const json::value& receipt) {
        const auto batch = m_store->batch(receipt.at("batch").as_string());
        const auto rows = quarantine_rows(*m_store, *batch, Language::kEnglish, {});
        Lines entries;
        for (const json::value& row : rows->at("rows").as_array()) {
            const json::value& by = row.at("mended");
            entries.push_back(fmt::format("{} {}", row.at("row").as_int64(),
                                          by.is_null() ? "-" : std::string_view(by.as_string())));
        }
        return entries;
    }
    static inline const std::string kNoKey =
        "  - name: e\n    properties:\n      - {name: a, logicalType: integer}\n"
        "      - {name: b, logicalType: integer}\n      - {name: c, logicalType: integer}\n";
    static inline const std::string kKeyed =
        "  - name: e\n    properties:\n      - {name: a, logicalType: integer, primaryKey: true}\n"
        "      - {name: b, logicalType: integer}\n      - {name: c, logicalType: integer}\n";
};

// Goal: damaged lines can be mended where all that was set aside is damaged. Method: with and
// without a key; none mended, then some, then the rest, each time the file of the batch before.
TEST_F(MendingTest, DamagedLinesOnly) {
    for (const std::string& schema : {kNoKey, kKeyed}) {
        SCOPED_TRACE(schema);
        TearDown();
        SetUp();
        apply(schema);
        const json::value wrong = load("t.e", "a,b,c\n1,2\n3,4,5,6\n7,8\n");
        const Lines damaged{"1 record:fields 2 fields, the header has 3 [1,2]",
                            "2 record:fields 4 fields, the header has 3 [3,4,5,6]",
                            "3 record:fields 2 fields, the header has 3 [7,8]"};
        EXPECT_EQ(reasons(wrong), damaged);
        const json::value none = correct(wrong, text(mending_file(wrong)));
        EXPECT_EQ(counts(none), "3 0 3 · 0 3 3");
        EXPECT_EQ(reasons(none), damaged) << "with the reason and the text that they had";
        for (const json::value& result : none.at("results").as_array()) {
            if (result.at("rule") != "record:fields") continue;
            EXPECT_EQ(result.at("failed"), 3);
            EXPECT_EQ(result.at("examples").at(0).at("reason").at("en"),
                      "2 fields, the header has 3");
        }
        Lines file = mending_file(none);
        file[2] = "3,4,5" + file[2].substr(2);
        const json::value some = correct(none, text(file));
        EXPECT_EQ(counts(some), "3 1 2 · 1 3 2");
        EXPECT_EQ(reasons(some), (Lines{damaged[0], damaged[2]}));
        file = mending_file(some);
        file[1] = "1,2,3" + file[1].substr(2);
        file[2] = "7,8,9" + file[2].substr(2);
        EXPECT_EQ(counts(correct(some, text(file))), "2 2 0 · 2 2 0");
        EXPECT_EQ(current("t.e"), (Lines{"1|2|3", "3|4|5", "7|8|9"}));
    }
}

// Goal: any mix of damaged lines and rows that break rules goes round. Method: a batch with both
// and a key that comes twice; as it is, with the damaged mended, with the others mended.
TEST_F(MendingTest, DamagedLinesAmongOthers) {
    apply(kKeyed);
    const json::value wrong = load("t.e", "a,b,c\n1,1,1\n2,2\n3,x,3\n1,9,9\n\"4,4,4\n");
    const Lines all{"2 record:fields 2 fields, the header has 3 [2,2]",
                    "3 type:b Not an integer [3,x,3]",
                    "4 key:a The same key as an earlier row of the file, or as a row already there "
                    "[1,9,9]",
                    "5 record:quote A quote that is not closed, or text after a closing one "
                    "[\"4,4,4]"};
    ASSERT_EQ(reasons(wrong), all);
    const Lines file = mending_file(wrong);
    const json::value none = correct(wrong, text(file));
    EXPECT_EQ(counts(none), "4 0 4 · 0 4 4");
    EXPECT_EQ(set_aside(none), (Lines{"1 record:fields", "2 type:b", "3 key:a", "4 record:quote"}))
        << "what nobody mended stays aside, the repeated key too";
    EXPECT_EQ(reasons(none)[3], "4" + all[3].substr(1));
    EXPECT_EQ(current("t.e"), (Lines{"1|1|1"}));

    Lines first = file;
    first[1] = "2,2,2" + first[1].substr(2);
    first[3] = "5,9,9" + first[3].substr(5);
    const json::value some = correct(wrong, text(first));
    EXPECT_EQ(counts(some), "4 2 2 · 2 4 2");
    EXPECT_EQ(set_aside(some), (Lines{"2 type:b", "4 record:quote"}));
    Lines second = mending_file(some);
    second[1] = "3,3,3" + second[1].substr(5);
    second[2] = "4,4,4" + second[2].substr(2);
    EXPECT_EQ(counts(correct(some, text(second))), "2 2 0 · 2 2 0");
    EXPECT_EQ(current("t.e"), (Lines{"1|1|1", "2|2|2", "3|3|3", "4|4|4", "5|9|9"}));
}

// Goal: a spreadsheet may move the rows, and a person may write over what is ours. Method: rows in
// another order, spaces in the empty cells, no `_row`, a rule that is none.
TEST_F(MendingTest, DamagedLinesInAFileThatWasMovedAround) {
    apply(kNoKey);
    const json::value wrong = load("t.e", "a,b,c\n1,2\n3,x,5\n7,8\n");
    EXPECT_EQ(reasons(correct(wrong, "_record,_row,c,b,a\n\"7,8\",3,,,\n\"1,2\",1,, ,\n")),
              (Lines{"1 record:fields 2 fields, the header has 3 [7,8]",
                     "2 record:fields 2 fields, the header has 3 [1,2]"}));
    EXPECT_EQ(reasons(correct(wrong, "a,b,c,_rule,_record\n,,,?,\"7,8\"\n,,,record:nul,z\n1,2\n")),
              (Lines{"1 record:fields Another number of fields than the header [7,8]",
                     "2 record:nul A NUL byte in the record: the file is no text, or was damaged "
                     "when it was copied [z]",
                     "3 record:fields 2 fields, the header has 5 [1,2]"}));
}

// Goal: a repeated key is known though a spreadsheet wrote its values anew. Method: other digits
// for the same numbers; then another value, which a person must have meant.
TEST_F(MendingTest, ARepeatedKeyIsKnownHoweverItIsWritten) {
    apply(kKeyed);
    const json::value wrong = load("t.e", "a,b,c\n1,1,1\n1,9,9\n");
    EXPECT_EQ(set_aside(correct(wrong, "a,b,c,_row\n01,09,009,2\n")), (Lines{"1 key:a"}));
    EXPECT_EQ(current("t.e"), (Lines{"1|1|1"}));
    EXPECT_EQ(counts(correct(wrong, "a,b,c,_row\n01,09,8,2\n")), "1 1 0 · 1 1 0");
    EXPECT_EQ(current("t.e"), (Lines{"1|9|8"}));
}

// Goal: a row that was mended enters once, whichever file of the line it comes in again. Method: B
// sets three aside, C mends one of them, D, which corrects C, another; then the first file again
// with all three, of rows without a key, and of rows that an update would write over.
TEST_F(MendingTest, WhatWasMendedDoesNotEnterAgain) {
    for (const std::string& schema : {kNoKey, kKeyed}) {
        SCOPED_TRACE(schema);
        TearDown();
        SetUp();
        apply(schema);
        const json::value b = load("t.e", "a,b,c\n1,x,1\n2,x,2\n3,x,3\n");
        Lines first = mending_file(b);
        for (std::size_t i = 1; i < first.size(); ++i)
            first[i].replace(first[i].find('x'), 1, "7");
        const Lines whole = first;
        first[2].replace(first[2].find('7'), 1, "x");
        first[3].replace(first[3].find('7'), 1, "x");
        const json::value c = correct(b, text(first));
        EXPECT_EQ(counts(c), "3 1 2 · 1 3 2");
        Lines second = mending_file(c);
        ASSERT_EQ(second.size(), 3u);
        second[1].replace(second[1].find('x'), 1, "8");
        const json::value d = correct(c, text(second));
        EXPECT_EQ(counts(d), "2 1 1 · 1 2 1");
        const std::string c_id(c.at("batch").as_string()), d_id(d.at("batch").as_string());
        EXPECT_EQ(mended(b), (Lines{"1 " + c_id, "2 " + d_id, "3 -"}));
        EXPECT_EQ(mended(c), (Lines{"2 " + d_id, "3 -"}));
        EXPECT_EQ(mended(d), (Lines{"2 -"}));
        EXPECT_EQ(mending_file(b).size(), 2u) << "only what nobody mended";

        const json::value elsewhere = correct(b, text(second));
        EXPECT_EQ(counts(elsewhere), "1 0 1 · 0 3 1") << "the file of C, sent to B";
        EXPECT_EQ(current("t.e"), (Lines{"1|7|1", "2|8|2"}));
        const json::value again = correct(b, text(whole));
        EXPECT_EQ(counts(again), "1 1 0 · 1 3 0");
        EXPECT_EQ(at(again, "corrected", "again"), 2);
        const auto says = [](const json::value& result) {
            return result.at("rule") == "already_mended" && result.at("failed") == 2;
        };
        EXPECT_TRUE(std::ranges::any_of(again.at("results").as_array(), says));
        EXPECT_EQ(current("t.e"), (Lines{"1|7|1", "2|8|2", "3|7|3"}));
        EXPECT_EQ(mended(d), (Lines{"2 " + std::string(again.at("batch").as_string())}));
        EXPECT_EQ(counts(correct(d, text(second))), "0 0 0 · 0 1 0") << "by way of the last, too";
        EXPECT_EQ(current("t.e"), (Lines{"1|7|1", "2|8|2", "3|7|3"}));
    }
}

// Goal: rows that nobody can tell apart do not enter when none is left to mend. Method: a list
// without a key and without `_row`.
TEST_F(MendingTest, RowsWithoutANameAreRefusedWhenNoneIsLeft) {
    apply(kNoKey);
    const json::value b = load("t.e", "a,b,c\n1,x,1\n2,x,2\n");
    EXPECT_EQ(counts(correct(b, "a,b,c\n1,1,1\n2,2,2\n")), "2 2 0 · 2 2 0");
    const json::value again = correct(b, "a,b,c\n1,1,1\n2,2,3\n");
    EXPECT_EQ(again.at("status"), "refused");
    EXPECT_EQ(current("t.e"), (Lines{"1|1|1", "2|2|2"}));
}

}  // namespace
}  // namespace nguon::intake
