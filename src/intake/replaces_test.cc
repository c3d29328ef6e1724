// A file that comes in the place of an earlier batch, and rows set aside that are closed.
#include "intake/change_rows.h"
#include "intake/close_aside.h"
#include "intake/internal/load_fixture.h"
#include "intake/open_rows.h"

namespace nguon::intake {
namespace {

class ReplacesTest : public LoadTest {
protected:
    static constexpr std::string_view kEvents =
        "  - name: e\n    customProperties: [{property: mode, value: append}]\n    properties:\n"
        "      - {name: place, logicalType: string, required: true}\n"
        "      - {name: n, logicalType: integer}\n";
    static constexpr std::string_view kKeyed =
        "  - name: k\n    properties:\n"
        "      - {name: id, logicalType: string, primaryKey: true, required: true}\n"
        "      - {name: n, logicalType: integer}\n";

    LoadRequest request(std::string dataset, std::string bytes) {
        LoadRequest request;
        request.dataset = std::move(dataset);
        request.bytes = std::move(bytes);
        return request;
    }
    json::value send(const LoadRequest& request) {
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    }
    static std::string batch_of(const json::value& receipt) {
        return std::string(receipt.at("batch").as_string());
    }
    json::value resubmit(const std::string& batch, std::string bytes, std::string reason = "") {
        LoadRequest again = request(m_store->batch(batch)->dataset, std::move(bytes));
        again.corrects = batch;
        again.close_missing = std::move(reason);
        return send(again);
    }
    std::int64_t open(const std::string& batch) {
        const auto batches = m_store->batches(m_store->batch(batch)->dataset, 0);
        return OpenRows(*batches).of(*m_store->batch(batch));
    }
    std::int64_t open_in_all(const std::string& dataset) {
        const auto batches = m_store->batches(dataset, 0);
        const OpenRows rows(*batches);
        std::int64_t sum = 0;
        for (const store::BatchInfo& one : *batches)
            sum += rows.only_of(one);
        return sum;
    }
};

// Goal: a row of totals that entered an append can be taken out, and nothing else changes. Method:
// the same file again with mending, in the place of the batch; without a key; equal rows twice.
TEST_F(ReplacesTest, AMendedFileTakesThePlaceOfAnAppendedBatch) {
    apply(kEvents);
    const std::string file = "place,n\nHuế,1\nHuế,1\nVinh,2\nTổng cộng,4\n";
    const json::value first = send(request("t.e", file));
    EXPECT_EQ(at(first, "rows", "accepted"), 4);
    LoadRequest again = request("t.e", file);
    again.mend = true;
    EXPECT_EQ(send(again).at("status"), "refused");
    again.accept = {"drop_total"};
    again.replaces = batch_of(first);
    const json::value mended = send(again);
    EXPECT_EQ(mended.at("status"), "accepted") << to_text(mended.at("results"));
    EXPECT_EQ(mended.at("replaces").at("batch"), first.at("batch"));
    EXPECT_EQ(at(mended, "changes", "deleted"), 1);
    EXPECT_EQ(at(mended, "changes", "inserted"), 0);
    EXPECT_EQ(at(mended, "changes", "unchanged"), 3);
    EXPECT_EQ(current("t.e"), (Lines{"Huế|1", "Huế|1", "Vinh|2"}));
    EXPECT_EQ(m_store->head("t.e")->rows, 3);
    // Rows that the replacement left as they were are its own when it is replaced in turn.
    LoadRequest third = again;
    third.replaces = batch_of(mended);
    EXPECT_EQ(send(third).at("status"), "accepted");
    EXPECT_EQ(current("t.e"), (Lines{"Huế|1", "Huế|1", "Vinh|2"}));
    // Not twice: its rows went.
    const auto twice = intake::load(*m_store, LoadOptions{}, again);
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().code, Code::kConflict);
}

// Goal: with a key, what the batch inserted and the file lacks goes, what others wrote stays, and
// what it set aside is closed. Method: upsert and append.
TEST_F(ReplacesTest, WithAKeyOnlyWhatTheBatchInsertedGoes) {
    apply(kKeyed);
    for (const auto mode : {contract::Mode::kUpsert, contract::Mode::kAppend}) {
        const std::string own = mode == contract::Mode::kUpsert ? "u" : "a";
        load("t.k", "id,n\n" + own + "0,9\n", mode);
        const json::value first =
            load("t.k", "id,n\n" + own + "1,1\n" + own + "2,2\n" + own + "3,x\nTotal,3\n", mode);
        EXPECT_EQ(open(batch_of(first)), 1);
        LoadRequest again =
            request("t.k", "id,n\n" + own + "1,1\n" + own + "2,5\n" + own + "3,3\n");
        again.mode = mode;
        again.replaces = batch_of(first);
        const json::value mended = send(again);
        EXPECT_EQ(at(mended, "changes", "inserted"), 1);
        EXPECT_EQ(at(mended, "changes", "updated"), 1);
        EXPECT_EQ(at(mended, "changes", "deleted"), 1);
        EXPECT_EQ(at(mended, "changes", "unchanged"), 1);
        EXPECT_EQ(open(batch_of(first)), 0);
    }
    EXPECT_EQ(current("t.k"),
              (Lines{"a0|9", "a1|1", "a2|5", "a3|3", "u0|9", "u1|1", "u2|5", "u3|3"}));
}

// Goal: a row without a key can be deleted. Method: by the number of the change that inserted it.
TEST_F(ReplacesTest, ARowWithoutAKeyIsDeletedByItsNumber) {
    apply(kEvents);
    send(request("t.e", "place,n\nHuế,1\nVinh,2\nHuế,1\n"));
    EXPECT_TRUE(delete_rows(*m_store, {}, "t.e", {"seq:2"}, ""));
    EXPECT_EQ(current("t.e"), (Lines{"Huế|1", "Huế|1"}));
    EXPECT_FALSE(delete_rows(*m_store, {}, "t.e", {"seq:2"}, "")) << "it is gone";
    EXPECT_FALSE(delete_rows(*m_store, {}, "t.e", {"2"}, ""));
    send(request("t.e", "place,n\nVinh,3\n"));
    EXPECT_EQ(current("t.e"), (Lines{"Huế|1", "Huế|1", "Vinh|3"}));
}

// Goal: a later load of the same file closes what it brings in, and the rows that stay wrong are
// open once. Method: load, load as it is, load with mending, and mend the last one either way.
TEST_F(ReplacesTest, TheSameFileClosesWhatComesIn) {
    apply(
        "  - name: k\n    properties:\n"
        "      - {name: id, logicalType: string, primaryKey: true, required: true}\n"
        "      - {name: born, logicalType: date}\n");
    const std::string file = "id,born\na,31/12/1990\nb,30/02/1991\nc,1990-01-01\n";
    const std::string first = batch_of(send(request("t.k", file)));
    EXPECT_EQ(open_in_all("t.k"), 2);
    const std::string second = batch_of(send(request("t.k", file)));
    EXPECT_EQ(open_in_all("t.k"), 2) << "the same rows of the same file";
    LoadRequest mending = request("t.k", file);
    mending.mend = true;
    const json::value third = send(mending);
    EXPECT_EQ(at(third, "corrected", "rows"), 1);
    EXPECT_EQ(open(first), 1);
    EXPECT_EQ(open(second), 1);
    EXPECT_EQ(open_in_all("t.k"), 1);
    const json::value mended = resubmit(second, "id,born,_id\nb,1991-02-28," + first + "/2\n");
    EXPECT_EQ(at(mended, "corrected", "rows"), 1);
    EXPECT_EQ(open_in_all("t.k"), 0);
    EXPECT_EQ(open(batch_of(third)), 0);
    const json::value late =
        resubmit(batch_of(third), "id,born,_id\nb,1980-02-28," + first + "/2\n");
    EXPECT_EQ(at(late, "corrected", "again"), 1) << "left out: mended before";
}

// Goal: rows without a key do not enter twice by way of two loads of one file. Method: every row is
// wrong, the file comes twice, both batches are mended.
TEST_F(ReplacesTest, AFileSentTwiceIsMendedOnce) {
    apply(kEvents);
    const std::string file = "place,n\nHuế,x\nVinh,y\n";
    const std::string first = batch_of(send(request("t.e", file)));
    const std::string second = batch_of(send(request("t.e", file)));
    resubmit(first, "place,n,_row\nHuế,1,1\nVinh,2,2\n");
    resubmit(second, "place,n,_row\nHuế,1,1\nVinh,2,2\n");
    EXPECT_EQ(current("t.e"), (Lines{"Huế|1", "Vinh|2"}));
    EXPECT_EQ(open_in_all("t.e"), 0);
}

// Goal: rows that nobody will mend are closed with a reason, and only those. Method: by number,
// Goal: a batch that has no rows of its own is not replaced in vain. Method: the file sent again,
// and a correction.
TEST_F(ReplacesTest, TheBatchThatHasTheRowsIsNamed) {
    apply(kKeyed);
    const std::string file = "id,n\na,1\nb,x\nTotal,1\n";
    const json::value first = send(request("t.k", file));
    const json::value second = send(request("t.k", file));
    const json::value third = send(request("t.k", file));
    const json::value correction =
        resubmit(batch_of(first), "id,n,_id\nb,2," + batch_of(first) + "/2\n");
    for (const json::value& other : {second, third, correction}) {
        LoadRequest again = request("t.k", "id,n\na,1\nb,2\n");
        again.replaces = batch_of(other);
        const auto receipt = intake::load(*m_store, LoadOptions{}, again);
        ASSERT_FALSE(receipt);
        EXPECT_EQ(receipt.error().code, Code::kConflict);
        EXPECT_NE(receipt.error().fix.en.find(batch_of(first)), std::string::npos);
    }
    LoadRequest again = request("t.k", "id,n\na,1\nb,2\n");
    again.replaces = batch_of(first);
    send(again);
    EXPECT_EQ(current("t.k"), (Lines{"a|1", "b|2"}));
}

// One by one or all, and as those that are not in the mending file.
TEST_F(ReplacesTest, RowsAreClosedByAPerson) {
    apply(kEvents);
    const std::string batch = batch_of(send(request("t.e", "place,n\nA,x\nB,x\nC,x\nD,x\nE,5\n")));
    EXPECT_FALSE(close_aside(*m_store, {batch, {}, " ", ""})) << "a reason must be there";
    EXPECT_FALSE(close_aside(*m_store, {batch, {{5, 5}}, "no", ""})) << "row 5 entered";
    const auto closed = close_aside(*m_store, {batch, {{1, 1}}, "không phải của sở", "An"});
    ASSERT_TRUE(closed) << closed.error().detail.en;
    const json::value receipt = *parse_json(closed->json_text);
    EXPECT_EQ(receipt.at("corrects").as_string(), batch);
    EXPECT_EQ(receipt.at("corrected").at("closed").at("by"), "An");
    EXPECT_EQ(open(batch), 3);
    LoadRequest unnamed = request("t.e", "place,n\nB,2\n");
    unnamed.corrects = batch;
    unnamed.close_missing = "bỏ";
    EXPECT_FALSE(intake::load(*m_store, LoadOptions{}, unnamed)) << "no row is named";
    const json::value dropped =
        resubmit(batch, "place,n,_id\nB,2," + batch + "/2\nC,x," + batch + "/3\n", "bỏ");
    EXPECT_EQ(at(dropped, "corrected", "left"), 1);
    EXPECT_EQ(dropped.at("corrected").at("closed").at("rows"), 1);
    EXPECT_EQ(open(batch), 1);
    EXPECT_TRUE(close_aside(*m_store, {batch, {}, "bỏ", ""}));
    EXPECT_EQ(open_in_all("t.e"), 0);
    EXPECT_EQ(current("t.e"), (Lines{"B|2", "E|5"}));
}

}  // namespace
}  // namespace nguon::intake
