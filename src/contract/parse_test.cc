// The top of a contract, its bytes and its YAML.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract.h"
#include "contract/internal/testing.h"
#include "contract/internal/yaml.h"

namespace nguon::contract {
namespace {

using testing::accepted;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::expect_problem;
using testing::person;
using testing::top;

constexpr std::string_view kSchema =
    "  - name: person\n    properties:\n      - name: id\n        logicalType: string\n";

// Goal: every version of the standard that is promised is read.
TEST(Parse, EveryApiVersion) {
    for (const char* version : {"v3.0.0", "v3.0.1", "v3.0.2", "v3.1.0", "v3.2.0"}) {
        const Contract contract = accepted(person("", version));
        EXPECT_EQ(contract.api_version, version);
        EXPECT_EQ(contract.datasets.at(0).name, "population.person");
    }
}

TEST(Parse, TopFieldsAndTheTextAreKept) {
    const std::string yaml = person("");
    const Contract contract = accepted(yaml);
    EXPECT_EQ(contract.file, "test.yaml");
    EXPECT_EQ(contract.id, "population");
    EXPECT_EQ(contract.version, "1.0.0");
    EXPECT_EQ(contract.status, "active");
    EXPECT_EQ(contract.domain, "population");
    EXPECT_EQ(contract.text, yaml);
    EXPECT_EQ(contract.datasets.at(0).version, "1.0.0");
    EXPECT_TRUE(contract.notes.empty());
}

// Goal: `version: 1.0` is a number to YAML and must not become 1.
TEST(Parse, VersionWrittenAsANumberKeepsItsDigits) {
    std::string yaml = person("");
    yaml.replace(yaml.find("1.0.0"), 5, "1.10");
    EXPECT_EQ(accepted(yaml).version, "1.10.0");
}

TEST(Parse, WithoutDomainTheNameBeginsTheDatasetsName) {
    std::string yaml = person("");
    yaml.replace(yaml.find("domain: population"), 18, "name: register");
    const Contract contract = accepted(yaml);
    EXPECT_EQ(contract.datasets.at(0).name, "register.person");
    EXPECT_EQ(contract.title.vi, "register");
}

TEST(Parse, StatusIsOptionalFrom32On) {
    std::string yaml = person("");
    yaml.replace(yaml.find("status: active\n"), 15, "");
    EXPECT_EQ(accepted(yaml).status, "");
}

TEST(Parse, DescriptiveFieldsAreKeptAndNoted) {
    const Contract contract =
        accepted(person("        tags: [a]\n        examples: [1]\n") +
                 "team: {name: x}\nservers: []\nslaProperties:\n"
                 "  - {property: frequency, value: 1, unit: d, element: 'person.id'}\n"
                 "customProperties:\n  - {property: costCentre, value: {a: 1}}\n");
    EXPECT_THAT(contract.notes,
                ElementsAre("servers", "team", "customProperties[0]",
                            "schema[0].properties[*].tags", "schema[0].properties[*].examples"));
    EXPECT_EQ(contract.sla_json,
              R"([{"property":"frequency","value":1,"unit":"d","element":"person.id"}])");
}

TEST(Parse, EveryProblemIsReportedInTheOrderOfTheFile) {
    const auto read = parse("kind: Contract\nversion: x\nname: A b\nschema: []\n", "a.yaml");
    ASSERT_FALSE(read.has_value());
    std::vector<std::string> paths;
    for (const Problem& one : read.error().errors)
        paths.push_back(one.path);
    EXPECT_THAT(paths, ElementsAre("apiVersion", "id", "kind", "version", "name", "schema"));
    EXPECT_THAT(read.error().detail.en, ::testing::HasSubstr("a.yaml has 6 problems"));
}

// Goal: a hostile file cannot make an answer without end.
TEST(Parse, AtMostFiftyProblemsAreListed) {
    std::string yaml = person("");
    for (int i = 0; i < 80; ++i)
        yaml += "extra" + std::to_string(i) + ": 1\n";
    const auto read = parse(yaml, "a.yaml");
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().errors.size(), 50U);
    EXPECT_THAT(read.error().detail.en,
                ::testing::HasSubstr("80 problems; these are the first 50"));
    EXPECT_THAT(read.error().detail.vi, ::testing::HasSubstr("80 chỗ sai; đây là 50 chỗ đầu"));
}

TEST(Parse, MissingFieldNamesAnExample) {
    std::string yaml = "▶" + person("");
    yaml.replace(yaml.find("kind: DataContract\n"), 19, "");
    expect_problem(yaml, {"kind", "`kind` is missing", "`kind: DataContract`"});
}

TEST(Parse, ApiVersionOfTheFuture) {
    expect_problem(person("", "▶v4.0.0"), {"apiVersion", "`v4.0.0` of the standard", "`v3.2.0`"});
}

TEST(Parse, KindOfAnotherDocument) {
    std::string yaml = person("");
    yaml.replace(yaml.find("DataContract"), 12, "▶DataProduct");
    expect_problem(yaml, {"kind", "`DataProduct` is not a data contract", "`kind: DataContract`"});
}

TEST(Parse, VersionThatIsNotSemantic) {
    std::string yaml = person("");
    yaml.replace(yaml.find("1.0.0"), 5, "▶v2.1.0");
    expect_problem(yaml, {"version", "not major.minor.patch", "`version: 2.1.0`"});
}

TEST(Parse, DomainThatIsNoName) {
    std::string yaml = person("");
    yaml.replace(yaml.find("domain: population"), 18, "domain: ▶Dan-cu");
    expect_problem(yaml, {"domain", "cannot begin the name", "`domain: dan_cu`"});
}

TEST(Parse, MisspelledKeyIsGuessed) {
    expect_problem(person("▶tema: []\n"), {"tema", "no field `tema`", "did you mean `team`?"});
    expect_problem(
        person("        ▶requird: true\n"),
        {"schema[0].properties[0].requird", "no field `requird`", "did you mean `required`?"});
}

// Goal: a misspelled required key is one problem, not also a missing one.
TEST(Parse, MisspelledRequiredKeyIsOneProblem) {
    std::string yaml = person("");
    yaml.replace(yaml.find("kind:"), 5, "▶knd:");
    expect_problem(yaml, {"knd", "no field `knd`", "did you mean `kind`?"});
}

TEST(Parse, KeyWithoutAValue) {
    std::string yaml = person("");
    yaml.replace(yaml.find("id: population"), 14, "▶id:");
    expect_problem(yaml, {"id", "no value after the colon", "fill it in"});
}

TEST(Parse, FieldOfALaterVersion) {
    expect_problem(
        person("▶context: {}\n", "v3.1.0"),
        {"context", "exists from v3.2.0 on, this contract says v3.1.0", "`apiVersion: v3.2.0`"});
}

TEST(Parse, SchemaThatIsNoListOrEmpty) {
    std::string yaml = top();
    yaml.replace(yaml.size() - 8, 8, "schema: ▶{}\n");
    expect_problem(yaml, {"schema", "must be a list", "dash"});
    yaml.replace(yaml.find("{}"), 2, "[]");
    expect_problem(yaml, {"schema", "no dataset", "- name"});
}

TEST(Parse, SlaPropertyWithoutValue) {
    expect_problem(person("slaProperties:\n  - ▶property: latency\n"),
                   {"slaProperties[0].value", "`value` is missing", "value"});
}

TEST(ParseBytes, NotUtf8) {
    expect_problem("id: ▶\xE1\xBA\n", {"", "not UTF-8", "UTF-8"});
}

TEST(ParseBytes, NulAndOtherControlCharacters) {
    const std::string yaml = std::string("id: á▶") + '\0' + "b\n";
    expect_problem(yaml, {"", "control character 0", "delete"});
}

TEST(ParseBytes, ByteOrderMarkIsTaken) {
    accepted("\xEF\xBB\xBF" + person(""));
}

TEST(ParseBytes, WindowsLineEndsAreTaken) {
    std::string yaml = person("▶tema: []\n");
    for (std::size_t at = 0; (at = yaml.find('\n', at)) != std::string::npos; at += 2) {
        yaml.replace(at, 1, "\r\n");
    }
    expect_problem(yaml, {"tema", "no field", "team"});
}

TEST(ParseBytes, LargerThanTheLimit) {
    const auto read = parse(std::string(internal::kMostBytes + 1, '#'), "big.yaml");
    ASSERT_FALSE(read.has_value());
    EXPECT_THAT(read.error().errors.at(0).problem.en, ::testing::HasSubstr("4 MiB"));
}

TEST(ParseYaml, SyntaxErrorHasItsPlace) {
    expect_problem("id: a\nschema: [1, ▶}\n", {"", "wrong YAML syntax", "brackets"});
}

TEST(ParseYaml, ColumnCountsCharactersNotBytes) {
    std::string yaml = person("");
    yaml += "customProperties:\n- property: a\n  value: {'Bộ Công an': 1, ▶'Bộ Công an': 2}\n";
    expect_problem(yaml, {"Bộ Công an", "given twice, first on line 15", "keep one"});
}

TEST(ParseYaml, KeyGivenTwice) {
    expect_problem(person("") + "tenant: a\n▶tenant: b\n",
                   {"tenant", "`tenant` is given twice, first on line 13", "keep one"});
}

TEST(ParseYaml, KeyThatIsNoText) {
    expect_problem(person("") + "customProperties:\n- property: a\n  value:\n    ? ▶[a]\n    : b\n",
                   {"", "a key is not a text", "key: value"});
}

TEST(ParseYaml, EmptyFile) {
    expect_problem("▶", {"", "no content", "apiVersion"});
    expect_problem("▶# only a remark\n", {"", "no content", "apiVersion"});
}

TEST(ParseYaml, NotAMap) {
    expect_problem("▶- a\n", {"", "must be a group of fields", "key: value"});
}

TEST(ParseYaml, SeveralDocuments) {
    expect_problem(person("") + "▶---\nid: b\n",
                   {"", "more than one YAML document", "one contract per file"});
}

TEST(ParseYaml, OneDocumentWithItsMarkersIsTaken) {
    accepted("---\n" + person("") + "...\n");
}

TEST(ParseYaml, TagsAreRefused) {
    expect_problem(person("") + "tenant: ▶!secret x\n", {"", "YAML tag", "remove the tag"});
}

TEST(ParseYaml, AliasesAreFollowed) {
    const Contract contract =
        accepted(person("        logicalTypeOptions: &o {maxLength: 5}\n      - name: b\n"
                        "        logicalType: string\n        logicalTypeOptions: *o\n"));
    EXPECT_EQ(contract.datasets.at(0).columns.at(1).options.max_length, 5);
}

TEST(ParseYaml, AliasToItself) {
    expect_problem("id: &a [▶*a]\n", {"", "names the part that holds it", "write the content out"});
}

// Goal: a file of 1 KB that stands for 10^9 values costs nothing.
TEST(ParseYaml, AliasBombIsStopped) {
    std::string yaml = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; ++i) {
        const std::string last = "*a" + std::to_string(i - 1);
        yaml += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
        for (int k = 1; k < 10; ++k)
            yaml += ", " + last;
        yaml += "]\n";
    }
    const auto read = parse(yaml, "bomb.yaml");
    ASSERT_FALSE(read.has_value());
    EXPECT_THAT(read.error().errors.at(0).problem.en,
                ::testing::HasSubstr("more than 250000 elements"));
}

// Goal: what the YAML library would hold in memory at once is bounded before it sees it.
TEST(ParseYaml, TooManyElementsAreStopped) {
    std::string yaml = "tenant: [";
    for (int i = 0; i < 260'000; ++i)
        yaml += "a,";
    expect_problem("▶" + yaml + "]\n", {"", "more than 250000 elements", "split"});
    std::string lines = "tenant:\n";
    for (int i = 0; i < 260'000; ++i)
        lines += i == 249'997 ? "- ▶a\n" : "- a\n";
    expect_problem(lines, {"", "more than 250000 elements", "split"});
}

TEST(ParseYaml, DeepNestingIsStopped) {
    const auto read = parse("tenant: " + std::string(100'000, '['), "deep.yaml");
    ASSERT_FALSE(read.has_value());
    EXPECT_THAT(read.error().errors.at(0).problem.en, ::testing::HasSubstr("deeper than 64"));
    // Aliases cannot add up to more either.
    std::string yaml = "a0: &a0 [x]\n";
    for (int i = 1; i < 80; ++i) {
        yaml += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" +
                std::to_string(i - 1) + "]\n";
    }
    const auto chained = parse(yaml, "chain.yaml");
    ASSERT_FALSE(chained.has_value());
    EXPECT_THAT(chained.error().errors.at(0).problem.en, ::testing::HasSubstr("deeper than 64"));
}

TEST(ParseYaml, MessagesCarryNoControlCharactersAndNoEndlessText) {
    const auto read = parse("\"a\\n\\e[31m" + std::string(500, 'x') + "\": 1\n", "a.yaml");
    ASSERT_FALSE(read.has_value());
    for (const Problem& one : read.error().errors) {
        EXPECT_EQ(one.problem.en.find('\x1b'), std::string::npos);
        EXPECT_LT(one.problem.en.size(), 300U);
    }
}

// Goal: no value holds what no database takes. Method: escapes that make it, in values and in keys.
TEST(ParseYaml, EscapesThatMakeNoTextAreRefused) {
    expect_problem(person("") + "tenant: ▶\"a\\0b\"\n", {"", "zero character", "single quotes"});
    expect_problem(person("") + "▶\"a\\0b\": c\n", {"", "zero character", "single quotes"});
    expect_problem(person("        description: ▶\"đ\\x00\"\n"),
                   {"", "zero character", "single quotes"});
    accepted(person("        description: \"\\u0111 \\xe0 \\n\"\n"));
    for (const std::string_view escape : {"\\ud800", "\\udfff", "\\U00110000", "\\UFFFFFFFF"}) {
        const auto read =
            parse(person("        description: \"" + std::string(escape) + "\"\n"), "a.yaml");
        ASSERT_FALSE(read.has_value()) << escape;
        ASSERT_EQ(read.error().errors.size(), 1U);
        EXPECT_EQ(read.error().errors[0].line, 13) << escape;
        EXPECT_GT(read.error().errors[0].column, 1) << escape;
        EXPECT_TRUE(is_utf8(read.error().errors[0].problem.en));
    }
}

// Goal: no dataset or column hides what the database means by the same name.
TEST(Parse, NamesOfTheSystemAreRefused) {
    for (const std::string_view name :
         {"main", "temp", "system", "memory", "pg_catalog", "information_schema"}) {
        std::string yaml = person("");
        const std::string_view kDomain = "domain: population";
        yaml.replace(yaml.find(kDomain), kDomain.size(), "domain: ▶" + std::string(name));
        expect_problem(yaml, {"domain", "system's own", std::string(name) + "_data"});
    }
    for (const std::string_view name : {"file_index", "file_row_number", "filename", "rowid",
                                        "current_date", "current_timestamp"}) {
        expect_problem(
            person("      - name: ▶" + std::string(name) + "\n" + "        logicalType: string\n"),
            {"schema[0].properties[1].name", "system's own", "source_"});
    }
    accepted(person("      - {name: main, logicalType: string}\n"));
}

// Goal: a value written with marks apart is held against cells that have them joined.
TEST(ParseYaml, ValuesAreInNormalFormC) {
    const std::string yaml =
        person("      - {name: b, logicalType: string, enum: [{value: \"ho\u0323c\"}]}\n");
    const Contract contract = accepted(yaml);
    EXPECT_EQ(contract.datasets.at(0).columns.at(1).enumeration.at(0).value, "h\u1ecdc");
    EXPECT_EQ(contract.text, yaml) << "the file is kept as it came";
}

}  // namespace
}  // namespace nguon::contract
