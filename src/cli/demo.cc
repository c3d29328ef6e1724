#include "cli/demo.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>

#include "cli/contract_files.h"
#include "cli/demo_country.h"
#include "cli/render.h"
#include "cli/requests.h"
#include "cli/session.h"

namespace nguon::cli {
namespace {

constexpr std::int64_t kCitizens = 1'000'000;
constexpr std::string_view kPerson = "population.person";

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::string milliseconds(double seconds) {
    return fmt::format("{:.1f}", seconds * 1000);
}

class Demo {
public:
    Demo(const DemoOptions& options, Environment& environment, Session& session)
        : m_options(options),
          m_session(session),
          m_style(session.style()),
          m_out(environment.out),
          m_start(now()) {}

    Result<void> run(ServedNode& node) {
        say({"Nguồn: một nút, từ tệp đến bằng chứng", "Nguồn: one node, from a file to its proof"},
            Ink::kBold);
        TRY(install("administrative-units"));
        TRY_ASSIGN(m_files, make_demo_files(m_places, kCitizens));
        TRY(apply("population"));
        TRY(first_load());
        TRY(compare_with_truth());
        TRY(second_load());
        TRY(read_back());
        TRY(ask());
        TRY(verify());
        addresses(node);
        return {};
    }

    json::object summary() const {
        return {{"ok", m_ok},
                {"seconds",
                 static_cast<double>(static_cast<std::int64_t>((now() - m_start) * 10)) / 10},
                {"datasets", m_datasets}};
    }
    bool ok() const { return m_ok; }
    void failed() { m_ok = false; }

private:
    void line(std::string_view text) { m_out(std::string(text) + "\n"); }
    void say(const Text& text, Ink ink) { line(m_style.ink(ink, text.in(m_style.language))); }
    void step(const Text& text) {
        line("");
        line(fmt::format("{} {}", m_style.ink(Ink::kBlue, fmt::format("{}", ++m_step)),
                         m_style.ink(Ink::kBold, text.in(m_style.language))));
    }
    void check(bool held, const Text& text) {
        m_ok = m_ok && held;
        line(fmt::format("  {} {}", m_style.sign(held ? Sign::kGood : Sign::kRefused),
                         text.in(m_style.language)));
    }
    std::string number(std::int64_t value) const { return m_style.number(value); }

    Result<json::value> call(http::Request request) {
        TRY_ASSIGN(JsonAnswer answer, m_session.send_for_json(request));
        return std::move(answer.value);
    }
    Result<json::value> load(std::string_view dataset, const std::filesystem::path& file) {
        http::Request request = post_request(dataset_path(dataset, "/batches"));
        request.headers.set("Content-Type", "text/csv");
        request.headers.set("Nguon-Once", "content");
        TRY_ASSIGN(request.body, m_session.body_of(file.string()));
        const double start = now();
        TRY_ASSIGN(JsonAnswer answer, m_session.send_for_json(long_work(request)));
        m_last = {file.filename().string(), now() - start, answer.status == 200};
        const json::value& rows = answer.value.at("rows");
        const json::value* scores = member(answer.value, "scores");
        m_datasets[dataset] = {
            {"read", rows.at("read")},
            {"accepted", rows.at("accepted")},
            {"rejected", rows.at("rejected")},
            {"score", scores != nullptr ? scores->at("overall") : json::value(nullptr)},
            {"planted", 0},
            {"found", 0}};
        return std::move(answer.value);
    }

    Result<void> apply(std::string_view name) {
        TRY_ASSIGN(const Pack pack, read_pack(m_places.packs / name));
        TRY(call(post_json("/api/v1/contracts", contracts_body(pack.contracts))));
        m_pack = pack;
        return {};
    }

    Result<void> install(std::string_view name) {
        step({"Bản đồ hành chính: 34 tỉnh thành, 3.321 xã phường, và trước đó",
              "The map: 34 provinces, 3,321 wards, and what was before"});
        TRY(apply(name));
        for (const PackData& data : m_pack.data) {
            TRY_ASSIGN(const json::value receipt, load(data.dataset, data.file));
            line("  " + std::string(trim(render_receipt_line(receipt, m_last, m_style))));
            if (receipt.at("rows").at("rejected").to_number<std::int64_t>() > 0) m_ok = false;
        }
        return {};
    }

    Result<void> first_load() {
        step({fmt::format("Nạp {} công dân, trong đó có lỗi gieo sẵn", number(kCitizens)),
              fmt::format("Load {} citizens, with planted faults among them", number(kCitizens))});
        TRY_ASSIGN(m_first, load(kPerson, m_files.citizens));
        m_out(render_receipt(m_first, m_last, m_style));
        return {};
    }

    // Every planted fault set aside, and nothing else.
    Result<void> compare_with_truth() {
        TRY_ASSIGN(const Truth truth, read_truth(m_files.truth));
        http::Request request = get_request(batch_path(text_at(m_first, "batch"), "/quarantine"));
        add_query(request, "limit", "100000");
        TRY_ASSIGN(const json::value quarantine, call(std::move(request)));
        std::set<std::int64_t> set_aside;
        for (const json::value& row : array_at(quarantine, "rows"))
            set_aside.insert(integer_at(row, "row"));
        const auto found = std::ranges::count_if(
            set_aside, [&](std::int64_t row) { return truth.faults.contains(row); });
        const auto planted = static_cast<std::int64_t>(truth.faults.size());
        std::int64_t tones = 0;
        for (const json::value& result : array_at(m_first, "results")) {
            if (text_at(result, "severity") == "warning") tones += integer_at(result, "failed");
        }
        json::object& person = m_datasets[kPerson].as_object();
        person["planted"] = planted;
        person["found"] = found;
        person["false_alarms"] = static_cast<std::int64_t>(set_aside.size()) - found;
        person["tones"] = {{"planted", static_cast<std::int64_t>(truth.tones.size())},
                           {"warned", tones}};
        check(found == planted && static_cast<std::int64_t>(set_aside.size()) == found,
              {fmt::format("Lỗi gieo {}, tìm thấy {}, báo nhầm {}", number(planted), number(found),
                           number(static_cast<std::int64_t>(set_aside.size()) - found)),
               fmt::format("Planted {}, found {}, false alarms {}", number(planted), number(found),
                           number(static_cast<std::int64_t>(set_aside.size()) - found))});
        line(fmt::format(
            "  {} {}", m_style.sign(Sign::kNote),
            Text{fmt::format("Tên thiếu dấu: gieo {}, cảnh báo {} (chỉ cảnh báo, không loại)",
                             number(static_cast<std::int64_t>(truth.tones.size())), number(tones)),
                 fmt::format(
                     "Names without tones: planted {}, warned {} (a warning sets no row aside)",
                     number(static_cast<std::int64_t>(truth.tones.size())), number(tones))}
                .in(m_style.language)));
        return {};
    }

    Result<void> second_load() {
        step({"Tháng sau: bản chỉnh sửa", "A month later: corrections"});
        const json::value before = m_datasets[kPerson];
        TRY_ASSIGN(m_second, load(kPerson, m_files.corrections));
        m_datasets[kPerson] = before;  // the summary tells of the first load
        line("  " + std::string(trim(render_receipt_line(m_second, m_last, m_style))));
        return {};
    }

    // The first citizen whom the second load changed, now and as of before it.
    Result<void> read_back() {
        step({"Đọc lại: hôm nay và trước khi sửa", "Read back: today, and before the correction"});
        const std::int64_t before = m_first.at("seq").at("last").to_number<std::int64_t>();
        http::Request request = get_request(dataset_path(kPerson, "/history"));
        add_query(request, "from", fmt::format("{}", before + 1));
        add_query(request, "limit", "10000");
        TRY_ASSIGN(const json::value history, call(std::move(request)));
        for (const json::value& change : array_at(history, "changes")) {
            if (text_at(change, "op") == "update") m_key = text_at(change, "key");
            if (!m_key.empty()) break;
        }
        const std::string path = dataset_path(kPerson, "/rows/" + m_key);
        double start = now();
        TRY(call(get_request(path)));
        const double built = now() - start;
        start = now();
        TRY_ASSIGN(const json::value today, call(get_request(path)));
        const double took = now() - start;
        http::Request earlier = get_request(path);
        add_query(earlier, "as_of", fmt::format("seq:{}", before));
        TRY_ASSIGN(const json::value then, call(std::move(earlier)));
        std::string shown_then, shown_now;
        for (const auto& field : today.as_object()) {
            const json::value* was = member(then, field.key());
            if (was == nullptr || *was == field.value()) continue;
            line(fmt::format("    {}: {} → {}", std::string_view(field.key()),
                             m_style.ink(Ink::kDim, cell_text(*was)), cell_text(field.value())));
        }
        check(
            !m_key.empty() && today != then,
            {fmt::format("Một dòng theo khóa: {} ms, sau khi dựng chỉ mục {}; bản cũ vẫn đọc được",
                         milliseconds(took), m_style.seconds(built)),
             fmt::format(
                 "One row by its key: {} ms, once the index was built in {}; the old one can "
                 "still be read",
                 milliseconds(took), m_style.seconds(built))});
        return {};
    }

    Result<void> ask() {
        step({"Hỏi bằng SQL", "Ask in SQL"});
        const std::string sql =
            "SELECT p.name AS province, count(*) AS citizens\n"
            "FROM population.person c\n"
            "JOIN administrative.ward w ON w.code = c.ward_code\n"
            "JOIN administrative.province p ON p.code = w.province_code\n"
            "GROUP BY 1 ORDER BY 2 DESC LIMIT 5";
        for (const std::string& part : split(sql, '\n'))
            line("  " + m_style.ink(Ink::kDim, part));
        const double start = now();
        TRY_ASSIGN(const json::value answer, call(post_json("/api/v1/query", {{"sql", sql}})));
        m_out(render_query(answer, m_style));
        line(fmt::format("  {}", m_style.seconds(now() - start)));
        m_ok = m_ok && array_at(answer, "rows").size() == 5;
        return {};
    }

    Result<void> verify() {
        step({"Bằng chứng: mọi tệp, mọi chữ ký", "Proof: every file, every signature"});
        http::Request request = post_json("/api/v1/verify", json::object());
        TRY_ASSIGN(const json::value answer, call(std::move(long_work(request))));
        m_out(render_verification(answer, m_style));
        m_ok = m_ok && answer.at("ok").as_bool();
        return {};
    }

    void addresses(const ServedNode& node) {
        step({"Thử tiếp", "Try it"});
        const std::string data = m_places.node().string();
        line(fmt::format(
            "  curl 'http://{}/api/v1/datasets/administrative.province/rows?sort=-name&limit=3'",
            node.public_address()));
        line(fmt::format("  curl http://{}/api/v1/openapi.json", node.public_address()));
        line(
            fmt::format("  curl -H \"Authorization: Bearer $(cat {}/admin.token)\" "
                        "http://{}/api/v1/datasets/{}/rows/{}",
                        data, node.internal_address(), kPerson, m_key));
        line(fmt::format("  {} quarantine list {} --data {}", m_places.program.string(), kPerson,
                         data));
        line(fmt::format(
            "  {} query 'SELECT sex, count(*) FROM population.person GROUP BY 1' --data {}",
            m_places.program.string(), data));
    }

    const DemoOptions& m_options;
    Session& m_session;
    const Style& m_style;
    std::function<bool(std::string_view)> m_out;
    double m_start;
    DemoPlaces m_places = DemoPlaces::find();
    DemoFiles m_files;
    Pack m_pack;
    Loaded m_last;
    json::value m_first, m_second;
    json::object m_datasets;
    std::string m_key;
    int m_step = 0;
    bool m_ok = true;
};

Result<void> prepare(const DemoOptions& options, Environment& environment,
                     const DemoPlaces& places) {
    std::error_code error;
    if (options.fresh) std::filesystem::remove_all(places.folder, error);
    std::filesystem::create_directories(places.folder, error);
    if (std::filesystem::exists(places.node() / "nguon.yaml")) return {};
    TRY(environment.init(
        {places.node(), "VN/GOV/NDC", "Trung tâm Dữ liệu quốc gia", "National Data Center"}));
    return {};
}

}  // namespace

int run_demo(const DemoOptions& options) {
    Environment environment = real_environment();
    Style style = style_of(environment);
    style.language = options.language;
    // Ctrl-C is waited for below, so that every process that was started is stopped.
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stops, nullptr);

    if (options.json)
        environment.out = [](std::string_view) { return true; };  // only the last line is printed
    const DemoPlaces places = DemoPlaces::find();
    ServedNode node;
    Result<void> ready = prepare(options, environment, places);
    if (ready) ready = node.start(places, options.port_base);
    if (!ready) return report(environment, ready.error(), style, options.json);
    Arguments arguments;
    arguments.data = places.node().string();
    Session session(environment, arguments);
    Demo demo(options, environment, session);
    const Result<void> told = demo.run(node);
    if (!told) {
        demo.failed();
        (void)report(environment, told.error(), style, false);
    }
    if (!options.once && told) {
        environment.out(
            Text{"\nĐang phục vụ. Ctrl-C để dừng.\n", "\nServing. Ctrl-C stops it.\n"}.in(
                style.language));
        int signal = 0;
        sigwait(&stops, &signal);
    }
    node.stop();
    if (options.once || options.json) real_environment().out(to_text(demo.summary()) + "\n");
    return demo.ok() ? 0 : 1;
}

}  // namespace nguon::cli
