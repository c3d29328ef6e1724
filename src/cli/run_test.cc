// Usage, exit codes, languages, and what stands on standard output.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/spoken.h"
#include "cli/arguments.h"
#include "cli/internal/testing.h"

namespace nguon::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Usage {
    std::vector<std::string> words;
    std::string says;  // in English
};

TEST(Run, UsageErrorsAreTwoAndWithJsonOneObject) {
    const std::vector<Usage> cases = {
        {{}, "no command"},
        {{"lod"}, "\"lod\" is not understood"},
        {{"load"}, "DATASET is missing"},
        {{"load", "a.b"}, "FILE is missing"},
        {{"load", "a.b", "f.csv", "more"}, "\"more\" is not understood"},
        {{"load", "a.b", "f.csv", "--mod", "append"}, "\"--mod\" is not understood"},
        {{"load", "a.b", "f.csv", "--mode", "replace"}, "\"replace\" cannot be used for --mode"},
        {{"history", "a.b", "--limit", "many"}, "\"many\" cannot be used for --limit"},
        {{"quarantine"}, "no command"},
        {{"quarantine", "drop"}, "\"drop\" is not understood"},
        {{"init"}, "--member is missing"},
        {{"get", "a.b", "50%"}, "%"},
        {{"get", "a.b", ""}, "empty"},
        {{"serve", "--federation", "127.0.0.1:5500"}, "not in this version"},
        {{"--nonsense"}, "no command"},
    };
    for (const Usage& usage : cases) {
        World world;
        std::vector<std::string> words = usage.words;
        EXPECT_EQ(world.run(words), 2) << usage.says;
        EXPECT_THAT(world.out, IsEmpty()) << usage.says;
        EXPECT_THAT(world.err, HasSubstr(usage.says));
        words.insert(words.begin(), "--json");
        EXPECT_EQ(world.run(words), 2) << usage.says;
        const json::value answer = world.out_json();
        ASSERT_NE(member(answer, "error"), nullptr) << usage.says << world.out;
        EXPECT_EQ(text_at(*member(answer, "error"), "code"), "invalid");
        EXPECT_THAT(text_at(*member(answer, "error"), "detail"), HasSubstr(usage.says));
        EXPECT_THAT(world.err, IsEmpty()) << usage.says;
        EXPECT_THAT(world.asked, IsEmpty());
    }
}

// Goal: a problem's code decides the exit code, whatever the status. Method: a fake node answers
// each.
TEST(Run, ExitCodesFollowTheCodeOfTheProblem) {
    const std::vector<std::tuple<std::string, int, int>> cases = {
        {"invalid", 400, 2},  {"not_found", 404, 3}, {"denied", 403, 4},  {"denied", 401, 4},
        {"conflict", 409, 4}, {"too_large", 413, 4}, {"refused", 422, 4}, {"unavailable", 503, 5},
        {"corrupt", 500, 6},  {"internal", 500, 6}};
    for (const auto& [code, status, exit_code] : cases) {
        World world;
        world.answer(
            R"({"code":")" + code +
                R"(","detail":"What is wrong.","fix":"Do this.","errors":[)"
                R"({"file":"c.yaml","line":3,"column":5,"path":"schema[0]","problem":"bad","fix":"better"}]})",
            status);
        EXPECT_EQ(world.run({"get", "a.b", "1", "--json"}), exit_code) << code;
        const json::value answer = world.out_json();
        ASSERT_NE(member(answer, "error"), nullptr) << world.out;
        EXPECT_EQ(text_at(*member(answer, "error"), "code"), code);
        EXPECT_EQ(array_at(*member(answer, "error"), "errors").size(), 1u);
    }
}

TEST(Run, AnErrorForPeopleNamesThePlaceAndWhatToDo) {
    World world;
    world.answer(
        R"({"code":"invalid","detail":"The contract is wrong.","fix":"Mend it.","errors":[)"
        R"({"file":"c.yaml","line":3,"column":5,"path":"schema[0]","problem":"bad type","fix":"use string"}]})",
        400);
    EXPECT_EQ(world.run({"get", "a.b", "1"}), 2);
    EXPECT_THAT(world.out, IsEmpty());
    EXPECT_EQ(world.err,
              "✕ Not valid: The contract is wrong.\n  c.yaml:3:5 schema[0]\n    bad type\n    → "
              "use string\n  → Mend it.\n");
}

TEST(Run, LanguageIsTheFirstOfLcAllLcMessagesLang) {
    World world;
    world.variables = {{"LANG", "vi_VN.UTF-8"}};
    EXPECT_EQ(world.run({"load"}), 2);
    EXPECT_THAT(world.err, HasSubstr("Thiếu DATASET."));
    world.variables["LC_MESSAGES"] = "en_US.UTF-8";
    EXPECT_EQ(world.run({"load"}), 2);
    EXPECT_THAT(world.err, HasSubstr("DATASET is missing."));
    world.variables["LC_ALL"] = "vi";
    EXPECT_EQ(world.run({"load"}), 2);
    EXPECT_THAT(world.err, HasSubstr("Thiếu DATASET."));
    world.variables.clear();
    EXPECT_EQ(world.run({"load"}), 2);
    EXPECT_THAT(world.err, HasSubstr("✕ Not valid: DATASET is missing."));
    world.variables["LANG"] = "C";
    EXPECT_EQ(world.run({"load"}), 2);
    EXPECT_THAT(world.err, HasSubstr("x Not valid: DATASET is missing."));
}

TEST(Run, TheNodeAnswersInTheReadersLanguage) {
    World world;
    world.variables["LANG"] = "vi_VN.UTF-8";
    world.answer(R"({"changes":[],"next":null})");
    EXPECT_EQ(world.run({"history", "a.b"}), 0);
    ASSERT_EQ(world.asked.size(), 1u);
    EXPECT_EQ(world.asked[0].language, Language::kVietnamese);
    EXPECT_EQ(world.out, "Chưa có thay đổi nào.\n");
}

TEST(Run, EveryCommandHasHelpWithItsExample) {
    for (const Command& command : commands()) {
        for (const std::string_view locale : {"vi_VN.UTF-8", "en_US.UTF-8"}) {
            World world;
            world.variables["LANG"] = locale;
            std::vector<std::string> words = split(command.name, ' ');
            words.emplace_back("--help");
            EXPECT_EQ(world.run(words), 0);
            EXPECT_THAT(world.out, HasSubstr(std::string(command.example)));
            EXPECT_THAT(world.out,
                        HasSubstr(std::string(command.summary.in(nguon::language_of(locale)))));
            EXPECT_THAT(world.err, IsEmpty());
            EXPECT_THAT(world.out, Not(HasSubstr("bộ dữ liệu"))) << "one word: tập dữ liệu";
        }
    }
    World world;
    EXPECT_EQ(world.run({"--help"}), 0);
    EXPECT_THAT(world.out, HasSubstr("quarantine resubmit"));
    EXPECT_EQ(world.run({"quarantine", "--help"}), 0);
    EXPECT_THAT(world.out, HasSubstr("quarantine resubmit"));
    EXPECT_THAT(world.out, Not(HasSubstr("rebuild")));
}

// Goal: no example shows a command line that is refused. Method: each is parsed.
TEST(Run, EveryExampleParses) {
    for (const Command& command : commands()) {
        std::vector<std::string> words;
        std::string word;
        bool quoted = false;
        for (const char c : std::string(command.example) + " ") {
            if (c == '"') quoted = !quoted;
            if (c == ' ' && !quoted) {
                words.push_back(std::exchange(word, {}));
            } else if (c != '"') {
                word += c;
            }
        }
        ASSERT_EQ(words.front(), "nguon");
        words.erase(words.begin());
        const Result<Parsed> parsed = parse(words, Language::kEnglish);
        ASSERT_TRUE(parsed) << command.example << ": " << parsed.error().detail.en;
        EXPECT_EQ(parsed->arguments.command, &command);
    }
}

TEST(Run, GlobalFlagsStandBeforeAndAfterTheCommand) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"--data", "/d", "--json", "history", "a.b"},
          {"history", "--json", "a.b", "--data=/d"},
          {"--json", "history", "a.b", "--data", "/d"}}) {
        World world;
        world.answer(R"({"changes":[],"next":null})");
        EXPECT_EQ(world.run(words), 0);
        EXPECT_EQ(world.data, "/d");
        EXPECT_EQ(world.out, "{\"changes\":[],\"next\":null}\n");
    }
}

TEST(Run, DataComesFromTheFlagThenTheVariableThenTheDefault) {
    World world;
    for (int i = 0; i < 3; ++i)
        world.answer(R"({"changes":[]})");
    world.run({"history", "a.b"});
    EXPECT_EQ(world.data, "nguon-data");
    world.variables["NGUON_DATA"] = "/from/variable";
    world.run({"history", "a.b"});
    EXPECT_EQ(world.data, "/from/variable");
    world.run({"history", "a.b", "--data", "/given"});
    EXPECT_EQ(world.data, "/given");
}

// Goal: a value may be named like a command. Method: folders and keys called `load` and `demo`.
TEST(Run, ValuesMayBeNamedLikeCommands) {
    World world;
    world.answer(R"({"code":"1"})");
    EXPECT_EQ(world.run({"get", "load", "demo", "--json"}), 0);
    EXPECT_EQ(world.asked[0].path, "/api/v1/datasets/load/rows/demo");
}

TEST(Run, VersionHasThreeForms) {
    World world;
    EXPECT_EQ(world.run({"version"}), 0);
    EXPECT_EQ(world.out, "nguon " + std::string(kVersion) + "\n");
    EXPECT_EQ(world.run({"--version"}), 0);
    EXPECT_EQ(world.out, "nguon " + std::string(kVersion) + "\n");
    EXPECT_EQ(world.run({"version", "--json"}), 0);
    EXPECT_EQ(world.out, "{\"version\":\"" + std::string(kVersion) + "\"}\n");
}

TEST(Run, ALostResultIsNoSuccess) {
    World world;
    world.out_fails = true;
    world.answer(R"({"changes":[],"next":null})");
    EXPECT_EQ(world.run({"history", "a.b", "--json"}), 5);
    EXPECT_THAT(world.err, HasSubstr("standard output"));
}

TEST(Run, AnAnswerThatIsNoObjectIsAnInternalError) {
    World world;
    world.answer("<html>");
    EXPECT_EQ(world.run({"history", "a.b", "--json"}), 6);
    EXPECT_EQ(text_at(*member(world.out_json(), "error"), "code"), "internal");
}

// Goal: a flag's value is not another flag. Method: --json where a value should stand, every way.
TEST(Run, AFlagIsNoValueOfAnother) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"load", "a.b", "f.csv", "--mode", "--json"},
          {"load", "a.b", "f.csv", "--json", "--mode", "--data", "x"},
          {"--data", "--json", "history", "a.b"},
          {"history", "a.b", "--data", "--json"},
          {"history", "a.b", "--limit", "--json"}}) {
        World world;
        EXPECT_EQ(world.run(words), 2) << words[0];
        const json::value answer = world.out_json();
        EXPECT_EQ(answer.at("error").at("code"), "invalid");
        EXPECT_TRUE(world.asked.empty());
    }
    World world;
    EXPECT_EQ(world.run({"load", "a.b", "f.csv", "--mode", "--json"}), 2);
    EXPECT_NE(world.out.find("--mode"), std::string::npos) << "names the flag";
}

// Goal: a sentence of the node names what the command line has. Method: marks in an error, to
// several commands, for people and as JSON.
TEST(Run, ErrorsNameFlagsAndCommands) {
    const auto told = [](const std::vector<std::string>& words, const std::string& fix) {
        World world;
        world.answer(to_text(json::object{{"code", "not_found"}, {"detail", "No."}, {"fix", fix}}),
                     404);
        EXPECT_EQ(world.run(words), 3);
        EXPECT_EQ(world.asked[0].headers.get(spoken::kHeader), spoken::kMarked);
        return world.out + world.err;
    };
    EXPECT_THAT(told({"get", "a.b", "1"}, "Ask with " + spoken::parameter("as_of") + "."),
                HasSubstr("→ Ask with --as-of.\n"));
    EXPECT_THAT(told({"get", "a.b", "1"}, spoken::parameter("key")), HasSubstr("→ KEY\n"));
    EXPECT_THAT(told({"history", "a.b"}, spoken::parameter("key")), HasSubstr("→ --key\n"));
    EXPECT_THAT(told({"get", "a.b", "1"}, spoken::route("GET /api/v1/datasets")),
                HasSubstr("→ nguon datasets\n"));
    EXPECT_THAT(told({"get", "a.b", "1"}, spoken::route("POST /api/v1/contracts")),
                HasSubstr("→ nguon apply FILE\n"));
    EXPECT_THAT(told({"get", "a.b", "1", "--json"}, spoken::parameter("confirm_deletes", "1200")),
                HasSubstr(R"("fix":"--confirm-deletes 1200")"));
    EXPECT_THAT(told({"history", "a.b"}, spoken::parameter("again", "true")),
                HasSubstr("→ --again\n"));
    EXPECT_THAT(told({"history", "a.b"}, spoken::parameter("Idempotency-Key")),
                HasSubstr("→ --idempotency-key\n"));
    EXPECT_THAT(told({"history", "a.b"}, spoken::parameter("min_seq", "3")),
                HasSubstr("→ min_seq=3\n"))
        << "which the command line does not have";
}

// Goal: a slip of the hand is answered with what was meant, in both languages.
TEST(Run, AMistypedWordIsAskedAbout) {
    const auto told = [](const std::vector<std::string>& words, const char* locale) {
        World world;
        world.variables["LANG"] = locale;
        EXPECT_EQ(world.run(words), 2);
        return world.err;
    };
    EXPECT_THAT(told({"lod", "x"}, "vi_VN.UTF-8"),
                HasSubstr("→ Có phải là «load»? Xem: nguon --help"));
    EXPECT_THAT(told({"lod", "x"}, "en_US.UTF-8"), HasSubstr("→ Did you mean \"load\"?"));
    EXPECT_THAT(told({"quarantine", "lst"}, "en_US.UTF-8"),
                HasSubstr("Did you mean \"list\"? See: nguon quarantine --help"));
    EXPECT_THAT(told({"load", "a.b", "f.csv", "--shet", "1"}, "en_US.UTF-8"),
                HasSubstr("Did you mean \"--sheet\"? See: nguon load --help"));
    EXPECT_THAT(told({"load", "a.b", "f.csv", "--shet=1"}, "en_US.UTF-8"),
                HasSubstr("Did you mean \"--sheet\"?"));
    EXPECT_THAT(told({"quarantine", "list", "a.b", "--opne"}, "en_US.UTF-8"),
                HasSubstr("Did you mean \"--open\"? See: nguon quarantine list --help"));
    EXPECT_THAT(told({"xyzzy"}, "en_US.UTF-8"), HasSubstr("→ See: nguon --help"));
}

// Goal: no word of the flag parser reaches people. Method: a flag without its value, one twice.
TEST(Run, AFlagWithoutItsValueIsSaidInOurWords) {
    World world;
    world.variables["LANG"] = "vi_VN.UTF-8";
    EXPECT_EQ(world.run({"load", "a.b", "f.csv", "--mode"}), 2);
    EXPECT_THAT(world.err, HasSubstr("--mode cần một giá trị."));
    EXPECT_EQ(world.run({"load", "a.b", "f.csv", "--mode", "append", "--mode", "upsert"}), 2);
    EXPECT_THAT(world.err, HasSubstr("--mode được ghi 2 lần."));
    EXPECT_EQ(world.run({"history", "a.b", "--from", "abc"}), 2);
    EXPECT_THAT(world.err, HasSubstr("→ Viết một số nguyên, như 100."));
}

// Goal: a refused batch is told once. Method: the node's 422 with a receipt.
TEST(Run, ARefusalIsSaidOnce) {
    World world;
    const std::string file = world.file("f.csv", "a\n1\n");
    world.answer(
        R"({"code":"refused","detail":"The whole batch was refused, no row entered: Rows: 9.",)"
        R"("fix":"Mend it.","receipt":{"batch":"01R","dataset":"a.b","status":"refused",)"
        R"("rows":{"read":9,"accepted":0,"rejected":9},"scores":{"overall":100},)"
        R"("results":[{"rule":"rows","severity":"error","checked":9,"failed":9,"examples":[],)"
        R"("refuses":true,"advice":{"vi":"Sửa.","en":"Mend it."},)"
        R"("description":{"vi":"Số dòng: 9.","en":"Rows: 9."}}]}})",
        422);
    EXPECT_EQ(world.run({"load", "a.b", file}), 4);
    EXPECT_THAT(world.err, IsEmpty());
    EXPECT_THAT(world.out, HasSubstr("\n  The whole batch was refused; no row entered.\n"
                                     "  ✕ Rows: 9.\n    → Mend it.\n  Batch 01R"));
    EXPECT_THAT(world.out, Not(HasSubstr("100"))) << "rows that did not enter have no score";
    EXPECT_THAT(world.out, Not(HasSubstr("9 rows")));
}

// Goal: doctor's exit code is 1 only where something is wrong, and a node that cannot be asked is a
// finding of its own.
TEST(Run, DoctorIsOneOnlyWhenSomethingIsWrong) {
    World world;
    world.findings = {
        {"config", {"Cấu hình", "Configuration"}, node::Verdict::kOk, Text::same("fine"), {}},
        {"disk.space",
         {"Chỗ", "Space"},
         node::Verdict::kWarning,
         Text::same("low"),
         Text::same("add")}};
    world.answer(
        R"({"datasets":[{"dataset":"a.b","at":"2026-01-02T03:04:05Z"},{"at":null}],"next":null})");
    EXPECT_EQ(world.run({"doctor", "--json", "--public", "0.0.0.0:80"}), 0);
    EXPECT_EQ(world.doctor.public_address, "0.0.0.0:80");
    EXPECT_EQ(world.opened.back(), Purpose::kReading);
    const json::value out = world.out_json();
    EXPECT_EQ(integer_at(out, "warnings"), 1);
    const json::value& last = array_at(out, "findings").at(2);
    EXPECT_EQ(text_at(last, "check"), "clock.last_commit");
    EXPECT_THAT(text_at(last, "found"), HasSubstr("2 Jan 2026"));
    world.answer(R"({"code":"corrupt","detail":"broken","fix":"mend"})", 500);
    EXPECT_EQ(world.run({"doctor"}), 1);
    EXPECT_THAT(world.out, HasSubstr("broken"));
    world.findings[0].verdict = node::Verdict::kWrong;  // no node: nobody is asked
    EXPECT_EQ(world.run({"doctor"}), 1);
    EXPECT_TRUE(world.asked.empty());
}

}  // namespace
}  // namespace nguon::cli
