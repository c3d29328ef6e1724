// Whether what is kept is what was signed; and views built again from history.
#include "cli/acts.h"
#include "cli/render.h"
#include "cli/requests.h"

namespace nguon::cli {

Result<int> verify(Session& session) {
    const Arguments& given = session.arguments();
    json::object body{{"datasets", json::array(given.datasets.begin(), given.datasets.end())}};
    if (!given.public_key.empty()) {
        TRY_ASSIGN(const std::string pem, read_file(given.public_key));
        body["public_key"] = pem;
    }
    TRY(session.open(Purpose::kReading));
    http::Request request = post_json("/api/v1/verify", body);
    TRY_ASSIGN(const JsonAnswer answer, session.send_for_json(long_work(request)));
    if (given.json) {
        session.print_json(answer.value);
    } else {
        session.print(render_verification(answer.value, session.style()));
    }
    const json::value* ok = member(answer.value, "ok");
    return ok != nullptr && ok->is_bool() && ok->get_bool() ? 0 : kDataAtFault;
}

Result<int> rebuild(Session& session) {
    const Arguments& given = session.arguments();
    const std::string view = given.view.empty() ? "lookup" : given.view;
    http::Request request =
        post_request(dataset_path(given.dataset, "/views/" + percent_encode(view) + "/rebuild"));
    TRY_ASSIGN(const JsonAnswer answer, session.send_for_json(long_work(request)));
    if (given.json) {
        session.print_json(answer.value);
        return 0;
    }
    const Style& style = session.style();
    const json::value* seconds = member(answer.value, "seconds");
    session.print_line(
        style.sign(Sign::kGood) + " " +
        say(session.language(), words::kRebuilt, text_at(answer.value, "view"),
            style.rows(integer_at(answer.value, "rows")),
            style.seconds(seconds != nullptr && seconds->is_number() ? seconds->to_number<double>()
                                                                     : 0)));
    return 0;
}

}  // namespace nguon::cli
