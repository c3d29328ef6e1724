#include <gtest/gtest.h>

#include "store/chain.h"
#include "store/test_node.h"

namespace nguon::store {
namespace {

using testing::contract_yaml;
using testing::parsed;
using testing::test_key;
using testing::TestNode;

json::value receipt_of(const Receipt& receipt) {
    return parse_json(receipt.json_text).value();
}

// Goal: what was committed is there after reopening. Method: two batches, one with quarantine;
// close; open.
TEST(Commit, IsThereAfterReopening) {
    TestNode node;
    node.must_open();
    const Receipt first = node.commit(3).value();
    const Receipt second = node.commit(2, 1).value();
    ASSERT_TRUE(node.open().has_value());

    const Head head = node.store->head("test.thing").value();
    EXPECT_EQ(head.seq, 5);
    EXPECT_EQ(head.rows, 5);
    EXPECT_EQ(head.manifests, 2);
    const std::vector<SegmentInfo> segments = node.store->segments("test.thing", head.seq).value();
    ASSERT_EQ(segments.size(), 2U);
    EXPECT_EQ(segments[1].first, 4);
    EXPECT_EQ(segments[1].last, 5);
    EXPECT_TRUE(node.simulated.exists(segments[1].path));
    const std::vector<BatchInfo> batches = node.store->batches("test.thing").value();
    ASSERT_EQ(batches.size(), 2U);
    EXPECT_EQ(batches[0].id, second.batch);
    EXPECT_EQ(batches[0].rows.rejected, 1);
    EXPECT_EQ(batches[1].receipt_json, first.json_text);
    EXPECT_TRUE(
        node.simulated.exists("/node/quarantine/" + batches[0].quarantine_sha256 + ".parquet"));
}

// Goal: the receipt has the shape and order of docs/reference/json.md and is signed.
TEST(Commit, ReceiptIsCompleteAndSigned) {
    TestNode node;
    node.must_open();
    const Receipt receipt = node.commit(2, 1).value();
    const json::value value = receipt_of(receipt);
    const json::object& members = value.as_object();
    std::string names;
    for (const auto& member : members)
        names += std::string(member.key()) + " ";
    EXPECT_EQ(names,
              "batch dataset contract_version mode status rows changes seq sha256 at corrects "
              "idempotency_key mended corrected snapshot repeats "
              "results scores jws ");
    EXPECT_EQ(value.at("seq").at("last").as_int64(), 2);
    EXPECT_TRUE(value.at("corrects").is_null());
    const std::string payload =
        test_key().public_key().verify_jws(value.at("jws").as_string()).value();
    EXPECT_EQ(payload.substr(0, payload.size() - 1),
              receipt.json_text.substr(0, payload.size() - 1));
}

// Goal: a batch that changes nothing is accepted with a receipt and a manifest, and has no numbers.
TEST(Commit, WithoutChangesHasAReceiptAndAManifest) {
    TestNode node;
    node.must_open();
    const Receipt receipt = node.commit(0).value();
    EXPECT_TRUE(receipt_of(receipt).at("seq").at("first").is_null());
    EXPECT_EQ(node.store->head("test.thing").value().manifests, 1);
    EXPECT_EQ(node.store->head("test.thing").value().seq, 0);
}

// Goal: a refused batch is recorded and signed in the chain, with and without quarantine.
TEST(Commit, RefusedIsRecorded) {
    TestNode node;
    node.must_open();
    BatchDraft bare = node.draft(0);
    bare.status = BatchStatus::kRefused;
    bare.rows = {5, 0, 5};
    const Receipt receipt = node.store->commit(bare).value();
    EXPECT_EQ(receipt.status, BatchStatus::kRefused);
    EXPECT_EQ(receipt_of(receipt).at("status").as_string(), "refused");
    EXPECT_EQ(node.store->head("test.thing").value().manifests, 1);
    EXPECT_EQ(node.store->head("test.thing").value().at, 0);

    BatchDraft with_rows = node.draft(0, 5);
    with_rows.status = BatchStatus::kRefused;
    ASSERT_TRUE(node.store->commit(with_rows).has_value());
    EXPECT_EQ(node.store->head("test.thing").value().manifests, 2);
}

TEST(Commit, SameKeyAndBodyGivesTheFirstReceipt) {
    TestNode node;
    node.must_open();
    BatchDraft draft = node.draft(2);
    draft.idempotency_key = "k";
    const Receipt first = node.store->commit(draft).value();
    EXPECT_FALSE(first.repeated);

    BatchDraft again = node.draft(2);
    again.idempotency_key = "k";
    again.body_sha256 = draft.body_sha256;
    const Receipt second = node.store->commit(again).value();
    EXPECT_TRUE(second.repeated);
    EXPECT_EQ(second.json_text, first.json_text);
    EXPECT_EQ(node.store->head("test.thing").value().seq, 2);
    EXPECT_EQ(node.store->repeated("test.thing", "k", draft.body_sha256).value()->json_text,
              first.json_text);
    EXPECT_FALSE(
        node.store->repeated("test.thing", "other", draft.body_sha256).value().has_value());
}

TEST(Commit, SameKeyAndOtherBodyIsAConflict) {
    TestNode node;
    node.must_open();
    BatchDraft draft = node.draft(2);
    draft.idempotency_key = "k";
    ASSERT_TRUE(node.store->commit(draft).has_value());
    BatchDraft other = node.draft(2);
    other.idempotency_key = "k";
    EXPECT_EQ(node.store->commit(other).error().code, Code::kConflict);
    EXPECT_EQ(node.store->repeated("test.thing", "k", other.body_sha256).error().code,
              Code::kConflict);
    EXPECT_EQ(node.store->head("test.thing").value().seq, 2);
}

// Goal: changes computed against an old head never enter. Method: two drafts of one head.
TEST(Commit, AMovedHeadIsAConflict) {
    TestNode node;
    node.must_open();
    const BatchDraft first = node.draft(2);
    const BatchDraft second = node.draft(2);
    ASSERT_TRUE(node.store->commit(first).has_value());
    EXPECT_EQ(node.store->commit(second).error().code, Code::kConflict);
    BatchDraft third = node.draft(1);
    third.contract_version = "0.9.0";
    EXPECT_EQ(node.store->commit(third).error().code, Code::kConflict);
    EXPECT_EQ(node.store->head("test.thing").value().seq, 2);
}

TEST(Commit, ADraftThatContradictsItselfIsNotSigned) {
    TestNode node;
    node.must_open();
    BatchDraft draft = node.draft(2);
    draft.rows.rejected = 1;
    EXPECT_EQ(node.store->commit(draft).error().code, Code::kInternal);
    draft = node.draft(2);
    draft.changes.updated = 1;
    EXPECT_EQ(node.store->commit(draft).error().code, Code::kInternal);
    draft = node.draft(2, 0, "test.absent");
    EXPECT_EQ(node.store->commit(draft).error().code, Code::kNotFound);
    draft = node.draft(2);
    draft.corrects = "no such batch";
    EXPECT_EQ(node.store->commit(draft).error().code, Code::kNotFound);
    EXPECT_EQ(node.store->head("test.thing").value().seq, 0);
}

// Goal: commit time never goes back. Method: the clock does, within a run and across a restart.
TEST(Commit, TimeNeverGoesBack) {
    TestNode node;
    node.must_open();
    ASSERT_TRUE(node.commit(1).has_value());
    node.clock.at -= 1'000'000'000;
    ASSERT_TRUE(node.commit(1).has_value());
    ASSERT_TRUE(node.open().has_value());
    node.clock.at -= 1'000'000'000;
    ASSERT_TRUE(node.commit(1).has_value());
    const std::vector<BatchInfo> batches = node.store->batches("test.thing").value();
    EXPECT_EQ(batches[1].at, batches[2].at + 1);
    EXPECT_EQ(batches[0].at, batches[1].at + 1);
}

// Goal: an as-of question finds the last change accepted by then.
TEST(Commit, ResolvesTimesAndNumbers) {
    TestNode node;
    node.must_open();
    const Micros start = node.clock.at;
    ASSERT_TRUE(node.commit(3).has_value());
    node.clock.at += 1000;
    ASSERT_TRUE(node.commit(4).has_value());
    const auto at = [&](Micros when) {
        return node.store->resolve("test.thing", {when, {}}).value();
    };
    EXPECT_EQ(at(start - 1), 0);
    EXPECT_EQ(at(start), 3);
    EXPECT_EQ(at(start + 999), 3);
    EXPECT_EQ(at(start + 1000), 7);
    EXPECT_EQ(at(start + 5000), 7);
    EXPECT_EQ(node.store->resolve("test.thing", {}).value(), 7);
    EXPECT_EQ(node.store->resolve("test.thing", parse_as_of("seq:5").value()).value(), 5);
    EXPECT_EQ(node.store->resolve("test.thing", parse_as_of("seq:8").value()).error().code,
              Code::kInvalid);
    EXPECT_EQ(node.store->segments("test.thing", 3).value().size(), 1U);
    for (const std::string_view wrong : {"seq:", "seq:-1", "seq:1x", "yesterday", ""}) {
        EXPECT_EQ(parse_as_of(wrong).error().code, Code::kInvalid) << wrong;
    }
}

// Goal: each manifest carries the hash of the one before, and the files are what the database says.
TEST(Commit, ManifestsAreLinked) {
    TestNode node;
    node.must_open();
    ASSERT_TRUE(node.commit(1).has_value());
    ASSERT_TRUE(node.commit(1, 2).has_value());
    const std::vector<std::string> texts = node.store->manifests("test.thing").value();
    ASSERT_EQ(texts.size(), 2U);
    const auto manifest = [&](const std::string& jws) {
        return parse_manifest(test_key().public_key().verify_jws(jws).value()).value();
    };
    EXPECT_EQ(manifest(texts[0]).previous, "");
    EXPECT_EQ(manifest(texts[1]).previous, crypto::sha256_hex(texts[0]));
    EXPECT_EQ(manifest(texts[1]).quarantine->rows, 2);
    EXPECT_EQ(node.simulated.read_all("/node/chain/test.thing/2.jws").value(), texts[1]);
}

// Goal: commits of several datasets at once are all there, each time of its own. Method: threads.
TEST(Commit, DatasetsCommitSideBySide) {
    TestNode node;
    node.must_open();
    std::vector<std::string> names;
    std::vector<contract::Contract> contracts;
    for (int i = 0; i < 4; ++i) {
        names.push_back(fmt::format("test.side{}", i));
        contracts.push_back(parsed(contract_yaml(fmt::format("side{}", i), "1.0.0")));
    }
    ASSERT_TRUE(node.store->apply(contracts).has_value());
    std::mutex drafting;
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (const std::string& name : names) {
        threads.emplace_back([&, name] {
            for (int i = 0; i < 10; ++i) {
                const auto lock = node.store->lock(name);
                BatchDraft draft;
                {
                    const std::lock_guard guard(drafting);
                    draft = node.draft(1, 0, name);
                }
                if (!lock || !node.store->commit(draft)) ++failures;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(failures, 0);
    std::set<Micros> times;
    for (const std::string& name : names) {
        EXPECT_EQ(node.store->head(name).value().seq, 10);
        const std::vector<BatchInfo> batches = node.store->batches(name).value();
        for (const BatchInfo& batch : batches)
            times.insert(batch.at);
    }
    EXPECT_EQ(times.size(), 40U);
}

}  // namespace
}  // namespace nguon::store
