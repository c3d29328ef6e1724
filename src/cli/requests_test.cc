// What each command asks of the node, and what it does with the answer.
#include "cli/requests.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "cli/internal/testing.h"

namespace nguon::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kContract =
    "apiVersion: v3.1.0\nkind: DataContract\nid: x\nname: x\nversion: 1.0.0\nstatus: "
    "active\ndomain: d\nschema:\n";

std::string schema(const std::string& name, const std::string& reference = "") {
    std::string text =
        "  - name: " + name + "\n    logicalType: object\n    properties:\n      - name: code\n" +
        "        logicalType: string\n        primaryKey: true\n        primaryKeyPosition: 1\n";
    if (reference.empty()) return text;
    return text +
           "        relationships:\n          - type: foreignKey\n            to: " + reference +
           "\n";
}

TEST(Requests, KeysPassAsTheyWereEncoded) {
    EXPECT_EQ(*key_for_path("001099000001"), "001099000001");
    EXPECT_EQ(*key_for_path("a%2Cb,c"), "a%2Cb,c");
    EXPECT_EQ(*key_for_path("a b/c?d#e"), "a%20b%2Fc%3Fd%23e");
    EXPECT_EQ(*key_for_path("Hà"), "H%C3%A0");
    EXPECT_EQ(*key_for_path("a+b"), "a+b");
    EXPECT_EQ(*key_for_path(".."), "%2E%2E");
    EXPECT_EQ(*key_for_path("."), "%2E");
    EXPECT_FALSE(key_for_path("50%"));
    EXPECT_FALSE(key_for_path("50%zz"));
    EXPECT_FALSE(key_for_path(""));
}

TEST(Requests, LoadSendsTheFileAndGivesOneWhenRowsAreSetAside) {
    World world;
    const std::string file = world.file("p.csv", "a,b\n1,2\n");
    world.answer(kReceipt, 201);
    EXPECT_EQ(world.run({"load", "population.person", file, "--mode", "append", "--format", "csv",
                         "--encoding", "utf-8", "--idempotency-key", "k1", "--json"}),
              1);
    ASSERT_EQ(world.asked.size(), 1u);
    const Asked& asked = world.asked[0];
    EXPECT_EQ(asked.method, "POST");
    EXPECT_EQ(asked.path, "/api/v1/datasets/population.person/batches");
    EXPECT_EQ(asked.query_value("mode"), "append");
    EXPECT_EQ(asked.query_value("format"), "csv");
    EXPECT_EQ(asked.query_value("encoding"), "utf-8");
    EXPECT_EQ(asked.headers.get("Idempotency-Key"), "k1");
    EXPECT_EQ(asked.body, "a,b\n1,2\n");
    EXPECT_EQ(text_at(world.out_json(), "batch"), "01B");
    EXPECT_EQ(world.text_of_file("p.csv"), "a,b\n1,2\n");  // ours to read, not to remove
}

TEST(Requests, LoadReadsStandardInputAndLeavesNoFileBehind) {
    World world;
    world.in = ::open(world.file("in", "x\n1\n").c_str(), O_RDONLY);
    world.answer(kCleanReceipt, 201);
    EXPECT_EQ(world.run({"load", "a.b", "-"}), 0);
    ::close(world.in);
    EXPECT_EQ(world.asked[0].body, "x\n1\n");
    std::filesystem::remove(world.folder / "in");
    EXPECT_TRUE(std::filesystem::is_empty(world.folder));
}

TEST(Requests, ARefusedBatchIsFourAndItsReceiptIsShown) {
    const std::string problem =
        R"({"code":"refused","detail":"The whole batch was refused.","fix":"See results.","errors":[],)"
        R"("receipt":{"batch":"01R","dataset":"a.b","status":"refused","rows":{"read":3,"accepted":0,"rejected":3},"results":[]}})";
    World world;
    const std::string file = world.file("p.csv", "x");
    world.answer(problem, 422);
    EXPECT_EQ(world.run({"load", "a.b", file, "--json"}), 4);
    EXPECT_EQ(text_at(*member(world.out_json(), "error"), "code"), "refused");
    EXPECT_EQ(text_at(world.out_json(), "status"), "refused");
    EXPECT_EQ(text_at(*member(world.out_json(), "receipt"), "batch"), "01R");
    world.answer(problem, 422);
    EXPECT_EQ(world.run({"load", "a.b", file}), 4);
    EXPECT_THAT(world.out, HasSubstr("✕ a.b"));
    EXPECT_THAT(world.err, HasSubstr("See results."));
}

TEST(Requests, AMissingFileIsNotFoundAndAFolderIsInvalid) {
    World world;
    EXPECT_EQ(world.run({"load", "a.b", (world.folder / "none.csv").string()}), 3);
    EXPECT_EQ(world.run({"load", "a.b", world.folder.string()}), 2);
    EXPECT_THAT(world.asked, IsEmpty());
}

TEST(Requests, ReadingCommandsNameRowAndTime) {
    World world;
    world.answer(R"({"code":"01"})");
    EXPECT_EQ(world.run({"get", "a.b", "x,y z", "--as-of", "seq:4", "--json"}), 0);
    EXPECT_EQ(world.asked[0].method, "GET");
    EXPECT_EQ(world.asked[0].path, "/api/v1/datasets/a.b/rows/x,y%20z");
    EXPECT_EQ(world.asked[0].query_value("as_of"), "seq:4");
    EXPECT_EQ(world.out, "{\"code\":\"01\"}\n");
    world.answer(R"({"changes":[],"next":null})");
    EXPECT_EQ(
        world.run({"history", "a.b", "--key", "k%2C1", "--from", "7", "--limit", "9", "--json"}),
        0);
    EXPECT_EQ(world.asked[0].path, "/api/v1/datasets/a.b/history");
    EXPECT_EQ(world.asked[0].query_value("key"), "k%2C1");
    EXPECT_EQ(world.asked[0].query_value("from"), "7");
    EXPECT_EQ(world.asked[0].query_value("limit"), "9");
}

TEST(Requests, QueryCarriesItsLimitsAndPassesBytesThrough) {
    World world;
    http::Response csv;
    csv.body = "a\n1\n";
    csv.headers.set("Nguon-Truncated", "true");
    world.answers.push_back(csv);
    EXPECT_EQ(world.run({"query", "SELECT 1", "--as-of", "seq:2", "--format", "csv",
                         "--limit-seconds", "5", "--limit-memory", "512MB", "--limit-rows", "10"}),
              0);
    EXPECT_EQ(world.asked[0].path, "/api/v1/query");
    EXPECT_EQ(
        world.asked[0].body,
        R"({"sql":"SELECT 1","format":"csv","as_of":"seq:2","limit_seconds":5,"limit_memory":"512MB","limit_rows":10})");
    EXPECT_EQ(world.out, "a\n1\n");
    EXPECT_THAT(world.err, HasSubstr("--limit-rows"));
    EXPECT_EQ(world.run({"query", "SELECT 1", "--format", "parquet", "--json"}), 2);
    world.answer(R"({"columns":[],"rows":[],"truncated":false})");
    EXPECT_EQ(world.run({"query", "SELECT 1", "--json"}), 0);
    EXPECT_EQ(world.out, "{\"columns\":[],\"rows\":[],\"truncated\":false}\n");
}

TEST(Requests, DeleteOfOneIsARowAndOfManyIsOneRequest) {
    World world;
    world.answer(kCleanReceipt);
    EXPECT_EQ(world.run({"delete", "a.b", "k 1"}), 0);
    EXPECT_EQ(world.asked[0].method, "DELETE");
    EXPECT_EQ(world.asked[0].path, "/api/v1/datasets/a.b/rows/k%201");
    world.answer(kCleanReceipt);
    EXPECT_EQ(world.run({"delete", "a.b", "1", "2"}), 0);
    ASSERT_EQ(world.asked.size(), 1u);
    EXPECT_EQ(world.asked[0].path, "/api/v1/datasets/a.b/rows");
    EXPECT_EQ(world.asked[0].query,
              (std::vector<std::pair<std::string, std::string>>{{"key", "1"}, {"key", "2"}}));
}

TEST(Requests, QuarantineIsListedFetchedAndSentAgain) {
    World world;
    world.answer(R"({"batches":[]})");
    EXPECT_EQ(world.run({"quarantine", "list", "a.b", "--json"}), 0);
    EXPECT_EQ(world.asked[0].path, "/api/v1/datasets/a.b/batches");
    http::Response csv;
    csv.body = "row,column\n";
    world.answers.push_back(csv);
    EXPECT_EQ(
        world.run({"quarantine", "get", "01B", "-o", (world.folder / "q.csv").string(), "--json"}),
        0);
    EXPECT_EQ(world.asked[0].path, "/api/v1/batches/01B/quarantine");
    EXPECT_EQ(world.asked[0].query_value("format"), "csv");
    EXPECT_EQ(world.text_of_file("q.csv"), "row,column\n");
    EXPECT_EQ(text_at(world.out_json(), "batch"), "01B");
    world.answer(kCleanReceipt, 201);
    EXPECT_EQ(world.run({"quarantine", "resubmit", "01B", world.file("m.csv", "x")}), 0);
    EXPECT_EQ(world.asked[0].method, "POST");
    EXPECT_EQ(world.asked[0].path, "/api/v1/batches/01B/quarantine");
}

// Goal: the file to mend is opened where somebody can see it, else it is said where it is. Method:
// with a display, with a program of one's own, with neither, one that fails; a file that is there.
TEST(Requests, TheFileToMendIsOpened) {
    World world;
    const auto csv = [&] {
        http::Response response;
        response.body = "a,_row\n";
        world.answers.push_back(response);
    };
    const auto file = [&](const char* name) { return (world.folder / name).string(); };
    csv();
    world.variables["DISPLAY"] = ":0";
    EXPECT_EQ(world.run({"quarantine", "get", "01B", "--open", "-o", file("q.csv")}), 0);
    EXPECT_EQ(world.asked[0].query_value("format"), "csv");
    EXPECT_EQ(world.started, std::vector<std::string>{"xdg-open " + file("q.csv")});
    EXPECT_NE(world.out.find("nguon quarantine resubmit 01B"), std::string::npos);

    world.variables["NGUON_OPENER"] = "gedit";
    world.start_fails = true;
    std::ofstream(world.folder / "q.csv") << "mended";
    EXPECT_EQ(world.run({"quarantine", "get", "01B", "--open", "-o", file("q.csv"), "--json"}), 0);
    EXPECT_TRUE(world.asked.empty()) << "what somebody mended is not written over";
    EXPECT_EQ(world.text_of_file("q.csv"), "mended");
    EXPECT_EQ(world.started.back(), "gedit " + file("q.csv"));
    EXPECT_EQ(world.out_json().at("opened"), false);

    csv();
    world.variables.clear();
    world.started.clear();
    EXPECT_EQ(world.run({"quarantine", "get", "01B", "--open", "-o", file("r.csv")}), 0);
    EXPECT_TRUE(world.started.empty());
    EXPECT_NE(world.out.find("Open " + file("r.csv") + " in Excel"), std::string::npos);
    EXPECT_EQ(world.run({"quarantine", "get", "01B", "--open", "-o", file("r.parquet")}), 2);
    EXPECT_EQ(world.run({"quarantine", "get", "01B", "--open", "-o", "-"}), 2);
}

// Goal: a row's numbers are printed with every digit. Method: what a double would round.
TEST(Requests, RowsArePrintedAsTheyCame) {
    World world;
    const std::string row = R"({"n":{"x":12345678901234567.89},"d":0.10})";
    world.answer(row);
    EXPECT_EQ(world.run({"get", "a.b", "1", "--json"}), 0);
    EXPECT_EQ(world.out, row + "\n");
    world.answer(R"({"changes":[{"seq":1,"row":)" + row + R"(}],"next":null})");
    EXPECT_EQ(world.run({"history", "a.b", "--json"}), 0);
    EXPECT_NE(world.out.find(row), std::string::npos);
}

TEST(Requests, QuarantineWithJsonHasEveryPage) {
    World world;
    world.answer(R"({"batch":"01B","entries":2,"rows":[{"row":1}],"next":1})");
    world.answer(R"({"batch":"01B","entries":2,"rows":[{"row":2}],"next":null})");
    EXPECT_EQ(world.run({"quarantine", "get", "01B", "--json"}), 0);
    ASSERT_EQ(world.asked.size(), 2u);
    EXPECT_EQ(world.asked[1].query_value("offset"), "1");
    EXPECT_EQ(array_at(world.out_json(), "rows").size(), 2u);
}

TEST(Requests, VerifyReadsOnlyAndGivesOneForDamage) {
    World world;
    world.answer(
        R"({"ok":false,"datasets":[],"findings":[{"dataset":"a.b","file":"segments/x","problem":"changed"}]})");
    EXPECT_EQ(world.run({"verify", "a.b", "--public-key", world.file("k.pem", "PEM"), "--json"}),
              1);
    EXPECT_EQ(world.opened, std::vector<Purpose>{Purpose::kReading});
    EXPECT_EQ(world.asked[0].path, "/api/v1/verify");
    EXPECT_EQ(world.asked[0].body, R"({"datasets":["a.b"],"public_key":"PEM"})");
    world.answer(R"({"ok":true,"datasets":[],"findings":[]})");
    EXPECT_EQ(world.run({"verify"}), 0);
    EXPECT_EQ(world.asked[0].body, R"({"datasets":[]})");
}

TEST(Requests, RebuildAndContractNameWhatTheyWant) {
    World world;
    world.answer(R"({"view":"lookup","rows":3,"seconds":0.5})");
    EXPECT_EQ(world.run({"rebuild", "a.b"}), 0);
    EXPECT_EQ(world.asked[0].path, "/api/v1/datasets/a.b/views/lookup/rebuild");
    http::Response yaml;
    yaml.headers.set("Content-Type", "application/yaml");
    yaml.body = "version: 1.0.0\nlevel: 1\nratio: 0.5\nquoted: \"1\"\nlist: [a, true, null]\n";
    world.answers.push_back(yaml);
    EXPECT_EQ(world.run({"contract", "a.b", "--as", "odcs", "--version", "1.0.0", "--json"}), 0);
    EXPECT_EQ(world.asked[0].query_value("as"), "odcs");
    EXPECT_EQ(world.asked[0].query_value("version"), "1.0.0");
    EXPECT_EQ(world.out,
              R"({"version":"1.0.0","level":1,"ratio":0.5,"quoted":"1","list":["a",true,null]})"
              "\n");
    world.answers.push_back(yaml);
    EXPECT_EQ(world.run({"contract", "a.b"}), 0);
    EXPECT_EQ(world.out, yaml.body);
}

TEST(Requests, ApplyTakesContractsOfAFolderOnly) {
    World world;
    world.file("p/contracts/b.yaml", "two");
    world.file("p/contracts/a.yaml", "one");
    world.file("p/pack.yaml", "not a contract");
    world.answer(
        R"({"applied":[{"dataset":"a.b","version":"1.0.0","change":"created","differences":[]}]})");
    EXPECT_EQ(world.run({"apply", (world.folder / "p").string()}), 0);
    const json::value body = *parse_json(world.asked[0].body);
    ASSERT_EQ(array_at(body, "contracts").size(), 2u);
    EXPECT_EQ(text_at(array_at(body, "contracts")[0], "text"), "one");
    EXPECT_EQ(world.out, "✓ a.b 1.0.0 · created\n");
    world.file("flat/c.yaml", "three");
    world.answer(R"({"applied":[]})");
    EXPECT_EQ(world.run({"apply", (world.folder / "flat").string()}), 0);
    EXPECT_THAT(world.asked[0].body, HasSubstr("three"));
    std::filesystem::create_directories(world.folder / "empty");
    EXPECT_EQ(world.run({"apply", (world.folder / "empty").string()}), 2);
    EXPECT_EQ(world.run({"apply", (world.folder / "none.yaml").string()}), 3);
}

// Goal: what is referred to is loaded first, though it stands last. Method: a pack of two tables.
TEST(Requests, PacksLoadInTheOrderOfReferences) {
    World world;
    world.file("p/pack.yaml", "name: p\n");
    world.file("p/contracts/d.yaml",
               std::string(kContract) + schema("ward", "province.code") + schema("province"));
    world.file("p/data/ward.csv", "code\nw\n");
    world.file("p/data/province.csv", "code\np\n");
    world.answer(R"({"applied":[]})");
    world.answer(kCleanReceipt, 201);
    world.answer(kReceipt, 200);
    EXPECT_EQ(world.run({"pack", "install", (world.folder / "p").string(), "--json"}), 1)
        << world.out;
    ASSERT_EQ(world.asked.size(), 3u);
    EXPECT_EQ(world.asked[1].path, "/api/v1/datasets/d.province/batches");
    EXPECT_EQ(world.asked[1].headers.get("Nguon-Once"), "content");
    EXPECT_EQ(world.asked[2].path, "/api/v1/datasets/d.ward/batches");
    EXPECT_EQ(array_at(world.out_json(), "receipts").size(), 2u);
}

TEST(Requests, APackThatStopsSaysWhatItDid) {
    World world;
    world.file("p/pack.yaml", "name: p\n");
    world.file("p/contracts/d.yaml", std::string(kContract) + schema("a") + schema("b"));
    world.file("p/data/a.csv", "code\n1\n");
    world.file("p/data/b.csv", "code\n1\n");
    world.answer(R"({"applied":[{"dataset":"d.a"}]})");
    world.answer(kCleanReceipt, 201);
    world.answer(R"({"code":"unavailable","detail":"full","fix":"","errors":[]})", 503);
    EXPECT_EQ(world.run({"pack", "install", (world.folder / "p").string(), "--json"}), 5);
    EXPECT_EQ(text_at(*member(world.out_json(), "error"), "code"), "unavailable");
    EXPECT_EQ(array_at(world.out_json(), "receipts").size(), 1u);
    world.file("p/data/stray.csv", "x");
    EXPECT_EQ(world.run({"pack", "install", (world.folder / "p").string()}), 2);
    EXPECT_EQ(world.run({"pack", "install", (world.folder / "p/data").string()}), 2);
}

TEST(Requests, CheckNeedsNoNodeAndWritesWhatWasAsked) {
    World world;
    const std::string file = world.file("ward.csv", "code\n1\n");
    const std::string contract =
        world.file("c.yaml", std::string(kContract) + schema("ward") + schema("other"));
    world.answer(
        R"({"file":"ward.csv","format":"csv","rows":1,"rejected":0,"columns":[],"results":[]})");
    world.answer(R"({"contract":"draft","rejected":0})");
    http::Response rows;
    rows.body = "code\n1\n";
    world.answers.push_back(rows);
    EXPECT_EQ(world.run({"check", file, "--contract", contract, "--write-contract",
                         (world.folder / "w.yaml").string(), "--write-rows",
                         (world.folder / "rows.csv").string(), "--json"}),
              0);
    EXPECT_EQ(world.opened, std::vector<Purpose>{Purpose::kNoNode});
    ASSERT_EQ(world.asked.size(), 3u);
    EXPECT_EQ(world.asked[0].path, "/api/v1/check");
    EXPECT_EQ(world.asked[0].query_value("file"), "ward.csv");
    EXPECT_EQ(world.asked[0].query_value("schema"), "ward");
    EXPECT_THAT(world.asked[0].query_value("contract"), HasSubstr("name: ward"));
    EXPECT_EQ(world.asked[2].query_value("answer"), "rows");
    EXPECT_EQ(world.text_of_file("w.yaml"), "draft");
    EXPECT_EQ(world.text_of_file("rows.csv"), "code\n1\n");
    world.answer(R"({"file":"ward.csv","rows":1,"rejected":1,"columns":[],"results":[]})");
    EXPECT_EQ(world.run({"check", file}), 1);
}

TEST(Requests, AFormOfAContractGoesWhereItIsAsked) {
    World world;
    http::Response page;
    page.headers.set("Content-Type", "text/html; charset=utf-8");
    page.body = "<!doctype html>";
    world.answers.push_back(page);
    EXPECT_EQ(world.run({"contract", "a.b", "--as", "html", "--lang", "en", "--version", "1.0.0"}),
              0);
    EXPECT_EQ(world.out, "<!doctype html>\n");
    EXPECT_EQ(world.asked[0].path, "/api/v1/datasets/a.b/contract");
    EXPECT_EQ(world.asked[0].query_value("as"), "html");
    EXPECT_EQ(world.asked[0].query_value("lang"), "en");
    world.answers.push_back(page);
    EXPECT_EQ(world.run({"contract", "a.b", "--as", "html", "--json"}), 0);
    EXPECT_EQ(text_at(world.out_json(), "text"), "<!doctype html>");
    world.answers.push_back(page);
    const std::string file = (world.folder / "page.html").string();
    EXPECT_EQ(world.run({"contract", "a.b", "--as", "html", "-o", file, "--json"}), 0);
    EXPECT_EQ(text_at(world.out_json(), "file"), file);
    EXPECT_EQ(world.text_of_file("page.html"), "<!doctype html>");
    EXPECT_EQ(world.run({"contract", "a.b", "--as", "xlsx", "--json"}), 2);
    EXPECT_TRUE(world.asked.empty());
    EXPECT_EQ(world.run({"contract", "a.b", "--as", "html", "-o", "/nowhere/at/all"}), 2);
    EXPECT_TRUE(world.asked.empty());
}

TEST(Requests, ImportNeedsNoNodeAndKeepsNotesApartFromTheContract) {
    World world;
    const std::string file = world.file("t.sql", "create table t (a int)");
    const std::string answer =
        R"({"file":"t.sql","from":"sql","datasets":["t.t"],"contract":"yaml\n",)"
        R"("notes":[{"line":3,"path":"t.a","what":"left out"}]})";
    world.answer(answer);
    EXPECT_EQ(world.run({"contract", "import", file, "--from", "sql", "--domain", "d"}), 0);
    EXPECT_EQ(world.opened, std::vector<Purpose>{Purpose::kNoNode});
    EXPECT_EQ(world.asked[0].path, "/api/v1/contracts/import");
    EXPECT_EQ(world.asked[0].query_value("file"), "t.sql");
    EXPECT_EQ(world.asked[0].query_value("from"), "sql");
    EXPECT_EQ(world.asked[0].query_value("domain"), "d");
    EXPECT_EQ(world.out, "yaml\n");
    EXPECT_THAT(world.err, HasSubstr("line 3, t.a: left out"));
    world.answer(answer);
    EXPECT_EQ(world.run({"contract", "import", file, "-o", (world.folder / "c.yaml").string()}), 0);
    EXPECT_EQ(world.text_of_file("c.yaml"), "yaml\n");
    EXPECT_THAT(world.out, HasSubstr("t.t"));
}

TEST(Requests, InitServeAndDemoPassTheirOptions) {
    World world;
    EXPECT_EQ(world.run({"init", "--member", "VN/GOV/BCA", "--name-vi", "Bộ Công an", "--data",
                         "/d", "--json"}),
              0);
    EXPECT_EQ(world.init.member, "VN/GOV/BCA");
    EXPECT_EQ(world.init.name_vi, "Bộ Công an");
    EXPECT_EQ(world.out, R"({"data":"/d","member":"VN/GOV/BCA","node":"01NODE","key_id":"key-1"})"
                         "\n");
    EXPECT_EQ(world.run({"serve", "--public", "127.0.0.1:0", "--internal", "127.0.0.1:0",
                         "--federation", "off"}),
              0);
    EXPECT_EQ(world.serve.public_address, "127.0.0.1:0");
    EXPECT_TRUE(world.out.starts_with("{\"event\":\"ready\"")) << world.out;
    EXPECT_EQ(world.run({"demo", "--once", "--port-base", "100"}), 0);
    EXPECT_TRUE(world.demo.once);
    EXPECT_FALSE(world.demo.fresh);
    EXPECT_EQ(world.demo.port_base, 100);
}

}  // namespace
}  // namespace nguon::cli
