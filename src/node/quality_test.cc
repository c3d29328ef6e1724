// Quality over time, over the routes of a node whose clock the test moves.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "http/router.h"
#include "node/node.h"

namespace nguon::node {
namespace {

constexpr Micros kHour = Micros{3600} * 1'000'000;
constexpr Micros kDay = 24 * kHour;

class MovedClock final : public Clock {
public:
    Micros now() override { return m_now; }
    void to(std::string_view time) { m_now = *parse_time(time); }
    void forward(Micros by) { m_now += by; }

private:
    Micros m_now = 0;
};

constexpr std::string_view kContract = R"(apiVersion: v3.1.0
kind: DataContract
id: office
name: office
version: 1.0.0
status: active
domain: office
slaProperties:
  - {property: frequency, value: 30, unit: d, element: station}
  - {property: freshness, value: 10, unit: d, element: reading.day}
schema:
  - name: area
    properties:
      - {name: code, logicalType: string, primaryKey: true}
  - name: station
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: staff, logicalType: integer, logicalTypeOptions: {minimum: 0}}
      - {name: name, logicalType: string, required: true}
      - name: area
        logicalType: string
        relationships: [{to: area.code}]
  - name: reading
    customProperties: [{property: mode, value: append}]
    properties:
      - {name: day, logicalType: date}
      - {name: value, logicalType: number}
)";

class QualityTest : public testing::Test {
protected:
    void SetUp() override {
        static int count = 0;
        m_folder = std::filesystem::temp_directory_path() /
                   fmt::format("node-quality-{}-{}", ::getpid(), ++count);
        m_seams = real_seams();
        m_seams.clock = &m_clock;
        m_clock.to("2026-03-02T02:00:00Z");
        ASSERT_TRUE(init({m_folder, "VN/GOV/BYT", "Bộ Y tế", ""}, m_seams));
        open();
        const json::object body{
            {"contracts", json::array{json::object{{"file", "c.yaml"}, {"text", kContract}}}}};
        send(http::Method::kPost, "/api/v1/contracts", to_text(body), 200);
        load("area", "code\nA\nB\nC\n");
        m_clock.forward(kHour);  // no two batches at one moment
    }
    void TearDown() override {
        m_node.reset();
        std::filesystem::remove_all(m_folder);
    }
    void open() {
        m_node.reset();
        auto node = Node::open(m_folder, m_seams);
        ASSERT_TRUE(node) << node.error().detail.en;
        m_node = std::move(*node);
    }
    json::value send(http::Method method, std::string path, std::string body, int status,
                     std::vector<std::pair<std::string, std::string>> query = {}) {
        http::Request request;
        request.method = method;
        request.path = std::move(path);
        request.query = std::move(query);
        request.body.bytes = std::move(body);
        request.caller = http::Caller::kAdministrator;
        request.listener = http::Listener::kInternal;
        const http::Response response = m_node->router().dispatch(request);
        EXPECT_EQ(response.status, status) << response.body;
        return parse_json(response.body).value_or(nullptr);
    }
    json::value load(const std::string& schema, const std::string& text) {
        return send(http::Method::kPost, "/api/v1/datasets/office." + schema + "/batches", text,
                    201);
    }
    using Query = std::vector<std::pair<std::string, std::string>>;
    json::value quality(const std::string& schema, Query query = {}) {
        return send(http::Method::kGet, "/api/v1/datasets/office." + schema + "/quality", "", 200,
                    std::move(query));
    }
    static std::string scores(const json::value& answer) { return to_text(answer.at("scores")); }
    double live(const std::string& schema) {
        return quality(schema).at("scores").at("live").to_number<double>();
    }
    static const json::value* result(const json::value& answer, std::string_view rule) {
        for (const json::value& one : answer.at("results").as_array()) {
            if (one.at("rule").as_string() == rule) return &one;
        }
        return nullptr;
    }

    std::filesystem::path m_folder;
    MovedClock m_clock;
    Seams m_seams;
    std::unique_ptr<Node> m_node;
};

constexpr std::string_view kStations =
    "id,staff,name,area\n1,5,An,A\n2,-1,Bình,A\n3,7,,B\n4,2,Dần,C\n";

// Goal: liveness falls with the clock alone and rises with the next batch, in the dataset, in the
// list and in its quality. Method: a promise of 30 days; the clock moves, nothing is loaded.
TEST_F(QualityTest, LivenessFallsUnderTheClock) {
    load("station", std::string(kStations));
    EXPECT_EQ(live("station"), 100);
    m_clock.forward(30 * kDay - kHour);
    EXPECT_EQ(live("station"), 100);
    m_clock.forward(30 * kDay + kHour);
    EXPECT_EQ(live("station"), 50);
    const json::value one = send(http::Method::kGet, "/api/v1/datasets/office.station", "", 200);
    EXPECT_EQ(one.at("scores").at("live").to_number<double>(), 50);
    const json::value metrics = quality("station");
    EXPECT_EQ(metrics.at("freshness").at(0).at("overdue_seconds").as_int64(), 30 * 24 * 3600);
    EXPECT_EQ(result(metrics, "freshness:frequency")->at("failed").as_int64(), 1);
    // Two of four rows are set aside, and a quarter of the 50 points of liveness.
    EXPECT_EQ(one.at("scores").at("overall").to_number<double>(), 37.5);
    load("station", "id,staff,name,area\n5,1,Em,A\n");
    EXPECT_EQ(live("station"), 100);
}

// Goal: where a column says how new the data is, its newest value is the age. Method: days in a
// file, one of them mistyped into the future.
TEST_F(QualityTest, TheNewestValueOfAColumnIsTheAge) {
    load("reading", "day,value\n2026-02-27,1\n2026-02-28,2\n2096-03-01,3\n");
    EXPECT_EQ(live("reading"), 100);
    m_clock.to("2026-03-20T17:00:00Z");  // 20 days after the 28th of February was over
    EXPECT_EQ(live("reading"), 50);
    EXPECT_EQ(quality("reading").at("freshness").at(0).at("since").as_string(),
              "2026-02-28T17:00:00Z");
    // A day is that day, though it counts from its end.
    const json::value why = quality("reading", {{"why", "live"}});
    EXPECT_NE(to_text(why).find("the newest day is of 28 Feb 2026"), std::string::npos) << why;
    EXPECT_TRUE(quality("area").at("scores").at("live").is_null());
}

// Goal: a score asked for as of a past moment is the number that was shown then. Method: what is
// shown is written down at moments of a history with corrections, late batches and a new contract
// version; then asked for again, and again after a restart.
TEST_F(QualityTest, APastScoreIsTheSameNumber) {
    std::vector<std::pair<std::string, std::string>> shown;
    const auto note = [&] {
        const json::value answer = quality("station");
        shown.emplace_back(std::string(answer.at("at").as_string()), scores(answer));
        m_clock.forward(kHour);
    };
    note();
    const json::value first = load("station", std::string(kStations));
    note();
    m_clock.forward(45 * kDay);
    note();
    m_clock.forward(kDay);
    send(http::Method::kPost,
         "/api/v1/batches/" + std::string(first.at("batch").as_string()) + "/quarantine",
         "id,staff,name,area\n2,1,Bình,A\n", 201);
    note();
    m_clock.forward(33 * kDay);
    load("station", "id,staff,name,area\n1,6,An,B\n6,-2,Phú,A\n");
    note();
    std::string text(kContract);
    text.replace(text.find("1.0.0"), 5, "1.1.0");
    text.replace(text.find("value: 30"), 9, "value: 3 ");
    send(http::Method::kPost, "/api/v1/contracts",
         to_text(json::object{
             {"contracts", json::array{json::object{{"file", "c.yaml"}, {"text", text}}}}}),
         200);
    m_clock.forward(12 * kDay);
    note();
    for (int restart = 0; restart < 2; ++restart) {
        for (const auto& [at, expected] : shown)
            EXPECT_EQ(scores(quality("station", {{"as_of", at}})), expected) << at;
        m_clock.forward(500 * kDay);
        open();
    }
    EXPECT_EQ(shown[1].second,
              R"({"overall":50,"accurate":75,"complete":75,"clean":100,"live":100})");
    EXPECT_EQ(shown[3].second,
              R"({"overall":75,"accurate":87.5,"complete":87.5,"clean":100,"live":100})");
    // seq:2 is the first batch.
    EXPECT_EQ(scores(quality("station", {{"as_of", "seq:2"}})), shown[1].second);
}

// Goal: every lost point has a cause, in sentences. Method: rows set aside for two rules, a promise
// broken; the points add up to what is missing of 100.
TEST_F(QualityTest, EachScoreCanBeAskedWhy) {
    load("station", std::string(kStations));
    m_clock.forward(60 * kDay);
    const json::value why = quality("station", {{"why", "overall"}}).at("why");
    EXPECT_EQ(why.at("lost").to_number<double>(), 62.5);
    const json::array& causes = why.at("causes").as_array();
    ASSERT_EQ(causes.size(), 3);
    EXPECT_EQ(causes[0].at("points").to_number<double>(), 25);
    EXPECT_EQ(causes[0].at("rule").as_string(), "range:staff");
    EXPECT_EQ(causes[0].at("sentence").at("en").as_string(),
              "1 row of the batch of 02 Mar 2026 still set aside. staff: Outside the allowed range "
              "(≥ 0)");
    EXPECT_EQ(causes[2].at("sentence").at("vi").as_string(),
              "Hứa không cũ quá 30 ngày; lần cuối là ngày 02/03/2026, đã trễ 30 ngày.");
    const json::value accurate = quality("station", {{"why", "accurate"}}).at("why");
    EXPECT_EQ(accurate.at("causes").as_array().size(), 1);
    EXPECT_EQ(accurate.at("lost").to_number<double>(), 25);
    send(http::Method::kGet, "/api/v1/datasets/office.station/quality", "", 400,
         {{"why", "beauty"}});
}

// Goal: the series has a point for each batch and for each day of a broken promise, in pages.
TEST_F(QualityTest, TheSeriesShowsBatchesAndBrokenDays) {
    load("station", std::string(kStations));
    m_clock.forward(33 * kDay);
    load("station", "id,staff,name,area\n9,1,Em,A\n");
    const json::value answer = quality("station");
    std::vector<double> lives;
    for (const json::value& point : answer.at("series").as_array())
        lives.push_back(point.at("live").to_number<double>());
    // Midnights in Viet Nam are 14 hours after the batch: of the days 30, 31 and 32.
    EXPECT_EQ(lives, (std::vector<double>{100, 98, 94.9, 92, 100}));
    EXPECT_TRUE(answer.at("next").is_null());
    const json::value page = quality("station", {{"limit", "2"}});
    ASSERT_EQ(page.at("series").as_array().size(), 2);
    const std::string next(page.at("next").as_string());
    const json::value older = quality("station", {{"limit", "100"}, {"cursor", next}});
    EXPECT_EQ(older.at("series").as_array().size(), lives.size() - 2);
    EXPECT_TRUE(older.at("next").is_null());
}

// Goal: a row deleted elsewhere leaves orphans, counted when quality is asked for, and not before
// it was deleted.
TEST_F(QualityTest, OrphansAreCounted) {
    load("station", std::string(kStations));
    const json::value before = quality("station");
    EXPECT_EQ(result(before, "orphans:area")->at("failed").as_int64(), 0);
    EXPECT_EQ(result(before, "orphans:area")->at("checked").as_int64(), 2);
    m_clock.forward(kHour);
    send(http::Method::kDelete, "/api/v1/datasets/office.area/rows/C", "", 200);
    EXPECT_EQ(result(quality("station"), "orphans:area")->at("failed").as_int64(), 1);
    const std::string then(before.at("at").as_string());
    EXPECT_EQ(
        result(quality("station", {{"as_of", then}}), "orphans:area")->at("failed").as_int64(), 0);
}

}  // namespace
}  // namespace nguon::node
