#include "store/read.h"

#include <gtest/gtest.h>

#include <fstream>

#include "store/internal/testing.h"
#include "store/rows.h"

namespace nguon::store {
namespace {

using testing::Keyed;
using testing::must;
using testing::World;

using Parameters = std::vector<std::pair<std::string, std::string>>;

// A world cannot be copied; this fills one in place.
void grow(World& world) {
    for (int batch = 0; batch < 5; ++batch) {
        if (batch == 3) world.add_column("extra", contract::LogicalType::kInteger);
        world.add_batch(25, batch == 0 ? 0 : 0.6);
    }
}

RowsAnswer ask(const World& world, const Parameters& parameters, std::optional<Seq> upto = {}) {
    RowsQuery query = must(parse_rows_query(world.info.contract, parameters));
    query.upto = upto;
    return must(rows(world, world.info, query, {}));
}

std::string wrong(const World& world, const Parameters& parameters) {
    const auto query = parse_rows_query(world.info.contract, parameters);
    if (!query)
        return query.error().code == Code::kInvalid ? query.error().detail.en : "not invalid";
    const auto answer = rows(world, world.info, *query, {});
    if (answer) return "";
    return answer.error().code == Code::kInvalid ? answer.error().detail.en : "not invalid";
}

std::vector<std::string> rows_of(const std::string& page) {
    std::vector<std::string> texts;
    const json::value parsed = must(parse_json(page));
    for (const json::value& row : parsed.at("rows").as_array()) {
        texts.push_back(to_text(row));
    }
    return texts;
}

// Goal: a row as of any moment is the map's at that moment.
TEST(Read, GetAsOfAgreesWithAMap) {
    World world(11, Keyed::kYes);
    grow(world);
    const auto head = static_cast<Seq>(world.changes.size());
    for (int i = 0; i < 60; ++i) {
        const std::string key = world.chance(0.9)
                                    ? world.changes[world.pick(world.changes.size())].key
                                    : world.some_key();
        const auto upto = static_cast<Seq>(world.pick(static_cast<std::size_t>(head) + 1));
        const auto found = must(get_as_of(world, world.info, key, upto, {}));
        const auto expected = world.rows_at(upto);
        const auto row = expected.find(key);
        ASSERT_EQ(found.has_value(), row != expected.end()) << key << " at " << upto;
        if (!found) continue;
        EXPECT_EQ(found->seq, row->second.seq);
        EXPECT_EQ(found->row_json, world.row_text(row->second.row));
    }
    EXPECT_EQ(get_as_of(world, world.info, "a", 1, {}).error().code, Code::kInvalid);
}

void expect_change(const World& world, const HistoryChange& change,
                   const testing::Change& expected) {
    EXPECT_EQ(change.seq, expected.seq);
    EXPECT_EQ(change.op, expected.op);
    EXPECT_EQ(change.key, expected.key);
    EXPECT_EQ(change.batch, world.infos[expected.batch].batch);
    EXPECT_EQ(change.at, world.infos[expected.batch].at);
    EXPECT_EQ(change.row_json, expected.op == Op::kDelete ? "null" : world.row_text(expected.row));
}

// Goal: pages join to the whole history, with and without a key. Method: page sizes that cut
// segments.
TEST(Read, HistoryPagesJoinToTheWhole) {
    World world(12, Keyed::kYes);
    grow(world);
    const std::string some = world.changes[world.changes.size() / 2].key;
    for (const std::optional<std::string>& key :
         {std::optional<std::string>(), std::optional(some)}) {
        std::vector<testing::Change> expected;
        for (const testing::Change& change : world.changes) {
            if (!key || change.key == *key) expected.push_back(change);
        }
        for (const std::int64_t limit : {std::int64_t{1}, std::int64_t{7}, std::int64_t{1000}}) {
            if (limit == 1 && !key) continue;
            std::size_t place = 0;
            HistoryQuery query{key, 1, limit};
            for (;;) {
                const HistoryPage page = must(history(world, world.info, query, {}));
                for (const HistoryChange& change : page.changes) {
                    ASSERT_LT(place, expected.size());
                    expect_change(world, change, expected[place++]);
                }
                if (!page.next) break;
                query.from = *page.next;
            }
            EXPECT_EQ(place, expected.size()) << limit;
        }
    }
    EXPECT_FALSE(history(world, world.info, {std::nullopt, 0, 10}, {}));
    EXPECT_FALSE(history(world, world.info, {std::nullopt, 1, 0}, {}));
    EXPECT_TRUE(
        must(history(world, world.info, {std::nullopt, 1'000'000, 10}, {})).changes.empty());
}

TEST(Read, HistoryAsJson) {
    World world(13, Keyed::kNo);
    world.add_batch(3, 0);
    const HistoryPage page = must(history(world, world.info, {std::nullopt, 2, 1}, {}));
    EXPECT_EQ(page.to_json(),
              "{\"changes\":[{\"seq\":2,\"op\":\"insert\",\"at\":\"2023-11-14T22:13:20Z\","
              "\"batch\":\"batch0\",\"key\":null,\"row\":" +
                  world.row_text(world.changes[1].row) + "}],\"next\":3}");
    must(parse_json(page.to_json()));
}

// Goal: pages of any sort, nulls among the values, join to every row once, in the order of one big
// page.
TEST(Rows, PagesJoinToEveryRowOnce) {
    for (const Keyed keyed : {Keyed::kYes, Keyed::kNo}) {
        World world(14, keyed);
        if (keyed == Keyed::kYes) {
            grow(world);
        } else {
            world.add_batch(60, 0);
        }
        const auto head = static_cast<Seq>(world.changes.size());
        std::multiset<std::string> expected;
        for (const auto& [key, change] : world.rows_at(head))
            expected.insert(world.row_text(change.row));
        for (const char* sort :
             {"", "ok,-born", "-price", "-na\"me,amount", "seen", "-hour,region"}) {
            SCOPED_TRACE(sort);
            Parameters parameters = {{"limit", "1000"}};
            if (*sort != '\0') parameters.emplace_back("sort", sort);
            const std::vector<std::string> whole = rows_of(ask(world, parameters).json);
            EXPECT_EQ(std::multiset<std::string>(whole.begin(), whole.end()), expected);
            std::vector<std::string> joined;
            parameters[0].second = "9";
            for (;;) {
                const RowsAnswer page = ask(world, parameters);
                for (std::string& row : rows_of(page.json))
                    joined.push_back(std::move(row));
                if (page.next.empty()) break;
                if (parameters.back().first == "cursor") parameters.pop_back();
                parameters.emplace_back("cursor", page.next);
                ASSERT_LE(joined.size(), whole.size());
            }
            EXPECT_EQ(joined, whole);
        }
    }
}

// Goal: a reader who pages while others write sees one state, the first page's.
TEST(Rows, PagesShowTheMomentOfTheFirst) {
    World world(15, Keyed::kYes);
    grow(world);
    const auto before = rows_of(ask(world, {{"limit", "1000"}}).json);
    const RowsAnswer first = ask(world, {{"limit", "10"}});
    world.add_batch(25, 0.9);
    std::vector<std::string> joined = rows_of(first.json);
    for (const std::string& row :
         rows_of(ask(world, {{"limit", "1000"}, {"cursor", first.next}}).json)) {
        joined.push_back(row);
    }
    EXPECT_EQ(joined, before);
}

TEST(Rows, AsOfShowsEarlierRows) {
    World world(16, Keyed::kYes);
    grow(world);
    const Seq upto = world.infos[1].last;
    std::multiset<std::string> expected;
    for (const auto& [key, change] : world.rows_at(upto))
        expected.insert(world.row_text(change.row));
    const auto texts = rows_of(ask(world, {{"limit", "1000"}}, upto).json);
    EXPECT_EQ(std::multiset<std::string>(texts.begin(), texts.end()), expected);
}

// Goal: each comparison takes what it says, on every type. Method: the count against one computed
// from the model's JSON values, for the values that stand in it.
TEST(Rows, FiltersCompareByType) {
    World world(17, Keyed::kYes);
    grow(world);
    const auto all = world.rows_at(static_cast<Seq>(world.changes.size()));
    const std::map<std::string, std::function<bool(int)>> comparisons = {
        {"", [](int c) { return c == 0; }},   {".eq", [](int c) { return c == 0; }},
        {".gt", [](int c) { return c > 0; }}, {".gte", [](int c) { return c >= 0; }},
        {".lt", [](int c) { return c < 0; }}, {".lte", [](int c) { return c <= 0; }},
        {".ne", [](int c) { return c != 0; }}};
    const auto compare = [](const json::value& left, const json::value& right) {
        if (left.is_string()) return left.get_string().compare(right.get_string());
        const double a = left.is_bool() ? left.get_bool() : left.to_number<double>();
        const double b = right.is_bool() ? right.get_bool() : right.to_number<double>();
        return a < b ? -1 : a > b ? 1 : 0;
    };
    for (std::size_t place = 0; place < world.info.contract.columns.size(); ++place) {
        json::value value;
        for (const auto& [key, change] : all) {
            if (!change.row[place].value.is_null()) value = change.row[place].value;
        }
        const std::string& name = world.info.contract.columns[place].name;
        const std::string text =
            value.is_string() ? std::string(value.get_string()) : to_text(value);
        if (name == "seen" && text.size() != 20) continue;  // fractions do not compare as text
        for (const auto& [suffix, holds] : comparisons) {
            SCOPED_TRACE(name + suffix + "=" + text);
            std::int64_t expected = 0;
            for (const auto& [key, change] : all) {
                const json::value& cell = change.row[place].value;
                if (name == "seen" && cell.is_string() && cell.get_string().size() != 20) goto next;
                expected += cell.is_null() ? suffix == ".ne" : holds(compare(cell, value));
            }
            EXPECT_EQ(ask(world, {{name + suffix, text}, {"limit", "1000"}}).rows, expected);
        next:;
        }
    }
    const std::int64_t either = ask(world, {{"region.in", "a%2Cb,VN"}, {"limit", "1000"}}).rows;
    EXPECT_EQ(either, ask(world, {{"region", "a,b"}, {"limit", "1000"}}).rows +
                          ask(world, {{"region", "VN"}, {"limit", "1000"}}).rows);
    EXPECT_GT(either, 0);
}

// Goal: what is wrong is named; nothing from outside becomes SQL.
TEST(Rows, WrongQuestionsAreNamed) {
    World world(18, Keyed::kYes);
    grow(world);
    const std::string both = wrong(world, {{"nope", "1"}, {"born.like", "x"}, {"ok", "true"}});
    EXPECT_NE(both.find("nope, born.like"), std::string::npos) << both;
    EXPECT_NE(wrong(world, {{"sort", "born,nope"}}).find("nope"), std::string::npos);
    EXPECT_NE(wrong(world, {{"born.gte", "1/2/2020"}}).find("born"), std::string::npos);
    EXPECT_NE(wrong(world, {{"number", "1 OR 1=1"}}).find("number"), std::string::npos);
    EXPECT_NE(wrong(world, {{"limit", "1001"}}), "");
    EXPECT_NE(wrong(world, {{"limit", "-1"}}), "");
    EXPECT_NE(wrong(world, {{"format", "xml"}}), "");
    EXPECT_EQ(ask(world, {{"region", "x' OR '1'='1"}}).rows, 0);

    const std::string next = ask(world, {{"limit", "2"}}).next;
    ASSERT_FALSE(next.empty());
    for (const std::string& cursor :
         {std::string("x"), next + "A", next.substr(0, next.size() - 4), std::string("e30")}) {
        EXPECT_NE(wrong(world, {{"cursor", cursor}}).find("cursor"), std::string::npos) << cursor;
    }
    EXPECT_NE(wrong(world, {{"cursor", next}, {"sort", "-born"}}).find("cursor"),
              std::string::npos);
}

TEST(Rows, FilesHoldEveryRow) {
    World world(19, Keyed::kYes);
    grow(world);
    const auto head = static_cast<Seq>(world.changes.size());
    const auto expected = world.rows_at(head).size();
    RowsQuery query;
    query.output = world.folder.path() / "it's.csv";
    query.format = RowsFormat::kCsv;
    EXPECT_EQ(must(rows(world, world.info, query, {})).rows, static_cast<std::int64_t>(expected));
    std::ifstream file(query.output);
    std::string header;
    std::getline(file, header);
    EXPECT_EQ(header, "region,number,\"na\"\"me\",amount,price,ok,born,seen,hour,extra");

    // Read back, the file gives what a page gives.
    const auto duck = must(sql::Duck::open({}));
    EXPECT_EQ(must(duck->query_integer(
                  fmt::format("SELECT count(*) FROM (SELECT region, number, born, seen FROM "
                              "read_csv({}, header = true, parallel = false, "
                              "all_varchar = true) WHERE seen IS NULL OR seen LIKE '%T%Z')",
                              sql::quote_literal(query.output.string())))),
              static_cast<std::int64_t>(expected));
    query.format = RowsFormat::kParquet;
    query.output = world.folder.path() / "rows.parquet";
    query.sort = {{&world.info.contract.columns[6], Direction::kDown}};
    query.limit = 5;
    EXPECT_EQ(must(rows(world, world.info, query, {})).rows, 5);
    EXPECT_EQ(must(duck->query_integer("SELECT count(*) FROM read_parquet(" +
                                       sql::quote_literal(query.output.string()) + ")")),
              5);
}

TEST(Rows, AnEmptyDatasetHasAnEmptyPage) {
    World world(20, Keyed::kYes);
    EXPECT_EQ(ask(world, {}).json, "{\"rows\":[],\"next\":null}");
    EXPECT_FALSE(must(get_as_of(world, world.info, "1,VN", 5, {})).has_value());
    EXPECT_EQ(must(history(world, world.info, {}, {})).to_json(), "{\"changes\":[],\"next\":null}");
}

}  // namespace
}  // namespace nguon::store
