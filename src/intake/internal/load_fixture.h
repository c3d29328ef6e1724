// A store in a folder of its own, and loads into it, for the tests of intake.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "crypto/keys.h"
#include "intake/load.h"
#include "intake/quarantine.h"
#include "intake/row_writer.h"
#include "sql/duckdb.h"
#include "store/lookups.h"
#include "store/merge.h"

namespace nguon::intake {

inline constexpr std::string_view kHead =
    "apiVersion: v3.2.0\nkind: DataContract\nid: t\nname: t\ndomain: t\nversion: 1.0.0\nstatus: "
    "active\nschema:\n";

class LoadTest : public testing::Test {
protected:
    void SetUp() override {
        m_folder = std::filesystem::temp_directory_path() /
                   fmt::format("intake-{}-{}", ::getpid(), ++s_count);
        std::filesystem::create_directories(m_folder);
        m_key = std::make_unique<crypto::PrivateKey>(*crypto::PrivateKey::generate());
        store::Store::Options options;
        options.folder = m_folder;
        options.disk = &real_disk();
        options.clock = &system_clock();
        options.random = &system_random();
        options.signer = m_key.get();
        m_store = std::move(*store::Store::open(options));
    }
    void TearDown() override {
        m_writer.reset();
        m_lookups.reset();
        m_store.reset();
        std::filesystem::remove_all(m_folder);
    }
    void apply(std::string_view schemas) {
        const auto contract = contract::parse(std::string(kHead) + std::string(schemas), "t.yaml");
        ASSERT_TRUE(contract) << (contract.error().errors.empty()
                                      ? contract.error().detail.en
                                      : contract.error().errors[0].problem.en);
        const auto applied = m_store->apply({*contract});
        ASSERT_TRUE(applied) << applied.error().detail.en;
    }
    json::value load(std::string dataset, std::string bytes,
                     std::optional<contract::Mode> mode = {}) {
        LoadRequest request;
        request.dataset = std::move(dataset);
        request.bytes = std::move(bytes);
        request.mode = mode;
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    }
    // Single rows, as a node writes them.
    RowWriter& writer() {
        if (m_writer) return *m_writer;
        m_history = std::make_unique<store::StoreHistory>(*m_store);
        store::Lookups::Options options;
        options.lookup.disk = &real_disk();
        options.lookup.clock = &system_clock();
        options.lookup.random = &system_random();
        options.lookup.folder = m_store->views_folder();
        m_lookups = std::make_unique<store::Lookups>(*m_history, std::move(options));
        m_writer = std::make_unique<RowWriter>(*m_store, *m_lookups, m_load_options);
        return *m_writer;
    }
    Result<store::Receipt> put(std::string_view dataset, std::string_view key, std::string_view row,
                               const WriteTerms& terms = {}) {
        return writer().put(dataset, key, row, terms);
    }
    // "row rule" of every quarantine entry, in order.
    std::vector<std::string> set_aside(const json::value& receipt) {
        const auto batch = m_store->batch(receipt.at("batch").as_string());
        const auto rows = quarantine_rows(*m_store, *batch, Language::kEnglish, {});
        std::vector<std::string> entries;
        for (const json::value& row : rows->at("rows").as_array()) {
            entries.push_back(fmt::format("{} {}", row.at("row").as_int64(),
                                          std::string_view(row.at("rule").as_string())));
        }
        return entries;
    }
    // The current rows as "a|b|…", sorted.
    std::vector<std::string> current(const std::string& dataset) {
        const auto info = m_store->dataset(dataset);
        const auto head = m_store->head(dataset);
        const auto segments = m_store->segments(dataset, head->seq);
        const auto duck = sql::Duck::open({});
        auto rows = (*duck)->query(
            "SELECT COLUMNS(*)::VARCHAR FROM (" +
            store::current_view(**info, *segments, head->seq, store::WithSeq::kNo).sql + ")");
        EXPECT_TRUE(rows) << rows.error().detail.en;
        std::vector<std::string> lines;
        while (const std::size_t count = *rows->next()) {
            for (std::size_t i = 0; i < count; ++i) {
                std::string line;
                for (std::size_t c = 0; c < rows->column_count(); ++c) {
                    line +=
                        (c == 0 ? "" : "|") +
                        (rows->is_null(c, i) ? std::string("-") : std::string(rows->text(c, i)));
                }
                lines.push_back(line);
            }
        }
        std::ranges::sort(lines);
        return lines;
    }
    static std::int64_t at(const json::value& receipt, std::string_view group,
                           std::string_view name) {
        return receipt.at(group).at(name).to_number<std::int64_t>();
    }

    static inline int s_count = 0;
    std::filesystem::path m_folder;
    std::unique_ptr<crypto::PrivateKey> m_key;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<store::StoreHistory> m_history;
    std::unique_ptr<store::Lookups> m_lookups;
    const LoadOptions m_load_options;
    std::unique_ptr<RowWriter> m_writer;
};

using Lines = std::vector<std::string>;

inline constexpr std::string_view kPerson =
    "  - name: person\n    properties:\n"
    "      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1, "
    "logicalTypeOptions: {pattern: '^[0-9]{3}$'}}\n"
    "      - {name: name, logicalType: string, required: true, logicalTypeOptions: {maxLength: "
    "5}}\n"
    "      - {name: born, logicalType: date}\n"
    "      - {name: age, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 150}}\n"
    "      - name: sex\n        logicalType: string\n        enum: [{value: m}, {value: f}]\n"
    "    quality:\n      - {type: custom, engine: nguon, name: born_or_age, implementation: 'born "
    "IS NOT NULL OR age IS NOT NULL'}\n";

}  // namespace nguon::intake
