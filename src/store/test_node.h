// For tests of the store: a node whose disk can lose power. Segments and quarantine files are
// opaque bytes to the store, so any bytes will do.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/simulated_disk.h"
#include "base/simulated_time.h"
#include "contract/contract.h"
#include "crypto/keys.h"
#include "crypto/sha256.h"
#include "store/key.h"
#include "store/store.h"

namespace nguon::store::testing {

// The key of every test node: making one costs less than it did, and still more than a test.
inline const crypto::PrivateKey& test_key() {
    static const crypto::PrivateKey key = crypto::PrivateKey::generate().value();
    return key;
}

// One dataset <domain>.<schema>; `columns` after the key `code`, all strings. `reference`:
// "domain.schema.column" for the last of them.
inline std::string contract_yaml(std::string_view schema, std::string_view version,
                                 const std::vector<std::string>& columns = {"name"},
                                 std::string_view reference = "") {
    std::string yaml = fmt::format(
        "apiVersion: v3.1.0\nkind: DataContract\nid: test-{0}\nname: {0}\nversion: {1}\nstatus: "
        "active\n"
        "domain: test\nschema:\n  - name: {0}\n    logicalType: object\n    properties:\n"
        "      - name: code\n        logicalType: string\n        primaryKey: true\n"
        "        primaryKeyPosition: 1\n        required: true\n",
        schema, version);
    for (const std::string& column : columns) {
        yaml += fmt::format("      - name: {}\n        logicalType: string\n", column);
    }
    if (!reference.empty()) {
        yaml += fmt::format(
            "        relationships:\n          - type: foreignKey\n            to: {}\n",
            reference);
    }
    return yaml;
}

inline contract::Contract parsed(const std::string& yaml) {
    Result<contract::Contract> contract = contract::parse(yaml, "test.yaml");
    if (!contract) {
        std::string what = contract.error().detail.en;
        for (const Problem& problem : contract.error().errors) {
            what += "\n" + problem.path + ": " + problem.problem.en;
        }
        throw std::runtime_error(what);
    }
    return *std::move(contract);
}

class TestNode {
public:
    static constexpr std::string_view kFolder = "/node";

    explicit TestNode(Disk* on = nullptr, std::filesystem::path where = kFolder, unsigned seed = 7)
        : random(seed), folder(std::move(where)), m_disk(on != nullptr ? on : &simulated) {
        if (on == nullptr) simulated.put("/node/nguon.yaml", "");
    }

    SimulatedDisk simulated;
    ManualClock clock;
    SeededRandom random;
    std::unique_ptr<Store> store;
    std::filesystem::path folder;
    int made = 0;  // batches drafted
    WriteSegment write_segment = nullptr;
    Eraser* eraser = nullptr;

    Disk& disk() { return *m_disk; }

    Result<void> open(bool read_only = false) {
        store.reset();
        Store::Options options;
        options.folder = folder;
        options.disk = m_disk;
        options.clock = &clock;
        options.random = &random;
        options.signer = read_only ? nullptr : &test_key();
        options.read_only = read_only;
        options.write_segment = write_segment;
        options.eraser = eraser;
        TRY_ASSIGN(store, Store::open(options));
        return {};
    }

    // Opened, with the dataset test.thing.
    void must_open() {
        const Result<void> opened = open();
        ASSERT_TRUE(opened.has_value()) << opened.error().detail.en;
        const Result<std::vector<Applied>> applied =
            store->apply({parsed(contract_yaml("thing", "1.0.0"))});
        ASSERT_TRUE(applied.has_value()) << applied.error().detail.en;
    }

    void write_file(const std::filesystem::path& path, std::string_view bytes) {
        Result<std::unique_ptr<File>> file = m_disk->open(path, OpenMode::kCreate);
        if (file) (void)(*file)->write_at(0, bytes);
    }

    // A batch that inserts `inserted` rows and quarantines `rejected`.
    BatchDraft draft(std::int64_t inserted, std::int64_t rejected = 0,
                     std::string_view dataset = "test.thing") {
        BatchDraft draft;
        draft.id = fmt::format("batch{:04}", ++made);
        draft.dataset = dataset;
        draft.contract_version = "1.0.0";
        draft.mode = contract::Mode::kUpsert;
        draft.body_sha256 = crypto::sha256_hex(draft.id);
        draft.rows = {inserted + rejected, inserted, rejected};
        draft.changes.inserted = inserted;
        draft.results.push_back(json::object{{"rule", "r"}, {"failed", rejected}, {"share", 0.5}});
        if (const auto head = store->head(dataset)) draft.expected_head = head->seq;
        if (inserted > 0) {
            draft.segment = DraftFile{store->new_temporary(".parquet"), inserted};
            write_file(draft.segment->path,
                       fmt::format("segment of {} {:>3000}", draft.id, inserted));
        }
        if (rejected > 0) {
            draft.quarantine = DraftFile{store->new_temporary(".parquet"), rejected};
            write_file(draft.quarantine->path,
                       fmt::format("quarantine of {} {:>900}", draft.id, rejected));
        }
        return draft;
    }

    Result<Receipt> commit(std::int64_t inserted, std::int64_t rejected = 0) {
        return store->commit(draft(inserted, rejected));
    }

    // Rows written alone are sealed as bytes that are no Parquet: a simulated disk holds none.
    void write_opaque_segments() {
        write_segment = [this](const DatasetInfo&, std::span<const HotRow> rows,
                               const std::filesystem::path& file) -> Result<void> {
            std::string bytes = "segment";
            for (const HotRow& row : rows)
                bytes += row.change.values;
            TRY_ASSIGN(const std::unique_ptr<File> opened, m_disk->open(file, OpenMode::kCreate));
            return opened->write_at(0, bytes);
        };
    }

    Result<Verification> verify() { return store->verify({}, test_key().public_key(), {}); }

private:
    Disk* m_disk;
};

// One row of test.thing, written alone.
inline BatchDraft write_of(TestNode& node, Op op, std::string_view code, std::string_view name) {
    BatchDraft draft = node.draft(0);
    draft.rows = {1, 1, 0};
    draft.results = {};
    RowChange change;
    change.op = op;
    change.key = format_key({std::string(code)});
    const json::value given = op == Op::kDelete ? json::value(nullptr) : json::value(name);
    change.values = to_text(json::array{code, given});
    change.row_json =
        op == Op::kDelete ? "null" : to_text(json::object{{"code", code}, {"name", given}});
    if (op == Op::kInsert) draft.changes.inserted = 1;
    if (op == Op::kUpdate) draft.changes.updated = 1;
    if (op == Op::kDelete) draft.changes.deleted = 1;
    draft.row = change;
    return draft;
}

}  // namespace nguon::store::testing
