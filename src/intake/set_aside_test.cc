// What a load sets aside and says of it, and files that are looked at without loading.
#include "base/simulated_disk.h"
#include "intake/check.h"
#include "intake/internal/load_fixture.h"
#include "intake/profile.h"

namespace nguon::intake {
namespace {

// Goal: a first contract alters no value. Method: numbers with more digits than a double keeps.
TEST_F(LoadTest, DraftContractKeepsLongNumbersWhole) {
    scan::InputOptions input;
    input.bytes = "stk,n,r\n12345678901234567890,9007199254740993,1.5\n12345678901234567891,1,2\n";
    const auto profiled = profile(input, {system_random(), system_clock().now()});
    ASSERT_TRUE(profiled);
    EXPECT_EQ(profiled->columns[0].type, contract::LogicalType::kString);
    EXPECT_EQ(profiled->columns[1].type, contract::LogicalType::kInteger);
    EXPECT_EQ(profiled->columns[2].type, contract::LogicalType::kNumber);
}

// Goal: a first contract loads the file it was made from. Method: a file with what offices have in
// it.
TEST_F(LoadTest, DraftContractLoadsItsFile) {
    const std::string text =
        "Mã số;Họ và tên;Ngày sinh;Điện thoại;Số con\n0012;Nguyễn Văn "
        "A;31/01/1990;0912345678;2\n0013;Trần Thị B;28/02/1991;;0\n0014;Lê "
        "C;01/12/1985;0987654321;\n";
    scan::InputOptions input;
    input.bytes = text;
    const auto profiled = profile(input, {system_random(), system_clock().now()});
    ASSERT_TRUE(profiled);
    EXPECT_EQ(profiled->columns[0].type, contract::LogicalType::kString) << "leading zeros stay";
    EXPECT_EQ(profiled->columns[2].guess.format(), "dd/MM/yyyy");
    EXPECT_EQ(profiled->columns[3].personal.kind, Personal::kPhone);
    EXPECT_TRUE(profiled->columns[0].likely_key);
    const auto contract = contract::parse(draft_contract(*profiled, "Danh sách.csv"), "draft.yaml");
    ASSERT_TRUE(contract) << contract.error().errors[0].problem.en;
    ASSERT_TRUE(m_store->apply({*contract}));
    const json::value receipt = load(contract->datasets[0].name, text);
    EXPECT_EQ(at(receipt, "rows", "accepted"), 3);
    EXPECT_EQ(at(receipt, "rows", "rejected"), 0);
}

// Goal: what was set aside can be mended where it stands and sent back. Method: quotes, commas, a
// tab between fields, two faults in one row, damage; the file as a whole is what is compared.
TEST_F(LoadTest, TheMendingFileIsTakenBack) {
    apply(kPerson);
    const json::value first = load("t.person",
                                   "sex\tborn\tid\tname\tage\n"
                                   "m\t2000-01-01\t001\tAn\t1\n"
                                   "x\t2000-02-30\t002\t\"B, \"\"b\"\"\"\t2\n"
                                   "m\t\t003\t'C'\n"
                                   "m\t\t004\tD\xFF\t4\n"
                                   "f\t\t001\tE\t5\n");
    const auto batch = m_store->batch(first.at("batch").as_string());
    const std::filesystem::path file = m_folder / "tmp" / "rows.csv";
    const auto exported =
        export_quarantine(*m_store, *batch, Language::kEnglish, QuarantineFormat::kCsv, file);
    ASSERT_TRUE(exported) << exported.error().detail.en;
    const std::string head = "id,name,born,age,sex,_row,_rule,_reason,_record\n";
    const std::string text = *real_disk().read_all(file);
    const auto id = [&](int row) { return fmt::format(",{}/{}\n", batch->id, row); };
    const std::string taken = head.substr(0, head.size() - 1) + ",_id\n";
    EXPECT_EQ(text,
              taken +
                  "002,\"B, \"\"b\"\"\",2000-02-30,2,x,2,enum:sex; length:name; type:born,"
                  "sex: Not in the list of allowed values; name: Length outside 0 to 5 characters; "
                  "born: Not a date (yyyy-MM-dd)," +
                  id(2) + ",,,,,3,record:fields,\"4 fields, the header has 5\",m\t\t003\t'C'" +
                  id(3) +
                  ",,,,,4,record:encoding,Bytes that are not UTF-8: save the file as CSV UTF-8,"
                  "hex:" +
                  hex("m\t\t004\tD\xFF\t4") + id(4) +
                  "001,E,,5,f,5,key:id,\"id: The same key as an earlier row of the file, or as a "
                  "row already there\"," +
                  id(5));
    LoadRequest request;
    request.dataset = "t.person";
    request.corrects = batch->id;
    request.bytes = head + "002,\"B, b\",2000-02-29,2,m,2,length:name; type:born,some reason,\n" +
                    "003,'C',,3,m,3,record:fields,,m\t\t003\t'C'\n";
    const auto second = intake::load(*m_store, {}, request);
    ASSERT_TRUE(second) << second.error().detail.en;
    const json::value receipt = *parse_json(second->json_text);
    EXPECT_EQ(std::string_view(receipt.at("corrects").as_string()), batch->id);
    EXPECT_EQ(at(receipt, "rows", "accepted"), 2);
    for (const json::value& result : receipt.at("results").as_array())
        EXPECT_EQ(result.at("failed"), 0) << to_text(result);
    EXPECT_EQ(current("t.person"),
              (Lines{"001|An|2000-01-01|1|m", "002|B, b|2000-02-29|2|m", "003|'C'|-|3|m"}));
}

// Goal: a name that begins with `_` is never a column. Method: contract columns with the same name
// behind it, and a file that has both.
TEST_F(LoadTest, ReservedColumnsAreLeftOut) {
    apply(
        "  - name: n\n    properties:\n      - {name: row, logicalType: string}\n"
        "      - {name: rule, logicalType: string}\n");
    const json::value receipt = load("t.n", "_row,row,_rule\n1,a,b\n");
    EXPECT_EQ(at(receipt, "rows", "accepted"), 1);
    EXPECT_EQ(current("t.n"), (Lines{"a|-"}));
}

// Goal: each kind of damage is counted by itself and said with its place. Method: one of each, and
// one record that has two.
TEST_F(LoadTest, DamageIsNamedByItsKind) {
    apply(kPerson);
    const std::string bytes = std::string("id,name,born,age,sex\n001,A\n002,\"B,,1,m\n003,") +
                              '\0' + ",,1,m\n004,\xFF,,1,m\n005,\xFF" + '\0' +
                              ",,1,m\n006,A,,1,m\n007,A,,1,m,m\n";
    const json::value receipt = load("t.person", bytes);
    EXPECT_EQ(set_aside(receipt), (Lines{"1 record:fields", "2 record:quote", "3 record:nul",
                                         "4 record:encoding", "5 record:nul", "7 record:fields"}));
    CheckRequest request;
    request.file_name = "f.csv";
    request.bytes = bytes;
    request.scratch = m_folder / "tmp";
    const auto answer = check(request, {real_disk(), system_clock(), system_random()});
    ASSERT_TRUE(answer) << answer.error().detail.en;
    EXPECT_EQ(answer->at("rejected"), 6);
    EXPECT_EQ(answer->at("encoding"), "unknown");
    std::map<std::string, std::string>
        found;  // by rule: failed, rows and what is said of the first
    for (const json::array* results :
         {&answer->at("results").as_array(), &receipt.at("results").as_array()}) {
        for (const json::value& result : *results) {
            if (result.at("failed") == 0) continue;
            std::string text =
                to_text(result.at("failed")) + " of " + to_text(result.at("checked"));
            for (const json::value& example : result.at("examples").as_array())
                text += " " + to_text(example.at("row"));
            const json::value& first = result.at("examples").at(0);
            if (const json::value* reason = first.get_object().if_contains("reason"))
                text += " " + std::string(reason->at("en").as_string());
            const auto [at, fresh] = found.emplace(result.at("rule").as_string(), text);
            EXPECT_EQ(at->second, text) << "load and check say the same";
        }
    }
    EXPECT_EQ(found, (std::map<std::string, std::string>{
                         {"record:fields", "2 of 7 1 7 2 fields, the header has 5"},
                         {"record:quote", "1 of 7 2"},
                         {"record:nul", "2 of 7 3 5"},
                         {"record:encoding", "1 of 7 4"}}));
}

// Goal: a number that does not fit says why. Method: decimals, digits, and what is no number.
TEST_F(LoadTest, DecimalsSayWhatDoesNotFit) {
    apply(
        "  - name: d\n    properties:\n      - {name: v, logicalType: number, physicalType: "
        "'DECIMAL(5,2)'}\n      - {name: w, logicalType: number, physicalType: 'DECIMAL(5,0)'}\n");
    const json::value receipt =
        load("t.d",
             "v,w\n1.234,1\n1.2300,1.0\n1000,1\nx,1\n1.2.3,1\n0001.5,00123456\n1,1.5\n-1.001,1\n");
    const auto batch = m_store->batch(receipt.at("batch").as_string());
    const auto rows = quarantine_rows(*m_store, *batch, Language::kEnglish, {});
    Lines reasons;
    for (const json::value& row : rows->at("rows").as_array())
        reasons.push_back(to_text(row.at("row")) + " " + std::string(row.at("reason").as_string()));
    const std::string other = "Not a number with at most 3 digits before the point and 2 after";
    EXPECT_EQ(reasons, (Lines{"1 Too many decimals: at most 2",
                              "3 Too many digits before the point: at most 3", "4 " + other,
                              "5 " + other, "6 Too many digits before the point: at most 5",
                              "7 No decimals are allowed here", "8 Too many decimals: at most 2"}));
}

// Goal: a full disk is said, not written around. Method: the first write of the output fails.
TEST(WriteRows, AFullDiskIsUnavailable) {
    scan::InputOptions input;
    input.bytes = "a,b\n1,\"'x'\"\n";
    SimulatedDisk disk;
    ASSERT_TRUE(disk.make_folders("/out"));
    ASSERT_TRUE(write_rows(input, disk, "/out/good.csv"));
    EXPECT_EQ(*disk.read_all("/out/good.csv"), "a,b\n1,\"'x'\"\n");
    disk.fail_at(3);  // 1: made, 2: emptied
    const auto written = write_rows(input, disk, "/out/rows.csv");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Code::kUnavailable);
    EXPECT_FALSE(written.error().fix.empty());
}

}  // namespace
}  // namespace nguon::intake
