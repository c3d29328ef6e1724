#include <gtest/gtest.h>

#include <random>

#include "sql/sqlite.h"
#include "store/chain.h"
#include "store/test_node.h"

namespace nguon::store {
namespace {

using testing::contract_yaml;
using testing::parsed;
using testing::test_key;
using testing::TestNode;

// Four batches, the first refused and without a file, two with quarantine: five sealed files, four
// manifests.
void fill(TestNode& node) {
    node.must_open();
    BatchDraft refused = node.draft(0);
    refused.status = BatchStatus::kRefused;
    refused.idempotency_key = "key of the sender";
    ASSERT_TRUE(node.store->commit(refused).has_value());
    ASSERT_TRUE(node.commit(3, 1).has_value());
    ASSERT_TRUE(node.commit(2).has_value());
    ASSERT_TRUE(node.commit(4, 2).has_value());
}

std::string all(const Verification& verification) {
    std::string text;
    for (const Finding& finding : verification.findings) {
        text += finding.dataset + " " + finding.file + " " + finding.problem + " " +
                finding.detail.en + "\n";
    }
    return text;
}

// The files that verify must know, relative.
std::vector<std::string> files_of(TestNode& node) {
    std::vector<std::string> files;
    for (const std::string folder : {"segments", "quarantine", "chain/test.thing"}) {
        const std::vector<std::string> names = node.simulated.list("/node/" + folder).value();
        for (const std::string& name : names)
            files.push_back(folder + "/" + name);
    }
    return files;
}

bool names(const Verification& verification, std::string_view file, std::string_view problem) {
    return std::any_of(verification.findings.begin(), verification.findings.end(),
                       [&](const Finding& f) { return f.file == file && f.problem == problem; });
}

TEST(Verify, AWholeNodeHasNoFindings) {
    TestNode node;
    fill(node);
    std::uint64_t last = 0, total = 0;
    const Verification result = node.store
                                    ->verify({}, test_key().public_key(),
                                             [&](std::uint64_t done, std::uint64_t in_all) {
                                                 last = done;
                                                 total = in_all;
                                             })
                                    .value();
    EXPECT_TRUE(result.ok) << all(result);
    ASSERT_EQ(result.datasets.size(), 1U);
    EXPECT_EQ(result.datasets[0].segments, 3);
    EXPECT_EQ(result.datasets[0].rows, 9);
    EXPECT_EQ(result.datasets[0].head,
              crypto::sha256_hex(node.store->manifests("test.thing").value().back()));
    EXPECT_GT(total, 0U);
    EXPECT_EQ(last, total);
    EXPECT_EQ(node.store->verify({"test.absent"}, test_key().public_key(), {}).error().code,
              Code::kNotFound);
}

// Goal: a flipped bit anywhere in a segment, quarantine or chain file is found and the file named.
// Method: 200 random bits over all files, each flipped, verified and flipped back; read-only and
// live.
TEST(Verify, EveryFlippedBitIsFoundAndItsFileNamed) {
    TestNode node;
    fill(node);
    const std::vector<std::string> files = files_of(node);
    ASSERT_EQ(files.size(), 9U);
    std::mt19937 random(11);
    for (int i = 0; i < 200; ++i) {
        const std::string& file = files[random() % files.size()];
        const std::filesystem::path path = "/node/" + file;
        const std::uint64_t bit = random() % (node.simulated.size_of(path).value() * 8);
        ASSERT_TRUE(node.simulated.flip_bit(path, bit));
        const Verification result = node.verify().value();
        EXPECT_FALSE(result.ok);
        EXPECT_TRUE(names(result, file, "changed")) << file << " bit " << bit << "\n"
                                                    << all(result);
        EXPECT_EQ(result.findings.size(), 1U) << all(result);
        ASSERT_TRUE(node.simulated.flip_bit(path, bit));
    }
    EXPECT_TRUE(node.verify().value().ok);
}

// Goal: a missing file is named, also by a read-only look at a copy that has no private key.
TEST(Verify, EveryMissingFileIsNamed) {
    TestNode node;
    fill(node);
    const std::vector<std::string> files = files_of(node);
    for (const std::string& file : files) {
        const std::string bytes = node.simulated.read_all("/node/" + file).value();
        ASSERT_TRUE(node.simulated.remove("/node/" + file).has_value());
        ASSERT_TRUE(node.open(true).has_value());
        const Verification result = node.verify().value();
        EXPECT_TRUE(names(result, file, "missing")) << all(result);
        node.simulated.put("/node/" + file, bytes);
    }
    ASSERT_TRUE(node.open(true).has_value());
    EXPECT_TRUE(node.verify().value().ok);
}

TEST(Verify, SwappedManifestsAreReordered) {
    TestNode node;
    fill(node);
    const std::filesystem::path first = "/node/chain/test.thing/1.jws",
                                second = "/node/chain/test.thing/2.jws";
    const std::string a = node.simulated.read_all(first).value(),
                      b = node.simulated.read_all(second).value();
    node.simulated.put(first, b);
    node.simulated.put(second, a);
    const Verification result = node.verify().value();
    EXPECT_TRUE(names(result, "chain/test.thing/1.jws", "reordered")) << all(result);
    EXPECT_TRUE(names(result, "chain/test.thing/2.jws", "reordered")) << all(result);
}

// Goal: a database of one batch ago is told from a commit that a crash cut short, by verify and by
// the next start, which must not sweep the batch away. Without the note of the folder it cannot be.
TEST(Verify, ADatabaseOneBatchOldIsNoticed) {
    TestNode node;
    node.must_open();
    ASSERT_TRUE(node.commit(1).has_value());
    node.store.reset();
    const std::string older = node.simulated.read_all("/node/control.db").value();
    ASSERT_TRUE(node.open().has_value());
    ASSERT_TRUE(node.commit(1).has_value());
    node.store.reset();
    node.simulated.put("/node/control.db", older);
    ASSERT_TRUE(node.open(true).has_value());
    EXPECT_TRUE(names(node.verify().value(), "control.db", "changed"));
    node.store.reset();
    EXPECT_EQ(node.open().error().code, Code::kCorrupt);
    EXPECT_TRUE(node.simulated.exists("/node/chain/test.thing/2.jws"));
    node.simulated.put("/node/committed/test.thing", "00000000000000000002 torn\n");
    EXPECT_TRUE(node.open().has_value());
}

// Goal: a database taken back to an older state is noticed. Method: its files of one batch ago but
// two.
TEST(Verify, AnOlderDatabaseIsNoticed) {
    TestNode node;
    node.must_open();
    ASSERT_TRUE(node.commit(1).has_value());
    node.store.reset();
    const std::string older = node.simulated.read_all("/node/control.db").value();
    ASSERT_TRUE(node.open().has_value());
    ASSERT_TRUE(node.commit(1).has_value());
    ASSERT_TRUE(node.commit(1).has_value());
    node.store.reset();
    node.simulated.put("/node/control.db", older);
    ASSERT_TRUE(node.open(true).has_value());
    const Verification result = node.verify().value();
    EXPECT_TRUE(names(result, "chain/test.thing/3.jws", "reordered")) << all(result);
}

TEST(Verify, AnotherKeyGivesBadSignatures) {
    TestNode node;
    fill(node);
    const crypto::PublicKey other = crypto::PrivateKey::generate().value().public_key();
    const Verification result = node.store->verify({}, other, {}).value();
    EXPECT_TRUE(names(result, "chain/test.thing/1.jws", "bad_signature")) << all(result);
    EXPECT_TRUE(names(result, "control.db", "bad_signature")) << all(result);
}

// Goal: what the database says cannot be edited unnoticed. Method: one edit per column that
// matters.
TEST(Verify, EditsOfTheDatabaseAreFound) {
    for (const std::string_view edit :
         {"update batch set receipt = replace(receipt, 'accepted', 'rejected') where number = 1",
          "update batch set receipt = '{}' where number = 1",
          "update batch set rows_read = rows_read + 1 where number = 2",
          "update batch set status = 'refused' where number = 2",
          "update batch set at = at + 1 where number = 3",
          "update batch set quarantine_sha256 = null where number = 4",
          "update segment set inserted = inserted + 1 where first_seq = 4",
          "update segment set contract_version = '9.0.0' where first_seq = 4",
          "delete from segment where first_seq = 6",
          "delete from manifest where number = 2",
          "delete from manifest where number = 3",
          "update manifest set sha256 = 'x' where number = 1",
          "update dataset set head_seq = head_seq - 1",
          "update dataset set current_rows = 1",
          "update contract_text set yaml = yaml || ' '",
          "update field set id = 7 where column_name = 'name'",
          "update field set column_name = 'nom' where column_name = 'name'",
          "update field set retired = 1 where column_name = 'name'",
          "insert into field select dataset, 9, 'more', 0 from field limit 1",
          "delete from batch where status = 'refused'",
          "update batch set idempotency_key = 'other' where number = 2",
          "update batch set idempotency_key = null where status = 'refused'"}) {
        TestNode node;
        fill(node);
        node.store.reset();
        auto control =
            sql::Sqlite::open({node.simulated, node.clock, node.random}, "/node/control.db", {})
                .value();
        ASSERT_TRUE(control->execute("pragma foreign_keys = off").has_value());
        ASSERT_TRUE(control->execute(edit).has_value()) << edit;
        control.reset();
        ASSERT_TRUE(node.open(true).has_value());
        const Verification result = node.verify().value();
        EXPECT_FALSE(result.ok) << edit;
        EXPECT_TRUE(names(result, "control.db", "changed") ||
                    names(result, "control.db", "bad_signature"))
            << edit << "\n"
            << all(result);
    }
}

// Goal: a damaged or missing control.db is a finding, not a failure. Method: random pages
// overwritten.
TEST(Verify, ADamagedDatabaseIsAFinding) {
    TestNode node;
    fill(node);
    node.store.reset();
    const std::string good = node.simulated.read_all("/node/control.db").value();
    for (std::size_t page = 0; page * 4096 < good.size(); ++page) {
        std::string bad = good;
        bad.replace(page * 4096, 512, std::string(512, '\x5a'));
        node.simulated.put("/node/control.db", bad);
        const Result<void> opened = node.open(true);
        ASSERT_TRUE(opened.has_value()) << opened.error().detail.en;
        const Result<Verification> result = node.verify();
        ASSERT_TRUE(result.has_value()) << page << result.error().detail.en;
        EXPECT_TRUE(names(*result, "control.db", "changed")) << page << all(*result);
    }
    node.store.reset();
    ASSERT_TRUE(node.simulated.remove("/node/control.db").has_value());
    ASSERT_TRUE(node.open(true).has_value());
    EXPECT_TRUE(names(node.verify().value(), "control.db", "missing"));
    EXPECT_EQ(node.store->head("test.thing").error().code, Code::kCorrupt);
}

// Goal: reading a copy changes no byte of it, also when its log holds what the database does not.
// Method: a copy of a live node; every operation that changes something would fail.
TEST(Verify, ReadingACopyChangesNothing) {
    TestNode node;
    fill(node);
    TestNode copy;
    for (const std::string& file : files_of(node)) {
        copy.simulated.put("/node/" + file, node.simulated.read_all("/node/" + file).value());
    }
    for (const std::string file : {"/node/control.db", "/node/control.db-wal"}) {
        copy.simulated.put(file, node.simulated.read_all(file).value());
    }
    copy.simulated.put("/node/tmp/left", "over");
    ASSERT_GT(copy.simulated.size_of("/node/control.db-wal").value(), 0U);
    const std::uint64_t before = copy.simulated.operations();
    ASSERT_TRUE(copy.open(true).has_value());
    const Verification result = copy.verify().value();
    EXPECT_TRUE(result.ok) << all(result);
    EXPECT_EQ(result.datasets[0].rows, 9);
    EXPECT_EQ(copy.store->dataset("test.thing").value()->contract.columns.size(), 2U);
    EXPECT_EQ(copy.store->apply({}).error().code, Code::kDenied);
    copy.store.reset();
    EXPECT_EQ(copy.simulated.operations(), before);
}

}  // namespace
}  // namespace nguon::store
