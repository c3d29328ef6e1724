#include "cli/render.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/internal/testing.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/words.h"

namespace nguon::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

json::value parsed(std::string_view text) {
    return *parse_json(text);
}

Style vietnamese() {
    Style style;
    style.language = Language::kVietnamese;
    return style;
}

TEST(Render, DatasetsStandInATable) {
    const std::string text = render_datasets(
        parsed(
            R"({"datasets":[{"dataset":"a.b","title":{"vi":"Trạm","en":"Stations"},"version":"1.0.0",
            "access":"open","rows":1234,"scores":{"overall":98.7}},
            {"dataset":"c.d","version":"2.0.0","access":"shared","rows":0,"scores":{}}]})"),
        vietnamese());
    EXPECT_THAT(text, HasSubstr("a.b          Trạm  1.0.0      open      1.234  98,7"));
    EXPECT_THAT(text, HasSubstr("c.d          –     2.0.0      shared        0     –"));
    EXPECT_THAT(render_datasets(parsed(R"({"datasets":[]})"), Style()), HasSubstr("nguon apply"));
}

// Goal: scores, their course and what costs points on few lines, worst first, in both languages.
TEST(Render, QualityShowsTheCourseAndWhy) {
    const json::value answer = parsed(
        R"({"dataset":"a.b","at":"2026-11-22T07:05:00Z","scores":{"overall":87.5,"accurate":100,
            "complete":100,"clean":100,"live":50},"rows":{"standing":1200,"set_aside":3},
            "series":[{"at":"2026-09-01T00:00:00Z","overall":100},
                      {"at":"2026-10-01T00:00:00Z","overall":93.7}],
            "results":[{"rule":"orphans:w","column":"w","severity":"warning","checked":9,"failed":2,
              "description":{"vi":"Trỏ tới dòng nay không còn","en":"Refers to a row that is gone"},
              "examples":[]},{"rule":"freshness:frequency","failed":1,"checked":1,"examples":[]}],
            "why":{"dimension":"overall","lost":12.51,"rest":0.01,"causes":[
              {"points":12.5,"sentence":{"vi":"Đã trễ 30 ngày.","en":"30 days late."}}]}})");
    const std::string text = render_quality(answer, vietnamese());
    EXPECT_THAT(text, HasSubstr("△ a.b · 87,5 Dùng được · tính đến "));
    EXPECT_THAT(text, HasSubstr("Sống ▇▇▄▁▁ 50"));
    EXPECT_THAT(text, HasSubstr("  1.200 dòng đang có · 3 dòng còn để riêng\n"));
    EXPECT_THAT(text, HasSubstr("  Diễn biến 100 ▇▃▁ → 87,5 · 3 điểm từ "));
    EXPECT_THAT(text, HasSubstr("   −12,50  Đã trễ 30 ngày.\n"));
    EXPECT_THAT(text, HasSubstr("    −0,01  và các nguyên nhân khác\n"));
    EXPECT_THAT(text, HasSubstr("2 dòng  w: Trỏ tới dòng nay không còn"));
    Style plain;
    plain.unicode = false;
    EXPECT_THAT(render_quality(answer, plain), HasSubstr("Course 100 #-_ -> 87.5"));
    EXPECT_THAT(render_quality(parsed(R"({"dataset":"a.b","scores":{},"series":[],"results":[]})"),
                               Style{}),
                HasSubstr("○ a.b · no data yet"));
}

// Goal: a column is named as the file has it, and a sentence that is whole stands alone.
TEST(Render, AFailureNamesTheColumnOfTheFile) {
    const json::value results = parsed(
        R"([{"rule":"enum:sex","column":"sex","header":"Giới tính","checked":9,"failed":3,)"
        R"("examples":[{"row":2,"value":"x"}],"description":{"vi":"Ngoài danh mục","en":"Not in the list"},)"
        R"("sentence":{"vi":"…","en":"…"}},)"
        R"({"rule":"digits_lost:so","column":"so","checked":9,"failed":2,"examples":[{"row":4,"value":"3*"}],)"
        R"("description":{"vi":"Cột «Số»: 2 dòng mất số.","en":"x"},"sentence":{"vi":"Cột «Số»: 2 dòng mất số.","en":"x"}}])");
    EXPECT_THAT(
        render_failures(results.as_array(), 3, vietnamese()),
        testing::ElementsAre("  ✕ 3 dòng  Giới tính: Ngoài danh mục", "    ví dụ dòng dữ liệu 2: x",
                             "  ✕ Cột «Số»: 2 dòng mất số.", "    ví dụ dòng dữ liệu 4: 3*"));
}

// Goal: no rows have no score. Method: the receipt of a header alone.
TEST(Render, NoRowsHaveNoScore) {
    json::value receipt = parsed(kReceipt);
    receipt.at("rows") = parsed(R"({"read":0,"accepted":0,"rejected":0})");
    receipt.at("results") = json::array();
    const std::string text = render_receipt(receipt, {"f.csv", 1, false}, vietnamese());
    EXPECT_TRUE(text.starts_with("✓ population.person ← f.csv\n  0 dòng đọc")) << text;
    EXPECT_THAT(text, Not(HasSubstr("Tốt")));
    EXPECT_THAT(text, Not(HasSubstr("▇")));
}

TEST(Render, AReceiptShowsFailedRulesOnly) {
    const std::string text =
        render_receipt(parsed(kReceipt), {"persons.csv", 3.21, false}, vietnamese());
    EXPECT_EQ(text,
              "△ population.person ← persons.csv · 98,7 Tốt\n"
              "  100.000 dòng đọc · 98.796 nhận · 1.204 để riêng\n"
              "  98.700 thêm · 96 sửa · 0 xóa · 0 giữ nguyên\n"
              "  Đúng ▇▇▇▇▆ 99,9   Đủ ▇▇▇▇▇ 100   Sạch ▇▇▇▇▆ 98,8   Sống ○ chưa chấm\n"
              "  ✕ 1.204 dòng  ward: mã xã không có\n"
              "    ví dụ dòng dữ liệu 17: 01***\n"
              "  △ 3 dòng  r2\n"
              "  Lô 01B · 3,2 giây\n"
              "  Dòng để riêng: nguon quarantine get 01B\n");
}

// Goal: 15 lines whatever failed. Method: a receipt with thirty failing rules.
TEST(Render, AReceiptNeverPassesFifteenLines) {
    json::value receipt = parsed(kReceipt);
    json::array results;
    for (int i = 0; i < 30; ++i)
        results.push_back(array_at(receipt, "results")[0]);
    receipt.get_object()["results"] = results;
    receipt.get_object()["corrects"] = "01A";
    Style style;
    style.width = 60;
    const std::string text = render_receipt(receipt, {"f.csv", 1, false}, style);
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 15);
    EXPECT_THAT(text, HasSubstr("… and 27 more rules, 32,508 failures\n"));
    EXPECT_THAT(text, HasSubstr("corrects batch 01A"));
}

// Goal: remarks are not called failures where there is no room for them. Method: rules that failed
// before remarks, then remarks alone.
TEST(Render, RemarksThatAreNotShownAreNoFailures) {
    const auto results = [](int rules, int remarks) {
        json::array list;
        for (int i = 0; i < rules + remarks; ++i)
            list.push_back({{"rule", fmt::format("r{}", i)},
                            {"severity", i < rules ? "error" : "warning"},
                            {"failed", 2},
                            {"checked", 9}});
        return list;
    };
    EXPECT_EQ(render_failures(results(2, 5), 2, Style()).back(), "  … and 5 more remarks");
    EXPECT_EQ(render_failures(results(3, 1), 2, Style()).back(),
              "  … and 1 more rule, 2 failures, and 1 more remark");
}

TEST(Render, ARefusedBatchSaysThatNothingEntered) {
    const std::string text = render_receipt(
        parsed(
            R"({"batch":"01R","dataset":"a.b","status":"refused","rows":{"read":3,"accepted":0,"rejected":3},"results":[]})"),
        {"f.csv", 1, false}, Style{});
    EXPECT_TRUE(text.starts_with("✕ a.b")) << text;
    EXPECT_THAT(text, HasSubstr("no row entered"));
    EXPECT_THAT(text, Not(HasSubstr("quarantine")));
}

// Goal: what a receipt says of a file that came before, of deletions that must be confirmed and of
// rows mended. Method: receipts of each, in Vietnamese.
TEST(Render, AReceiptSaysWhatToConfirmAndWhatCameBefore) {
    const auto receipt = [](std::string_view more, std::string_view status = "accepted") {
        return parsed(fmt::format(
            R"({{"batch":"01S","dataset":"a.b","mode":"snapshot","status":"{}","corrects":"01A",)"
            R"("rows":{{"read":9,"accepted":9,"rejected":0}},"changes":{{"inserted":0,"updated":0,)"
            R"("deleted":0,"unchanged":9}},"results":[{}]}})",
            status, more));
    };
    const Loaded loaded{"f.csv", 1, false, "nguon load a.b f.csv --fix"};
    json::value same = receipt("");
    same.get_object()["repeats"] = parsed(R"({"batch":"01B","at":"2026-11-28T03:46:18Z"})");
    EXPECT_THAT(render_receipt(same, loaded, vietnamese()), HasSubstr("(lô 01B); không có gì"));
    same.at("changes").as_object()["updated"] = 1;
    EXPECT_THAT(render_receipt(same, loaded, vietnamese()), HasSubstr("lần này có thay đổi"));
    json::value refused = receipt("", "refused");
    refused.get_object()["snapshot"] = parsed(R"({"confirm":1200})");
    EXPECT_THAT(render_receipt(refused, loaded, vietnamese()),
                HasSubstr("phải xóa 1.200 dòng đó:\n    nguon load a.b f.csv --fix "
                          "--confirm-deletes 1200\n"));
    const json::value again = receipt(R"({"rule":"repeat","checked":0,"failed":1})", "refused");
    EXPECT_THAT(render_receipt(again, loaded, vietnamese()),
                HasSubstr("\n    nguon load a.b f.csv --fix --again\n"));
    for (const auto& [rows, left, said] :
         {std::tuple{2, 1, "Đã sửa 2 trong 3 dòng để riêng của lô 01A; còn 1\n"},
          std::tuple{0, 1, "Không sửa thêm dòng nào để riêng của lô 01A; còn 1\n"},
          std::tuple{0, 0, "của lô 01A đã được sửa trước đó"}}) {
        json::value mended = receipt("");
        mended.get_object()["corrected"] =
            parsed(fmt::format(R"({{"rows":{},"of":3,"left":{}}})", rows, left));
        EXPECT_THAT(render_receipt(mended, loaded, vietnamese()), HasSubstr(said));
    }
}

// Goal: the list says what is left to mend. Method: a batch with two rows, one of them mended.
TEST(Render, BatchesSayWhatIsOpen) {
    const std::string text = render_batches(
        parsed(
            R"({"open":1,"batches":[{"batch":"01B","at":"2026-11-28T03:46:18Z","status":)"
            R"("accepted","rows":{"read":9,"accepted":7,"rejected":2},"corrected":1,"open":1}]})"),
        vietnamese());
    EXPECT_THAT(text, HasSubstr("Còn 1 dòng chưa sửa. Xem: nguon quarantine get 01B"));
    EXPECT_THAT(
        render_batches(parsed(R"({"open":0,"batches":[{"batch":"01B","status":"accepted","rows":)"
                              R"({"read":9,"accepted":7,"rejected":2},"corrected":2,"open":0}]})"),
                       vietnamese()),
        HasSubstr("Mọi dòng để riêng đều đã được sửa hoặc đóng."));
}

// Goal: a file that cannot be read is not told as rows. Method: the receipt of an empty file.
TEST(Render, ARefusedFileHasNoRowsToCount) {
    const std::string text = render_receipt(
        parsed(
            R"({"batch":"01R","dataset":"a.b","status":"refused","rows":{"read":0,"accepted":0,"rejected":0},)"
            R"("results":[{"rule":"readable","column":null,"checked":0,"failed":1,"examples":[],)"
            R"("refuses":true,"description":{"vi":"Tệp rỗng.","en":"The file is empty."}}]})"),
        {"f.csv", 1, false}, Style{});
    EXPECT_EQ(text,
              "✕ a.b ← f.csv\n"
              "  The whole batch was refused; no row entered.\n"
              "  ✕ The file is empty.\n"
              "  Batch 01R · 1.0 s\n");
}

// Goal: what is said of failures is a sentence. Method: one more rule with one failure, an empty
// value, and a reason of the example's own.
TEST(Render, FailuresAreWrittenAsPeopleWould) {
    const auto result = [](int failed, std::string_view example) {
        return fmt::format(R"({{"rule":"r","checked":9,"failed":{},"examples":[{{"row":2,{}}}],)"
                           R"("description":{{"vi":"sai","en":"wrong"}}}})",
                           failed, example);
    };
    const json::value results =
        parsed(fmt::format("[{},{},{}]", result(3, R"("value":"")"),
                           result(2, R"("value":"x","reason":{"vi":"2 trường","en":"2 fields"})"),
                           result(1, R"("value":"y")")));
    EXPECT_THAT(
        render_failures(results.as_array(), 2, Style{}),
        testing::ElementsAre("  ✕ 3 rows  wrong", "    such as row 2", "  ✕ 2 rows  wrong",
                             "    such as row 2: 2 fields", "  … and 1 more rule, 1 failure"));
    EXPECT_THAT(render_failures(results.as_array(), 2, vietnamese()),
                testing::Contains("    ví dụ dòng dữ liệu 2: 2 trường"));
}

// Goal: what changes the sums of a file is not folded away among spaces. Method: twenty findings,
// the total last.
TEST(Render, GraveFindingsAreShownFirst) {
    json::array results;
    const auto add = [&](std::string_view code, std::string said) {
        results.push_back({{"code", code},
                           {"severity", "warning"},
                           {"failed", 1},
                           {"sentence", {{"vi", said}, {"en", said}}}});
    };
    for (int i = 0; i < 20; ++i)
        add("spaces", fmt::format("spaces {}", i));
    add("total_row", "a total");
    add("other_tables", "another table");
    const std::string page = render_check(
        {{"file", "f.csv"}, {"rows", 3}, {"rejected", 0}, {"results", results}}, Style{});
    EXPECT_LT(page.find("a total"), page.find("spaces 0"));
    EXPECT_THAT(page, HasSubstr("another table"));
    EXPECT_THAT(page, HasSubstr("and 10 more"));
}

// Goal: a column under another name is no cell. Method: a recipe that only renames.
TEST(Render, ARenamedColumnIsSaid) {
    const json::value mended =
        parsed(R"({"steps":[{"kind":"rename","column":"a"}],"cells":0,"left_out":0})");
    EXPECT_EQ(render_mended(mended, words::kMended, Style{}),
              "  ✓ Columns under another name: 1\n");
}

TEST(Render, AQueryIsAnAlignedTable) {
    const json::value answer =
        parsed(R"({"columns":[{"name":"ten","type":"VARCHAR"},{"name":"n","type":"BIGINT"}],)"
               R"("rows":[["Đà Nẵng",5],[null,120]],"truncated":true})");
    EXPECT_EQ(render_query(answer, vietnamese()),
              "ten        n\n───────  ───\nĐà Nẵng    5\n–        120\n2 dòng\n"
              "△ Chỉ là phần đầu; --limit-rows N cho nhiều hơn.\n");
}

TEST(Render, ARowUsesTheColumnsTitles) {
    const json::value described =
        parsed(R"({"columns":[{"name":"code","title":{"vi":"Mã tỉnh","en":"Province code"}}]})");
    EXPECT_EQ(render_row(parsed(R"({"code":"01","name":null,"n":1.5})"), described, vietnamese()),
              "Mã tỉnh: 01\nname:    –\nn:       1.5\n");
}

TEST(Render, VerificationNamesEachDamagedFile) {
    const json::value answer = parsed(
        R"({"ok":false,"datasets":[{"dataset":"a.b","segments":2,"rows":1000,"head":"0123456789abcdef"}],)"
        R"("findings":[{"dataset":"a.b","file":"segments/ff.parquet","problem":"changed"}]})");
    const std::string text = render_verification(answer, vietnamese());
    EXPECT_TRUE(text.starts_with("(✕) Không còn nguyên vẹn.")) << text;
    EXPECT_THAT(text, HasSubstr("✕ a.b: segments/ff.parquet đã bị thay đổi"));
    EXPECT_THAT(text, HasSubstr("0123456789ab\n"));
    const json::value intact = parsed(
        R"({"ok":true,"datasets":[{"dataset":"a.b","segments":2,"rows":1000,"head":"01"}],"findings":[]})");
    EXPECT_TRUE(render_verification(intact, Style{})
                    .starts_with("(✓) Intact. Datasets: 1, segments: 2, rows: 1,000"));
}

TEST(Render, CheckShowsColumnsAndWhatFails) {
    const json::value answer = parsed(
        R"({"file":"f.csv","format":"csv","encoding":"utf-8","delimiter":";","rows":1200,"rejected":0,"columns":[)"
        R"({"name":"Mã","type":"string","nulls":0,"distinct":1200,"likely_key":true,"personal":null},)"
        R"({"name":"Số","type":"string","nulls":3,"distinct":9,"likely_key":false,"personal":"phone"},)"
        R"({"name":"Tiền","type":"number","nulls":0,"distinct":9,"personal":null,"min":1000000.0,"max":2500000.5,)"
        R"("histogram":[{"count":1},{"count":2}]}],"results":[]})");
    const std::string text = render_check(answer, vietnamese());
    EXPECT_THAT(text, HasSubstr("1.000.000 – 2.500.000"));
    EXPECT_TRUE(text.starts_with("✓ f.csv · 1.200 dòng · ")) << text;
    EXPECT_THAT(text, HasSubstr("csv · utf-8 · ngăn bằng ;"));
    EXPECT_THAT(text, HasSubstr("● điện thoại"));
    EXPECT_THAT(text, HasSubstr(" 99,7%"));
    EXPECT_THAT(text, HasSubstr("✓ Mọi dòng đọc được; chưa có hợp đồng để chấm.\n"));
    json::value judged = answer;
    judged.as_object()["scores"] = parsed(R"({"overall":100})");
    EXPECT_THAT(render_check(judged, vietnamese()), HasSubstr("✓ Mọi dòng đều đạt.\n"));
}

// Goal: what is well takes a line, what is not says what to do, and nothing runs past the terminal.
TEST(Render, DoctorSaysWhatToDoUnderWhatIsWrong) {
    const json::value answer = parsed(
        R"({"ok":false,"wrong":1,"warnings":0,"findings":[)"
        R"({"check":"clock.steady","title":"Clock","verdict":"ok","found":"Runs evenly.","fix":""},)"
        R"({"check":"disk.space","title":"Disk space","verdict":"wrong","found":"3 MB of 100 GB free at /srv/data. )"
        R"(Writes will be refused.","fix":"Add space."}]})");
    Style style;
    style.width = 60;
    EXPECT_EQ(render_doctor(answer, style),
              "✓ Clock       Runs evenly.\n"
              "✕ Disk space  3 MB of 100 GB free at /srv/data. Writes will\n"
              "              be refused.\n"
              "              → Add space.\n"
              "\n✕ Wrong: 1, to be looked at: 0\n");
    style.unicode = false;
    EXPECT_THAT(render_doctor(answer, style), HasSubstr("-> Add space."));
}

TEST(Render, HistoryAndBatchesAreTables) {
    const json::value changes = parsed(
        R"({"changes":[{"seq":1,"op":"insert","at":"2026-11-22T14:05:00Z","batch":"01B","key":"01","row":{"a":1}},)"
        R"({"seq":2,"op":"delete","at":"2026-11-22T14:06:00Z","batch":"01C","key":"01","row":null}],"next":3})");
    const std::string history = render_history(changes, vietnamese());
    EXPECT_THAT(history, HasSubstr("thêm"));
    EXPECT_THAT(history, HasSubstr("{\"a\":1}"));
    EXPECT_THAT(history, HasSubstr("--from 3"));
    EXPECT_THAT(history, HasSubstr("/11/2026 "));
    EXPECT_THAT(history, Not(HasSubstr("2026-11-22T")));
    const json::value batches = parsed(
        R"({"batches":[{"batch":"01B","status":"refused","rows":{"read":5,"accepted":0,"rejected":5},"at":"2026-11-22T14:05:00Z"}]})");
    EXPECT_THAT(render_batches(batches, vietnamese()), HasSubstr("✕ từ chối"));
    EXPECT_THAT(render_batches(batches, vietnamese()), HasSubstr("  5     0         –"))
        << "of a refused batch no row is set aside";
}

// Goal: a value of a row cannot command the terminal. Method: an escape sequence in each kind of
// answer.
TEST(Render, NoEscapeSequenceOfTheDataReachesTheTerminal) {
    const std::string bad = "\\u001b[2Jx";
    const std::vector<std::string> texts = {
        render_query(parsed(R"({"columns":[{"name":")" + bad +
                            R"(","type":"VARCHAR"}],"rows":[[")" + bad + R"("]]})"),
                     Style{}),
        render_row(parsed(R"({")" + bad + R"(":")" + bad + R"("})"), {}, Style{}),
        render_check(parsed(R"({"file":")" + bad + R"(","delimiter":")" + bad +
                            R"(","columns":[{"name":")" + bad + R"("}]})"),
                     Style{}),
        render_quarantine(parsed(R"({"batch":"1","rows":[{"row":1,"value":")" + bad + R"("}]})"),
                          Style{}),
    };
    for (const std::string& text : texts)
        EXPECT_THAT(text, Not(HasSubstr("\x1b"))) << text;
}

TEST(Render, ColoursAreForTerminalsWithoutNoColor) {
    World world;
    world.answer(kCleanReceipt, 201);
    const std::string file = world.file("f.csv", "x");
    world.run({"load", "a.b", file});
    EXPECT_THAT(world.out, Not(HasSubstr("\x1b")));
    world.out_is_terminal = true;
    world.answer(kCleanReceipt, 201);
    world.run({"load", "a.b", file});
    EXPECT_THAT(world.out, HasSubstr("\x1b["));
    world.variables["NO_COLOR"] = "1";
    world.answer(kCleanReceipt, 201);
    world.run({"load", "a.b", file});
    EXPECT_THAT(world.out, Not(HasSubstr("\x1b")));
}

TEST(Progress, SaysStepShareAndRate) {
    EXPECT_EQ(progress_text({"read", 50 << 20, 100 << 20}, 2, vietnamese()),
              "  đọc và kiểm tra  ▇▇▇▇▇▇▇▇▇▇▁▁▁▁▁▁▁▁▁▁  50 %  25 MB/giây  2,0 giây");
    EXPECT_EQ(progress_text({}, 1.5, Style{}), "  working  1.5 s");
    EXPECT_EQ(progress_text({"seal", 0, 0}, 1.5, Style{}), "  sealing  1.5 s");
}

}  // namespace
}  // namespace nguon::cli
