#include "quality/ledger.h"

#include <gtest/gtest.h>

#include <cmath>

namespace nguon::quality {
namespace {

// `faulty` rows of `read` are set aside for a fault of `dimension`, the others come new.
BatchFacts sent(std::string id, std::int64_t read, std::int64_t faulty,
                contract::Dimension dimension = contract::Dimension::kAccurate) {
    BatchFacts facts;
    facts.id = std::move(id);
    facts.read = read;
    facts.rejected = faulty;
    facts.inserted = read - faulty;
    facts.aside.by[static_cast<std::size_t>(dimension)] = static_cast<double>(faulty);
    facts.aside.any = static_cast<double>(faulty);
    return facts;
}

// As sent(), but of rows that stand already.
BatchFacts again(std::string id, std::int64_t read, std::int64_t faulty) {
    BatchFacts facts = sent(std::move(id), read, faulty);
    facts.unchanged = facts.inserted;
    facts.inserted = 0;
    return facts;
}

BatchFacts correction(std::string id, std::string of, std::int64_t read, std::int64_t faulty) {
    BatchFacts facts = sent(std::move(id), read, faulty);
    facts.corrects = std::move(of);
    return facts;
}

double overall(const Ledger& ledger) {
    return ledger.scores(std::nullopt).overall.value_or(-1);
}

// Goal: faults are held against all rows, not against the mean of batches. Method: a large good
// batch and a small bad one.
TEST(Ledger, ScoresAreOfAllRows) {
    Ledger ledger;
    EXPECT_FALSE(ledger.scores(std::nullopt).overall);
    ledger.add(sent("a", 990, 0));
    EXPECT_EQ(overall(ledger), 100);
    ledger.add(sent("b", 10, 5, contract::Dimension::kComplete));
    const Scores scores = ledger.scores(std::nullopt);
    EXPECT_EQ(scores.overall, 99.5);
    EXPECT_EQ(scores.complete, 99.5);
    EXPECT_EQ(scores.accurate, 100.0);
    EXPECT_FALSE(scores.live);
}

// Goal: corrected rows raise the score, and to 100 when all are mended. Method: corrections of a
// batch, of the correction, and again of the first.
TEST(Ledger, CorrectionsRaiseTheScore) {
    Ledger ledger;
    ledger.add(sent("a", 100, 10));
    EXPECT_EQ(overall(ledger), 90.0);
    ledger.add(correction("b", "a", 10, 4));
    EXPECT_EQ(overall(ledger), 96.0);
    ledger.add(correction("c", "b", 1, 0));
    EXPECT_EQ(overall(ledger), 97.0);
    ledger.add(correction("d", "a", 3, 0));  // the three left, named by their first batch
    EXPECT_EQ(overall(ledger), 100.0);
    EXPECT_TRUE(ledger.open().empty());
    EXPECT_EQ(ledger.rows(), 100);
}

// Goal: new rows sent along with a correction mend nothing. Method: five rows, two of which the
// receipt counts as mended.
TEST(Ledger, OnlyMendedRowsLeaveTheirBatch) {
    Ledger ledger;
    ledger.add(sent("a", 100, 10));
    BatchFacts mixed = correction("b", "a", 5, 0);
    mixed.sent_again = 2;
    ledger.add(mixed);
    EXPECT_EQ(ledger.open().at(0).rows_aside, 8);
}

// Goal: a whole file sent again speaks for the rows that were wrong before. Method: it comes with
// the same faults, then without; then half of the rows.
TEST(Ledger, SendingAgainReplacesEarlierFaults) {
    Ledger ledger;
    ledger.add(sent("a", 100, 2));
    ledger.add(again("b", 100, 2));
    EXPECT_EQ(overall(ledger), 98.0);  // not 96: they are the same two rows
    BatchFacts mended = again("c", 100, 0);
    mended.unchanged = 98;
    mended.inserted = 2;
    ledger.add(mended);
    EXPECT_EQ(overall(ledger), 100.0);

    Ledger half;
    half.add(sent("a", 104, 4));
    half.add(again("b", 50, 0));
    EXPECT_EQ(half.open().at(0).rows_aside, 2);
}

// Goal: rows that entered with warnings count half, and no longer once they are replaced or
// deleted.
TEST(Ledger, WarningsFadeWithTheirRows) {
    Ledger ledger;
    BatchFacts first = sent("a", 100, 0);
    first.entered.by[0] = 10;
    first.entered.any = 10;
    ledger.add(first);
    EXPECT_EQ(overall(ledger), 90.0);
    BatchFacts deletion;
    deletion.id = "b";
    deletion.deleted = 50;
    ledger.add(deletion);
    EXPECT_EQ(overall(ledger), 90.0);  // 5 of 50
    ledger.add(again("c", 50, 0));
    EXPECT_EQ(overall(ledger), 100.0);
}

// Goal: a snapshot is the whole truth.
TEST(Ledger, ASnapshotForgetsWhatWasBefore) {
    Ledger ledger;
    ledger.add(sent("a", 100, 50));
    BatchFacts snapshot = sent("b", 40, 4);
    snapshot.mode = contract::Mode::kSnapshot;
    snapshot.inserted = 0;
    snapshot.unchanged = 36;
    snapshot.deleted = 14;
    ledger.add(snapshot);
    EXPECT_EQ(overall(ledger), 90.0);
}

// Goal: lost freshness costs a quarter of what is lost, and is all that can be said before the
// first batch.
TEST(Ledger, FreshnessIsOneOfFourDimensions) {
    Ledger ledger;
    EXPECT_EQ(ledger.scores(50).overall, 87.5);
    EXPECT_FALSE(ledger.scores(50).accurate);
    ledger.add(sent("a", 100, 10));
    EXPECT_EQ(ledger.scores(50).overall, 77.5);
    EXPECT_EQ(ledger.scores(50).live, 50.0);
    EXPECT_EQ(ledger.scores(100).overall, 90.0);
}

// Goal: fading by many small updates ends at a whole 100 and loses no precision. Method: a thousand
// updates of 10% each, then a batch with a fault.
TEST(Ledger, LongHistoriesStayExact) {
    Ledger ledger;
    ledger.add(sent("a", 1000, 0));
    for (int i = 0; i < 1000; ++i) {
        BatchFacts update = again("u" + std::to_string(i), 100, 0);
        update.updated = update.unchanged;
        update.unchanged = 0;
        if (i == 0) update.rejected = 1, update.aside.any = update.aside.by[0] = 1;
        ledger.add(update);
    }
    EXPECT_EQ(overall(ledger), 100.0);
    ledger.add(sent("z", 10, 10));
    EXPECT_NEAR(ledger.open().at(0).aside.any, 10, 1e-9);
}

// Goal: what a receipt says is read back, also of a receipt without faults.
TEST(Ledger, FactsComeFromReceipts) {
    Faults aside, entered;
    aside.any = aside.by[1] = 3;
    entered.any = entered.by[2] = 0.5;
    json::value receipt = *parse_json(
        R"({"batch":"b","at":"2026-11-22T14:05:00Z","mode":"append","corrects":"a",
            "rows":{"read":10,"accepted":7,"rejected":3},
            "changes":{"inserted":7,"updated":0,"deleted":0,"unchanged":0},
            "seq":{"first":1,"last":7},"scores":{"complete":70.0},
            "newest":{"day":"2026-11-21T17:00:00Z"}})");
    const BatchFacts old = *facts_of(receipt);
    EXPECT_EQ(old.aside.any, 3);
    EXPECT_FALSE(old.sent_again);
    receipt.as_object()["corrected"] = {{"rows", 7}, {"of", 9}, {"left", 2}};
    EXPECT_EQ(facts_of(receipt)->sent_again, 10);
    EXPECT_NEAR(old.aside.by[1], 3, 1e-9);
    receipt.as_object()["faults"] = faults_json(aside, entered, true);
    const BatchFacts facts = *facts_of(receipt);
    EXPECT_EQ(facts.corrects, "a");
    EXPECT_EQ(facts.mode, contract::Mode::kAppend);
    EXPECT_EQ(facts.aside.by[1], 3);
    EXPECT_EQ(facts.entered.by[2], 0.5);
    EXPECT_EQ(facts.last_seq, 7);
    EXPECT_TRUE(facts.has_live_rules.value_or(false));
    EXPECT_EQ(format_time(facts.newest.at("day")), "2026-11-21T17:00:00Z");
    EXPECT_FALSE(facts_of(*parse_json("{}")));
}

}  // namespace
}  // namespace nguon::quality
