// What was typed in its file is the same value when its row, set aside, comes back in a CSV.
#include <fmt/ranges.h>

#include "intake/internal/load_fixture.h"
#include "scan/test_files.h"
#include "sql/duckdb.h"

namespace nguon::intake {
namespace {

class RoundTripTest : public LoadTest {
protected:
    static constexpr std::string_view kColumns =
        "    properties:\n"
        "      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n"
        "      - {name: name, logicalType: string, required: true}\n"
        "      - {name: n, logicalType: number, customProperties: [{property: decimalSeparator, "
        "value: ','}]}\n"
        "      - {name: born, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy}}\n"
        "      - {name: at, logicalType: timestamp, logicalTypeOptions: {format: 'dd/MM/yyyy "
        "HH:mm', defaultTimezone: Asia/Ho_Chi_Minh}}\n";
    void SetUp() override {
        LoadTest::SetUp();
        apply("  - name: a\n" + std::string(kColumns) + "  - name: b\n" + std::string(kColumns));
    }

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
    json::value correct(const json::value& batch, std::string bytes) {
        LoadRequest request;
        request.dataset = batch.at("dataset").as_string();
        request.bytes = std::move(bytes);
        request.corrects = batch.at("batch").as_string();
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    }
    // The rows that `nameless` sets aside, mended by filling in the name, are those of `named`.
    void expect_same(const std::string& nameless, const std::string& named, std::int64_t rows) {
        const json::value aside = load("t.a", nameless);
        ASSERT_EQ(at(aside, "rows", "rejected"), rows);
        Lines lines = mending_file(aside);
        for (std::size_t i = 1; i < lines.size(); ++i)
            lines[i].replace(lines[i].find(",,"), 2, ",An,");
        const std::string mended = fmt::format("{}\n", fmt::join(lines, "\n"));
        const json::value back = correct(aside, mended);
        EXPECT_EQ(at(back, "rows", "accepted"), rows) << mended;
        EXPECT_EQ(at(load("t.b", named), "rows", "accepted"), rows);
        EXPECT_EQ(current("t.a"), current("t.b")) << mended;
    }

    static std::string text_cell(std::string_view at, std::string_view value) {
        return fmt::format(R"(<c r="{}" t="inlineStr"><is><t>{}</t></is></c>)", at, value);
    }
    // The columns of the contract; cells of each row by style and value.
    static std::string workbook(std::string_view name) {
        std::string rows = "<row r=\"1\">" + text_cell("A1", "id") + text_cell("B1", "name") +
                           text_cell("C1", "n") + text_cell("D1", "born") + text_cell("E1", "at") +
                           "</row>";
        int row = 1;
        for (const std::string_view n :
             {R"(<v>2.375</v>)", R"(<v>1234.5</v>)", R"(<v>0.125</v>)", R"(<v>1E-7</v>)",
              R"(s="3"><v>0.33125</v>)", R"(s="3"><v>0.5</v>)"}) {
            ++row;
            const bool styled = n.starts_with('s');
            rows += fmt::format(
                R"(<row r="{0}">{1}{2}<c r="C{0}" {3}{4}</c><c r="D{0}" s="1"><v>45689</v></c>)"
                R"(<c r="E{0}" s="2"><v>45689.5</v></c></row>)",
                row, text_cell(fmt::format("A{}", row), fmt::format("K{}", row)),
                name.empty() ? "" : text_cell(fmt::format("B{}", row), name), styled ? "" : ">", n);
        }
        scan::TestWorkbook book{{{"S", "<sheetData>" + rows + "</sheetData>"}}};
        book.formats = {"dd/mm/yyyy", "dd/mm/yyyy hh:mm", "0.000%"};
        return book.bytes();
    }
};

// Goal: filling in a name changes no number, date or moment of the row. Method: cells of a sheet
// that mean another value, or none, when a CSV has them as they are.
TEST_F(RoundTripTest, RowsOfASheetComeBackAsTheyWere) {
    expect_same(workbook(""), workbook("An"), 6);
    const Lines rows = current("t.a");
    EXPECT_TRUE(rows.at(0).starts_with("K2|An|2.375|2025-02-01|")) << rows[0];
    EXPECT_TRUE(rows.at(4).starts_with("K6|An|33.125|")) << rows[4];
}

// Goal: the same of JSON, whose texts stay what they are.
TEST_F(RoundTripTest, RowsOfJsonComeBackAsTheyWere) {
    const auto lines = [](std::string_view name) {
        return fmt::format(
            "{{\"id\":\"K1\",{0}\"n\":1.125,\"born\":\"2026-05-31\",\"at\":\"2026-05-31T10:00:"
            "00Z\"}}\n"
            "{{\"id\":\"K2\",{0}\"n\":\"1.125\",\"born\":\"31/05/2026\","
            "\"at\":\"31/05/2026 10:00\"}}\n"
            "{{\"id\":\"K3\",{0}\"n\":2.5e-3,\"born\":null}}\n",
            name);
    };
    expect_same(lines("\"name\":null,"), lines("\"name\":\"An\","), 3);
    EXPECT_TRUE(current("t.a").at(0).starts_with("K1|An|1.125|2026-05-31|"));
    EXPECT_TRUE(current("t.a").at(1).starts_with("K2|An|1125.0|2026-05-31|"));
}

// Goal: the same of Parquet.
TEST_F(RoundTripTest, RowsOfParquetComeBackAsTheyWere) {
    const auto parquet = [&](std::string_view name) {
        const std::filesystem::path file = m_folder / "rows.parquet";
        EXPECT_TRUE((*sql::Duck::open({}))
                        ->query_integer(fmt::format(
                            "COPY (SELECT 'K1' AS id, {}::VARCHAR AS name, 1.125::DOUBLE AS n, "
                            "DATE '2026-05-31' AS born, TIMESTAMP '2026-05-31 10:00:00' AS at) TO "
                            "{} (FORMAT parquet)",
                            name, sql::quote_literal(file.string()))));
        return *real_disk().read_all(file);
    };
    expect_same(parquet("NULL"), parquet("'An'"), 1);
}

// Goal: a row that repeats a key stays that row when a spreadsheet program sends it unmended as a
// number. Method: the mending file as a workbook.
TEST_F(RoundTripTest, ARepeatedKeySentAsASheetIsNotMended) {
    const json::value aside = load("t.a",
                                   "{\"id\":\"K1\",\"name\":\"An\",\"n\":1.5}\n"
                                   "{\"id\":\"K1\",\"name\":\"Ba\",\"n\":2.375}\n");
    ASSERT_EQ(set_aside(aside), (Lines{"2 key:id"}));
    EXPECT_TRUE(mending_file(aside).at(1).starts_with("K1,Ba,\"2,375\","));
    const std::string rows = "<row r=\"1\">" + text_cell("A1", "id") + text_cell("B1", "name") +
                             text_cell("C1", "n") + text_cell("D1", "_row") +
                             "</row><row r=\"2\">" + text_cell("A2", "K1") + text_cell("B2", "Ba") +
                             R"(<c r="C2"><v>2.375</v></c><c r="D2"><v>2</v></c></row>)";
    const scan::TestWorkbook book{{{"S", "<sheetData>" + rows + "</sheetData>"}}};
    EXPECT_EQ(at(correct(aside, book.bytes()), "rows", "accepted"), 0);
    EXPECT_EQ(current("t.a").size(), 1u);
}

}  // namespace
}  // namespace nguon::intake
