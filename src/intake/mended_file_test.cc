// A file mended by check: loading it does what `load` with mending does to the file itself.
#include <random>

#include "intake/check.h"
#include "intake/internal/load_fixture.h"
#include "scan/test_files.h"

namespace nguon::intake {
namespace {

// Two datasets of one shape: the file is loaded into one, the mended file into the other.
class MendedFileTest : public LoadTest {
protected:
    static constexpr std::string_view kColumns =
        "    properties:\n"
        "      - {name: id, logicalType: string, primaryKey: true, required: true, "
        "logicalTypeOptions: {pattern: '^[0-9]{3}$'}}\n"
        "      - {name: v, logicalType: string}\n"
        "      - {name: born, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy}}\n"
        "      - {name: n, logicalType: number, customProperties: [{property: decimalSeparator, "
        "value: ','}]}\n"
        "      - {name: at, logicalType: timestamp, logicalTypeOptions: {format: 'dd/MM/yyyy "
        "HH:mm', timezone: false, defaultTimezone: Asia/Ho_Chi_Minh}}\n";
    void apply_both() {
        apply("  - name: a\n" + std::string(kColumns) + "  - name: b\n" + std::string(kColumns));
    }

    struct Mended {
        std::string file, damaged;
        json::object answer;
    };
    Mended mend(const std::string& bytes, std::vector<std::string> accept = {}) {
        const auto folder = m_folder / fmt::format("check{}", ++m_checks);
        std::filesystem::create_directories(folder);
        CheckRequest request;
        request.file_name = "f";
        request.bytes = bytes;
        request.contract = (*m_store->dataset("t.a"))->contract;
        request.mend = true;
        request.accept = std::move(accept);
        request.scratch = folder / "scratch";
        std::filesystem::create_directories(request.scratch);
        request.mended = folder / "mended";
        request.damaged = folder / "damaged";
        auto answer = check(request, {real_disk(), system_clock(), system_random()});
        EXPECT_TRUE(answer) << answer.error().detail.en;
        return {text_of(request.mended), text_of(request.damaged),
                answer ? std::move(*answer) : json::object()};
    }
    json::value load_mending(const std::string& bytes, std::vector<std::string> accept = {}) {
        LoadRequest request;
        request.dataset = "t.a";
        request.bytes = bytes;
        request.mend = true;
        request.accept = std::move(accept);
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    }
    static std::string text_of(const std::filesystem::path& file) {
        const auto opened = real_disk().open(file, OpenMode::kRead);
        if (!opened) return {};
        std::string text(*(*opened)->size(), '\0');
        EXPECT_TRUE((*opened)->read_at(0, text));
        return text;
    }
    // Loads `bytes` into t.a with mending, what check writes into t.b without: the same must stand.
    void expect_same(const std::string& bytes, const std::vector<std::string>& accept = {}) {
        const Mended mended = mend(bytes, accept);
        const json::value original = load_mending(bytes, accept);
        const std::int64_t accepted = at(original, "rows", "accepted");
        if (original.at("status") == "refused") return;
        const json::value again = load("t.b", mended.file);
        m_compared += accepted;
        EXPECT_EQ(at(again, "rows", "accepted"), accepted) << bytes << "\n->\n" << mended.file;
        EXPECT_EQ(current("t.b"), current("t.a")) << bytes << "\n->\n" << mended.file;
        // Nothing is lost: what is not in the one file is in the other.
        EXPECT_EQ(at(original, "rows", "rejected"),
                  at(again, "rows", "rejected") + mended.answer.at("damaged").as_int64())
            << bytes << "\n->\n"
            << mended.file << "\nand\n"
            << mended.damaged;
    }
    int m_checks = 0;
    std::int64_t m_compared = 0;  // rows that entered
};

// Goal: a damaged record is not made a good one. Method: an unclosed quote in the midst.
TEST_F(MendedFileTest, ADamagedRecordStandsAsItWasInAFileBeside) {
    apply_both();
    const std::string bytes = "id,v,born\n001,x,01/02/2025\n002,\"y,02/02/2025\n003,z,03/02/2025\n";
    const Mended mended = mend(bytes);
    EXPECT_EQ(mended.file, "id,v,born\n001,x,01/02/2025\n003,z,03/02/2025\n");
    EXPECT_EQ(mended.damaged, "id,v,born\n002,\"y,02/02/2025\n");
    EXPECT_EQ(mended.answer.at("damaged"), 1);
    expect_same(bytes);
}

// Goal: a damaged JSON record ends no table. Method: one in the midst of three.
TEST_F(MendedFileTest, ADamagedRecordOfJsonIsNoEmptyLine) {
    apply_both();
    const std::string bytes =
        "{\"id\":\"001\",\"v\":\"x\"}\n{\"id\":\"002\",\n{\"id\":\"003\",\"v\":\"z\",\"n\":1.5}\n";
    const Mended mended = mend(bytes);
    EXPECT_EQ(mended.file, "id,v,n\n001,x,\n003,z,\"1,5\"\n") << "no column that no record has";
    EXPECT_EQ(mended.damaged, "{\"id\":\"002\",\n");
    expect_same(bytes);
}

// Goal: the row that gave way to a real key gives way again. Method: the guessed one stands first.
TEST_F(MendedFileTest, AGuessedKeyGivesWayAgain) {
    apply_both();
    expect_same("id,v\n1,guess\n001,real\n2,alone\n", {"pad:id"});
}

// Goal: what a sheet has as a date, a moment or a number is written as the contract writes it, and
// a broken cell is no value. Method: a workbook with one of each.
TEST_F(MendedFileTest, CellsOfASheetAreWrittenAsTheContractHasThem) {
    apply_both();
    const auto text = [](std::string_view at, std::string_view value) {
        return fmt::format(R"(<c r="{}" t="inlineStr"><is><t>{}</t></is></c>)", at, value);
    };
    const std::string rows =
        "<row r=\"1\">" + text("A1", "id") + text("B1", "born") + text("C1", "n") +
        text("D1", "at") + "</row><row r=\"2\">" + text("A2", "001") +
        R"(<c r="B2" s="1"><v>45689</v></c><c r="C2"><v>1.5</v></c><c r="D2" s="2"><v>45689.5</v></c>)" +
        "</row><row r=\"3\">" + text("A3", "002") + text("B3", "#REF!") + "</row>";
    scan::TestWorkbook book{{{"S", "<sheetData>" + rows + "</sheetData>"}}};
    book.formats = {"dd/mm/yyyy", "dd/mm/yyyy hh:mm"};
    const Mended mended = mend(book.bytes());
    EXPECT_EQ(mended.file, "id,born,n,at\n001,01/02/2025,\"1,5\",01/02/2025 12:00\n");
    EXPECT_EQ(mended.answer.at("damaged"), 1);
    EXPECT_NE(mended.damaged.find("#REF!"), std::string::npos);
    expect_same(book.bytes());
    EXPECT_EQ(current("t.b").size(), 1u);
}

// Goal: percents of a sheet are numbers without the sign, all of them, under any contract. Method:
// with and without digits behind the point; the whole file reads without a word on units.
TEST_F(MendedFileTest, PercentsOfASheetLoseTheSign) {
    for (const std::string_view decimal : {"", "','", "'.'"}) {
        const std::string custom = decimal.empty()
                                       ? std::string()
                                       : fmt::format(
                                             ", customProperties: [{{property: decimalSeparator, "
                                             "value: {}}}]",
                                             decimal);
        const auto columns = fmt::format(
            "    properties:\n      - {{name: id, logicalType: string, primaryKey: true}}\n"
            "      - {{name: n, logicalType: number{}}}\n",
            custom);
        const auto contract = contract::parse(
            std::string(kHead) + "  - name: a\n" + columns + "  - name: b\n" + columns, "t.yaml");
        ASSERT_TRUE(contract);
        ASSERT_TRUE(m_store->apply({*contract}));
        std::string rows = R"(<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" )"
                           R"(t="inlineStr"><is><t>n</t></is></c></row>)";
        int row = 1;
        for (const std::string_view value : {"0.125", "0.5", "0.0725", "0.33125"}) {
            ++row;
            rows += fmt::format(R"(<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>K{0}</t></is></c>)"
                                R"(<c r="B{0}" s="1"><v>{1}</v></c></row>)",
                                row, value);
        }
        scan::TestWorkbook book{{{"S", "<sheetData>" + rows + "</sheetData>"}}};
        book.formats = {"0.000%"};
        const std::string file = mend(book.bytes()).file;
        EXPECT_EQ(file, decimal == "','" ? "id,n\nK2,\"12,5\"\nK3,50\nK4,\"7,25\"\nK5,\"33,125\"\n"
                                         : "id,n\nK2,12.5\nK3,50\nK4,7.25\nK5,33.125\n");
        expect_same(book.bytes());
        TearDown();
        SetUp();
    }
}

std::string pick(std::mt19937& random, std::initializer_list<std::string_view> from) {
    return std::string(from.begin()[random() % from.size()]);
}

std::string csv_row(std::mt19937& random, char delimiter) {
    const std::string d(1, delimiter);
    std::string row = pick(random, {"001", "002", "003", "004", "010", "7", "abc", "", "005 "});
    row += d + pick(random, {"x", "", "\"a;b,c\"", "\"hai\ndòng\"", "'y", "Nguyá»…n VÄƒn An",
                             "Tổng", "\"open", "a\"b", "  lùi", "\" lùi \""});
    row += d + pick(random,
                    {"01/02/2025", "31/12/2024", "2025-03-01", "", "-", "30/02/2025", "1/2/2025"});
    row += d + (delimiter == ';' ? pick(random, {"1,5", "12", "1.234,5", "", "x"})
                                 : pick(random, {"\"1,5\"", "12", "", "1.234", "x"}));
    row += d + pick(random, {"01/02/2025 14:30", "", "31/12/2024 00:00", "2025-01-01T00:00:00Z"});
    if (random() % 12 == 0) row += d + "more";
    if (random() % 15 == 0) row = "Tổng cộng" + d + d + d + "5" + d;
    return row + "\n";
}

std::string json_row(std::mt19937& random) {
    if (random() % 10 == 0)
        return pick(random, {"{\"id\":\"1\n", "[1]\n", "{\"id\":1,\"id\":2}\n"});
    std::string row = "{\"id\":" + pick(random, {"\"001\"", "\"002\"", "\"003\"", "4", "null"});
    row += ",\"born\":" + pick(random, {"\"01/02/2025\"", "\"31/12/2024\"", "null", "\"x\""});
    if (random() % 2 == 0) row += ",\"n\":" + pick(random, {"1.5", "12", "1e3", "\"1,5\"", "true"});
    if (random() % 3 == 0)
        row += ",\"v\":" + pick(random, {"\"a\\nb\"", "\" b \"", "\"\"", "[1,2]"});
    return row + "}\n";
}

// Goal: the mended file does what mending on the way in does. Method: many small files of the
// faults that offices make, CSV of two delimiters and JSON, by a seed.
TEST_F(MendedFileTest, LoadsAsTheFileItselfDoesWithMending) {
    apply_both();
    for (unsigned seed = 1; seed <= 60; ++seed) {
        std::mt19937 random(seed);
        const bool json = seed % 3 == 0;
        const char delimiter = seed % 3 == 1 ? ',' : ';';
        std::string bytes = json ? "" : "id,v,born,n,at\n";
        std::ranges::replace(bytes, ',', delimiter);
        const std::size_t rows = 2 + random() % 9;
        for (std::size_t i = 0; i < rows; ++i)
            bytes += json ? json_row(random) : csv_row(random, delimiter);
        SCOPED_TRACE(fmt::format("seed {}", seed));
        expect_same(bytes);
        if (testing::Test::HasFailure()) return;
        TearDown();
        SetUp();
        apply_both();
    }
    EXPECT_GT(m_compared, 60) << "the files had rows that enter";
}

}  // namespace
}  // namespace nguon::intake
